// The arena of a document: one slab of 32-bit words in which every node is a record, addressed by its index.
//
// A record starts with a header of three words; the words behind it depend on the kind and are described by
// the views in `Syntax+Executable.swift`, `Syntax+Values.swift` and `Syntax+TypeSystem.swift`:
//
//   word 0   kind in bits 0-7, flags in bits 8-31
//   word 1   byte offset of the node's first character in the source
//   word 2   index of the next sibling in the list that the node stands in; 0 ends the list
//
// Index 0 is the document record itself, so 0 also says "absent" wherever a node is optional.

/// What a node of a document is; the names are graphql-js's (§ 2, Appendix C).
public enum SyntaxKind: UInt8, Sendable {
  case document
  case operationDefinition, variableDefinition, selectionSet, field, argument
  case fragmentSpread, inlineFragment, fragmentDefinition
  case variable, intValue, floatValue, stringValue, booleanValue, nullValue, enumValue, listValue, objectValue
  case objectField, directive
  case namedType, listType, nonNullType
  case schemaDefinition, operationTypeDefinition
  case scalarTypeDefinition, objectTypeDefinition, fieldDefinition, inputValueDefinition
  case interfaceTypeDefinition, unionTypeDefinition, enumTypeDefinition, enumValueDefinition
  case inputObjectTypeDefinition, directiveDefinition, directiveLocation
  case schemaExtension, scalarTypeExtension, objectTypeExtension, interfaceTypeExtension
  case unionTypeExtension, enumTypeExtension, inputObjectTypeExtension, directiveExtension
}

/// The arena's two base pointers: a trivial value that walks a document without reference counting.
///
/// Valid only while the `Document` that handed it out lives; `Document.withTree` is the way to get one.
public struct SyntaxTree: BitwiseCopyable, @unchecked Sendable {
  // @unchecked: points into memory of a Document, which is immutable once parsed.

  /// The slab of nodes.
  public let words: UnsafePointer<UInt32>

  /// The source's bytes, padded by `Source.padding`.
  public let source: UnsafePointer<UInt8>

  @inlinable
  public init(words: UnsafePointer<UInt32>, source: UnsafePointer<UInt8>) {
    self.words = words
    self.source = source
  }

  /// A word of the slab.
  @inlinable
  public subscript(index: UInt32) -> UInt32 { words[Int(truncatingIfNeeded: index)] }
}

/// A view of one record. Typed views (`FieldNode`, …) wrap it; equality is identity of the record.
public struct SyntaxNode: Equatable, BitwiseCopyable, @unchecked Sendable {
  // @unchecked: see SyntaxTree.
  /// The document's memory.
  public let tree: SyntaxTree
  /// The index of the record's first word.
  public let index: UInt32

  @inlinable
  public init(tree: SyntaxTree, index: UInt32) {
    self.tree = tree
    self.index = index
  }

  @inlinable
  public static func == (left: SyntaxNode, right: SyntaxNode) -> Bool {
    left.index == right.index && left.tree.words == right.tree.words
  }

  /// What the node is.
  @inlinable
  public var kind: SyntaxKind {
    // The parser writes no other byte, so the fallback is never taken.
    SyntaxKind(rawValue: UInt8(truncatingIfNeeded: tree[index])) ?? .document
  }

  /// Bits 8-31 of the header, shifted down.
  @inlinable public var flags: UInt32 { tree[index] >> 8 }

  /// The byte offset of the node's first character.
  @inlinable public var start: UInt32 { tree[index &+ 1] }

  /// The index of the next sibling, or 0.
  @inlinable public var next: UInt32 { tree[index &+ 2] }

  /// Word `slot` behind the header.
  @inlinable
  public func word(_ slot: UInt32) -> UInt32 { tree[index &+ 3 &+ slot] }

  /// The name in words `slot` (byte offset) and `slot + 1` (byte length).
  @inlinable
  public func name(_ slot: UInt32) -> SyntaxName {
    SyntaxName(source: tree.source, start: word(slot), length: word(slot &+ 1))
  }

  /// The node that word `slot` points to, or nil.
  @inlinable
  public func child(_ slot: UInt32) -> SyntaxNode? {
    let target = word(slot)
    return target == 0 ? nil : SyntaxNode(tree: tree, index: target)
  }

  /// The list whose first node word `slot` points to.
  @inlinable
  public func list<Element>(_ slot: UInt32) -> SyntaxList<Element> {
    SyntaxList(tree: tree, first: word(slot))
  }
}

/// A typed view over a record.
public protocol SyntaxView: Equatable, BitwiseCopyable, Sendable {
  var node: SyntaxNode { get }
  init(_ node: SyntaxNode)
}

/// Siblings in the order of the source, linked through their headers.
public struct SyntaxList<Element: SyntaxView>: Sequence, @unchecked Sendable {
  // @unchecked: see SyntaxTree.
  /// The document's memory.
  public let tree: SyntaxTree
  /// The index of the first element; 0 when the list is empty.
  public let first: UInt32

  @inlinable
  public init(tree: SyntaxTree, first: UInt32) {
    self.tree = tree
    self.first = first
  }

  /// Whether the list has no elements.
  @inlinable public var isEmpty: Bool { first == 0 }

  @inlinable
  public func makeIterator() -> Iterator { Iterator(tree: tree, index: first) }

  /// Follows the links from sibling to sibling.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let tree: SyntaxTree
    @usableFromInline var index: UInt32

    @inlinable
    init(tree: SyntaxTree, index: UInt32) {
      self.tree = tree
      self.index = index
    }

    @inlinable
    public mutating func next() -> Element? {
      guard index != 0 else { return nil }
      let node = SyntaxNode(tree: tree, index: index)
      index = node.next
      return Element(node)
    }
  }
}

/// A name: a range of the source. Compared byte by byte; a `String` only when someone asks.
public struct SyntaxName: Hashable, BitwiseCopyable, @unchecked Sendable, CustomStringConvertible {
  // @unchecked: see SyntaxTree.
  /// The document's bytes.
  public let source: UnsafePointer<UInt8>
  /// The byte offset of the first character.
  public let start: UInt32
  /// The number of bytes; 0 where a name is absent.
  public let length: UInt32

  @inlinable
  public init(source: UnsafePointer<UInt8>, start: UInt32, length: UInt32) {
    self.source = source
    self.start = start
    self.length = length
  }

  /// Whether the name is absent.
  @inlinable public var isEmpty: Bool { length == 0 }

  /// The UTF-8 text.
  @inlinable
  public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: source + Int(start), count: Int(length))
  }

  public var description: String { String(decoding: bytes, as: UTF8.self) }

  @inlinable
  public static func == (left: SyntaxName, right: SyntaxName) -> Bool {
    guard left.length == right.length else { return false }
    let count = Int(left.length)
    let leftBytes = left.source + Int(left.start)
    let rightBytes = right.source + Int(right.start)
    var index = 0
    while index < count {
      if leftBytes[index] != rightBytes[index] { return false }
      index &+= 1
    }
    return true
  }

  @inlinable
  public static func == (left: SyntaxName, right: StaticString) -> Bool {
    guard Int(left.length) == right.utf8CodeUnitCount else { return false }
    let leftBytes = left.source + Int(left.start)
    var index = 0
    while index < right.utf8CodeUnitCount {
      if leftBytes[index] != right.utf8Start[index] { return false }
      index &+= 1
    }
    return true
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
  }
}
