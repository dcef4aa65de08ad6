extension TypeSystemValidation {
  /// § 3.10: "InputObjectHasUnbreakableCycle must be false": a value of every input object can be written
  /// in finite space. Worklist from the types that need no other, then one depth-first search over the
  /// rest, without recursion.
  mutating func checkFiniteValues() {
    let requirements = FiniteValueRequirements(schema)
    let unsatisfied = requirements.unsatisfiedTypes()
    guard !unsatisfied.isEmpty else { return }
    var visited: Set<TypeID> = []
    for type in unsatisfied.sorted(by: { $0.rawValue < $1.rawValue }) where !visited.contains(type) {
      guard !report.isFull else { return }
      reportCycles(from: type, among: unsatisfied, requirements, &visited)
    }
  }

  private mutating func reportCycles(
    from start: TypeID, among unsatisfied: Set<TypeID>, _ requirements: FiniteValueRequirements,
    _ visited: inout Set<TypeID>
  ) {
    var path: [InputValueID] = []
    var depths: [TypeID: Int] = [start: 0]
    var stack: [(type: TypeID, fields: ArraySlice<InputValueID>)] = [
      (start, requirements.fields(of: start)[...])
    ]
    visited.insert(start)
    while var frame = stack.popLast(), !report.isFull {
      guard let field = frame.fields.popFirst() else {
        depths[frame.type] = nil
        if !path.isEmpty { path.removeLast() }
        continue
      }
      stack.append(frame)
      let target = schema[field].type.namedType
      guard unsatisfied.contains(target) else { continue }
      if let depth = depths[target] {
        reportCycle(path[depth...] + [field], of: target, owners: stack[depth...].map(\.type))
      } else if visited.insert(target).inserted {
        path.append(field)
        depths[target] = stack.count
        stack.append((target, requirements.fields(of: target)[...]))
      }
    }
  }

  private mutating func reportCycle(_ fields: ArraySlice<InputValueID>, of type: TypeID, owners: [TypeID]) {
    let places = fields.map { place(of: schema[$0].syntax) }
    let name = schema.name(type)
    if owners.contains(where: { schema[$0].isOneOf }) {
      let path = zip(owners, fields).map { "\(schema.name($0)).\(schema.name(schema[$1].name))" }
      report.add(
        "Input Object \(name) cannot be provided a finite value because it references itself through fields: "
          + "\(path.joined(separator: ", ")).", places)
    } else {
      let path = fields.map { schema.name(schema[$0].name) }.joined(separator: ".")
      report.add(
        "Cannot reference Input Object \"\(name)\" within itself through a series of non-null fields: "
          + "\"\(path)\".",
        places)
    }
  }
}

/// Which input objects a value of an input object cannot do without: those of its non-null fields, and for
/// a oneOf input object one of those of its fields. Lists can be empty and nullable fields absent.
struct FiniteValueRequirements {
  private let schema: Schema
  private let types: [TypeID]

  init(_ schema: Schema) {
    self.schema = schema
    types = schema.types.indices.lazy.filter { schema.types[$0].kind == .inputObject }
      .map { TypeID(rawValue: UInt32($0)) }
  }

  /// The fields that lead from a type to another that its value needs.
  func fields(of type: TypeID) -> [InputValueID] {
    schema.inputFieldIDs(of: type).filter { schema.needsValue($0, isOneOf: schema[type].isOneOf) }
  }

  /// The types for which no finite value exists.
  func unsatisfiedTypes() -> Set<TypeID> {
    var missing: [TypeID: Int] = [:]
    var dependents: [TypeID: [TypeID]] = [:]
    var ready: [TypeID] = []
    for type in types {
      let needed = fields(of: type)
      let isFree = schema[type].isOneOf ? needed.count < Int(schema[type].inputFields.count) : needed.isEmpty
      if isFree || schema[type].inputFields.isEmpty {
        ready.append(type)
        continue
      }
      missing[type] = schema[type].isOneOf ? 1 : needed.count
      for field in needed { dependents[schema[field].type.namedType, default: []].append(type) }
    }
    while let type = ready.popLast() {
      for dependent in dependents[type] ?? [] {
        guard let count = missing[dependent] else { continue }
        missing[dependent] = count == 1 ? nil : count - 1
        if count == 1 { ready.append(dependent) }
      }
    }
    return Set(missing.keys)
  }
}

extension Schema {
  /// Whether a value of the field's owner needs a value of the input object that the field holds.
  fileprivate func needsValue(_ field: InputValueID, isOneOf: Bool) -> Bool {
    let type = self[field].type
    let named = isOneOf ? type : type.isNonNull ? type.wrapped : TypeReference(rawValue: 2)
    return named.isNamed && self[named.namedType].kind == .inputObject
  }
}
