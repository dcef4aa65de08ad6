// The values of string literals (§ 2.10.4), computed when someone asks.

extension StringNode {
  /// The string's value: escapes replaced, a block string's indentation removed.
  public var value: String {
    guard needsDecoding else { return raw.description }
    var bytes: [UInt8] = []
    appendValue(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value as UTF-8.
  public func appendValue(to bytes: inout [UInt8]) {
    if isBlock {
      appendBlockStringValue(of: raw.bytes, to: &bytes)
    } else if needsDecoding {
      appendStringValue(of: raw.bytes, to: &bytes)
    } else {
      bytes.append(contentsOf: raw.bytes)
    }
  }
}

/// Replaces the escapes of a string literal. `raw` was accepted by the lexer.
func appendStringValue(of raw: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
  var index = 0
  while index < raw.count {
    let byte = raw[index]
    index += 1
    guard byte == UInt8(ascii: "\\"), index < raw.count else {
      output.append(byte)
      continue
    }
    let escape = raw[index]
    index += 1
    switch escape {
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"): appendUnicodeEscape(of: raw, at: &index, to: &output)
    default: output.append(escape)
    }
  }
}

/// Replaces `\u{…}`, `\u` with four digits, or a surrogate pair; `index` is behind the `u`.
private func appendUnicodeEscape(
  of raw: UnsafeBufferPointer<UInt8>, at index: inout Int, to output: inout [UInt8]
) {
  var point: UInt32 = 0
  if index < raw.count, raw[index] == UInt8(ascii: "{") {
    index += 1
    while index < raw.count, let digit = hexadecimalValue(raw[index]) {
      point = point << 4 | digit
      index += 1
    }
    index += 1
  } else {
    point = readFourDigits(of: raw, at: &index)
    if point & 0xFC00 == 0xD800 {
      index += 2
      let trailing = readFourDigits(of: raw, at: &index)
      point = 0x1_0000 + ((point & 0x3FF) << 10) + (trailing & 0x3FF)
    }
  }
  // The lexer accepted only scalar values, so the replacement character never appears.
  output.append(contentsOf: Character(Unicode.Scalar(point) ?? "\u{FFFD}").utf8)
}

private func readFourDigits(of raw: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
  var value: UInt32 = 0
  for _ in 0..<4 where index < raw.count {
    value = value << 4 | (hexadecimalValue(raw[index]) ?? 0)
    index += 1
  }
  return value
}

/// BlockStringValue(rawValue) of § 2.10.4: the common indentation goes, and blank lines at both ends.
func appendBlockStringValue(of raw: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
  let shape = BlockStringShape(of: raw)
  guard let firstLine = shape.firstLine else { return }
  var lines = BlockStringLines(raw)
  var number = 0
  while let line = lines.next() {
    defer { number += 1 }
    guard number >= firstLine else { continue }
    if number > shape.lastLine { break }
    if number > firstLine { output.append(0x0A) }
    let indentation = number == 0 ? 0 : min(shape.commonIndentation, line.count)
    appendLine(raw[(line.lowerBound + indentation)..<line.upperBound], to: &output)
  }
}

/// Replaces `\"""` in one line.
private func appendLine(_ line: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
  let quote = UInt8(ascii: "\"")
  var index = line.startIndex
  while index < line.endIndex {
    let isEscape =
      line[index] == UInt8(ascii: "\\") && line.endIndex - index >= 4 && line[index + 1] == quote
      && line[index + 2] == quote && line[index + 3] == quote
    if isEscape {
      output.append(contentsOf: [quote, quote, quote])
      index += 4
    } else {
      output.append(line[index])
      index += 1
    }
  }
}

/// What decides about a block string's value: which lines stay and how much indentation goes.
private struct BlockStringShape {
  /// The number of the first line that is not blank; nil when all are.
  private(set) var firstLine: Int?
  private(set) var lastLine = 0
  private(set) var commonIndentation = Int.max

  init(of raw: UnsafeBufferPointer<UInt8>) {
    var lines = BlockStringLines(raw)
    var number = 0
    while let line = lines.next() {
      var indentation = 0
      while indentation < line.count, isWhiteSpace(raw[line.lowerBound + indentation]) { indentation += 1 }
      if indentation < line.count {
        if firstLine == nil { firstLine = number }
        lastLine = number
        if number > 0 { commonIndentation = min(commonIndentation, indentation) }
      }
      number += 1
    }
  }
}

/// The lines of a text, ended by LF, CR or CRLF, as ranges.
private struct BlockStringLines {
  private let raw: UnsafeBufferPointer<UInt8>
  private var position: Int? = 0

  init(_ raw: UnsafeBufferPointer<UInt8>) { self.raw = raw }

  mutating func next() -> Range<Int>? {
    guard let start = position else { return nil }
    var end = start
    while end < raw.count, raw[end] != 0x0A, raw[end] != 0x0D { end += 1 }
    if end == raw.count {
      position = nil
    } else {
      let isPair = raw[end] == 0x0D && end + 1 < raw.count && raw[end + 1] == 0x0A
      position = end + (isPair ? 2 : 1)
    }
    return start..<end
  }
}

/// Tab or space (§ 2.1.1).
func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
