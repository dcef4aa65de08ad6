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

  /// Takes ownership of `words`, allocated with `malloc`'s rules of `UnsafeMutablePointer.allocate`.
  init(source: Source, words: UnsafeMutablePointer<UInt32>, wordCount: Int, tokenCount: Int) {
    self.source = source
    self.words = words
    self.wordCount = wordCount
    self.tokenCount = tokenCount
  }

  deinit { words.deallocate() }

  /// The arena, for walking; it must not outlive this document.
  ///
  /// Callers that keep the tree beyond a call keep the document too.
  public var tree: SyntaxTree { SyntaxTree(words: UnsafePointer(words), source: source.bytes) }

  /// All definitions, in the order of the source. Word 0 behind the document record's header is the first.
  public var definitions: SyntaxList<DefinitionNode> {
    SyntaxNode(tree: tree, index: 0).list(0)
  }
}
