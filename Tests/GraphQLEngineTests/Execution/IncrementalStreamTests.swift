import GraphQLEngine
import Testing

@Suite("Incremental delivery: @stream")
struct IncrementalStreamTests {
  static let sdl = """
    type Query {
      scalarList: [String], scalarListList: [[String]], friendList: [Friend], nonNullFriendList: [Friend!]
      nestedObject: Nested, others: [Nested]
    }
    type Friend { id: ID, name: String, nonNullName: String!, friends: [Friend] }
    type Nested {
      scalarField: String, nonNullScalarField: String!, nestedFriendList: [Friend], deeper: Nested
    }
    """

  static let root = #"""
    {"scalarList":["apple","banana","coconut"],"scalarListList":[["a","a"],["b","b"],["c"]],
    "friendList":[{"id":1,"name":"Luke"},{"id":2,"name":"Han"},{"id":3,"name":"Leia"}],
    "nestedObject":{"scalarField":"s","nestedFriendList":[{"id":1,"name":"Luke"},{"id":2,"name":"Han"}]},
    "others":[{"nestedFriendList":[{"id":1},{"id":2}]},{"nestedFriendList":null},{"nestedFriendList":[{"id":3}]}]}
    """#

  private func check(
    _ query: String, _ expected: [String], root: String = root, variables: String = "{}"
  ) async throws {
    let engine = try IncrementalEngine(Self.sdl)
    let texts = try await engine.run(
      query, root: try JSONReader.read(root), variables: try object(variables))
    #expect(texts == expected)
    if texts.count > 1 { _ = try PayloadMerger(texts) }
  }

  @Test(arguments: [
    ("@stream(initialCount: 1)", #"["apple"]"#, #"["banana","coconut"]"#),
    ("@stream", "[]", #"["apple","banana","coconut"]"#),
    ("@stream(initialCount: $n)", #"["apple","banana"]"#, #"["coconut"]"#),
    ("@stream(initialCount: $absent)", "[]", #"["apple","banana","coconut"]"#),
    ("@stream(if: $null, initialCount: 2)", #"["apple","banana"]"#, #"["coconut"]"#),
  ])
  func `the first items come at once, the others in a payload`(
    _ directive: String, _ first: String, _ rest: String
  ) async throws {
    var head = ""
    for (name, type) in [("n", "Int!"), ("absent", "Int"), ("null", "Boolean")]
    where directive.contains("$\(name)") {
      head = "query($\(name): \(type)) "
    }
    try await check(
      "\(head){ scalarList \(directive) }",
      [
        #"{"data":{"scalarList":\#(first)},"pending":[{"id":"0","path":["scalarList"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","items":\#(rest)}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ], variables: #"{"n":2,"null":null}"#)
  }

  @Test(arguments: ["@stream(initialCount: 3)", "@stream(initialCount: 9)", "@stream(if: false)"])
  func `a list that is complete is not streamed`(_ directive: String) async throws {
    try await check(
      "{ scalarList \(directive) }", [#"{"data":{"scalarList":["apple","banana","coconut"]}}"#])
  }

  @Test func `a negative initialCount is an error at the field`() async throws {
    try await check(
      "{ scalarList @stream(initialCount: -2) }",
      [
        #"{"data":{"scalarList":null},"errors":[{"message":"initialCount must be a positive integer","locations":[{"line":1,"column":3}],"path":["scalarList"]}]}"#
      ])
  }

  @Test func `the label comes with the notice, and only the outermost list is streamed`() async throws {
    try await check(
      #"{ scalarListList @stream(initialCount: 1, label: "L") }"#,
      [
        #"{"data":{"scalarListList":[["a","a"]]},"pending":[{"id":"0","path":["scalarListList"],"label":"L"}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","items":[["b","b"],["c"]]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `objects are streamed, each list of a level apart`() async throws {
    try await check(
      "{ others { nestedFriendList @stream(initialCount: 1) { id } } }",
      [
        #"{"data":{"others":[{"nestedFriendList":[{"id":"1"}]},{"nestedFriendList":null},{"nestedFriendList":[{"id":"3"}]}]},"pending":[{"id":"0","path":["others",0,"nestedFriendList"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","items":[{"id":"2"}]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `an item with an error is null, with its index in the path`() async throws {
    try await check(
      "{ friendList @stream(initialCount: 1) { name } }",
      [
        #"{"data":{"friendList":[{"name":"Luke"}]},"pending":[{"id":"0","path":["friendList"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","items":[null,{"name":"Leia"},{"name":null}],"errors":[{"message":"bad","locations":[{"line":1,"column":3}],"path":["friendList",1]},{"message":"worse","locations":[{"line":1,"column":41}],"path":["friendList",3,"name"]}]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ],
      root:
        #"{"friendList":[{"name":"Luke"},{"$error":"bad"},{"name":"Leia"},{"name":{"$error":"worse"}}]}"#)
  }

  @Test func `null for an item that cannot be null ends the stream behind the items before it`() async throws
  {
    let error =
      #"{"message":"Cannot return null for non-nullable field Query.nonNullFriendList.","locations":[{"line":1,"column":3}],"path":["nonNullFriendList",2]}"#
    try await check(
      "{ nonNullFriendList @stream(initialCount: 1) { name } }",
      [
        #"{"data":{"nonNullFriendList":[{"name":"Luke"}]},"pending":[{"id":"0","path":["nonNullFriendList"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","items":[{"name":"Han"}]}],"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#,
      ], root: #"{"nonNullFriendList":[{"name":"Luke"},{"name":"Han"},null,{"name":"Leia"}]}"#)
  }

  @Test func `null that propagates out of an item ends the stream`() async throws {
    try await check(
      "{ nonNullFriendList @stream { nonNullName } }",
      [
        #"{"data":{"nonNullFriendList":[]},"pending":[{"id":"0","path":["nonNullFriendList"]}],"hasNext":true}"#,
        #"{"completed":[{"id":"0","errors":[{"message":"Oops","locations":[{"line":1,"column":31}],"path":["nonNullFriendList",0,"nonNullName"]}]}],"hasNext":false}"#,
      ], root: #"{"nonNullFriendList":[{"nonNullName":{"$error":"Oops"}}]}"#)
  }

  @Test(arguments: [
    "{ nestedObject { nonNullScalarField nestedFriendList @stream { name } } }",
    "{ nestedObject { nestedFriendList @stream { name } nonNullScalarField } }",
  ])
  func `nothing is streamed below a position that became null`(_ query: String) async throws {
    let texts = try await IncrementalEngine(Self.sdl).run(query, root: try JSONReader.read(Self.root))
    #expect(texts.count == 1)
    #expect(texts[0].hasPrefix(#"{"data":{"nestedObject":null},"errors":"#) && !texts[0].contains("pending"))
  }

  @Test func `a stream in a deferred fragment that became null is forgotten`() async throws {
    let texts = try await IncrementalEngine(Self.sdl).run(
      "{ nestedObject { ... @defer { deeper { nonNullScalarField nestedFriendList @stream { name } } } } }",
      root: try JSONReader.read(#"{"nestedObject":{"deeper":{"nestedFriendList":[{"name":"x"}]}}}"#))
    #expect(texts.count == 2)
    #expect(texts[1].contains(#""data":{"deeper":null},"errors":["#) && !texts[1].contains("pending"))
  }

  @Test func `a stream in a deferred fragment is announced with the fragment's data`() async throws {
    try await check(
      "{ nestedObject { ... @defer { scalarField nestedFriendList @stream(initialCount: 1) { name } } } }",
      [
        #"{"data":{"nestedObject":{}},"pending":[{"id":"0","path":["nestedObject"]}],"hasNext":true}"#,
        #"{"pending":[{"id":"1","path":["nestedObject","nestedFriendList"]}],"incremental":[{"id":"0","data":{"scalarField":"s","nestedFriendList":[{"name":"Luke"}]}},{"id":"1","items":[{"name":"Han"}]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `fragments of streamed items are announced with the items`() async throws {
    try await check(
      "{ friendList @stream(initialCount: 1) { id ... @defer(label: \"D\") { name } } }",
      [
        #"{"data":{"friendList":[{"id":"1"}]},"pending":[{"id":"0","path":["friendList",0],"label":"D"},{"id":"1","path":["friendList"]}],"hasNext":true}"#,
        #"{"pending":[{"id":"2","path":["friendList",1],"label":"D"},{"id":"3","path":["friendList",2],"label":"D"}],"incremental":[{"id":"0","data":{"name":"Luke"}},{"id":"1","items":[{"id":"2"},{"id":"3"}]},{"id":"2","data":{"name":"Han"}},{"id":"3","data":{"name":"Leia"}}],"completed":[{"id":"0"},{"id":"1"},{"id":"2"},{"id":"3"}],"hasNext":false}"#,
      ])
  }

  @Test func `what a fragment around the list asks for comes with the streamed items`() async throws {
    try await check(
      """
      { nestedObject { nestedFriendList @stream(initialCount: 1) { id } }
        nestedObject { ... @defer { nestedFriendList @stream(initialCount: 1) { id name } } } }
      """,
      [
        #"{"data":{"nestedObject":{"nestedFriendList":[{"id":"1"}]}},"pending":[{"id":"0","path":["nestedObject"]},{"id":"1","path":["nestedObject","nestedFriendList"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","subPath":["nestedFriendList",0],"data":{"name":"Luke"}},{"id":"1","items":[{"id":"2","name":"Han"}]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `streams nest`() async throws {
    try await check(
      "{ friendList @stream(initialCount: 0) { id friends @stream(initialCount: 1) { id } } }",
      [
        #"{"data":{"friendList":[]},"pending":[{"id":"0","path":["friendList"]}],"hasNext":true}"#,
        #"{"pending":[{"id":"1","path":["friendList",0,"friends"]}],"incremental":[{"id":"0","items":[{"id":"1","friends":[{"id":"2"}]}]},{"id":"1","items":[{"id":"3"}]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ], root: #"{"friendList":[{"id":1,"friends":[{"id":2},{"id":3}]}]}"#)
  }
}
