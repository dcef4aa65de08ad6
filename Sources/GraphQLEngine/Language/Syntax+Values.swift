// Typed views over the records of values and type references (§ 2.10, § 2.12). The slots are written by the
// parser in the same order.

/// Any value literal; its kind tells which view fits (§ 2.10).
public struct ValueNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// Tells which view fits.
  @inlinable public var kind: SyntaxKind { node.kind }

  /// The text of an int, float or enum value, or a variable's name without the dollar sign.
  @inlinable public var text: SyntaxName { node.name(0) }

  /// The value of a boolean literal.
  @inlinable public var isTrue: Bool { node.flags & 1 != 0 }

  /// The items of a list value.
  @inlinable public var items: SyntaxList<ValueNode> { node.list(0) }

  /// The fields of an object value.
  @inlinable public var fields: SyntaxList<ObjectFieldNode> { node.list(0) }

  /// The value as a string; for that kind only.
  @inlinable public var asString: StringNode { StringNode(node) }
}

/// A string literal: the raw range between its quotes (§ 2.10.4). Its value is in `StringNode+Value.swift`.
public struct StringNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The characters between the quotes, escapes not replaced.
  @inlinable public var raw: SyntaxName { node.name(0) }

  /// Whether it is a `"""block string"""`.
  @inlinable public var isBlock: Bool { node.flags & 1 != 0 }

  /// Whether `raw` differs from the value: it has escapes, or is a block string.
  @inlinable public var needsDecoding: Bool { node.flags & 3 != 0 }
}

/// `name: value` in an object value (§ 2.10.8).
public struct ObjectFieldNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The value that is given.
  @inlinable public var value: ValueNode { ValueNode(SyntaxNode(tree: node.tree, index: node.word(2))) }
}

/// A type reference: `Name`, `[Type]` or `Type!` (§ 2.12).
public struct TypeNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// `.namedType`, `.listType` or `.nonNullType`.
  @inlinable public var kind: SyntaxKind { node.kind }

  /// The name, where the kind is `.namedType`.
  @inlinable public var name: SyntaxName { node.name(0) }

  /// The wrapped type, where the kind is not `.namedType`.
  @inlinable public var wrapped: TypeNode { TypeNode(SyntaxNode(tree: node.tree, index: node.word(0))) }
}

/// The name of a type, where no wrapping is allowed.
public struct NamedTypeNode: SyntaxView {
  public let node: SyntaxNode

  @inlinable public init(_ node: SyntaxNode) { self.node = node }

  /// The name, without a sigil.
  @inlinable public var name: SyntaxName { node.name(0) }
}
