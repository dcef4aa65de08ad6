@testable import GraphQLEngine
import Synchronization
import Testing

/// A result of a database: columns of cells as bytes.
final class MemoryTable: CellSource, @unchecked Sendable {
  let columns: [[[UInt8]?]]
  private let storage: [UnsafeMutablePointer<UInt8>]
  private let cells: [[(Int, Int)?]]
  let fills = Mutex<[Int]>([])

  init(_ columns: [[[UInt8]?]]) {
    self.columns = columns
    var storage: [UnsafeMutablePointer<UInt8>] = []
    cells = columns.map { column in
      column.map { cell in
        guard let cell else { return nil }
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: cell.count + 1)
        memory.initialize(from: cell, count: cell.count)
        storage.append(memory)
        return (Int(bitPattern: memory), cell.count)
      }
    }
    self.storage = storage
  }

  deinit { for memory in storage { memory.deallocate() } }

  var rowCount: Int { columns[0].count }

  func fill(column: Int, cells: UnsafeMutableBufferPointer<Cell>) {
    fills.withLock { $0.append(column) }
    for (row, cell) in self.cells[column].enumerated() {
      cells[row] = cell.map { Cell(bytes: UnsafePointer(bitPattern: $0.0), count: $0.1) } ?? .null
    }
  }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
}

func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

@Suite("Cell formats")
struct CellFormatTests {
  static let names = EnumNames([("active", "ACTIVE"), ("off", "PAUSED")])

  @Test(
    arguments: [
      (.text, [UInt8]("a\"ü".utf8), "\"a\\\"ü\""), (.text, [], "\"\""),
      (.json, [UInt8](#"{"a":1}"#.utf8), #"{"a":1}"#),
      (.jsonb, [1] + [UInt8]("[1, 2]".utf8), "[1, 2]"), (.bool, [1], "true"), (.bool, [0], "false"),
      (.int2, bigEndian(Int16(-5)), "-5"), (.int4, bigEndian(Int32.min), "-2147483648"),
      (.int8, bigEndian(Int64(77)), "77"),
      (.int8Number, bigEndian(Int64.max), "9223372036854775807"),
      (.int8String, bigEndian(Int64(-9)), "\"-9\""),
      (.float8, bigEndian((1.25).bitPattern), "1.25"), (.float4, bigEndian(Float(0.1).bitPattern), "0.1"),
      (.uuid, hex("0188bac7-4afa-78aa-bc3b-bd1eef28d881"), "\"0188bac7-4afa-78aa-bc3b-bd1eef28d881\""),
      (.typeID(prefix: ""), hex("00000000000000000000000000000000"), "\"00000000000000000000000000\""),
      (.typeID(prefix: ""), hex("00000000000000000000000000000001"), "\"00000000000000000000000001\""),
      (.typeID(prefix: ""), hex("0000000000000000000000000000000a"), "\"0000000000000000000000000a\""),
      (.typeID(prefix: ""), hex("00000000000000000000000000000020"), "\"00000000000000000000000010\""),
      (.typeID(prefix: ""), hex("ffffffffffffffffffffffffffffffff"), "\"7zzzzzzzzzzzzzzzzzzzzzzzzz\""),
      (
        .typeID(prefix: "prefix"), hex("0110c8531d0952d8d73e1194e95b5f19"),
        "\"prefix_0123456789abcdefghjkmnpqrs\""
      ),
      (
        .typeID(prefix: "prefix"), hex("01890a5d-ac96-774b-bcce-b302099a8057"),
        "\"prefix_01h455vb4pex5vsknk084sn02q\""
      ),
      (.timestamptz, bigEndian(Int64(0)), "\"2000-01-01T00:00:00.000Z\""),
      (.timestamptz, bigEndian(Int64(-1)), "\"1999-12-31T23:59:59.999Z\""),
      (.timestamptz, bigEndian(Int64(-946_684_800_000_000)), "\"1970-01-01T00:00:00.000Z\""),
      (.timestamptz, bigEndian(Int64(762_480_000_123_456)), "\"2024-02-29T00:00:00.123Z\""),
      (.timestamptz, bigEndian(Int64(252_455_615_999_999_999)), "\"9999-12-31T23:59:59.999Z\""),
      (.enumName(names), [UInt8]("off".utf8), "\"PAUSED\""),
      (.enumName(names), [UInt8]("active".utf8), "\"ACTIVE\""),
    ] as [(CellFormat, [UInt8], String)])
  func `a cell is written`(_ format: CellFormat, _ bytes: [UInt8], _ expected: String) {
    var writer = JSONWriter(capacity: 1)
    bytes.withUnsafeBufferPointer { buffer in
      let empty: [UInt8] = [0]
      empty.withUnsafeBufferPointer { other in
        CellWriter(format).write(
          Cell(bytes: buffer.baseAddress ?? other.baseAddress, count: bytes.count), &writer)
      }
    }
    #expect(writer.text == expected)
    #expect(writer.outcome == .value)
  }

  /// TypeID 0.3: Crockford's alphabet, 5 bits a digit, the first digit up to 7.
  @Test func `every digit of an id may stand in every place`() {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    for place in 0..<26 {
      for digit in 0..<(place == 0 ? 8 : 32) {
        let value = UInt128(digit) << UInt128(5 * (25 - place))
        var text = [Character](repeating: "0", count: 26)
        text[place] = alphabet[digit]
        var writer = JSONWriter()
        withUnsafeBytes(of: value.bigEndian) { bytes in
          CellWriter(.typeID(prefix: "a")).write(
            Cell(bytes: bytes.assumingMemoryBound(to: UInt8.self).baseAddress, count: 16), &writer)
        }
        #expect(writer.text == "\"a_\(String(text))\"")
      }
    }
  }

  @Test(
    arguments: [
      (.bool, []), (.int2, [1]), (.int4, [1]), (.int8, [1]), (.uuid, [1]), (.typeID(prefix: "x"), [1]),
      (.timestamptz, [1]),
      (.jsonb, [2, 0x31]), (.jsonb, [1]), (.enumName(names), [UInt8]("lost".utf8)), (.float8, [0]),
      (.int8, bigEndian(Int64.max)),
      (.timestamptz, bigEndian(Int64.max)), (.timestamptz, bigEndian(Int64.min)),
      (.timestamptz, bigEndian(Int64.max - 1)),
      (.float8, bigEndian(Double.nan.bitPattern)),
    ] as [(CellFormat, [UInt8])])
  func `a cell of the wrong form fails`(_ format: CellFormat, _ bytes: [UInt8]) {
    var writer = JSONWriter()
    let padded = bytes + [0]
    padded.withUnsafeBufferPointer {
      CellWriter(format).write(Cell(bytes: $0.baseAddress, count: bytes.count), &writer)
    }
    #expect(writer.outcome == .failure)
  }

  @Test func `a missing cell is null in every format`() {
    for format in [CellFormat.text, .uuid, .int4, .jsonb, .timestamptz] {
      var writer = JSONWriter()
      CellWriter(format).write(.null, &writer)
      #expect(writer.text == "null")
      #expect(writer.outcome == .null)
    }
  }
}

struct FlowPage: Sendable {
  var table: MemoryTable
  var layout: TableLayout
  var first: Int
  var count: Int
}

enum FlowPageHasNext: LeafField {
  static func write(_ row: UnsafePointer<FlowPage>, _ out: inout JSONWriter) {
    out.write(row.pointee.first == 0)
  }
}

@Suite("Rows of a table")
struct TableExecutionTests {
  static let sdl = """
    enum Status { ACTIVE PAUSED }
    type Query { user: User, flow: Flow, missing: Flow, node(id: ID): Node }
    type User { id: ID!, flows(first: Int): FlowConnection! }
    type FlowConnection { edges: [FlowEdge!]!, nodes: [Flow!]!, pageInfo: PageInfo!, totalCount: Int }
    type FlowEdge { cursor: String!, node: Flow! }
    type PageInfo { hasNextPage: Boolean! }
    interface Node { id: ID! }
    type Flow implements Node { id: ID!, name: String!, status: Status!, updated: String, owner: User, size: Int! }
    """

  private static func table() -> MemoryTable {
    MemoryTable([
      [
        hex("01890a5dac96774bbcceb302099a8057"), hex("0110c8531d0952d8d73e1194e95b5f19"),
        hex("00000000000000000000000000000001"),
      ],
      ["one", "two", "three"].map { [UInt8]($0.utf8) },
      [[UInt8]("active".utf8), [UInt8]("off".utf8), [UInt8]("lost".utf8)],
      [bigEndian(Int64(0)), nil, nil],
      ["c0", "c1", "c2"].map { [UInt8]($0.utf8) },
    ])
  }

  private static func layout(_ schema: Schema, _ selection: FieldSelection) throws -> TableLayout {
    let formats: [String: (Int, CellFormat)] = [
      "id": (0, .typeID(prefix: "flow")), "name": (1, .text), "status": (2, .enumName(CellFormatTests.names)),
      "updated": (3, .timestamptz), "cursor": (4, .text),
    ]
    var entries: [FieldID: TableLayout.Entry] = [:]
    for selection in [selection, selection["edges"], selection["edges"]["node"], selection["nodes"]] {
      for type in selection.types {
        for field in selection.fields(of: type) {
          guard let format = formats[schema.name(schema[field].name)] else { continue }
          entries[field] = TableLayout.Entry(column: format.0, format: format.1)
        }
      }
    }
    return TableLayout(entries: entries, keys: ["id": 0])
  }

  private static func engine(_ table: MemoryTable, _ log: CallLog) throws -> TestEngine {
    try TestEngine(sdl, isDynamic: false) { wiring, schema in
      for field in ["id", "name", "status", "updated"] { wiring.bind("Flow", field, .cell) }
      wiring.bind("FlowEdge", "cursor", .cell)
      wiring.bind("FlowEdge", "node", .same)
      wiring.bind("FlowConnection", "pageInfo", .same)
      wiring.bind("PageInfo", "hasNextPage", .leaf(FlowPageHasNext.self))
      wiring.bind("User", "id", .member)
      wiring.bind("Query", "user", .batch { _ in .ready(.objects(.dynamic([["id": "u1"]]))) })
      wiring.bind(
        "User", "flows",
        .batch { call in
          let layout = try call.memo {
            log.note("layout \(call.selection.contains("totalCount"))")
            return try Self.layout(schema, call.selection)
          }
          return .ready(
            .objects(.swift([FlowPage(table: table, layout: layout, first: 0, count: table.rowCount - 1)])))
        })
      let pages = FieldBinding.batch { call in
        let page = try call.parents.rows(of: FlowPage.self)[0]
        let rows = Rows.table(
          page.table, layout: page.layout, rows: Array(page.first..<page.first + page.count))
        return .ready(Column.objects(rows).lists(counts: [page.count]))
      }
      wiring.bind("FlowConnection", "edges", pages)
      wiring.bind("FlowConnection", "nodes", pages)
      wiring.bind("FlowConnection", "totalCount", .batch { _ in .ready(.leaves([3])) })
      wiring.bind(
        "Query", "missing",
        .batch { _ in .ready(.objects(.table(table, layout: TableLayout(entries: [:])), at: [0])) })
      wiring.bind(
        "Query", "flow",
        .batch { call in
          .ready(.objects(.table(table, layout: try Self.layout(schema, call.selection)), at: [2]))
        })
      let flowType = schema.type(named: "Flow")
      wiring.bind(
        "Query", "node",
        .batch { call in
          let rows = Rows.table(table, layout: try Self.layout(schema, call.selection), rows: [1])
          return .ready(.objects(flowType.map { rows.typed($0) } ?? rows))
        })
      wiring.bind(
        "Flow", "owner",
        .batch { call in
          guard let parents = call.parents.table else { throw GraphQLError("no table") }
          log.note(
            "owner of \((0..<parents.count).map { parents.row($0) }) by \(parents.layout.column(key: "id") ?? -1)"
          )
          return .ready(.objects(.dynamic([["id": "u1"]]), at: (0..<parents.count).map { $0 == 0 ? 0 : -1 }))
        })
      wiring.bind(
        "Flow", "size",
        .batch { call in
          .ready(
            .cells(
              of: MemoryTable([[bigEndian(Int32(5)), nil]]), column: 0, format: .int4,
              rows: [Int](repeating: 0, count: call.parents.count)))
        })
    }
  }

  @Test func `a connection's edges nodes and page are one table seen as several types`() async throws {
    let log = CallLog()
    let table = Self.table()
    let engine = try Self.engine(table, log)
    let query =
      "{ user { flows { edges { cursor node { id name owner { id } size } } nodes { status updated } pageInfo { hasNextPage } totalCount } } }"
    let expected =
      #"{"data":{"user":{"flows":{"edges":[{"cursor":"c0","node":{"id":"flow_01h455vb4pex5vsknk084sn02q","name":"one","owner":{"id":"u1"},"size":5}},{"cursor":"c1","node":{"id":"flow_0123456789abcdefghjkmnpqrs","name":"two","owner":null,"size":5}}],"nodes":[{"status":"ACTIVE","updated":"2000-01-01T00:00:00.000Z"},{"status":"PAUSED","updated":null}],"pageInfo":{"hasNextPage":true},"totalCount":3}}}}"#
    for _ in 0..<2 { #expect(await engine.run(query, isValidated: true) == expected) }
    #expect(log.calls == ["layout true", "owner of [0, 1] by 0", "owner of [0, 1] by 0"])
    #expect(table.fills.withLock { $0.sorted() } == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  }

  @Test func `only selected columns are in the layout and are filled`() async throws {
    let table = Self.table()
    let text = await try Self.engine(table, CallLog()).run("{ flow { name } }")
    #expect(text == #"{"data":{"flow":{"name":"three"}}}"#)
    #expect(table.fills.withLock { $0 } == [1])
  }

  @Test func `a stored value without an enum name is an error that propagates`() async throws {
    let text = await try Self.engine(Self.table(), CallLog()).run("{ flow { name status } }")
    #expect(
      text
        == #"{"data":{"flow":null},"errors":[{"message":"A stored value does not have the expected form.","locations":[{"line":1,"column":15}],"path":["flow","status"]}]}"#
    )
  }

  @Test func `an interface's rows carry their type`() async throws {
    let text = await try Self.engine(Self.table(), CallLog()).run(
      "{ node(id: 1) { __typename id ... on Flow { name } } }")
    #expect(
      text == #"{"data":{"node":{"__typename":"Flow","id":"flow_0123456789abcdefghjkmnpqrs","name":"two"}}}"#)
  }

  @Test func `a field that the layout lacks is an internal error`() async throws {
    let log = CallLog()
    let response = await try Self.engine(Self.table(), log).response("{ missing { updated } }", context: log)
    #expect(
      response.text.hasPrefix(#"{"data":{"missing":{"updated":null}},"errors":[{"message":"Internal error""#))
    #expect(log.reported.count == 1)
  }
}
