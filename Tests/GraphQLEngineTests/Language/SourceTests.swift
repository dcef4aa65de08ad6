import Testing

@testable import GraphQLEngine

@Suite struct SourceTests {
  @Test(arguments: [
    ("", 0, 1, 1), ("ab", 1, 1, 2), ("a\nb", 2, 2, 1), ("a\rb", 2, 2, 1), ("a\r\nb", 3, 2, 1),
    ("a\n\rb", 3, 3, 1),
    ("é😀b", 2, 1, 2), ("é😀b", 6, 1, 4), ("é😀b", 99, 1, 5), ("\n\n", 2, 3, 1),
  ])
  func `lines end at LF, CR and CRLF, and columns count UTF-16 units`(
    _ text: String, _ offset: Int, _ line: Int, _ column: Int
  ) {
    #expect(Source(text).location(at: offset) == SourceLocation(line: line, column: column))
  }

  @Test func `a source is the same from a string, from bytes and from a buffer`() {
    let bytes = Array("{ é }".utf8)
    let sources = [Source("{ é }"), Source(bytes), bytes.withUnsafeBufferPointer { Source(copying: $0) }]
    for source in sources {
      #expect(source.count == bytes.count)
      #expect(UnsafeBufferPointer(start: source.bytes, count: source.count).elementsEqual(bytes))
      #expect((0..<Source.padding).allSatisfy { source.bytes[source.count + $0] == 0 })
    }
  }

  @Test func `names are compared by their bytes`() throws {
    let document = try Document.parse("{ a ab a }").kept()
    let names = OperationNode(try #require(document.definitions.all.first).node).selectionSet.selections
      .map(\.asField.name)
    #expect(names[0] == names[2])
    #expect(names[0] != names[1])
    #expect(names[1] == "ab")
    #expect(!(names[1] == "ac"))
    #expect(Set(names).count == 2)
  }
}
