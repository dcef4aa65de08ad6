extension SDLValidation {
  /// § 3.4.3: what is extended is defined, as a type of the same kind.
  mutating func checkPossibleTypeExtensions() {
    for index in schema.types.indices where !report.isFull {
      let isDefined =
        index < definitions.definedTypeCount
        && (index >= schema.builtInTypeCount || definitions.existing != nil)
      // One site of a defined type is its definition.
      guard schema.types[index].sites.count > 1 || !isDefined else { continue }
      let type = schema.types[index]
      for site in type.sites.indices {
        let position = schema.sites[site]
        guard isNew(position), let kind = TypeKind(extendedBy: node(position).kind) else { continue }
        if !isDefined {
          reportUndefined(type, at: position)
        } else if kind != type.kind {
          reportKind(kind, of: type, at: position)
        }
      }
    }
    checkDirectiveExtensions()
  }

  private mutating func reportUndefined(_ type: TypeRecord, at position: SyntaxPosition) {
    let name = schema.name(type.name)
    let isExtension = definitions.existing != nil
    let names = isExtension ? definedTypeNames : Array(definedTypeNames[schema.builtInTypeCount...])
    let suggestion = report.didYouMean(name, among: names, in: schema)
    report.add(
      "Cannot extend type \"\(name)\" because it is not defined.\(suggestion)", [namePlace(of: position)])
  }

  private mutating func reportKind(_ kind: TypeKind, of type: TypeRecord, at position: SyntaxPosition) {
    let places = (isNew(type.syntax) ? [place(of: type.syntax)] : []) + [place(of: position)]
    report.add("Cannot extend non-\(kind.description) type \"\(schema.name(type.name))\".", places)
  }

  /// § 3.13, edition of September 2026: `extend directive`.
  private mutating func checkDirectiveExtensions() {
    for index in definitions.definedDirectiveCount..<schema.directives.count {
      let directive = schema.directives[index]
      for site in directive.sites.indices {
        let name = schema.name(directive.name)
        report.add(
          "Cannot extend directive \"@\(name)\" because it is not defined.",
          [namePlace(of: schema.sites[site])])
      }
    }
  }
}

extension TypeKind: CustomStringConvertible {
  /// The words of the specification, such as "input object".
  public var description: String {
    switch self {
    case .scalar: "scalar"
    case .object: "object"
    case .interface: "interface"
    case .union: "union"
    case .enum: "enum"
    case .inputObject: "input object"
    }
  }
}
