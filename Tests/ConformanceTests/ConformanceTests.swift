import Foundation
import GraphQLEngine
import Testing

@Suite(.enabled(if: Corpus.isPresent, "needs ../shared/conformance")) struct ConformanceTests {
  @Test func `every query of the corpus parses and is valid`() throws {
    let corpus = try Corpus()
    #expect(corpus.schemas.count == 251)
    #expect(corpus.cases.count == 2_816)
    var schemas: [String: Schema] = [:]
    for (id, _) in corpus.schemas { schemas[id] = try corpus.schema(id) }
    for example in corpus.cases {
      let document = try Document.parse(example.query)
      let errors = schemas[example.schema]?.validate(document)
      #expect(errors == [], "\(example.id)")
    }
  }
}
