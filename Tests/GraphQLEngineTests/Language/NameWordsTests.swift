import Testing

@testable import GraphQLEngine

@Suite("Names by words")
struct NameWordsTests {
  /// Names of all lengths up to 40, each also with one letter changed at every place.
  private static let names: [String] = (1...40).flatMap { length in
    let name = String("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV".prefix(length))
    let changed = (0..<length).map { place in
      String(name.enumerated().map { $0.offset == place ? "_" : $0.element })
    }
    return [name] + changed
  }

  private func parse(_ names: [String]) throws -> (document: Document, names: [SyntaxName]) {
    let document = try Document.parse("{ " + names.joined(separator: " ") + " }")
    let definition = try #require(document.definitions.first { _ in true })
    return (document, OperationNode(definition.node).selectionSet.selections.map { $0.asField.name })
  }

  @Test func `every byte continues or ends a name as the grammar says`() {
    for byte in UInt8.min...UInt8.max {
      let scalar = Character(Unicode.Scalar(byte))
      let continues = scalar.isASCII && (scalar.isLetter || scalar.isNumber || scalar == "_")
      for place in 0..<8 {
        let other = UInt64(UInt8(ascii: "z")) &* 0x0101_0101_0101_0101
        let word = other & ~(0xFF << UInt64(place * 8)) | UInt64(byte) << UInt64(place * 8)
        let expected: UInt64 = continues ? 0 : 0x80 << UInt64(place * 8)
        #expect(ByteClass.endsOfName(in: word) == expected, "byte \(byte) at \(place)")
      }
    }
  }

  @Test func `names of every length are told apart`() throws {
    let (document, names) = try parse(Self.names)
    try withExtendedLifetime(document) {
      var table = SymbolTable()
      let symbols = names.map { table.intern($0) }
      #expect(Set(symbols).count == Self.names.count)
      for (index, name) in Self.names.enumerated() {
        let again = table.intern(names[index])
        #expect(again == symbols[index])
        #expect(table.symbol(names[index]) == symbols[index])
        #expect(table.symbol(name) == symbols[index])
        #expect(table.string(symbols[index]) == name)
        #expect(table.symbol(name + "9") == nil)
      }
      #expect(table.symbol("") == nil)
      #expect(table.count == Self.names.count)
      let reserved = try #require(names.firstIndex { $0 == "_b" })
      #expect(!table.isReserved(symbols[reserved]))
    }
  }

  @Test func `names that begin with two underscores are reserved`() throws {
    let (document, names) = try parse(["__", "_", "__typename", "_a", "a__"])
    withExtendedLifetime(document) {
      var table = SymbolTable()
      let symbols = names.map { table.intern($0) }
      #expect(symbols.map(table.isReserved) == [true, false, true, false, false])
    }
  }

  @Test func `words are equal where bytes are`() throws {
    let (document, names) = try parse(Self.names)
    withExtendedLifetime(document) {
      for (index, name) in names.enumerated() {
        #expect(name.equals(names[index]))
        for other in names[..<index].suffix(60) { #expect(!name.equals(other)) }
      }
    }
  }

  @Test func `indentation of any width is skipped`() throws {
    for width in 0...20 {
      let indentation = String(repeating: " ", count: width)
      let document = try Document.parse("{\n\(indentation)a\r\n\(indentation)\tb\n\(indentation)}")
      #expect(document.tokenCount == 4)
      let definition = try #require(document.definitions.first { _ in true })
      let fields = OperationNode(definition.node).selectionSet.selections.map { $0.asField.name.description }
      #expect(fields == ["a", "b"])
    }
  }
}
