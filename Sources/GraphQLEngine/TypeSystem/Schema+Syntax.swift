// What a schema keeps only in its documents: descriptions, deprecation, default values, applied directives.
//
// Nodes that are handed out point into `Schema.documents` and are valid as long as the schema lives.

extension Schema {
  /// The record at a position of one of the schema's documents.
  public func node(at position: SyntaxPosition) -> SyntaxNode {
    SyntaxNode(tree: documents[Int(position.document)].tree, index: position.index)
  }

  /// The location of a byte of the document that `position` points into.
  func location(of position: SyntaxPosition, at offset: UInt32) -> SourceLocation {
    documents[Int(position.document)].source.location(at: Int(offset))
  }

  /// Where it is defined.
  public func definition(of field: FieldID) -> FieldDefinitionNode {
    FieldDefinitionNode(node(at: self[field].syntax))
  }

  /// Where it is defined.
  public func definition(of value: InputValueID) -> InputValueDefinitionNode {
    InputValueDefinitionNode(node(at: self[value].syntax))
  }

  /// Where it is defined.
  public func definition(of value: EnumValueID) -> EnumValueDefinitionNode {
    EnumValueDefinitionNode(node(at: self[value].syntax))
  }

  /// Where it is defined.
  public func definition(of directive: DirectiveID) -> DirectiveDefinitionNode {
    DirectiveDefinitionNode(node(at: self[directive].syntax))
  }

  /// The definition of a type, then its extensions.
  public func definitions(of type: TypeID) -> [TypeDefinitionNode] {
    sites[self[type].sites.indices].map { TypeDefinitionNode(node(at: $0)) }
  }

  /// The literal of the description, if there is one.
  public func descriptionNode(of type: TypeID) -> StringNode? {
    TypeDefinitionNode(node(at: self[type].syntax)).descriptionNode
  }

  /// The value of the description, if there is one.
  public func description(of type: TypeID) -> String? { descriptionNode(of: type)?.value }
  /// The value of the description, if there is one.
  public func description(of field: FieldID) -> String? { definition(of: field).descriptionNode?.value }
  /// The value of the description, if there is one.
  public func description(of value: InputValueID) -> String? { definition(of: value).descriptionNode?.value }
  /// The value of the description, if there is one.
  public func description(of value: EnumValueID) -> String? { definition(of: value).descriptionNode?.value }

  /// The value of the description, if there is one.
  public func description(of directive: DirectiveID) -> String? {
    definition(of: directive).descriptionNode?.value
  }

  /// The literal of a default value, not coerced.
  public func defaultValue(of value: InputValueID) -> ValueNode? {
    let record = self[value]
    guard record.defaultValue != 0 else { return nil }
    return ValueNode(
      SyntaxNode(tree: documents[Int(record.syntax.document)].tree, index: record.defaultValue))
  }

  /// The reason given for a deprecation, or the default one; nil when it is not deprecated.
  public func deprecationReason(of field: FieldID) -> String? {
    self[field].isDeprecated ? deprecationReason(in: definition(of: field).directives) : nil
  }

  /// The reason given for a deprecation, or the default one; nil when it is not deprecated.
  public func deprecationReason(of value: InputValueID) -> String? {
    self[value].isDeprecated ? deprecationReason(in: definition(of: value).directives) : nil
  }

  /// The reason given for a deprecation, or the default one; nil when it is not deprecated.
  public func deprecationReason(of value: EnumValueID) -> String? {
    self[value].isDeprecated ? deprecationReason(in: definition(of: value).directives) : nil
  }

  /// The reason given for a deprecation, or the default one; nil when it is not deprecated.
  public func deprecationReason(of directive: DirectiveID) -> String? {
    guard self[directive].isDeprecated else { return nil }
    return appliedDirectives(of: directive).lazy.compactMap(deprecationReason).first
  }

  static let defaultDeprecationReason = "No longer supported"

  private func deprecationReason(in directives: SyntaxList<DirectiveNode>) -> String? {
    directives.lazy.compactMap(deprecationReason).first
  }

  private func deprecationReason(_ directive: DirectiveNode) -> String? {
    guard directive.name == "deprecated" else { return nil }
    let reason = directive.arguments.first { $0.name == "reason" }?.value
    guard let reason, reason.kind == .stringValue else { return Self.defaultDeprecationReason }
    return reason.asString.value
  }

  /// The URL of `@specifiedBy`; the last extension's wins, as in graphql-js.
  public func specifiedByURL(of type: TypeID) -> String? {
    var url: String?
    guard self[type].kind == .scalar, !self[type].isBuiltIn else { return nil }
    for directive in appliedDirectives(of: type) where directive.name == "specifiedBy" {
      let value = directive.arguments.first { $0.name == "url" }?.value
      if let value, value.kind == .stringValue { url = value.asString.value }
    }
    return url
  }

  /// The directives on the definition of a type and on its extensions.
  public func appliedDirectives(of type: TypeID) -> [DirectiveNode] {
    sites[self[type].sites.indices].flatMap { Array(TypeDefinitionNode(node(at: $0)).directives) }
  }

  /// The directives on its definition, in the order of the source.
  public func appliedDirectives(of field: FieldID) -> [DirectiveNode] {
    Array(definition(of: field).directives)
  }

  /// The directives on its definition, in the order of the source.
  public func appliedDirectives(of value: InputValueID) -> [DirectiveNode] {
    Array(definition(of: value).directives)
  }

  /// The directives on its definition, in the order of the source.
  public func appliedDirectives(of value: EnumValueID) -> [DirectiveNode] {
    Array(definition(of: value).directives)
  }

  /// The directives on its definition, in the order of the source.
  public func appliedDirectives(of directive: DirectiveID) -> [DirectiveNode] {
    sites[self[directive].sites.indices].flatMap { Array(DirectiveDefinitionNode(node(at: $0)).directives) }
  }

  /// The directives on the definition of the schema and on its extensions.
  public var appliedDirectives: [DirectiveNode] {
    schemaSites.flatMap { Array(SchemaDefinitionNode(node(at: $0)).directives) }
  }
}
