@testable import GraphQLEngine
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(capacity: 1)
    body(&writer)
    return writer.text
  }

  /// As `String(number)` in JavaScript.
  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (0.5, "0.5"), (1.25, "1.25"),
      (100, "100"),
      (0.1 + 0.2, "0.30000000000000004"), (1.0 / 3.0, "0.3333333333333333"),
      (2.0 / 3.0, "0.6666666666666666"),
      (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e21, "1.5e+21"),
      (123456789012345680000, "123456789012345680000"),
      (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (0.00001234, "0.00001234"), (5e-324, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (4.35, "4.35"),
      (9007199254740993, "9007199254740992"),
      (-9007199254740991, "-9007199254740991"), (1e15, "1000000000000000"),
      (999999999999999.9, "999999999999999.9"),
      (123456.789012, "123456.789012"), (0.000123, "0.000123"), (-0.000001, "-0.000001"),
      (1e16, "10000000000000000"),
      (3.141592653589793, "3.141592653589793"), (4.999999999999999, "4.999999999999999"), (8.41, "8.41"),
    ] as [(Double, String)])
  func `a double is formatted as JavaScript does`(_ value: Double, _ expected: String) {
    #expect(written { $0.write(value) } == expected)
    #expect(Double(expected) == value)
  }

  @Test func `every short decimal round-trips in its shortest form`() {
    var seed: UInt64 = 42
    for _ in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let scaled = Int(seed >> 20) % 100_000_000
      let value = Double(scaled) / [1, 10, 100, 1000, 10000, 1e6][Int(seed % 6)]
      let text = written { $0.write(value) }
      #expect(Double(text) == value)
      let plain =
        value.description.hasSuffix(".0") ? String(value.description.dropLast(2)) : value.description
      if !plain.contains("e") { #expect(text == plain) }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a double that is not finite fails`(_ value: Double) {
    var writer = JSONWriter()
    writer.write(value)
    #expect(writer.outcome == .failure)
    #expect(writer.failureMessage.hasPrefix("Float cannot represent non numeric value: "))
  }

  @Test(arguments: [
    (0, "0"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (-1, "-1"), (2_147_483_647, "2147483647"),
    (Int.max, "9223372036854775807"), (Int.min, "-9223372036854775808"),
    (1_000_000_000_000_000_000, "1000000000000000000"),
  ])
  func `an integer is written in full`(_ value: Int, _ expected: String) {
    #expect(written { $0.write(integer: value) } == expected)
    #expect(written { $0.write(id: value) } == "\"\(expected)\"")
  }

  @Test func `an Int outside of 32 bits fails`() {
    var writer = JSONWriter()
    writer.write(2_147_483_648)
    #expect(writer.outcome == .failure)
    #expect(writer.text == "")
  }

  @Test(arguments: [
    ("", "\"\""), ("a", "\"a\""), ("12345678", "\"12345678\""), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
    ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
    ("1234567\"", #""1234567\"""#), ("12345678\n", #""12345678\n""#), ("äöü€😀", "\"äöü€😀\""),
    ("1234567890123456\u{1}x", #""1234567890123456\u0001x""#), ("\u{7F}", "\"\u{7F}\""),
    ("\u{80}\u{A0}", "\"\u{80}\u{A0}\""),
  ])
  func `a string is escaped`(_ value: String, _ expected: String) {
    #expect(written { $0.write(value) } == expected)
  }

  @Test func `every byte at every place of a word is escaped when it must be`() throws {
    for byte in UInt8(0)...127 {
      for place in 0..<17 {
        var bytes = [UInt8](repeating: 0x61, count: 17)
        bytes[place] = byte
        let text = written { writer in bytes.withUnsafeBufferPointer { writer.write(text: $0) } }
        #expect(try JSONReader.read(text) == .string(String(decoding: bytes, as: UTF8.self)))
      }
    }
  }

  /// Up to 15 bytes lie in the string itself, and are written from there; longer ones lie elsewhere.
  @Test(arguments: 0...40)
  func `a string of every length is written, with an escape at every place`(_ length: Int) throws {
    for filler in ["a", "ä", "😀"] {
      var text = ""
      while text.utf8.count + filler.utf8.count <= length { text += filler }
      while text.utf8.count < length { text += "b" }
      #expect(written { $0.write(text) } == "\"\(text)\"")
      for place in text.indices {
        for special in ["\"", "\\", "\u{0}", "\u{1F}", "\u{7F}", " "] {
          let changed = text[..<place] + special + text[text.index(after: place)...]
          let json = written { $0.write(String(changed)) }
          #expect(try JSONReader.read(json) == .string(String(changed)))
        }
      }
    }
  }

  @Test func `integers of every length are written as their description`() {
    var power = 1
    while true {
      for value in [power - 1, power, power + 1, power / 3, power &* 7] {
        #expect(written { $0.write(integer: value) } == value.description)
        #expect(written { $0.write(integer: -value) } == (-value).description)
      }
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { break }
      power = next
    }
  }

  @Test func `values lists and nulls of leaves are written`() {
    #expect(written { $0.write(list: [1, 2, 3]) } == "[1,2,3]")
    #expect(written { $0.write(list: [String]()) } == "[]")
    var writer = JSONWriter()
    writer.write(nil as Int?)
    #expect(writer.text == "null")
    #expect(writer.outcome == .null)
    #expect(written { $0.write(enumName: "RED") } == "\"RED\"")
    #expect(written { $0.write(RawJSON([0x5B, 0x5D])) } == "[]")
    #expect(written { $0.write(Int32(-5) as Int32?) } == "-5")
  }

  @Test func `JSON values are written as they are`() throws {
    let text = #"{"a":[1,2.5,"x",null,true,false,{}],"b":[]}"#
    let value = try JSONReader.read(text)
    #expect(written { $0.write(json: value) } == text)
  }

  @Test func `the buffer grows over many writes`() {
    let text = written { writer in for _ in 0..<10_000 { writer.write("abc") } }
    #expect(text.utf8.count == 50_000)
  }
}
