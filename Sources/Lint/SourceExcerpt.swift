import GraphQLEngine

/// A line of a file with a caret below one of its columns, as compilers show it.
///
/// Tabs stay tabs in both lines, so that the caret stands right however wide they are; wide characters count
/// two cells. What could move a terminal's cursor is replaced, and long lines are cut.
struct SourceExcerpt {
  private(set) var text = ""
  /// What stands before the caret.
  private(set) var indentation = ""

  static let charactersBefore = 80
  static let charactersBehind = 100

  init(_ place: Diagnostic.Place) {
    let line = place.file.lines.bytes(ofLine: place.location.line, in: place.file.source)
    let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
    // Columns count UTF-16 units from 1.
    var caret = 0
    var column = 1
    while caret < scalars.count, column < place.location.column {
      column += scalars[caret].value > 0xFFFF ? 2 : 1
      caret += 1
    }
    let start = max(0, caret - Self.charactersBefore)
    let end = min(scalars.count, caret + Self.charactersBehind)
    if start > 0 { append("…", isBeforeCaret: true) }
    for index in start..<end { append(scalars[index], isBeforeCaret: index < caret) }
    if end < scalars.count { append("…", isBeforeCaret: false) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, isBeforeCaret: Bool) {
    let shown = TerminalText.visible(scalar)
    text.unicodeScalars.append(shown)
    guard isBeforeCaret else { return }
    indentation += shown == "\t" ? "\t" : String(repeating: " ", count: TerminalText.width(shown))
  }
}

/// What a terminal makes of text.
enum TerminalText {
  /// The scalar, or U+FFFD for one that controls a terminal or the direction of writing; a tab stays.
  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x09: scalar
    case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: scalar
    }
  }

  /// A text on one line with nothing that controls the terminal.
  static func oneLine(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      line.append(scalar == "\n" || scalar == "\t" ? " " : visible(scalar))
    }
    return String(line)
  }

  /// How many cells a scalar takes: none for marks, two for wide ones (UAX 11), else one.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
