import Testing

@testable import GraphQLEngine

@Suite("Scratch lists and key sets of validation")
struct ScratchListTests {
  @Test func `lists that grow by turns keep their elements`() {
    let arena = ScratchArena(capacity: 256)
    var small = ScratchList<UInt8>(in: arena, capacity: 1)
    var large = ScratchList<SIMD4<Int>>(in: arena, capacity: 1)
    for index in 0..<10_000 {
      small.append(UInt8(truncatingIfNeeded: index))
      large.append(SIMD4(repeating: index))
    }
    #expect(small.elementsEqual((0..<10_000).map { UInt8(truncatingIfNeeded: $0) }))
    #expect(large.elementsEqual((0..<10_000).map { SIMD4(repeating: $0) }))
    withExtendedLifetime(arena) {}
  }

  @Test func `a list is a stack`() {
    let arena = ScratchArena()
    var list = ScratchList<Int>(repeating: 7, count: 3, in: arena)
    list.append(8)
    list[0] = 6
    let last = list.popLast()
    #expect(last == 8)
    #expect(Array(list) == [6, 7, 7])
    list.truncate(to: 1)
    let first = list.popLast()
    let none = list.popLast()
    #expect(first == 6 && none == nil)
    withExtendedLifetime(arena) {}
  }

  @Test func `sets of fields of any size are checked for repeated keys`() throws {
    let schema = try Schema.build("type Query { a: Int b: Int }")
    for count in [1, 2, 127, 128, 129, 300] {
      let keys = (0..<count).map { "key\($0): a" }.joined(separator: " ")
      #expect(schema.validate(try Document.parse("{ \(keys) }")).isEmpty)
      #expect(schema.validate(try Document.parse("{ \(keys) key0: a }")).isEmpty)
      let errors = schema.validate(try Document.parse("{ \(keys) key\(count - 1): b }"))
      #expect(errors.count == 1)
      let spread = try Document.parse("{ ...F key0: b } fragment F on Query { \(keys) }")
      #expect(schema.validate(spread).count == 1)
    }
  }

  @Test func `a set forgets its keys`() throws {
    let document = try Document.parse("{ a }")
    let definition = try #require(document.definitions.first { _ in true })
    let name = try #require(
      OperationNode(definition.node).selectionSet.selections.first { _ in true }?.asField.name)
    withExtendedLifetime(document) {
      let arena = ScratchArena()
      var keys = ResponseKeySet(in: arena)
      for _ in 0..<1_000 {
        keys.removeAll()
        let isNew = keys.insert(name)
        let isNewAgain = keys.insert(name)
        #expect(isNew && !isNewAgain)
      }
      withExtendedLifetime(arena) {}
    }
  }
}
