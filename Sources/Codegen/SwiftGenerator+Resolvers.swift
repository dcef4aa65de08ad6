import GraphQLEngine

// Resolver protocols, and the struct that binds one implementation of each to the schema.

extension SwiftGenerator {
  /// Object types that need resolvers.
  private var resolvedTypes: [TypeID] { types(.object).filter { !isPlainType($0) } }

  func protocols() -> [String] {
    resolvedTypes.flatMap { type in
      [argumentStructs(type), leafEnum(type), resolverProtocol(type)].filter { !$0.isEmpty }
    }
  }

  // MARK: Arguments

  private func argumentStructs(_ type: TypeID) -> String {
    fields(of: type).filter { schema[$0].arguments.count > 1 }.map { field in
      let arguments = arguments(of: field)
      let properties = arguments.map { argument in
        comment(schema.description(of: argument), indent: "  ")
          + "  public var \(escaped(argumentName(argument))): \(inputType(schema[argument].type))\n"
      }
      let decoding = arguments.enumerated().map { position, argument in
        "    \(escaped(argumentName(argument))) = try arguments.decode(at: \(position))\n"
      }
      return """
        /// The arguments of `\(schema.name(type)).\(name(field))`.
        public struct \(argumentsName(type, field)): Sendable {
        \(properties.joined())
          public init(_ arguments: Arguments) throws(InputMismatch) {
        \(decoding.joined())  }
        }
        """
    }.joined(separator: "\n\n")
  }

  private func arguments(of field: FieldID) -> [InputValueID] {
    schema[field].arguments.indices.map { InputValueID(rawValue: UInt32($0)) }
  }

  private func argumentName(_ argument: InputValueID) -> String { schema.name(schema[argument].name) }

  private func argumentsName(_ type: TypeID, _ field: FieldID) -> String {
    "\(schema.name(type))\(capitalized(name(field)))Arguments"
  }

  // MARK: Protocols

  private func leafEnum(_ type: TypeID) -> String {
    guard isTableType(type) else { return "" }
    let cases = fields(of: type).filter(isPlainLeaf).map { "  case \(escaped(name($0)))\n" }
    return """
      /// The leaves of `\(schema.name(type))` that a row of its table holds.
      public enum \(schema.name(type))Leaf: String, CaseIterable, Sendable {
      \(cases.joined())}
      """
  }

  private func resolverProtocol(_ type: TypeID) -> String {
    let typeName = schema.name(type)
    var requirements = ""
    if isTableType(type) {
      requirements += """
          /// What names a column of the table.
          associatedtype TableColumn: Sendable
          /// Where a leaf lies in a row, and how it is written.
          func source(of leaf: \(typeName)Leaf) -> LeafSource<TableColumn>

        """
    }
    for field in resolvedFields(of: type) {
      requirements += comment(schema.description(of: field), indent: "  ") + requirement(type, field)
    }
    return """
      /// Resolvers of `\(typeName)`.
      public protocol \(typeName)Resolvers: Sendable {
      \(requirements)}
      """
  }

  private func resolvedFields(of type: TypeID) -> [FieldID] {
    fields(of: type).filter { !(isTableType(type) && isPlainLeaf($0)) }
  }

  private func isFunction(_ type: TypeID, _ field: FieldID) -> Bool {
    isRoot(type) || !schema[field].arguments.isEmpty
  }

  private func requirement(_ type: TypeID, _ field: FieldID) -> String {
    let name = escaped(self.name(field))
    guard isFunction(type, field) else { return "  var \(name): FieldBinding { get }\n" }
    let arguments = arguments(of: field)
    let parameter =
      switch arguments.count {
      case 0: ""
      case 1: ", _ \(argumentName(arguments[0])): \(inputType(schema[arguments[0]].type))"
      default: ", _ arguments: \(argumentsName(type, field))"
      }
    let result =
      switch type {
      case schema.mutationType: "async throws -> Column"
      case schema.subscriptionType: "async throws -> FieldBinding.EventStream"
      default: "throws -> Resolution"
      }
    return "  func \(name)(_ call: FieldCall\(parameter)) \(result)\n"
  }

  // MARK: Binding

  func schemaResolvers() -> [String] {
    let names = resolvedTypes.map(schema.name)
    let generics = names.map { "\($0): \($0)Resolvers" }.joined(separator: ",\n  ")
    let properties = names.map { "  public var \(property($0)): \($0)\n" }
    let parameters = names.map { "\(property($0)): \($0)" }.joined(separator: ", ")
    let assignments = names.map { "    self.\(property($0)) = \(property($0))\n" }
    let plain = types(.object).filter(isPlainType).map {
      "    \(schema.name($0)).bind(into: &wiring)\n"
    }
    let bound = names.map { "    bind\($0)(&wiring, policy)\n" }
    let head = """
      /// One implementation of each resolver protocol; leaving one out does not compile.
      public struct SchemaResolvers<
        \(generics)
      >: SchemaWiring {
      \(properties.joined())
        public init(\(parameters)) {
      \(assignments.joined())  }

        /// Everything bound, each root field behind the access check that the schema declares.
        public func wiring(_ policy: some AccessPolicy) -> Wiring {
          var wiring = Wiring()
      \(plain.joined())\(bound.joined())    return wiring
        }
      }
      """
    return [head] + resolvedTypes.map(binding)
  }

  private func property(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

  private func binding(_ type: TypeID) -> String {
    let typeName = schema.name(type)
    var lines = ""
    if isTableType(type) {
      lines +=
        "    for leaf in \(typeName)Leaf.allCases { wiring.bind(\"\(typeName)\", leaf.rawValue, .cell) }\n"
    }
    for field in resolvedFields(of: type) {
      let coordinate = "\"\(typeName).\(name(field))\""
      let access = access(of: field).map { ".access(policy.check(\($0), of: \(coordinate)))" } ?? ""
      lines += "    wiring.bind(\"\(typeName)\", \"\(name(field))\", \(expression(type, field))\(access))\n"
    }
    return """
      extension SchemaResolvers {
        private func bind\(typeName)(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
          let resolvers = \(property(typeName))
      \(lines)  }
      }
      """
  }

  private func expression(_ type: TypeID, _ field: FieldID) -> String {
    let name = escaped(self.name(field))
    guard isFunction(type, field) else { return "resolvers.\(name)" }
    let arguments = arguments(of: field)
    let argument =
      switch arguments.count {
      case 0: ""
      case 1: ", try call.arguments.decode(at: 0)"
      default: ", try \(argumentsName(type, field))(call.arguments)"
      }
    return switch type {
    case schema.mutationType: ".asyncBatch { call in try await resolvers.\(name)(call\(argument)) }"
    case schema.subscriptionType: ".stream { call in try await resolvers.\(name)(call\(argument)) }"
    default: ".batch { call in try resolvers.\(name)(call\(argument)) }"
    }
  }
}
