import Postgres
import Testing

/// Each type goes to the server and comes back in binary.
@Suite struct CellTests {
  private func roundTrip(
    _ type: String, _ fill: (inout Parameters) -> Void, _ check: (RowBatch) -> Void
  ) async throws {
    try await withDatabase { database in
      check(try await database.query(Statement("round_trip", "SELECT $1::\(type)"), Parameters(fill)))
    }
  }

  @Test func `numbers keep their value and sign`() async throws {
    try await withDatabase { database in
      let statement = Statement(
        "numbers", "SELECT $1, $2, $3, $4, $5, $1::int4 + 0", [.int2, .int4, .int8, .float8, .bool])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.int2(-2)
          $0.int4(.min)
          $0.int8(.max)
          $0.float8(-0.1)
          $0.bool(true)
        })
      #expect(rows.int2(0, 0) == -2)
      #expect(rows.int4(0, 1) == .min)
      #expect(rows.int8(0, 2) == .max)
      #expect(rows.double(0, 3) == -0.1)
      #expect(rows.bool(0, 4) == true)
      #expect((0..<3).map { rows.int(0, $0) } == [-2, Int(Int32.min), Int.max])
      #expect(rows.int4(0, 2) == nil)
      #expect(rows.int(0, 4) == nil)
      #expect(rows.bool(0, 2) == nil)
      #expect(rows.double(0, 4) == nil)
      #expect(rows.columnType(0) == .int2)
      #expect(rows.columnName(5) == "?column?")
      #expect(rows.columnName(99) == "")
    }
  }

  @Test func `a float4 is widened`() async throws {
    try await withDatabase { database in
      let rows = try await database.query(Statement("float4", "SELECT 1.5::float4"))
      #expect(rows.double(0, 0) == 1.5)
    }
  }

  @Test func `a uuid keeps its bytes, and its order is the server's`() async throws {
    let value = UUIDValue(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff)
    try await withDatabase { database in
      let statement = Statement("uuid", "SELECT $1::uuid, $1::text, $1 < $2", [.uuid, .uuid])
      let larger = UUIDValue(high: value.high, low: .max)
      let rows = try await database.query(
        statement,
        Parameters {
          $0.uuid(value)
          $0.uuid(larger)
        })
      #expect(rows.uuid(0, 0) == value)
      #expect(rows.string(0, 1) == "00112233-4455-6677-8899-aabbccddeeff")
      #expect(rows.bool(0, 2) == true)
      #expect(value < larger)
      #expect(rows.uuid(0, 1) == nil)
    }
  }

  @Test func `text keeps every character and the empty text is not null`() async throws {
    try await withDatabase { database in
      let statement = Statement("text", "SELECT $1, $2, $3", [.text, .text, .text])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.text("Grüße, 世界 🚀\n'\"\\")
          $0.text("")
          $0.text(nil)
        })
      #expect(rows.string(0, 0) == "Grüße, 世界 🚀\n'\"\\")
      #expect(rows.string(0, 1) == "")
      #expect(!rows.isNull(0, 1))
      #expect(rows.bytes(0, 1)?.count == 0)
      #expect(rows.isNull(0, 2))
      #expect(rows.string(0, 2) == nil)
      #expect(rows.bytes(0, 2) == nil)
    }
  }

  @Test func `an instant is counted from 1970 and infinity stays at the ends`() async throws {
    try await withDatabase { database in
      let statement = Statement(
        "instant", "SELECT $1, $1::text, 'infinity'::timestamptz, '-infinity'::timestamptz", [.timestamptz])
      let rows = try await database.query(
        statement, Parameters { $0.timestamptz(microseconds: 1_700_000_000_123_456) })
      #expect(rows.microseconds(0, 0) == 1_700_000_000_123_456)
      #expect(rows.string(0, 1) == "2023-11-14 22:13:20.123456+00")
      #expect(rows.microseconds(0, 2) == .max)
      #expect(rows.microseconds(0, 3) == .min)
    }
  }

  @Test func `jsonb loses its version byte, json has none`() async throws {
    try await withDatabase { database in
      let statement = Statement("json", "SELECT $1, $2, '[1]'::json, $1->>'a'", [.jsonb, .jsonb])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.jsonb(#"{"a": "ü"}"#)
          $0.jsonb(bytes: Array("null".utf8))
        })
      #expect(rows.jsonText(0, 0) == #"{"a": "ü"}"#)
      #expect(rows.jsonText(0, 1) == "null")
      #expect(rows.jsonText(0, 2) == "[1]")
      #expect(rows.string(0, 3) == "ü")
    }
  }

  @Test func `bytes keep zeros`() async throws {
    try await roundTrip("bytea", { $0.bytea([0, 255, 0]) }) { rows in
      #expect(rows.byteArray(0, 0) == [0, 255, 0])
    }
  }

  @Test func `every type takes null`() async throws {
    try await withDatabase { database in
      let types = ["bool", "int2", "int4", "int8", "float8", "uuid", "text", "bytea", "timestamptz", "jsonb"]
      let list = types.enumerated().map { "$\($0 + 1)::\($1)" }.joined(separator: ", ")
      let rows = try await database.query(
        Statement("nulls", "SELECT \(list)"),
        Parameters {
          $0.bool(nil)
          $0.int2(nil)
          $0.int4(nil)
          $0.int8(nil)
          $0.float8(nil)
          $0.uuid(nil)
          $0.text(nil)
          $0.bytea(nil)
          $0.timestamptz(microseconds: nil)
          $0.jsonb(nil)
        })
      #expect((0..<types.count).allSatisfy { rows.isNull(0, $0) })
      #expect(rows.int8(0, 3) == nil)
      #expect(rows.int(0, 3) == nil)
      #expect(rows.double(0, 4) == nil)
      #expect(rows.microseconds(0, 8) == nil)
      #expect(rows.jsonText(0, 9) == nil)
      #expect(rows.uuidArray(0, 0) == nil)
    }
  }

  @Test func `arrays keep their elements, and nulls where they may have some`() async throws {
    let ids = [UUIDValue(high: 1, low: 2), UUIDValue(high: 3, low: 4)]
    try await withDatabase { database in
      let statement = Statement(
        "arrays", "SELECT $1, $2, $3, $4, $5::text, $6::text, $7::text, $8::text, $9::text",
        [
          .uuidArray, .textArray, .int4Array, .int8Array, .int2Array, .boolArray, .float8Array, .jsonbArray,
          .timestamptzArray,
        ])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.uuids(ids)
          $0.texts(["a", nil, ""])
          $0.int4s([1, -1])
          $0.int8s([Int64]())
          $0.int2s([Int16(7)])
          $0.bools([true, nil])
          $0.float8s([0.5, nil])
          $0.jsonbs([#"{"a":1}"#, nil])
          $0.timestamptzs(microseconds: [0, nil])
        })
      #expect(rows.uuidArray(0, 0) == ids)
      #expect(rows.stringArray(0, 1) == ["a", ""])
      #expect(rows.int4Array(0, 2) == [1, -1])
      #expect(rows.int8Array(0, 3) == [])
      #expect(rows.string(0, 4) == "{7}")
      #expect(rows.string(0, 5) == "{t,NULL}")
      #expect(rows.string(0, 6) == "{0.5,NULL}")
      #expect(rows.string(0, 7) == #"{"{\"a\": 1}",NULL}"#)
      #expect(rows.string(0, 8) == #"{"1970-01-01 00:00:00+00",NULL}"#)
      #expect(rows.int8Array(0, 4) == nil)
    }
  }

  @Test func `rows without null in arrays of every element type`() async throws {
    try await withDatabase { database in
      let statement = Statement(
        "unnest", "SELECT * FROM unnest($1, $2, $3, $4, $5) AS t (a, b, c, d, e) ORDER BY b",
        [.uuidArray, .int4Array, .boolArray, .float8Array, .textArray])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.uuids([UUIDValue(high: 1, low: 1), nil])
          $0.int4s([1, 2])
          $0.bools([true, false])
          $0.float8s([1, 2])
          $0.texts(["x", "y"])
        })
      #expect(rows.rowCount == 2)
      #expect(rows.isNull(1, 0))
      #expect(rows.string(1, 4) == "y")
    }
  }

  @Test func `an array of two dimensions is not flattened`() async throws {
    try await withDatabase { database in
      let rows = try await database.query(Statement("square", "SELECT ARRAY[[1, 2], [3, 4]]"))
      #expect(rows.int4Array(0, 0) == nil)
    }
  }

  @Test func `a uuid is made of sixteen bytes`() {
    let bytes = [UInt8](0..<15)
    #expect(bytes.withUnsafeBytes { UUIDValue(bytes: $0) } == nil)
  }
}
