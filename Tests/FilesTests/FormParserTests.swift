import NIOCore
import Testing

@testable import Files

/// Forms taken apart, however they arrive.
@Suite struct FormParserTests {
  private static let type = "multipart/form-data; boundary=\"x y\""

  private static let body = """
    a preamble\r\n--x y\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"a": 1}\r\n\
    --x y  \r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=0; filename="a \\"b\\".png"\r\n\r\n\
    \r\n--x\r\n--x z--\r\n\r\n--x y\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n--x y--\r\nan epilogue
    """

  /// The parts with their contents, the body fed in pieces of a length.
  private func parts(_ body: String, piece: Int) throws -> [String] {
    var parser = try #require(FormParser(contentType: Self.type))
    var buffer = ByteBuffer(string: body)
    var parts: [String] = []
    var content = ""
    while buffer.readableBytes > 0 {
      let bytes = buffer.readSlice(length: min(piece, buffer.readableBytes))
      for event in try parser.feed(bytes ?? ByteBuffer()) {
        switch event {
        case .part(let name, let fileName, let type):
          content = "\(name)|\(fileName ?? "-")|\(type.map { $0 + "|" } ?? "")"
        case .content(let bytes): content += String(buffer: bytes)
        case .partEnd: parts.append(content)
        case .end: parts.append("end")
        }
      }
    }
    try parser.finish()
    return parts
  }

  @Test(arguments: [1, 2, 3, 5, 7, 16, 64, 1000])
  func `the parts are the same in pieces of any length`(piece: Int) throws {
    let expected = [
      "operations|-|{\"a\": 1}", "0|a \"b\".png|image/png|\r\n--x\r\n--x z--\r\n", "empty|-|", "end",
    ]
    #expect(try parts(Self.body, piece: piece) == expected)
  }

  @Test func `a form may begin with its boundary and need not end with a line break`() throws {
    let body = "--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x y--"
    #expect(try parts(body, piece: 4) == ["a|-|b", "end"])
  }

  @Test func `what is no form is refused`() throws {
    for type in [
      nil, "application/json", "multipart/form-data", "multipart/form-data; boundary=",
      "multipart/mixed; boundary=a", "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
    ] {
      #expect(FormParser(contentType: type) == nil, "\(type ?? "nil")")
    }
    for body in [
      "", "--x y", "--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "no boundary at all",
      "--x y\r\nContent-Type: text/plain\r\n\r\nb\r\n--x y--", "--x yz\r\n\r\n",
      "--x y\r\nX: " + String(repeating: "h", count: 10_000),
    ] {
      #expect(throws: FormParser.Malformed.self, "\(body.prefix(40))") { try parts(body, piece: 100) }
    }
  }

  @Test func `no more than a header or a boundary is held`() throws {
    var parser = try #require(FormParser(contentType: Self.type))
    _ = try parser.feed(ByteBuffer(string: "--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"))
    var count = 0
    for _ in 0..<100 {
      for event in try parser.feed(ByteBuffer(repeating: 0x0D, count: 1000)) {
        if case .content(let bytes) = event { count += bytes.readableBytes }
      }
    }
    #expect(count > 100_000 - 10)
  }
}
