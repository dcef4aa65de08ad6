/// A Swift source with its comments and strings told apart from its code. Knows as much of the language's
/// lexical structure as tidiness needs: nested comments, raw and multi-line strings, names in backticks.
struct SourceText {
  /// The lines as they are.
  let lines: [Substring]
  /// Lines with spaces in place of comments and of what stands in strings.
  let codeLines: [Substring]
  /// Lines with spaces in place of comments only.
  let uncommentedLines: [Substring]

  init(_ text: String) {
    var masker = Masker(text)
    masker.run()
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    codeLines = masker.lines(of: masker.code)
    uncommentedLines = masker.lines(of: masker.uncommented)
  }
}

/// Walks the bytes once; a blanked character leaves as many spaces as it has bytes.
private struct Masker {
  private let text: [UInt8]
  private var place = 0
  private(set) var code: [UInt8]
  private(set) var uncommented: [UInt8]

  init(_ text: String) {
    self.text = Array(text.utf8)
    code = self.text
    uncommented = self.text
  }

  func lines(of bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  mutating func run() {
    while place < text.count {
      if starts("//") {
        skip(isComment: true) { $0.text[$0.place] != UInt8(ascii: "\n") }
      } else if starts("/*") {
        blockComment()
      } else if let hashes = stringOpening() {
        string(hashes: hashes)
      } else if text[place] == UInt8(ascii: "`") {
        place += 1
        skip(isComment: false) { $0.text[$0.place] != UInt8(ascii: "`") }
        place += 1
      } else {
        place += 1
      }
    }
  }

  private func starts(_ word: String) -> Bool {
    place < text.count && text[place] == word.utf8.first && text[place...].starts(with: word.utf8)
  }

  private mutating func skip(isComment: Bool, while goesOn: (Masker) -> Bool) {
    while place < text.count, goesOn(self) { blank(isComment: isComment) }
  }

  private mutating func blank(isComment: Bool) {
    if text[place] != UInt8(ascii: "\n") {
      code[place] = UInt8(ascii: " ")
      if isComment { uncommented[place] = UInt8(ascii: " ") }
    }
    place += 1
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      let isEdge = starts("/*") || starts("*/")
      if isEdge { depth += starts("/*") ? 1 : -1 }
      blank(isComment: true)
      if isEdge, place < text.count { blank(isComment: true) }
    } while depth > 0 && place < text.count
  }

  /// The number of `#` before a quotation mark here; nil when no string begins.
  private func stringOpening() -> Int? {
    var end = place
    while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
    return end < text.count && text[end] == UInt8(ascii: "\"") ? end - place : nil
  }

  private mutating func string(hashes: Int) {
    place += hashes
    let quotes = starts("\"\"\"") ? 3 : 1
    let closing = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    place += quotes
    while place < text.count, !starts(closing) {
      if quotes == 1, text[place] == UInt8(ascii: "\n") { return }
      if starts(escape + "(") {
        for _ in 0...escape.count { blank(isComment: false) }
        interpolation()
      } else {
        let isEscape = starts(escape)
        blank(isComment: false)
        if isEscape, place < text.count { blank(isComment: false) }
      }
    }
    place += closing.count
  }

  /// What stands between the parentheses of an interpolation is blanked too; strings in it are stepped over.
  private mutating func interpolation() {
    var depth = 1
    while place < text.count, depth > 0 {
      if let hashes = stringOpening() {
        string(hashes: hashes)
        continue
      }
      if text[place] == UInt8(ascii: "(") { depth += 1 }
      if text[place] == UInt8(ascii: ")") { depth -= 1 }
      blank(isComment: false)
    }
  }
}
