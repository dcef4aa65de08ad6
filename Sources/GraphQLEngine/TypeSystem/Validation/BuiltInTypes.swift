extension TypeSystemValidation {
  /// § 3.3: "No provided type may have a name which conflicts with any built in types (including Scalar and
  /// Introspection types)"; what a document says about built-in scalars.
  ///
  /// `scalar Int` says nothing else than what holds: tools print it, graphql-js reads it, and § 3.5 speaks of
  /// services that provide "a type by these names".
  mutating func checkBuiltInTypes() {
    for index in 0..<schema.builtInTypeCount where !report.isFull {
      let type = schema.types[index]
      for position in schema.sites[type.sites.indices].dropFirst() {
        let kind = TypeKind(definedBy: node(position).kind)
        if let kind, kind != .scalar || type.kind != .scalar { reportConflict(of: type, at: position) }
        if type.kind == .scalar { checkSpecification(of: type, at: position) }
      }
    }
  }

  private mutating func reportConflict(of type: TypeRecord, at position: SyntaxPosition) {
    if schema.symbols.isReserved(type.name) {
      checkName(type.name, at: position)
    } else {
      let name = schema.name(type.name)
      report.add(
        "Type \"\(name)\" already exists in the schema. It cannot also be defined in this type definition.",
        [SDLPlace(position.document, name: node(position).name(0))])
    }
  }

  /// § 3.13.4: `@specifiedBy` "must not appear on built-in scalar types".
  private mutating func checkSpecification(of type: TypeRecord, at position: SyntaxPosition) {
    for directive in TypeDefinitionNode(node(position)).directives where directive.name == "specifiedBy" {
      report.add(
        "Built-in scalar type \(schema.name(type.name)) must not provide \"@specifiedBy\".",
        [SDLPlace(position.document, node: directive.node)])
    }
  }
}
