/// A parsed document: the source and the slab of its nodes. Immutable, shared freely between threads.
///
/// Made by `Document.parse` (Parser.swift).
public final class Document: @unchecked Sendable {
  // @unchecked: the slab is written by the parser before this object exists and only read afterwards.

  /// The text that it was parsed from.
  public let source: Source

  /// The number of lexical tokens, the end of the file not counted.
  public let tokenCount: Int

  /// The number of words in the slab.
  public let wordCount: Int

  private let words: UnsafeMutablePointer<UInt32>

  /// The words that were allocated.
  private let capacity: Int

  /// Takes ownership of the slab's memory.
  init(source: Source, slab: Slab, tokenCount: Int) {
    self.source = source
    words = slab.words
    wordCount = slab.count
    capacity = slab.capacity
    self.tokenCount = tokenCount
  }

  deinit { words.deallocate() }

  /// What the document and its source keep of the heap.
  var byteCount: Int {
    HeapBytes.object(48) + HeapBytes.object(24) + HeapBytes.allocation(source.count + Source.padding)
      + HeapBytes.allocation(capacity * MemoryLayout<UInt32>.stride)
  }

  /// The arena, for walking; it must not outlive this document.
  ///
  /// Callers that keep the tree beyond a call keep the document too.
  public var tree: SyntaxTree { SyntaxTree(words: UnsafePointer(words), source: source.bytes) }

  /// All definitions, in the order of the source. Word 0 behind the document record's header is the first.
  public var definitions: SyntaxList<DefinitionNode> {
    SyntaxNode(tree: tree, index: 0).list(0)
  }
}
