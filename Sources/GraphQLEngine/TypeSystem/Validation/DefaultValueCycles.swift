extension TypeSystemValidation {
  /// § 3.10: "InputObjectDefaultValueHasCycle must be false": filling in default values ends.
  mutating func checkDefaultValueCycles() {
    var search = DefaultValueCycleSearch(schema: schema)
    for index in schema.types.indices where search.hasCandidates(index) && !report.isFull {
      for cycle in search.cycles(from: TypeID(rawValue: UInt32(index))) { reportCycle(cycle) }
    }
  }

  /// The cycle's fields; the first one's default leads back to it.
  private mutating func reportCycle(_ cycle: [DefaultValueCycleSearch.Field]) {
    guard let first = cycle.first else { return }
    let names = cycle.dropFirst().map(coordinate).joined(separator: ", ")
    let path = names.isEmpty ? "" : " via the default values of: \(names)"
    let places = cycle.map { field in
      let record = schema[field.id]
      return place(of: SyntaxPosition(document: record.syntax.document, index: record.defaultValue))
    }
    report.add(
      "Invalid circular reference. The default value of Input Object field \(coordinate(first)) references "
        + "itself\(path).", places)
  }

  private func coordinate(_ field: DefaultValueCycleSearch.Field) -> String {
    "\(schema.name(field.owner)).\(schema.name(schema[field.id].name))"
  }
}

/// A depth-first search over the default values of input fields, with a stack of its own. Every default is
/// entered once.
struct DefaultValueCycleSearch {
  struct Field {
    var owner: TypeID
    var id: InputValueID
  }

  private enum Step {
    /// A literal for an input object type, or none where the whole value is left out.
    case value(TypeID, ValueNode?)
    /// A field that a value leaves out, so that its default is taken.
    case field(Field)
    case leave(InputValueID)
  }

  private let schema: Schema
  private var visited: Set<InputValueID> = []
  private var path: [Field] = []
  private var depths: [InputValueID: Int] = [:]
  private var steps: [Step] = []

  init(schema: Schema) { self.schema = schema }

  /// Whether a type has a field with a default value that is an input object.
  func hasCandidates(_ index: Int) -> Bool {
    schema.types[index].kind == .inputObject
      && schema.types[index].inputFields.indices.contains { schema.inputValues[$0].defaultValue != 0 }
  }

  /// The cycles that filling in an empty value of `type` runs into, those found before left out.
  mutating func cycles(from type: TypeID) -> [[Field]] {
    var cycles: [[Field]] = []
    steps = [.value(type, nil)]
    while let step = steps.popLast() {
      switch step {
      case .leave(let id):
        path.removeLast()
        depths[id] = nil
      case .value(let type, let literal):
        expand(literal, type: type)
      case .field(let field):
        if let depth = depths[field.id] {
          cycles.append(Array(path[depth...]))
        } else {
          enter(field)
        }
      }
    }
    return cycles
  }

  private mutating func enter(_ field: Field) {
    guard let literal = schema.defaultValue(of: field.id), visited.insert(field.id).inserted else { return }
    depths[field.id] = path.count
    path.append(field)
    steps.append(.leave(field.id))
    steps.append(.value(schema[field.id].type.namedType, literal))
  }

  private mutating func expand(_ literal: ValueNode?, type: TypeID) {
    if let literal, literal.kind == .listValue {
      for item in Array(literal.items).reversed() { steps.append(.value(type, item)) }
      return
    }
    if let literal, literal.kind != .objectValue { return }
    var given: [InputValueID: ValueNode] = [:]
    if let literal {
      for field in literal.fields {
        if let id = schema.inputField(named: field.name, in: type) { given[id] = field.value }
      }
    }
    for id in Array(schema.inputFieldIDs(of: type)).reversed() {
      let named = schema[id].type.namedType
      guard schema[named].kind == .inputObject else { continue }
      if let value = given[id] {
        steps.append(.value(named, value))
      } else if schema[id].defaultValue != 0 {
        steps.append(.field(Field(owner: type, id: id)))
      }
    }
  }
}
