/// Finds values in JSON that the engine wrote: by object keys, without building anything.
///
/// The text is known to be valid, and keys are GraphQL names, which need no escaping.
struct JSONScan {
  let bytes: UnsafeRawBufferPointer

  /// The bytes of the value at keys from the value that begins at `start`; nil when one is not there.
  func value(_ keys: some Sequence<String>, from start: Int = 0) -> Range<Int>? {
    var position = start
    for key in keys {
      guard let next = member(key, of: position) else { return nil }
      position = next
    }
    guard position < bytes.count else { return nil }
    return position..<end(of: position)
  }

  /// Whether a value is null.
  func isNull(_ range: Range<Int>) -> Bool { bytes[range.lowerBound] == UInt8(ascii: "n") }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func member(_ key: String, of start: Int) -> Int? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
    var position = start + 1
    while position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      let keyEnd = end(of: position)
      let isFound = bytes[(position + 1)..<(keyEnd - 1)].elementsEqual(key.utf8)
      // Behind the colon.
      let value = keyEnd + 1
      if isFound { return value }
      position = end(of: value)
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return nil }
      position += 1
    }
    return nil
  }

  /// Behind the value that begins at a position.
  private func end(of start: Int) -> Int {
    var depth = 0
    var position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position = stringEnd(position)
        if depth == 0 { return position }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // The end of what holds a number or a word.
        if depth == 0 { return position }
        depth -= 1
        if depth == 0 { return position + 1 }
      case UInt8(ascii: ","): if depth == 0 { return position }
      default: break
      }
      position += 1
    }
    return position
  }

  private func stringEnd(_ start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(position + 1, bytes.count)
  }
}
