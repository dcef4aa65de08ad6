import Foundation
import GraphQLEngine
import Testing

@Suite(.enabled(if: Corpus.isPresent, "needs ../shared/conformance")) struct ConformanceTests {
  @Test func `every case of the corpus is answered as expected`() async throws {
    let corpus = try Corpus()
    #expect(corpus.schemas.count == 251)
    #expect(corpus.cases.count == 2_816)
    var engines: [String: Engine] = [:]
    for id in corpus.schemas.keys {
      let schema = try corpus.schema(id)
      engines[id] = Engine(try ExecutableSchema(schema, CorpusResolvers(schema: schema).wiring()))
    }
    var answered = 0
    for example in corpus.cases {
      guard let engine = engines[example.schema] else { continue }
      let response = await answer(example, engine)
      let data = try JSONSerialization.jsonObject(with: Data(response.bytes)) as? NSDictionary
      if data?["data"] as? NSDictionary == example.expected["data"] as? NSDictionary, response.hasData {
        answered += 1
      } else {
        Issue.record("\(example.id): \(response.text.prefix(400))")
      }
    }
    print("conformance: \(answered) of \(corpus.cases.count)")
    #expect(answered == 2_816)
  }

  private func answer(_ example: Corpus.Case, _ engine: Engine) async -> Response {
    do throws(RequestErrors) {
      let operation = try engine.prepare(example.query)
      return await engine.execute(operation, ExecutionRequest(variables: example.variables))
    } catch {
      return error.response
    }
  }
}
