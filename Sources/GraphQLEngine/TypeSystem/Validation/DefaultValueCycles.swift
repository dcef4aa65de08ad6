extension TypeSystemValidation {
  /// § 3.10: "InputObjectDefaultValueHasCycle must be false": filling in default values ends.
  mutating func checkDefaultValueCycles() {
    var search = DefaultValueCycleSearch(schema: schema)
    for index in schema.types.indices where search.hasCandidates(index) && !report.isFull {
      for cycle in search.cycles(from: TypeID(rawValue: UInt32(index))) where !report.isFull {
        reportCycle(cycle)
      }
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
  /// Fields of input object types with a default value, by owner; those are dropped whose defaults are
  /// known to end.
  private var open: [TypeID: [InputValueID]] = [:]

  /// Cycles of one search; each is as long as the way to it, so their number has a bound.
  private static let maximumCycles = 100

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
    path = []
    depths = [:]
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
          if cycles.count == Self.maximumCycles { return cycles }
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
    var next: [(id: InputValueID, step: Step)] = []
    var given: Set<InputValueID> = []
    if let literal {
      for field in literal.fields {
        guard let id = schema.inputField(named: field.name, in: type) else { continue }
        let named = schema[id].type.namedType
        guard given.insert(id).inserted, schema[named].kind == .inputObject else { continue }
        next.append((id, .value(named, field.value)))
      }
    }
    for id in openFields(of: type) where !given.contains(id) {
      next.append((id, .field(Field(owner: type, id: id))))
    }
    // In the order of the definition; what is pushed last comes first.
    next.sort { $0.id.rawValue > $1.id.rawValue }
    steps.append(contentsOf: next.map(\.step))
  }

  /// The fields whose defaults may still lead somewhere: not entered yet, or on the way to here.
  private mutating func openFields(of type: TypeID) -> [InputValueID] {
    let known =
      open[type]
      ?? schema.inputFieldIDs(of: type).filter {
        schema[$0].defaultValue != 0 && schema[schema[$0].type.namedType].kind == .inputObject
      }
    let left = known.filter { !visited.contains($0) || depths[$0] != nil }
    open[type] = left
    return left
  }
}
