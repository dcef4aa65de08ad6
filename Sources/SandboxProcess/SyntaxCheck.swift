import CJavaScriptCore
import SandboxWire

/// Whether an expression is one expression, and where it is wrong if not.
///
/// It is put into `(function(input,…){"use strict";return (\n…\n)})`. That alone would accept `1); f(); (2`,
/// so it must also stand between square brackets: what closes neither kind of bracket from inside is well
/// bracketed.
struct SyntaxCheck {
  enum Verdict {
    /// The wrapped source; the caller releases it.
    case accepted(JSStringRef)
    case refused(SandboxOutcome)
  }

  /// An error and the line that the machine names, in the expression, from 1.
  private struct Complaint {
    let message: String
    let line: Int
  }

  private static let parameters = SandboxSlot.allCases.map(\.name).joined(separator: ",")
  private static let functionStart = #"(function(\#(parameters)){"use strict";return ("#
  private static let functionEnd = ")})"

  let context: JSGlobalContextRef
  let expression: [UInt8]

  func run() -> Verdict {
    guard !expression.allSatisfy({ $0 == 0x20 || (9...13).contains($0) }) else {
      return .refused(.syntaxError(message: "The expression is empty.", line: 1, column: 1))
    }
    if let complaint = complaint(expression, Self.functionStart, Self.functionEnd) {
      return .refused(located(complaint, Self.functionStart, Self.functionEnd))
    }
    if let complaint = complaint(expression, "[", "]") {
      return .refused(located(complaint, "[", "]"))
    }
    return .accepted(wrapped(expression, Self.functionStart, Self.functionEnd))
  }

  private func wrapped(_ text: [UInt8], _ start: String, _ end: String) -> JSStringRef {
    makeString([UInt8](start.utf8) + [10] + text + [10] + [UInt8](end.utf8))
  }

  /// What the machine says of the wrapped text; nil when it parses.
  private func complaint(_ text: [UInt8], _ start: String, _ end: String) -> Complaint? {
    let source = wrapped(text, start, end)
    defer { JSStringRelease(source) }
    var exception: JSValueRef?
    if JSCheckScriptSyntax(context, source, nil, 1, &exception) { return nil }
    guard let exception else { return Complaint(message: "Syntax error", line: 1) }
    let description = ErrorDescription(exception, context: context, lines: .max)
    return Complaint(message: description.message, line: Int(description.line))
  }

  /// Adds the column, which the machine does not tell: it names the line and quotes the token. Where the
  /// token stands more than once on the line, a line break before the right one moves the complaint to the
  /// next line.
  private func located(_ complaint: Complaint, _ start: String, _ end: String) -> SandboxOutcome {
    let lines = expression.split(separator: 10, omittingEmptySubsequences: false)
    guard complaint.line >= 1, complaint.line <= lines.count else {
      // The complaint is about the wrapper's end: the expression ends too early.
      return .syntaxError(
        message: "SyntaxError: Unexpected end of the expression", line: UInt32(lines.count),
        column: UInt32(columns(lines[lines.count - 1]) + 1))
    }
    let line = lines[complaint.line - 1]
    let candidates = positions(of: quotedToken(in: complaint.message), in: line)
    var offset = candidates.first ?? (complaint.message.contains("EOF") ? line.count : 0)
    for candidate in candidates.dropFirst().reversed().prefix(16) {
      var broken = expression
      broken.insert(10, at: line.startIndex + candidate)
      if let moved = self.complaint(broken, start, end), moved.line == complaint.line + 1 {
        offset = candidate
        break
      }
    }
    return .syntaxError(
      message: complaint.message, line: UInt32(complaint.line),
      column: UInt32(columns(line.prefix(offset)) + 1))
  }

  /// The text between the first two single quotes of the message.
  private func quotedToken(in message: String) -> [UInt8] {
    let parts = message.utf8.split(
      separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? [UInt8](parts[1]) : []
  }

  private func positions(of token: [UInt8], in line: ArraySlice<UInt8>) -> [Int] {
    guard !token.isEmpty, line.count >= token.count else { return [] }
    let line = [UInt8](line)
    let quotes: Set<UInt8> = [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`")]
    let found = (0...(line.count - token.count)).filter { line[$0..<($0 + token.count)].elementsEqual(token) }
    // A string literal is quoted without its own quotes; it begins at them.
    return found.map { $0 > 0 && quotes.contains(line[$0 - 1]) ? $0 - 1 : $0 }
  }

  /// UTF-16 units, as editors count.
  private func columns(_ text: ArraySlice<UInt8>) -> Int {
    String(decoding: text, as: UTF8.self).utf16.count
  }
}
