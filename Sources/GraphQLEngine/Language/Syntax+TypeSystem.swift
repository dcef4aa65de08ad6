// Typed views over the records of type system documents (§ 3). The slots are written by the parser in the
// same order.

/// `schema @directives { query: Query … }`, or its extension (§ 3.3).
public struct SchemaDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(0).map(StringNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(1) }

  /// The root types that it names.
  @inlinable public var operationTypes: SyntaxList<OperationTypeDefinitionNode> { node.list(2) }
}

/// `query: Query` (§ 3.3.1).
public struct OperationTypeDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The operation whose root type it names.
  @inlinable public var operation: OperationType {
    OperationType(rawValue: UInt8(truncatingIfNeeded: node.flags)) ?? .query
  }

  /// The type that it names.
  @inlinable public var type: NamedTypeNode {
    NamedTypeNode(SyntaxNode(tree: node.tree, index: node.word(0)))
  }
}

/// A definition or extension of a type. All six kinds share the layout; members are read by kind (§ 3.4).
public struct TypeDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Tells which view fits.
  /// The name, without a sigil.
  @inlinable public var kind: SyntaxKind { node.kind }
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description; never on an extension.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(3) }

  /// The fields of an object or interface type.
  @inlinable public var fields: SyntaxList<FieldDefinitionNode> { node.list(4) }

  /// The values of an enum type.
  @inlinable public var enumValues: SyntaxList<EnumValueDefinitionNode> { node.list(4) }

  /// The members of a union type.
  @inlinable public var memberTypes: SyntaxList<NamedTypeNode> { node.list(4) }

  /// The fields of an input object type.
  @inlinable public var inputFields: SyntaxList<InputValueDefinitionNode> { node.list(4) }

  /// The interfaces that an object or interface type declares.
  @inlinable public var interfaces: SyntaxList<NamedTypeNode> { node.list(5) }
}

/// A field of an object or interface type (§ 3.6).
public struct FieldDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The arguments that it defines, in the order of the source.
  @inlinable public var arguments: SyntaxList<InputValueDefinitionNode> { node.list(3) }

  /// The type that it names.
  @inlinable public var type: TypeNode { TypeNode(SyntaxNode(tree: node.tree, index: node.word(4))) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(5) }
}

/// An argument definition or a field of an input object type (§ 3.6.1, § 3.10).
public struct InputValueDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The type that it names.
  @inlinable public var type: TypeNode { TypeNode(SyntaxNode(tree: node.tree, index: node.word(3))) }

  /// The default value, if there is one.
  @inlinable public var defaultValue: ValueNode? { node.child(4).map(ValueNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(5) }
}

/// A value of an enum type (§ 3.9).
public struct EnumValueDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(3) }
}

/// `directive @name(arguments) @directives repeatable on LOCATIONS`, or its extension (§ 3.13).
public struct DirectiveDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The arguments that it defines, in the order of the source.
  @inlinable public var arguments: SyntaxList<InputValueDefinitionNode> { node.list(3) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(4) }

  /// Where the directive may stand.
  @inlinable public var locations: SyntaxList<DirectiveLocationNode> { node.list(5) }

  /// Whether the directive may be applied several times at one place.
  @inlinable public var isRepeatable: Bool { node.flags & 1 != 0 }
}

/// The name of a place where a directive may stand.
public struct DirectiveLocationNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }
}
