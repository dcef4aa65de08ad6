import GraphQLEngine
import Testing

/// JSON objects below which something is fetched answer as those below which nothing is.
@Suite("§ 6.4.3 Batches below JSON objects")
struct DynamicFrameTests {
  private static let sdl = """
    type Query { pet: Pet, pets: [Pet!], nested: [[Pet]], named: Named, owner: Owner, box: Box }
    union Box = Owner | Dog
    interface Named { name: String }
    interface Pet implements Named { name: String, size: Int }
    type Dog implements Pet & Named { name: String, size: Int, friend: Pet }
    type Cat implements Pet & Named { name: String, size: Int, lives: Int }
    type Owner implements Named { name: String, pet: Pet, pets: [Pet] }
    """

  /// `size` is the length of the name, fetched or a member.
  private static func engine(isFetched: Bool, _ log: CallLog? = nil) throws -> TestEngine {
    try TestEngine(sdl) { wiring, _ in
      guard isFetched else { return }
      for type in ["Dog", "Cat"] {
        wiring.bind(
          type, "size",
          .batch { call in
            log?.note("\(type) \(call.parents.count)")
            return .ready(.leaves(try call.parents.rows(of: InputValue.self).map { $0["size"]?.int }))
          })
      }
    }
  }

  @Test(arguments: [
    (
      #"{"pet":{"__typename":"Dog","name":"Rex","size":3}}"#,
      "{ pet { __typename name size ... on Dog { friend { size } } } }"
    ),
    (
      #"{"pets":[{"__typename":"Dog","size":1,"friend":{"__typename":"Cat","size":2,"lives":9}},{"__typename":"Cat","size":3}]}"#,
      "{ pets { size ... on Dog { friend { size ... on Cat { lives } } } } }"
    ),
    (
      #"{"nested":[[{"__typename":"Dog","size":1},null],null,[],[{"__typename":"Cat","size":2}]]}"#,
      "{ nested { size } }"
    ),
    (
      #"{"named":{"__typename":"Owner","name":"Ann","pet":{"__typename":"Cat","size":4}}}"#,
      "{ named { name ... on Owner { pet { size } } } }"
    ),
    (
      #"{"owner":{"pets":[{"__typename":"Dog","size":4}],"pet":null}}"#,
      "{ owner { pets { size } pet { size } } }"
    ),
    (
      #"{"box":{"__typename":"Owner","pet":{"__typename":"Dog","size":4}}}"#,
      "{ box { ... on Owner { pet { size } } } }"
    ),
    // What does not fit.
    (
      #"{"pet":{"size":1},"pets":[{"__typename":"Dog","size":1},{"$error":"gone"}]}"#,
      "{ pet { size } pets { size } }"
    ),
    (
      #"{"pets":"no list","nested":[[{"$error":"item"}],{"$error":"inner"},7]}"#,
      "{ pets { size } nested { size } }"
    ),
    (#"{"pets":{"$error":"outer"},"nested":{"a":1}}"#, "{ pets { size } nested { size } }"),
    (
      #"{"pet":{"__typename":"Owner"},"owner":{"pets":[{"__typename":"Fish"},{"__typename":"Dog","size":2}]}}"#,
      "{ pet { size } owner { pets { size } } }"
    ),
  ])
  func `fetched or not, the answer is the same`(_ root: String, _ query: String) async throws {
    let value = try JSONReader.read(root)
    let resident = try await Self.engine(isFetched: false).run(query, root: value, isValidated: true)
    let fetched = try await Self.engine(isFetched: true).run(query, root: value, isValidated: true)
    #expect(fetched == resident)
    #expect(fetched.contains("\"data\":{"))
  }

  @Test func `the objects of a level are one batch for each type`() async throws {
    let log = CallLog()
    let root = try JSONReader.read(
      #"{"pets":[{"__typename":"Dog","size":1,"friend":{"__typename":"Dog","size":5}},{"__typename":"Cat","size":2},{"__typename":"Dog","size":3}]}"#
    )
    let text = try await Self.engine(isFetched: true, log).run(
      "{ pets { size ... on Dog { friend { size } } } }", root: root, isValidated: true)
    #expect(
      text == #"{"data":{"pets":[{"size":1,"friend":{"size":5}},{"size":2},{"size":3,"friend":null}]}}"#)
    #expect(log.calls == ["Dog 2", "Cat 1", "Dog 1"])
  }

  @Test func `a batch may give JSON values of an abstract type, with errors inside`() async throws {
    let engine = try TestEngine(Self.sdl) { wiring, _ in
      wiring.bind(
        "Query", "nested",
        .batch { _ in
          .ready(
            .dynamic([[[["__typename": "Dog", "size": 1], ["$error": "item"]], ["$error": "list"], nil]]))
        })
    }
    let text = await engine.run("{ nested { size } }", isValidated: true)
    #expect(text.hasPrefix(#"{"data":{"nested":[[{"size":1},null],null,null]},"errors":["#))
    #expect(text.contains(#""message":"item","locations":[{"line":1,"column":3}],"path":["nested",0,1]"#))
    #expect(text.contains(#""message":"list","locations":[{"line":1,"column":3}],"path":["nested",1]"#))
  }

  @Test func `a root that is missing has no members, and one of another type is a fault`() async throws {
    let engine = try TestEngine("type Query { a: Int, b: Int! }")
    #expect(await engine.run("{ a }") == #"{"data":{"a":null}}"#)
    #expect(await engine.run("{ b }").hasPrefix(#"{"data":null,"errors":[{"message":"Cannot return null"#))
    let operation = try engine.engine.prepare("{ a }")
    let request = ExecutionRequest(root: .swift([BookRow(id: 1, title: "", price: 0)]))
    #expect(await engine.engine.execute(operation, request).errors.map(\.message) == ["Internal error"])
  }
}
