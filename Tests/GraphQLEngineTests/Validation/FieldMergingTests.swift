import Testing

@testable import GraphQLEngine

/// § 5.3.2 Field Selection Merging.
@Suite struct FieldMergingTests {
  private static let advice = "Use different aliases on the fields to fetch both if this was intentional."

  private func expectConflict(
    _ document: String, _ conflicts: (key: String, reason: String, places: String)...,
    schema: Schema = petSchema, at location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let options = ValidationOptions(rules: ValidationRules([.overlappingFieldsCanBeMerged]))
    let found = try validationErrors(document, against: schema, options: options)
    let expected = conflicts.map {
      "Fields \"\($0.key)\" conflict because \($0.reason). \(Self.advice) \($0.places)"
    }
    #expect(found == expected.sorted(), sourceLocation: location)
  }

  private func expectMerge(
    _ document: String, schema: Schema = petSchema, at location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let options = ValidationOptions(rules: ValidationRules([.overlappingFieldsCanBeMerged]))
    #expect(try validationErrors(document, against: schema, options: options) == [], sourceLocation: location)
  }

  @Test func `the same field may be selected many times`() throws {
    try expectMerge(
      "{ dog { name name: name alias: name ...f ... on Dog { name } } } fragment f on Dog { name }")
    try expectMerge("{ dog { isAtLocation(x: 1, y: 2) isAtLocation(y: 2, x: 1) } }")
    try expectMerge("{ dog @include(if: true) { name } dog @include(if: false) { name } }")
    try expectMerge(
      "{ arguments { complex(a: {intField: 1, listField: [\"a\\u0062\", null]}) "
        + "complex(a: {listField: [\"ab\", null], intField: 1}) } }")
  }

  @Test func `different fields conflict`() throws {
    try expectConflict(
      "{ dog { fido: name fido: nickname } }",
      ("fido", "\"name\" and \"nickname\" are different fields", "1:9 1:20"))
    try expectConflict(
      "{ dog { name: nickname name } }",
      ("name", "\"nickname\" and \"name\" are different fields", "1:9 1:24"))
  }

  @Test(arguments: [
    ("doesKnowCommand", "doesKnowCommand(dogCommand: SIT)"),
    ("doesKnowCommand(dogCommand: SIT)", "doesKnowCommand(dogCommand: HEEL)"),
    ("isAtLocation(x: 1)", "isAtLocation(y: 1)"),
    ("isAtLocation(x: 1)", "isAtLocation(x: 1, y: 1)"),
    ("isAtLocation(x: $a)", "isAtLocation(x: $b)"),
    ("name(surname: true)", "name(surname: false)"),
    ("name(surname: [1, 2])", "name(surname: [1])"),
    ("name(surname: [1])", "name(surname: [1, 2])"),
    ("name(surname: {a: 1})", "name(surname: {b: 1})"),
    ("name(surname: {a: 1})", "name(surname: {a: 1, b: 2})"),
    ("name(surname: \"a\")", "name(surname: \"\\u0062\")"),
    ("name(surname: null)", "name(surname: 1.0)"),
  ])
  func `differing arguments conflict`(_ left: String, _ right: String) throws {
    try expectConflict(
      "{ dog { x: \(left)\nx: \(right) } }", ("x", "they have differing arguments", "1:9 2:1"))
  }

  @Test func `fields of different object types may differ, but not in shape`() throws {
    try expectMerge(
      "{ pet { ... on Dog { volume: barkVolume name(surname: true) } ... on Cat { volume: "
        + "meowVolume name } } }"
    )
    try expectConflict(
      "{ pet { ... on Dog { x: barkVolume } ... on Cat { x: meows } } }",
      ("x", "they return conflicting types \"Int\" and \"Boolean\"", "1:22 1:51"))
    try expectConflict(
      "{ pet { ... on Dog { x: name } ... on Pet { x: name(surname: true) } } }",
      ("x", "they have differing arguments", "1:22 1:45"))
    try expectConflict(
      "{ catOrDog { ... on Dog { x: owner { y: name } } ... on Cat { x: owner { y: pets { name } } } } }",
      (
        "x", "subfields \"y\" conflict because they return conflicting types \"String\" and \"[Pet]\"",
        "1:27 1:38 1:63 1:74"
      ))
    try expectMerge(
      "{ catOrDog { ... on Dog { x: owner { y: name } } ... on Cat { x: owner { y: name(surname: "
        + "true) } } } }"
    )
  }

  @Test func `an abstract parent does not make object types overlap with each other`() throws {
    let owners = schema(
      """
      type Query { node: Node }
      interface Node { o: O }
      type A implements Node { o: O } type B implements Node { o: O }
      type O { x: Int y: Int z: Int }
      """)
    try expectMerge(
      "{ node { o { z } ... on A { o { v: x } } ... on B { o { v: y } } } }", schema: owners)
    try expectConflict(
      "{ node { o { v: z } ... on A { o { v: z } } ... on B { o { v: y } } } }",
      ("o", "subfields \"v\" conflict because \"z\" and \"y\" are different fields", "1:10 1:14 1:56 1:60"),
      schema: owners)
  }

  @Test func `lists, non-nulls and leaves must agree in every parent`() throws {
    let shapes = schema(
      """
      type Query { some: Some }
      interface Some { id: ID }
      type A implements Some { id: ID x: Int! l: [Int] d: A e: E }
      type B implements Some { id: ID x: Int l: Int d: B e: F }
      enum E { V } enum F { V }
      """)
    for (field, types) in [
      ("x", "\"Int!\" and \"Int\""), ("l", "\"[Int]\" and \"Int\""), ("e", "\"E\" and \"F\""),
    ] {
      try expectConflict(
        "{ some { ... on A { v: \(field) } ... on B { v: \(field) } } }",
        ("v", "they return conflicting types \(types)", "1:21 1:39"), schema: shapes)
    }
    try expectMerge("{ some { ... on A { d { id } } ... on B { d { id } } } }", schema: shapes)
  }

  @Test func `unknown fields and types do not conflict by shape`() throws {
    try expectMerge("{ dog { ... on Unknown { x: a } x: a } unknown { a } unknown { a } }")
    try expectConflict(
      "{ unknown { x: a } unknown { x: b } }",
      (
        "unknown", "subfields \"x\" conflict because \"a\" and \"b\" are different fields",
        "1:3 1:13 1:20 1:30"
      ))
  }

  @Test func `conflicts are found through fragments`() throws {
    try expectConflict(
      "{ ...A ...B } fragment A on Query { x: a } fragment B on Query { x: b }",
      ("x", "\"a\" and \"b\" are different fields", "1:37 1:66"))
    try expectConflict(
      "{ x: c ...A } fragment A on Query { ...B x: a } fragment B on Query { x: b }",
      ("x", "\"a\" and \"b\" are different fields", "1:42 1:71"),
      ("x", "\"c\" and \"a\" are different fields", "1:3 1:42"),
      ("x", "\"c\" and \"b\" are different fields", "1:3 1:71"))
    try expectConflict(
      "{ f { ...A } f { ...B } } fragment A on T { x: a } fragment B on T { x: b }",
      ("f", "subfields \"x\" conflict because \"a\" and \"b\" are different fields", "1:3 1:45 1:14 1:70"))
  }

  @Test func `a conflict in an inline fragment is reported for each set around it, as by graphql-js`() throws
  {
    try expectConflict(
      "{ dog { ... on Dog { x: name x: nickname } } }",
      ("x", "\"name\" and \"nickname\" are different fields", "1:22 1:30"),
      ("x", "\"name\" and \"nickname\" are different fields", "1:22 1:30"))
  }

  @Test func `nested conflicts become one with all its reasons`() throws {
    try expectConflict(
      "{ f { x: a y: c } f { x: b y: d } }",
      (
        "f",
        "subfields \"x\" conflict because \"a\" and \"b\" are different fields and subfields \"y\" conflict "
          + "because \"c\" and \"d\" are different fields", "1:3 1:7 1:12 1:19 1:23 1:28"
      ))
    try expectConflict(
      "{ f { g { x: a } } f { g { x: b } } }",
      (
        "f",
        "subfields \"g\" conflict because subfields \"x\" conflict because \"a\" and \"b\" are "
          + "different fields",
        "1:3 1:7 1:11 1:20 1:24 1:28"
      ))
  }

  @Test func `fragments in a cycle are compared too, and the comparison ends`() throws {
    try expectMerge(
      "{ dog { ...A } } fragment A on Dog { name mother { ...A } ...B } fragment B on Dog { name ...A }")
    try expectConflict(
      "{ dog { ...A } } fragment A on Dog { ...A x: name x: nickname }",
      ("x", "\"name\" and \"nickname\" are different fields", "1:43 1:51"))
  }

  @Test func `streams of one field agree`() throws {
    let lists = schema("type Query { l: [Int] }", incremental: true)
    try expectMerge("{ l @stream(initialCount: 1) l @stream(initialCount: 1) }", schema: lists)
    for other in ["l", "l @stream(initialCount: 2)"] {
      try expectConflict(
        "{ l @stream(initialCount: 1) \(other) }", ("l", "they have differing stream directives", "1:3 1:30"),
        schema: lists)
    }
  }
}
