import GraphQLEngine
import Testing

@Suite("§ 6.4.3 Value completion over JSON values")
struct DynamicExecutionTests {
  static let sdl = """
    type Query { user: User, users: [User], strict: [User!]!, pet: Pet, pets: [Pet!], tags: [[String!]], color: Color, n: Int, f: Float, s: String, b: Boolean, i: ID, any: Any, need: Int! }
    type User { name: String, id: ID!, friend: User, strictFriend: User! }
    interface Pet { name: String! }
    type Dog implements Pet { name: String! barks: Boolean }
    type Cat implements Pet { name: String! lives: Int }
    union Animal = Dog | Cat
    enum Color { RED GREEN }
    scalar Any
    """

  func run(_ query: String, _ root: String) async throws -> String {
    try await TestEngine(Self.sdl).run(query, root: try JSONReader.read(root))
  }

  @Test func `keys come in the order of the query under their aliases`() async throws {
    let text = try await run("{ b: s a: n s }", #"{"n": 1, "s": "x"}"#)
    #expect(text == #"{"data":{"b":"x","a":1,"s":"x"}}"#)
  }

  @Test func `objects lists and nested lists are completed by type`() async throws {
    let text = try await run(
      "{ user { name friend { id } } users { id } tags }",
      #"{"user":{"name":"Ann","friend":{"id":7}},"users":[{"id":"a"},null,{"id":"b"}],"tags":[["x","y"],null,[]]}"#
    )
    #expect(
      text
        == #"{"data":{"user":{"name":"Ann","friend":{"id":"7"}},"users":[{"id":"a"},null,{"id":"b"}],"tags":[["x","y"],null,[]]}}"#
    )
  }

  @Test func `leaves are coerced as graphql-js does`() async throws {
    let text = try await run(
      "{ n f s b i color any }",
      #"{"n":"12","f":3,"s":true,"b":0,"i":5,"color":"RED","any":{"a":[1,null]}}"#)
    #expect(
      text == #"{"data":{"n":12,"f":3,"s":"true","b":false,"i":"5","color":"RED","any":{"a":[1,null]}}}"#)
  }

  @Test(arguments: [
    ("n", #"{"n":1.5}"#, "Int cannot represent non-integer value: 1.5"),
    ("n", #"{"n":2147483648}"#, "Int cannot represent non 32-bit signed integer value: 2147483648"),
    ("n", #"{"n":1e20}"#, "Int cannot represent non 32-bit signed integer value: 100000000000000000000"),
    (
      "n", #"{"n":"3000000000"}"#,
      #"Int cannot represent non 32-bit signed integer value: \"3000000000\""#
    ),
    ("n", #"{"n":"1.5"}"#, #"Int cannot represent non-integer value: \"1.5\""#),
    (
      "n", #"{"n":{"a":{"b":{"c":1},"d":[1,[2]]}}}"#,
      "Int cannot represent non-integer value: { a: { b: [Object], d: [Array] } }"
    ),
    ("f", #"{"f":"x"}"#, #"Float cannot represent non numeric value: \"x\""#),
    ("s", #"{"s":{}}"#, "String cannot represent value: {}"),
    ("b", #"{"b":"x"}"#, #"Boolean cannot represent a non boolean value: \"x\""#),
    ("i", #"{"i":true}"#, "ID cannot represent value: true"),
    ("color", #"{"color":"BLUE"}"#, #"Enum \"Color\" cannot represent value: \"BLUE\""#),
    ("tags", #"{"tags":"x"}"#, #"Expected Iterable, but did not find one for field \"Query.tags\"."#),
  ])
  func `a wrong leaf is an error at its field`(_ field: String, _ root: String, _ message: String)
    async throws
  {
    let text = try await run("{ \(field) }", root)
    #expect(
      text
        == #"{"data":{"\#(field)":null},"errors":[{"message":"\#(message)","locations":[{"line":1,"column":3}],"path":["\#(field)"]}]}"#
    )
  }

  @Test func `a concrete type comes from __typename and selects its own fields`() async throws {
    let text = try await run(
      "{ pets { __typename name ... on Dog { barks } ...C } } fragment C on Cat { lives }",
      #"{"pets":[{"__typename":"Dog","name":"Rex","barks":true},{"__typename":"Cat","name":"Tom","lives":9}]}"#
    )
    #expect(
      text
        == #"{"data":{"pets":[{"__typename":"Dog","name":"Rex","barks":true},{"__typename":"Cat","name":"Tom","lives":9}]}}"#
    )
  }

  @Test(arguments: [
    (
      #"{"name":"x"}"#,
      "Abstract type \\\"Pet\\\" must resolve to an Object type at runtime for field \\\"Query.pet\\\". Either the \\\"Pet\\\" type should provide a \\\"resolveType\\\" function or each possible type should provide an \\\"isTypeOf\\\" function."
    ),
    (
      #"{"__typename":"Hog"}"#,
      "Abstract type \\\"Pet\\\" was resolved to a type \\\"Hog\\\" that does not exist inside the schema."
    ),
    (
      #"{"__typename":"Color"}"#, "Abstract type \\\"Pet\\\" was resolved to a non-object type \\\"Color\\\"."
    ),
    (#"{"__typename":"User"}"#, "Runtime Object type \\\"User\\\" is not a possible type for \\\"Pet\\\"."),
  ])
  func `an abstract value without a fitting type is an error`(_ pet: String, _ message: String) async throws {
    let text = try await run("{ pet { name } }", #"{"pet":\#(pet)}"#)
    #expect(
      text
        == #"{"data":{"pet":null},"errors":[{"message":"\#(message)","locations":[{"line":1,"column":3}],"path":["pet"]}]}"#
    )
  }

  @Test func `a thrown member is an error with its extensions`() async throws {
    let text = try await run(
      "{ users { name } }",
      #"{"users":[{"name":{"$error":"no"}},{"$error":{"message":"gone","extensions":{"code":"X","n":[1]}}}]}"#
    )
    #expect(
      text
        == #"{"data":{"users":[{"name":null},null]},"errors":[{"message":"no","locations":[{"line":1,"column":11}],"path":["users",0,"name"]},{"message":"gone","locations":[{"line":1,"column":3}],"path":["users",1],"extensions":{"code":"X","n":[1]}}]}"#
    )
  }
}
