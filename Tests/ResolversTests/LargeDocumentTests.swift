import Testing

@testable import Resolvers

/// How many large documents are worked on at once.
@Suite struct LargeDocumentTests {
  @Test func `a third large document is told to come again, a small one is not`() async throws {
    let documents = LargeDocuments()
    let large = LargeDocuments.largeBytes + 1
    try await documents.working(on: large) {
      try await documents.working(on: large) {
        await #expect(throws: ServiceError.self) { try await documents.working(on: large) {} }
        let small = try await documents.working(on: LargeDocuments.largeBytes) { 1 }
        #expect(small == 1)
      }
      struct Failure: Error {}
      await #expect(throws: Failure.self) { try await documents.working(on: large) { throw Failure() } }
      let next = try await documents.working(on: large) { 2 }
      #expect(next == 2)
    }
    let last = try await documents.working(on: large) { 3 }
    #expect(last == 3)
  }
}
