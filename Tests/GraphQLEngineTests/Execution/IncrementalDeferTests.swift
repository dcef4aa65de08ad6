import GraphQLEngine
import Testing

@Suite("Incremental delivery: @defer")
struct IncrementalDeferTests {
  static let sdl = """
    type Query { hero: Hero, a: A, g: G }
    type Hero {
      id: ID, name: String, nonNullName: String!, friends: [Friend], nestedObject: Nested
      anotherNestedObject: AnotherNested
    }
    type Friend { id: ID, name: String, nonNullName: String! }
    type Nested { deeperObject: Deeper, name: String }
    type AnotherNested { deeperObject: Deeper }
    type Deeper { foo: String, bar: String, baz: String, bak: String }
    type A { b: B, someField: String }
    type B { c: C, e: E }
    type C { d: String, nonNullErrorField: String! }
    type E { f: String }
    type G { h: String }
    """

  static let root = #"""
    {"hero":{"id":1,"name":"Luke","friends":[{"id":2,"name":"Han"},{"id":3,"name":"Leia"}],
    "nestedObject":{"name":"n","deeperObject":{"foo":"foo","bar":"bar","baz":"baz","bak":"bak"}},
    "anotherNestedObject":{"deeperObject":{"foo":"foo"}}},
    "a":{"someField":"some","b":{"c":{"d":"d"},"e":{"f":"f"}}},"g":{"h":"h"}}
    """#

  private func check(
    _ query: String, _ expected: [String], root: String = root, variables: InputObject = InputObject(),
    onError: ErrorBehavior? = nil
  ) async throws {
    let engine = try IncrementalEngine(Self.sdl)
    let texts = try await engine.run(
      query, root: try JSONReader.read(root), variables: variables, onError: onError)
    #expect(texts == expected)
    if texts.count > 1 { _ = try PayloadMerger(texts) }
  }

  @Test func `a deferred fragment comes in a payload of its own`() async throws {
    try await check(
      "{ hero { id ...N @defer } } fragment N on Hero { name }",
      [
        #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"name":"Luke"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test(arguments: [("@defer(if: false)", true), ("@defer(if: $if)", false)])
  func `a false condition leaves the fragment where it is`(_ directive: String, _ isLiteral: Bool)
    async throws
  {
    let head = isLiteral ? "" : "query($if: Boolean!) "
    try await check(
      "\(head){ hero { id ... \(directive) { name } } }", [#"{"data":{"hero":{"id":"1","name":"Luke"}}}"#],
      variables: isLiteral ? InputObject() : try object(#"{"if":false}"#))
  }

  @Test(arguments: ["{}", #"{"if":null}"#, #"{"if":true}"#])
  func `an absent or null condition counts as true`(_ variables: String) async throws {
    try await check(
      "query($if: Boolean) { hero { id ... @defer(if: $if) { name } } }",
      [
        #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"name":"Luke"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ], variables: try object(variables))
  }

  @Test func `the root can be deferred, with a label`() async throws {
    try await check(
      #"{ ...Q @defer(label: "DeferQuery") } fragment Q on Query { hero { id } }"#,
      [
        #"{"data":{},"pending":[{"id":"0","path":[],"label":"DeferQuery"}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"hero":{"id":"1"}}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `an error in a deferred fragment comes with its data and its whole path`() async throws {
    try await check(
      "{ ... @defer { hero { name } } }",
      [
        #"{"data":{},"pending":[{"id":"0","path":[]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"hero":{"name":null}},"errors":[{"message":"bad","locations":[{"line":1,"column":23}],"path":["hero","name"]}]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ], root: #"{"hero":{"name":{"$error":"bad"}}}"#)
  }

  @Test func `a fragment within a deferred fragment is announced when that is delivered`() async throws {
    try await check(
      #"""
      { hero { ...T @defer(label: "Top") } }
      fragment T on Hero { id ...N @defer(label: "Nested") }
      fragment N on Hero { friends { name } }
      """#,
      [
        #"{"data":{"hero":{}},"pending":[{"id":"0","path":["hero"],"label":"Top"}],"hasNext":true}"#,
        #"{"pending":[{"id":"1","path":["hero"],"label":"Nested"}],"incremental":[{"id":"0","data":{"id":"1"}},{"id":"1","data":{"friends":[{"name":"Han"},{"name":"Leia"}]}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test(arguments: ["...T @defer ...T", "...T ...T @defer"])
  func `what is also asked for at once is not deferred`(_ spreads: String) async throws {
    try await check(
      "{ hero { \(spreads) } } fragment T on Hero { name }", [#"{"data":{"hero":{"name":"Luke"}}}"#])
  }

  @Test func `an empty fragment is not announced, what it encloses is`() async throws {
    try await check(
      "{ hero { ... @defer { name @skip(if: true) } } }", [#"{"data":{"hero":{}}}"#])
    try await check(
      "{ hero { ... @defer { ... @defer { name } } } }",
      [
        #"{"data":{"hero":{}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"name":"Luke"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `fields of several fragments of the same object are delivered apart`() async throws {
    try await check(
      #"{ hero { ... @defer(label: "ID") { id } ... @defer(label: "Name") { name } } }"#,
      [
        #"{"data":{"hero":{}},"pending":[{"id":"0","path":["hero"],"label":"ID"},{"id":"1","path":["hero"],"label":"Name"}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"id":"1"}},{"id":"1","data":{"name":"Luke"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `what several fragments share comes once, with the rest below it by subPath`() async throws {
    try await check(
      #"{ ... @defer(label: "ID") { hero { id } } ... @defer(label: "Name") { hero { name } } }"#,
      [
        #"{"data":{},"pending":[{"id":"0","path":[],"label":"ID"},{"id":"1","path":[],"label":"Name"}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"hero":{}}},{"id":"0","subPath":["hero"],"data":{"id":"1"}},{"id":"1","subPath":["hero"],"data":{"name":"Luke"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `fragments at different levels fill the same object`() async throws {
    try await check(
      #"{ hero { ... @defer(label: "ID") { id } } ... @defer(label: "Name") { hero { name } } }"#,
      [
        #"{"data":{"hero":{}},"pending":[{"id":"0","path":["hero"],"label":"ID"},{"id":"1","path":[],"label":"Name"}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"id":"1"}},{"id":"1","subPath":["hero"],"data":{"name":"Luke"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `nested fragments that ask for the same again add nothing`() async throws {
    try await check(
      """
      { hero { friends { ... @defer { ...F ... @defer { ...F ... @defer { ...F } } } } } }
      fragment F on Friend { id name }
      """,
      [
        #"{"data":{"hero":{"friends":[{},{}]}},"pending":[{"id":"0","path":["hero","friends",0]},{"id":"1","path":["hero","friends",1]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"id":"2","name":"Han"}},{"id":"1","data":{"id":"3","name":"Leia"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `fields of the initial result are left out of deferred fragments`() async throws {
    try await check(
      """
      { hero {
          nestedObject { deeperObject { foo } } anotherNestedObject { deeperObject { foo } }
          ... @defer { nestedObject { deeperObject { bar } } anotherNestedObject { deeperObject { foo } } }
      } }
      """,
      [
        #"{"data":{"hero":{"nestedObject":{"deeperObject":{"foo":"foo"}},"anotherNestedObject":{"deeperObject":{"foo":"foo"}}}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","subPath":["nestedObject","deeperObject"],"data":{"bar":"bar"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `each level adds what the ones around it leave out`() async throws {
    try await check(
      """
      { hero {
          nestedObject { deeperObject { foo } }
          ... @defer { nestedObject {
              deeperObject { foo bar }
              ... @defer { deeperObject { foo bar baz ... @defer { foo bar baz bak } } }
          } }
      } }
      """,
      [
        #"{"data":{"hero":{"nestedObject":{"deeperObject":{"foo":"foo"}}}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"pending":[{"id":"1","path":["hero","nestedObject"]},{"id":"2","path":["hero","nestedObject","deeperObject"]}],"incremental":[{"id":"0","subPath":["nestedObject","deeperObject"],"data":{"bar":"bar"}},{"id":"1","subPath":["deeperObject"],"data":{"baz":"baz"}},{"id":"2","data":{"bak":"bak"}}],"completed":[{"id":"0"},{"id":"1"},{"id":"2"}],"hasNext":false}"#,
      ])
  }

  @Test func `a field of two branches at the same place comes with the one that needs it`() async throws {
    try await check(
      """
      { hero {
          nestedObject { deeperObject { ... @defer { foo } } }
          ... @defer { nestedObject { deeperObject { ... @defer { foo bar } } } }
      } }
      """,
      [
        #"{"data":{"hero":{"nestedObject":{"deeperObject":{}}}},"pending":[{"id":"0","path":["hero","nestedObject","deeperObject"]},{"id":"1","path":["hero","nestedObject","deeperObject"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"foo":"foo"}},{"id":"1","data":{"bar":"bar"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `fragments of different branches and levels share a field`() async throws {
    try await check(
      "{ a { b { c { d } ... @defer { e { f } } } } ... @defer { a { b { e { f } } } g { h } } }",
      [
        #"{"data":{"a":{"b":{"c":{"d":"d"}}}},"pending":[{"id":"0","path":["a","b"]},{"id":"1","path":[]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"e":{"f":"f"}}},{"id":"1","data":{"g":{"h":"h"}}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `a list whose items lack fields gets them item by item`() async throws {
    try await check(
      "{ hero { friends { name } ... @defer { friends { id } } } }",
      [
        #"{"data":{"hero":{"friends":[{"name":"Han"},{"name":"Leia"}]}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","subPath":["friends",0],"data":{"id":"2"}},{"id":"0","subPath":["friends",1],"data":{"id":"3"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
    try await check(
      "{ hero { friends { name } ... @defer { friends { name } } } }",
      [#"{"data":{"hero":{"friends":[{"name":"Han"},{"name":"Leia"}]}}}"#])
  }

  @Test func `fragments of list items are announced with the fragment that brings the list`() async throws {
    try await check(
      "{ hero { id ... @defer { name friends { ... @defer { name } } } } }",
      [
        #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#,
        #"{"pending":[{"id":"1","path":["hero","friends",0]},{"id":"2","path":["hero","friends",1]}],"incremental":[{"id":"0","data":{"name":"Luke","friends":[{},{}]}},{"id":"1","data":{"name":"Han"}},{"id":"2","data":{"name":"Leia"}}],"completed":[{"id":"0"},{"id":"1"},{"id":"2"}],"hasNext":false}"#,
      ])
  }

  @Test func `a null that goes beyond the fragment fails it alone`() async throws {
    try await check(
      "{ hero { id ... @defer { nonNullName } ... @defer { name } } }",
      [
        #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]},{"id":"1","path":["hero"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"1","data":{"name":"Luke"}}],"completed":[{"id":"0","errors":[{"message":"Cannot return null for non-nullable field Hero.nonNullName.","locations":[{"line":1,"column":26}],"path":["hero","nonNullName"]}]},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `a failed fragment does not take the one that shares fields with it`() async throws {
    let error =
      #"{"message":"Cannot return null for non-nullable field C.nonNullErrorField.","locations":[{"line":1,"column":38}],"path":["a","b","c","nonNullErrorField"]}"#
    try await check(
      "{ ... @defer { a { someField b { c { nonNullErrorField } } } } a { ... @defer { b { c { d } } } } }",
      [
        #"{"data":{"a":{}},"pending":[{"id":"0","path":[]},{"id":"1","path":["a"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"1","data":{"b":{"c":{}}}},{"id":"1","subPath":["b","c"],"data":{"d":"d"}}],"completed":[{"id":"0","errors":[\#(error)]},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `a null within the fragment stays there`() async throws {
    try await check(
      "{ ... @defer { hero { nonNullName name } } }",
      [
        #"{"data":{},"pending":[{"id":"0","path":[]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"hero":null},"errors":[{"message":"Cannot return null for non-nullable field Hero.nonNullName.","locations":[{"line":1,"column":23}],"path":["hero","nonNullName"]}]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test(arguments: [
    "{ hero { nonNullName ... @defer { id } } }", "{ hero { ... @defer { id } nonNullName } }",
    "{ hero { nonNullName } ... @defer { hero { name } } }",
  ])
  func `nothing is delivered below a position that became null`(_ query: String) async throws {
    let engine = try IncrementalEngine(Self.sdl)
    let texts = try await engine.run(query, root: try JSONReader.read(Self.root))
    #expect(texts.count == 1)
    #expect(texts[0].hasPrefix(#"{"data":{"hero":null},"errors":[{"message":"Cannot return null"#))
    #expect(!texts[0].contains("pending"))
  }

  @Test func `an item that became null loses its fragment alone`() async throws {
    try await check(
      "{ hero { friends { nonNullName ... @defer { name } } } }",
      [
        #"{"data":{"hero":{"friends":[null,{"nonNullName":"L"}]}},"errors":[{"message":"Cannot return null for non-nullable field Friend.nonNullName.","locations":[{"line":1,"column":20}],"path":["hero","friends",0,"nonNullName"]}],"pending":[{"id":"0","path":["hero","friends",1]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"name":"Leia"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ], root: #"{"hero":{"friends":[{"name":"Han"},{"name":"Leia","nonNullName":"L"}]}}"#)
  }

  @Test func `onError NULL keeps a failing fragment, HALT ends everything`() async throws {
    let query = "{ hero { id ... @defer { nonNullName } ... @defer { name } } }"
    let initial =
      #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]},{"id":"1","path":["hero"]}],"hasNext":true}"#
    let error =
      #"{"message":"Cannot return null for non-nullable field Hero.nonNullName.","locations":[{"line":1,"column":26}],"path":["hero","nonNullName"]}"#
    try await check(
      query,
      [
        initial,
        #"{"incremental":[{"id":"0","data":{"nonNullName":null},"errors":[\#(error)]},{"id":"1","data":{"name":"Luke"}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ], onError: .null)
    try await check(
      query,
      [
        initial,
        #"{"completed":[{"id":"0","errors":[\#(error)]},{"id":"1","errors":[\#(error)]}],"hasNext":false}"#,
      ], onError: .halt)
  }

  @Test func `execute goes on without incremental delivery`() async throws {
    let engine = try IncrementalEngine(Self.sdl)
    let prepared = try engine.engine.prepare("{ hero { id ... @defer { name } friends @stream { id } } }")
    let root = Rows.dynamic([try JSONReader.read(Self.root)])
    let response = await engine.engine.execute(prepared, ExecutionRequest(root: root))
    #expect(
      response.text == #"{"data":{"hero":{"id":"1","name":"Luke","friends":[{"id":"2"},{"id":"3"}]}}}"#)
  }

  @Test func `a schema without the directives knows no incremental delivery`() async throws {
    let engine = try TestEngine(Self.sdl).engine
    let prepared = try engine.prepare("{ hero { id ... @defer { name } } }", isValidated: false)
    let root = Rows.dynamic([try JSONReader.read(Self.root)])
    let response = await engine.executeIncrementally(prepared, ExecutionRequest(root: root))
    #expect(response.initial.text == #"{"data":{"hero":{"id":"1","name":"Luke"}}}"#)
    #expect(!response.hasNext)
  }
}
