import GraphQLEngine

/// The coercions of the schema's custom scalars. What they refuse is an error at the value's place.
public enum Scalars {
  public static func bind(into wiring: inout Wiring) {
    wiring.scalar("DateTime", ScalarCoercion(input: dateTime))
    wiring.scalar("JSON", ScalarCoercion(input: json))
    wiring.scalar("Cursor", ScalarCoercion(input: cursor))
    wiring.scalar("EmailAddress", ScalarCoercion(input: emailAddress))
    wiring.scalar("Upload", ScalarCoercion(input: upload))
  }

  static func dateTime(_ value: InputValue) throws(ScalarError) -> InputValue {
    guard case .string(let text) = value, DateTime(text) != nil else {
      throw ScalarError("DateTime must be an RFC 3339 string such as \"2026-11-21T09:30:00.000Z\".")
    }
    return value
  }

  /// Any value of bounded depth; enum names have no place in JSON.
  static func json(_ value: InputValue) throws(ScalarError) -> InputValue {
    var level = [value]
    for _ in 0..<maximumJSONDepth {
      var next: [InputValue] = []
      for item in level {
        switch item {
        case .enumValue where (try? Upload(input: item)) != nil: throw ScalarError("JSON has no files.")
        case .enumValue(let name): throw ScalarError("JSON has no enum values: \(name).")
        case .list(let items): next += items
        case .object(let object): next += object.fields.map(\.value)
        default: break
        }
      }
      if next.isEmpty { return value }
      level = next
    }
    throw ScalarError("JSON may be \(maximumJSONDepth) levels deep at most.")
  }

  static let maximumJSONDepth = 64

  static func cursor(_ value: InputValue) throws(ScalarError) -> InputValue {
    guard case .string(let text) = value, text.utf8.count <= 128 else {
      throw ScalarError("Cursor must be a string that the Studio gave.")
    }
    return value
  }

  static func upload(_ value: InputValue) throws(ScalarError) -> InputValue {
    guard (try? Upload(input: value)) != nil else {
      throw ScalarError("Upload must be a file of a multipart request.")
    }
    return value
  }

  static func emailAddress(_ value: InputValue) throws(ScalarError) -> InputValue {
    guard case .string(let text) = value, isEmailAddress(text) else {
      throw ScalarError("EmailAddress must be an address such as \"ada@example.com\".")
    }
    return value
  }

  /// The grammar of HTML's e-mail input: a local part of printable ASCII without blanks, `@`, and labels of
  /// letters, digits and inner hyphens, with at least one dot.
  static func isEmailAddress(_ text: String) -> Bool {
    guard text.utf8.count <= 254, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let local = text.utf8[..<at]
    let labels = text.utf8[text.utf8.index(after: at)...].split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let punctuation = Set(".!#$%&'*+/=?^_`{|}~-".utf8)
    return (1...64).contains(local.count)
      && local.allSatisfy { isAlphanumeric($0) || punctuation.contains($0) }
      && labels.count >= 2
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
          && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
      }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
