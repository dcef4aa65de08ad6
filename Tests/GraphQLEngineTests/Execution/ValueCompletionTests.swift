import Testing

@testable import GraphQLEngine

/// A row whose leaves are lists that are written as a whole.
private struct ListRow: Sendable {
  var ints: [Int?] = []
  var grid: [IntList] = []
}

/// A list as a leaf of its own.
struct IntList: LeafValue, ExpressibleByArrayLiteral {
  var ints: [Int?]

  init(arrayLiteral elements: Int?...) { ints = elements }

  func write(to out: inout JSONWriter) { out.write(list: ints) }
}

private enum ListRow_ints: LeafField {
  static func write(_ row: UnsafePointer<ListRow>, _ out: inout JSONWriter) {
    out.write(list: row.pointee.ints)
  }
}

private enum ListRow_grid: LeafField {
  static func write(_ row: UnsafePointer<ListRow>, _ out: inout JSONWriter) {
    out.write(list: row.pointee.grid)
  }
}

private enum Int_self: LeafField {
  static func write(_ row: UnsafePointer<Int>, _ out: inout JSONWriter) { out.write(row.pointee) }
}

private let tooLarge = 1 << 40

@Suite("§ 6.4.3 Lists that a leaf writes as a whole")
struct WholeListTests {
  private static let sdl = """
    scalar Tags
    type Query { row: Row, column: [Int!], columns: [[Int!]], objects: [Row] }
    type Row {
      ints: [Int], kept: [Int]!, strict: [Int!], strictest: [Int!]!, tags: Tags, strictTags: Tags!
      grid: [[Int!]], strictGrid: [[Int!]!]!, tagLists: [Tags], strictTagLists: [Tags!]
    }
    """

  private static func engine(_ row: ListRow) throws -> Engine {
    try TestEngine(sdl, isDynamic: false) { wiring, _ in
      for name in ["ints", "kept", "strict", "strictest", "tags", "strictTags"] {
        wiring.bind("Row", name, .leaf(ListRow_ints.self))
      }
      for name in ["grid", "strictGrid", "tagLists", "strictTagLists"] {
        wiring.bind("Row", name, .leaf(ListRow_grid.self))
      }
      wiring.bind("Query", "row", .batch { _ in .ready(.object(.swift([row]))) })
      wiring.bind("Query", "column", .batch { _ in .ready(.leaves(Array(row.grid.prefix(1)))) })
      wiring.bind(
        "Query", "columns", .batch { _ in .ready(.leaves(row.grid).lists(counts: [row.grid.count])) })
      wiring.bind("Query", "objects", .batch { _ in .ready(.leaves([[nil, 1] as IntList])) })
    }.engine
  }

  private static func answer(
    _ query: String, _ row: ListRow, _ onError: ErrorBehavior = .propagate
  ) async throws -> Response {
    let engine = try engine(row)
    var request = ExecutionRequest()
    request.onError = onError
    return await engine.execute(try engine.prepare(query), request)
  }

  private func path(_ error: GraphQLError) -> String {
    (error.path ?? []).map { segment in
      switch segment {
      case .key(let key): key
      case .index(let index): "\(index)"
      }
    }.joined(separator: ".")
  }

  @Test(
    arguments: [
      ("ints", [1, nil, 2], "[1,null,2]", []), ("kept", [nil], "[null]", []), ("strict", [], "[]", []),
      ("ints", [1, tooLarge, 2, tooLarge], "[1,null,2,null]", ["row.ints.1", "row.ints.3"]),
      ("kept", [tooLarge, nil, 1], "[null,null,1]", ["row.kept.0"]),
      ("strict", [1, nil, nil], "null", ["row.strict.1"]),
      ("strict", [1, tooLarge, nil], "null", ["row.strict.1"]),
      ("tags", [1, nil], "[1,null]", []), ("tags", [1, nil, tooLarge], "null", ["row.tags"]),
    ] as [(String, [Int?], String, [String])])
  func `items are completed one by one`(
    _ field: String, _ ints: [Int?], _ expected: String, _ paths: [String]
  ) async throws {
    // Alone in a flat object, and among other fields.
    for (before, after) in [("", ""), ("__typename ", " t: __typename")] {
      let response = try await Self.answer("{ row { \(before)\(field)\(after) } }", ListRow(ints: ints))
      #expect(response.text.contains("\"\(field)\":\(expected)\(after.isEmpty ? "}" : ",")"))
      #expect(response.errors.map(path) == paths)
      _ = try JSONReader.read(response.text)
    }
  }

  @Test(
    arguments: [
      ("grid", [[1], [2, nil], [nil, nil], [3]], "[[1],null,null,[3]]", ["row.grid.1.1", "row.grid.2.0"]),
      ("grid", [[tooLarge, 1], [2]], "[null,[2]]", ["row.grid.0.0"]),
      ("tagLists", [[1], [tooLarge, 2, nil], [nil], []], "[[1],null,[null],[]]", ["row.tagLists.1"]),
      ("strictTagLists", [[1], [2, tooLarge], [nil]], "null", ["row.strictTagLists.1"]),
      ("strictTagLists", [[1], [nil]], "[[1],[null]]", []),
    ] as [(String, [IntList], String, [String])])
  func `so are those of lists in lists`(
    _ field: String, _ grid: [IntList], _ expected: String, _ paths: [String]
  ) async throws {
    let response = try await Self.answer("{ row { \(field) __typename } }", ListRow(grid: grid))
    #expect(response.text.hasPrefix("{\"data\":{\"row\":{\"\(field)\":\(expected),\"__typename\":\"Row\"}}"))
    #expect(response.errors.map(path) == paths)
  }

  @Test func `a null that no list may have goes up`() async throws {
    let strictest = try await Self.answer("{ row { ints strictest } }", ListRow(ints: [1, nil]))
    #expect(
      strictest.text
        == #"{"data":{"row":null},"errors":[{"message":"Cannot return null for non-nullable field Row.strictest.","locations":[{"line":1,"column":14}],"path":["row","strictest",1]}]}"#
    )
    let grid = try await Self.answer("{ row { strictGrid } }", ListRow(grid: [[1], [2, nil], [nil]]))
    #expect(grid.text.hasPrefix(#"{"data":{"row":null},"#))
    #expect(grid.errors.map(path) == ["row.strictGrid.1.1"])
    let tags = try await Self.answer("{ row { strictTags } }", ListRow(ints: [tooLarge]))
    #expect(tags.text.hasPrefix(#"{"data":{"row":null},"#))
    #expect(tags.errors.map(path) == ["row.strictTags"])
  }

  @Test func `columns of such leaves are completed alike`() async throws {
    let row = ListRow(grid: [[1, nil], [2], [3, tooLarge]])
    let response = try await Self.answer("{ column columns }", row)
    #expect(response.text.hasPrefix(#"{"data":{"column":null,"columns":[null,[2],null]},"#))
    #expect(response.errors.map(path) == ["column.1", "columns.0.1", "columns.2.1"])
    let objects = try await Self.answer("{ objects { ints } again: objects { ints } }", row)
    #expect(objects.text.hasPrefix(#"{"data":{"objects":null,"again":null},"#))
    #expect(objects.errors.map(\.message) == ["Internal error", "Internal error"])
  }

  @Test func `what is no list is an error where one must be`() async throws {
    let engine = try TestEngine(
      "type Query { a: [Int], b: [[Int]], row: Row, rows: [[String]] } type Row { list: [Int], n: Int }",
      isDynamic: false
    ) { wiring, _ in
      let table = MemoryTable([[[UInt8]("x".utf8)]])
      wiring.bind("Query", "a", .batch { _ in .ready(.leaves([7])) })
      wiring.bind("Query", "b", .batch { _ in .ready(.leaves([1, 2]).lists(counts: [2])) })
      wiring.bind(
        "Query", "rows",
        .batch { _ in .ready(.cells(of: table, column: 0, format: .text).lists(counts: [1])) })
      wiring.bind("Query", "row", .batch { _ in .ready(.object(.swift([7]))) })
      for name in ["list", "n"] { wiring.bind("Row", name, .leaf(Int_self.self)) }
    }
    let response = await engine.response("{ a b row { n list } rows }")
    #expect(
      response.text.hasPrefix(
        #"{"data":{"a":null,"b":[null,null],"row":{"n":7,"list":null},"rows":[null]},"errors":["#))
    #expect(response.errors.map(path) == ["a", "b.0", "b.1", "row.list", "rows.0"])
    #expect(
      response.errors.allSatisfy { $0.message.hasPrefix("Expected Iterable, but did not find one for") })
  }

  @Test func `NULL leaves null at the item, HALT ends with it`() async throws {
    let row = ListRow(ints: [1, nil, tooLarge, 4], grid: [[1], [nil, 2, nil]])
    let null = try await Self.answer("{ row { strictest strictGrid } }", row, .null)
    #expect(
      null.text.hasPrefix(
        #"{"data":{"row":{"strictest":[1,null,null,4],"strictGrid":[[1],[null,2,null]]}},"errors":["#))
    #expect(
      null.errors.map(path) == [
        "row.strictest.1", "row.strictest.2", "row.strictGrid.1.0", "row.strictGrid.1.2",
      ])
    let halt = try await Self.answer("{ row { ints strictest strictGrid } }", row, .halt)
    #expect(halt.text.hasPrefix(#"{"data":null,"errors":[{"message":"Int cannot represent"#))
    #expect(halt.errors.map(path) == ["row.ints.2"])
  }
}

@Suite("§ 6.4.3 Nulls that scalars and stored JSON make")
struct NullScalarTests {
  private static let coercion = ScalarCoercion(
    input: { (value: InputValue) throws(ScalarError) in value },
    output: { (value: InputValue) throws(ScalarError) in value.string == "none" ? .null : value })

  @Test func `a custom scalar must not make null of a value`() async throws {
    let engine = try TestEngine("scalar S type Query { a: S, b: S!, l: [S!], m: [S], n: S }") { wiring, _ in
      wiring.scalar("S", Self.coercion)
    }
    let root: InputValue = [
      "a": "none", "b": "none", "l": ["x", "none"], "m": ["none", "x"], "n": .null,
    ]
    let became = #"Expected a value of type "S" for "none", but it became null."#
    let response = await engine.response("{ a l m n }", root: root)
    #expect(response.text.hasPrefix(#"{"data":{"a":null,"l":null,"m":[null,"x"],"n":null},"#))
    #expect(
      response.errors.map(\.message) == [
        became, "Cannot return null for non-nullable field Query.l.", became,
      ])
    #expect(response.errors.map(\.path?.count) == [1, 2, 2])
    #expect(
      await engine.run("{ b }", root: root)
        == #"{"data":null,"errors":[{"message":"Cannot return null for non-nullable field Query.b.","locations":[{"line":1,"column":3}],"path":["b"]}]}"#
    )
  }

  private static func stored(_ texts: [String], _ format: CellFormat) throws -> Engine {
    let version: [UInt8] = format == .jsonb ? [1] : []
    let table = MemoryTable([texts.map { version + [UInt8]($0.utf8) }])
    return try TestEngine(
      """
      scalar JSON
      enum Color { RED }
      type Query { rows: [Row], column: [JSON!], strings: [[String!]!] }
      type Row {
        any: JSON, some: JSON!, strings: [String!], loose: [String]!, colors: [Color!], number: Int
      }
      """, isDynamic: false
    ) { wiring, schema in
      var entries: [FieldID: TableLayout.Entry] = [:]
      for name in ["any", "some", "strings", "loose", "colors", "number"] {
        wiring.bind("Row", name, .cell)
        if let type = schema.type(named: "Row"), let field = schema.field(named: name, in: type) {
          entries[field] = TableLayout.Entry(column: 0, format: format)
        }
      }
      let layout = TableLayout(entries: entries)
      wiring.bind("Query", "rows", .batch { _ in .ready(.list(.table(table, layout: layout))) })
      for name in ["column", "strings"] {
        wiring.bind(
          "Query", name,
          .batch { _ in
            .ready(.cells(of: table, column: 0, format: format).lists(counts: [texts.count]))
          })
      }
    }.engine
  }

  private func answer(_ engine: Engine, _ query: String) async throws -> Response {
    await engine.execute(try engine.prepare(query))
  }

  @Test(arguments: [CellFormat.json, .jsonb])
  func `JSON's null in a cell is a null`(_ format: CellFormat) async throws {
    let engine = try Self.stored(["null", " null\n", #"{"a":null}"#, "[null]", "nil"], format)
    let any = try await answer(engine, "{ rows { any } }")
    #expect(
      any.text
        == "{\"data\":{\"rows\":[{\"any\":null},{\"any\": null\n},{\"any\":{\"a\":null}},{\"any\":[null]},{\"any\":nil}]}}"
    )
    let some = try await answer(engine, "{ rows { some } }")
    #expect(
      some.text.hasPrefix(#"{"data":{"rows":[null,null,{"some":{"a":null}},{"some":[null]},"#))
    #expect(
      some.errors.map(\.path) == [0, 1].map { [.key("rows"), .index($0), .key("some")] })
    let column = try await answer(engine, "{ column }")
    #expect(column.text.hasPrefix(#"{"data":{"column":null},"#))
    #expect(column.errors.map(\.path) == [[.key("column"), .index(0)]])
  }

  @Test(arguments: [CellFormat.json, .jsonb])
  func `stored lists, enums and built-in scalars are completed by their types`(
    _ format: CellFormat
  ) async throws {
    let engine = try Self.stored([#"["a", "b"]"#, #"["a",null,{}]"#, "null", "7", "[", #""RED""#], format)
    let strings = try await answer(engine, "{ rows { strings } }")
    #expect(
      strings.text.hasPrefix(
        #"{"data":{"rows":[{"strings":["a","b"]},{"strings":null},{"strings":null},{"strings":null},{"strings":null},{"strings":null}]},"#
      ))
    #expect(
      strings.errors.map(\.message) == [
        "Cannot return null for non-nullable field Row.strings.",
        "Expected Iterable, but did not find one for field \"Row.strings\".",
        "A stored value does not have the expected form.",
        "Expected Iterable, but did not find one for field \"Row.strings\".",
      ])
    #expect(strings.errors.first?.path == [.key("rows"), .index(1), .key("strings"), .index(1)])
    let loose = try await answer(engine, "{ rows { loose } }")
    #expect(
      loose.text.hasPrefix(#"{"data":{"rows":[{"loose":["a","b"]},{"loose":["a",null,null]},null,null,"#))
    let numbers = try await answer(engine, "{ rows { number } }")
    #expect(
      numbers.text.hasPrefix(
        #"{"data":{"rows":[{"number":null},{"number":null},{"number":null},{"number":7},{"number":null},"#))
    let lists = try await answer(engine, "{ strings }")
    #expect(lists.text.hasPrefix(#"{"data":{"strings":null},"#))
    let colors = try await answer(
      try Self.stored([#"["RED"]"#, #"["BLUE"]"#], format), "{ rows { colors } }")
    #expect(
      colors.text.hasPrefix(
        #"{"data":{"rows":[{"colors":["RED"]},{"colors":null}]},"errors":[{"message":"Enum"#))
  }

  @Test func `raw JSON that is null is a null`() async throws {
    let values = ["null", " null ", "[null]", "nothing"].map { RawJSON([UInt8]($0.utf8)) }
    let engine = try TestEngine("scalar J type Query { any: [J], some: [J!] }", isDynamic: false) {
      wiring, _ in
      for name in ["any", "some"] {
        wiring.bind("Query", name, .batch { _ in .ready(.leaves(values).lists(counts: [values.count])) })
      }
    }
    let response = await engine.response("{ any some }")
    #expect(response.text.hasPrefix(#"{"data":{"any":[null, null ,[null],nothing],"some":null},"#))
    #expect(response.errors.map(\.path) == [[.key("some"), .index(0)]])
  }
}
