/// A schema with everything that is needed to execute: each field bound, custom scalars with their coercion.
///
/// Made once at the start of a program and shared by all threads.
public final class ExecutableSchema: Sendable {
  /// The type system that is executed.
  public let schema: Schema
  /// By `FieldID`; only fields of interfaces have none.
  let bindings: [FieldBinding?]
  /// By `TypeID`; custom scalars that have a coercion.
  let scalars: [TypeID: ScalarCoercion]
  /// By abstract type.
  let typeResolvers: [TypeID: [TypeResolver]]
  /// The checks of directives, by name.
  let directiveChecks: [(name: String, check: Wiring.DirectiveCheck)]
  /// Of errors of arguments and conditions.
  let inputErrorExtensions: [ErrorExtension]
  /// Of errors about a response that is too large.
  let sizeErrorExtensions: [ErrorExtension]
  /// Of errors about a null where none may be.
  let nullErrorExtensions: [ErrorExtension]
  /// The composite types of which something may have to be fetched, at them or anywhere below.
  let fetchingTypes: Set<TypeID>

  /// Checks the wiring: every field of every object type needs a binding, every binding a field, and custom
  /// scalars must accept the schema's default values.
  public init(_ schema: Schema, _ wiring: Wiring) throws(WiringError) {
    self.schema = schema
    var problems = DefaultValueSize.problems(of: schema)
    var wiring = wiring
    Introspection.bind(schema, &wiring)
    let bindings = ExecutableSchema.bind(schema, wiring, &problems)
    self.bindings = bindings
    fetchingTypes = ExecutableSchema.fetchingTypes(schema, bindings)
    ExecutableSchema.checkSameTypes(schema, bindings, &problems)
    var scalars: [TypeID: ScalarCoercion] = [:]
    for (name, coercion) in wiring.scalars.sorted(by: { $0.key < $1.key }) {
      if let type = schema.type(named: name), schema[type].kind == .scalar {
        scalars[type] = coercion
      } else {
        problems.append("There is a coercion for the scalar \"\(name)\", which the schema does not have.")
      }
    }
    self.scalars = scalars
    var resolvers: [TypeID: [TypeResolver]] = [:]
    for resolver in wiring.typeResolvers {
      if let type = schema.type(named: resolver.abstractType), schema[type].kind.isAbstract {
        resolvers[type, default: []].append(resolver)
      } else {
        problems.append(
          "There is a type resolver for \"\(resolver.abstractType)\", which is no abstract type.")
      }
    }
    typeResolvers = resolvers
    inputErrorExtensions = wiring.inputErrorExtensions
    sizeErrorExtensions = wiring.sizeErrorExtensions
    nullErrorExtensions = wiring.nullErrorExtensions
    directiveChecks = wiring.directives.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for name in wiring.directives.keys.sorted() where schema.directive(named: name) == nil {
      problems.append("There is a check for the directive \"@\(name)\", which the schema does not have.")
    }
    // What unfolds without end was refused above.
    if problems.isEmpty { problems = defaultValueProblems() }
    if !problems.isEmpty { throw WiringError(problems: problems) }
  }

  private static func bind(_ schema: Schema, _ wiring: Wiring, _ problems: inout [String]) -> [FieldBinding?]
  {
    var bindings = [FieldBinding?](repeating: nil, count: schema.fields.count)
    var unused = wiring.fields
    for type in schema.types where type.kind == .object {
      let typeName = schema.name(type.name)
      for index in type.fields.indices {
        let coordinate = Wiring.Coordinate(type: typeName, field: schema.name(schema.fields[index].name))
        bindings[index] = unused.removeValue(forKey: coordinate) ?? wiring.defaultBinding
        if let byID = wiring.fieldsByID[FieldID(rawValue: UInt32(index))] { bindings[index] = byID }
        if bindings[index] == nil, !type.isBuiltIn {
          problems.append("The field \"\(typeName).\(coordinate.field)\" has no binding.")
        }
      }
    }
    for (field, binding) in wiring.fieldsByID where Int(field.rawValue) < bindings.count {
      bindings[Int(field.rawValue)] = binding
    }
    for coordinate in unused.keys.sorted(by: { ($0.type, $0.field) < ($1.type, $1.field) }) {
      problems.append(
        "There is a binding for \"\(coordinate.type).\(coordinate.field)\", which the schema does not have.")
    }
    return bindings
  }

  /// The type of `same(as:)` must be one that the field can have.
  private static func checkSameTypes(
    _ schema: Schema, _ bindings: [FieldBinding?], _ problems: inout [String]
  ) {
    for (field, binding) in zip(schema.fields, bindings) {
      guard let name = binding?.sameType else { continue }
      let declared = field.type.namedType
      if let type = schema.type(named: name), schema.isPossibleType(type, of: declared) {
        continue
      }
      let place = "\(schema.name(field.parent)).\(schema.name(field.name))"
      problems.append("The field \"\(place)\" is bound as \"\(name)\", which it cannot be.")
    }
  }

  /// Goes from the types with a fetched field to all that lead to them.
  private static func fetchingTypes(_ schema: Schema, _ bindings: [FieldBinding?]) -> Set<TypeID> {
    var queue = schema.types.indices.map { TypeID(rawValue: UInt32($0)) }.filter { type in
      schema[type].kind == .object && schema[type].fields.indices.contains { bindings[$0]?.isFetched == true }
    }
    guard !queue.isEmpty else { return [] }
    var leading: [TypeID: [TypeID]] = [:]
    for index in schema.types.indices {
      let type = TypeID(rawValue: UInt32(index))
      if schema[type].kind.isAbstract {
        for member in schema.possibleTypes(of: type) { leading[member, default: []].append(type) }
      }
      for field in schema.fieldIDs(of: type) {
        leading[schema[field].type.namedType, default: []].append(type)
      }
    }
    var found = Set(queue)
    while let type = queue.popLast() {
      for other in leading[type] ?? [] where found.insert(other).inserted { queue.append(other) }
    }
    return found
  }

  func binding(of field: FieldID) -> FieldBinding? { bindings[Int(field.rawValue)] }
}

/// A wiring that does not fit its schema; each problem is one sentence.
public struct WiringError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence a problem, each naming a coordinate.
  public var problems: [String]

  public var description: String { problems.joined(separator: "\n") }
}
