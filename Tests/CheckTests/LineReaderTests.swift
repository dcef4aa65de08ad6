import Glibc
import Testing

@testable import Check

@Suite struct LineReaderTests {
  /// What a reader finds in a pipe that holds `text` and is closed.
  private func lines(_ text: String, limit: Int = 1_000) -> [LineReader.Line] {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return [] }
    defer { close(ends[0]) }
    let bytes = Array(text.utf8)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    var reader = LineReader(descriptor: ends[0], limit: limit)
    var lines: [LineReader.Line] = []
    while let line = reader.next() { lines.append(line) }
    #expect(reader.next() == nil)
    return lines
  }

  private func text(_ line: String) -> LineReader.Line { .text(Array(line.utf8)) }

  @Test func `lines come without their ends, the last one with or without`() {
    #expect(lines("a\n b \r\nc") == [text("a"), text("b"), text("c")])
    #expect(lines("a\n") == [text("a")])
    #expect(lines("") == [])
  }

  @Test func `blank lines are left out`() {
    #expect(lines("\n\r\n \t\na\n\n") == [text("a")])
  }

  @Test func `a line beyond the bound is told, and the next ones are read`() {
    let long = String(repeating: "x", count: 11)
    #expect(lines("\(long)\nb\n\(long)", limit: 10) == [.tooLong, text("b"), .tooLong])
    #expect(lines("0123456789\nb", limit: 10) == [text("0123456789"), text("b")])
  }

  @Test func `a long line is thrown away while it is read`() {
    let text = String(repeating: "x", count: 60_000) + "\nb\n"
    #expect(lines(text, limit: 100) == [.tooLong, self.text("b")])
  }
}
