import Testing

@testable import Postgres

@Suite struct ParametersTests {
  @Test func `an array is a header and its elements`() {
    let parameters = Parameters { $0.int4s([7]) }
    #expect(
      parameters.bytes == [
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7,
      ])
  }

  @Test func `an empty array has no dimensions`() {
    let parameters = Parameters { $0.texts([String]()) }
    #expect(parameters.bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
  }
}

@Suite struct ParameterDescriptionTests {
  private static let parameters = Parameters {
    $0.uuid(UUIDValue(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001))
    $0.int4(-3)
    $0.int8(nil)
    $0.text("it's")
    $0.uuids([UUIDValue(high: 1, low: 2), UUIDValue(high: 3, low: 4)])
    $0.texts([String]())
    $0.bool(true)
    $0.float8(1.5)
  }
  private static let types: [PostgresType] = [
    .uuid, .int4, .int8, .text, .uuidArray, .textArray, .bool, .float8,
  ]

  @Test func `parameters are described by their types alone, or with their values`() {
    #expect(
      Self.parameters.descriptions(types: Self.types, values: false) == [
        "uuid", "integer", "bigint", "text", "uuid[2]", "text[0]", "boolean", "double precision",
      ])
    #expect(
      Self.parameters.descriptions(types: Self.types, values: true) == [
        "01900000-0000-7000-8000-000000000001", "-3", "NULL", "'it''s'", "uuid[2]", "text[0]", "true", "1.5",
      ])
  }

  @Test func `a digest tells values and their borders apart`() {
    let texts = { (first: String, second: String?) in
      Parameters {
        $0.text(first)
        $0.text(second)
      }.digest
    }
    #expect(texts("ab", "c") == texts("ab", "c"))
    #expect(Set([texts("ab", "c"), texts("a", "bc"), texts("abc", ""), texts("abc", nil)]).count == 4)
  }
}
