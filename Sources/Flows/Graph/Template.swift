/// A string of a config with `{{ expression }}` in it.
struct Template: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    /// A JavaScript expression, trimmed.
    case expression(String)
  }

  let parts: [Part]

  /// The expression of a string that is nothing but one template: its value keeps its type.
  var soleExpression: String? {
    if parts.count == 1, case .expression(let expression) = parts[0] { expression } else { nil }
  }

  /// The parts of `text`; throws a sentence about what is wrong.
  ///
  /// An expression ends at the first `}}` that is outside of its own brackets and string literals, so that
  /// `{{ {a: {b: 1}}.a }}` is one expression.
  static func parse(_ text: String) throws(TemplateProblem) -> Template {
    var scanner = TemplateScanner(bytes: Array(text.utf8))
    return Template(parts: try scanner.parts())
  }
}

/// Why a string is not a template, for people.
struct TemplateProblem: Error, Equatable {
  let message: String
}

/// Walks over the bytes of a template once. `mutating` means that it consumes.
private struct TemplateScanner {
  let bytes: [UInt8]
  var position = 0

  mutating func parts() throws(TemplateProblem) -> [Template.Part] {
    var parts: [Template.Part] = []
    while position < bytes.count {
      let start = position
      while position < bytes.count, !isAtPair(UInt8(ascii: "{")) { position += 1 }
      if position > start { parts.append(.text(text(start..<position))) }
      if position < bytes.count { parts.append(.expression(try expression())) }
    }
    return parts
  }

  private func isAtPair(_ byte: UInt8) -> Bool {
    position + 1 < bytes.count && bytes[position] == byte && bytes[position + 1] == byte
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func expression() throws(TemplateProblem) -> String {
    let open = position
    position += 2
    let start = position
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
        skipLiteral(quote: bytes[position])
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["):
        depth += 1
      case UInt8(ascii: "}") where depth == 0 && isAtPair(UInt8(ascii: "}")):
        let expression = trimmed(start..<position)
        guard !expression.isEmpty else {
          throw TemplateProblem(message: "The template at character \(open + 1) is empty")
        }
        position += 2
        return expression
      case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
        depth = max(0, depth - 1)
      default: break
      }
      position += 1
    }
    throw TemplateProblem(message: "The '{{' at character \(open + 1) is not closed by '}}'")
  }

  /// Past a JavaScript string literal, or to the end when it is not closed.
  private mutating func skipLiteral(quote: UInt8) {
    position += 1
    while position < bytes.count, bytes[position] != quote {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
  }

  private func trimmed(_ range: Range<Int>) -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    var range = range
    while let first = range.first, isSpace(bytes[first]) { range.removeFirst() }
    while let last = range.last, isSpace(bytes[last]) { range.removeLast() }
    return text(range)
  }
}
