// Typed views over the records of executable documents (§ 2.3 to § 2.9, § 2.13). The slots are written by the
// parser in the same order.

/// The three kinds of operation; the raw value is kept in the flags of an operation's record.
public enum OperationType: UInt8, Sendable {
  case query = 0
  case mutation = 1
  case subscription = 2
}

/// Any definition of a document; its kind tells which view fits.
public struct DefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Tells which view fits.
  @inlinable public var kind: SyntaxKind { node.kind }
}

/// An operation definition; `{ … }` alone is a query without a name (§ 2.4).
public struct OperationNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Query, mutation or subscription.
  @inlinable public var operation: OperationType {
    OperationType(rawValue: UInt8(truncatingIfNeeded: node.flags)) ?? .query
  }

  /// Empty for an anonymous operation.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The definitions of its variables, in the order of the source.
  @inlinable public var variables: SyntaxList<VariableDefinitionNode> { node.list(3) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(4) }

  /// What is selected; an empty set where the document says `{ }`.
  @inlinable public var selectionSet: SelectionSetNode {
    SelectionSetNode(SyntaxNode(tree: node.tree, index: node.word(5)))
  }
}

/// `$name: Type = default @directives` (§ 2.11).
public struct VariableDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name without the dollar sign.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The type that the variable is declared with.
  @inlinable public var type: TypeNode { TypeNode(SyntaxNode(tree: node.tree, index: node.word(3))) }

  /// The default value, if there is one.
  @inlinable public var defaultValue: ValueNode? { node.child(4).map(ValueNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(5) }
}

/// `{ … }` (§ 2.5).
public struct SelectionSetNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Fields, spreads and inline fragments, in the order of the source.
  @inlinable public var selections: SyntaxList<SelectionNode> { node.list(0) }
}

/// A field, a fragment spread or an inline fragment (§ 2.5).
public struct SelectionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Tells which view fits.
  /// The selection as an inline fragment; for that kind only.
  /// The selection as a field; for that kind only.
  /// The selection as a spread; for that kind only.
  @inlinable public var kind: SyntaxKind { node.kind }
  @inlinable public var asField: FieldNode { FieldNode(node) }
  @inlinable public var asFragmentSpread: FragmentSpreadNode { FragmentSpreadNode(node) }
  @inlinable public var asInlineFragment: InlineFragmentNode { InlineFragmentNode(node) }
}

/// `alias: name(arguments) @directives { … }` (§ 2.6).
public struct FieldNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Empty without an alias.
  @inlinable public var alias: SyntaxName { node.name(0) }

  /// The name of the field, not its alias.
  @inlinable public var name: SyntaxName { node.name(2) }

  /// The arguments that it is given, in the order of the source.
  @inlinable public var arguments: SyntaxList<ArgumentNode> { node.list(4) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(5) }

  /// The selection set; nil for a leaf.
  @inlinable public var selectionSet: SelectionSetNode? { node.child(6).map(SelectionSetNode.init) }

  /// The alias, or the name: the key in the response.
  @inlinable public var responseKey: SyntaxName { node.word(1) == 0 ? name : alias }
}

/// `name: value`, of a field or directive (§ 2.7).
public struct ArgumentNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The value that is given.
  @inlinable public var value: ValueNode { ValueNode(SyntaxNode(tree: node.tree, index: node.word(2))) }
}

/// `...name @directives` (§ 2.9).
public struct FragmentSpreadNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(2) }
}

/// `... on Type @directives { … }` (§ 2.9.2).
public struct InlineFragmentNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The type condition, if there is one.
  @inlinable public var typeCondition: NamedTypeNode? { node.child(0).map(NamedTypeNode.init) }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(1) }

  /// What is selected; an empty set where the document says `{ }`.
  @inlinable public var selectionSet: SelectionSetNode {
    SelectionSetNode(SyntaxNode(tree: node.tree, index: node.word(2)))
  }
}

/// `fragment name on Type @directives { … }` (§ 2.9).
public struct FragmentDefinitionNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The description, if there is one.
  @inlinable public var descriptionNode: StringNode? { node.child(2).map(StringNode.init) }

  /// The type that the fragment applies to.
  @inlinable public var typeCondition: NamedTypeNode {
    NamedTypeNode(SyntaxNode(tree: node.tree, index: node.word(3)))
  }

  /// The directives on it, in the order of the source.
  @inlinable public var directives: SyntaxList<DirectiveNode> { node.list(4) }

  /// What is selected; an empty set where the document says `{ }`.
  @inlinable public var selectionSet: SelectionSetNode {
    SelectionSetNode(SyntaxNode(tree: node.tree, index: node.word(5)))
  }
}

/// `@name(arguments)` (§ 2.13).
public struct DirectiveNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name without the at sign.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The arguments that it is given, in the order of the source.
  @inlinable public var arguments: SyntaxList<ArgumentNode> { node.list(2) }
}
