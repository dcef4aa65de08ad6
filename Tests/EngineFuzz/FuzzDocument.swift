/// A token of a fuzzed text: a range of the pool of bytes that all texts share.
struct Lexeme {
  var start: Int32
  var end: Int32
  var kind: Kind

  enum Kind: UInt8 {
    case name, number, string, open, close, spread, at, dollar, colon, other
  }
}

/// The bytes of the whole corpus, the dictionary of words, and what a round makes up: lexemes point into it.
struct LexemePool {
  private(set) var bytes: [UInt8] = []
  /// The bytes that stay from round to round.
  private var mark = 0

  /// Everything so far stays.
  mutating func keep() { mark = bytes.count }

  /// Forgets what was added since `keep`.
  mutating func rewind() { bytes.removeSubrange(mark...) }

  func text(_ lexeme: Lexeme) -> ArraySlice<UInt8> { bytes[Int(lexeme.start)..<Int(lexeme.end)] }

  /// Adds a text and gives its tokens, such as they are: what is no token stands alone.
  mutating func lexemes(of text: [UInt8]) -> [Lexeme] {
    let base = bytes.count
    bytes.append(contentsOf: text)
    var found: [Lexeme] = []
    var position = base
    while position < bytes.count {
      let byte = bytes[position]
      let end: Int
      var kind = Lexeme.Kind.other
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, 0x2C:
        position += 1
        continue
      case 0x23:
        position = endOfLine(from: position)
        continue
      case 0x22:
        kind = .string
        end = endOfString(from: position)
      case 0x2E where bytes[position...].starts(with: [0x2E, 0x2E, 0x2E]):
        kind = .spread
        end = position + 3
      case _ where LexemePool.isWord(byte) || byte == 0x2D:
        kind = byte == 0x2D || (0x30...0x39).contains(byte) ? .number : .name
        end = endOfWord(from: position, isNumber: kind == .number)
      default:
        kind = LexemePool.kind(ofPunctuator: byte)
        end = position + 1
      }
      found.append(Lexeme(start: Int32(position), end: Int32(end), kind: kind))
      position = end
    }
    return found
  }

  private static func kind(ofPunctuator byte: UInt8) -> Lexeme.Kind {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): .open
    case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): .close
    case UInt8(ascii: "@"): .at
    case UInt8(ascii: "$"): .dollar
    case UInt8(ascii: ":"): .colon
    default: .other
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }

  private func endOfLine(from start: Int) -> Int {
    bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
  }

  private func endOfWord(from start: Int, isNumber: Bool) -> Int {
    bytes[(start + 1)...].firstIndex { byte in
      !(LexemePool.isWord(byte) || (isNumber && (byte == 0x2E || byte == 0x2B || byte == 0x2D)))
    } ?? bytes.count
  }

  private func endOfString(from start: Int) -> Int {
    let quotes: [UInt8] = [0x22, 0x22, 0x22]
    let isBlock = bytes[start...].starts(with: quotes)
    var position = start + (isBlock ? 3 : 1)
    while position < bytes.count {
      if bytes[position] == 0x5C {
        position += 2
      } else if isBlock ? bytes[position...].starts(with: quotes) : bytes[position] == 0x22 {
        return position + (isBlock ? 3 : 1)
      } else {
        position += 1
      }
    }
    return bytes.count
  }
}

/// A text as tokens, which mutations rearrange.
struct FuzzDocument {
  var lexemes: [Lexeme]

  /// The range of the node that begins at a token, as far as brackets and colons tell: a bracket with all
  /// that it holds, a field with its arguments and selections, a directive, a variable with its type.
  func unit(at start: Int) -> Range<Int> {
    guard start < lexemes.count else { return lexemes.count..<lexemes.count }
    var end = start + 1
    switch lexemes[start].kind {
    case .open: return start..<endOfBracket(from: start)
    case .at, .dollar, .spread: end = min(end + 1, lexemes.count)
    case .name: break
    default: return start..<end
    }
    if end + 1 < lexemes.count, lexemes[end].kind == .colon {
      end += 2
      if lexemes[end - 1].kind == .open { end = endOfBracket(from: end - 1) }
    }
    while end < lexemes.count {
      if lexemes[end].kind == .open {
        end = endOfBracket(from: end)
      } else if lexemes[end].kind == .at, lexemes[start].kind != .at {
        end = min(end + 2, lexemes.count)
      } else {
        break
      }
    }
    return start..<end
  }

  /// Behind the bracket that closes the one at `start`, or the end.
  private func endOfBracket(from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < lexemes.count {
      if lexemes[index].kind == .open { depth += 1 }
      if lexemes[index].kind == .close {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
      index += 1
    }
    return lexemes.count
  }

  /// A token of one of the kinds, searched for from a random place on; nil when there is none.
  func position(of kinds: Set<Lexeme.Kind>, _ random: inout FuzzRandom) -> Int? {
    guard !lexemes.isEmpty else { return nil }
    let start = random.below(lexemes.count)
    for step in 0..<lexemes.count {
      let index = (start + step) % lexemes.count
      if kinds.contains(lexemes[index].kind) { return index }
    }
    return nil
  }

  /// The tokens as text; between them stand a space or another thing that is ignored.
  func render(_ pool: LexemePool, _ random: inout FuzzRandom) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(lexemes.count * 8)
    let isPlain = !random.once(in: 8)
    for lexeme in lexemes {
      output.append(contentsOf: pool.text(lexeme))
      output.append(contentsOf: isPlain ? [0x20] : random.pick(FuzzDocument.separators))
    }
    return output
  }

  private static let separators: [[UInt8]] = [
    " ", "\n", "\r\n", "\t", ",", "\u{FEFF}", "# é \"\"\" {\n", "#\r", "", "  ",
  ].map { Array($0.utf8) }
}
