import Flows

/// Reads ids that a client gave.
enum InputID {
  /// The id in `text`, which must be one of `prefix`'s; the error says what was expected.
  static func parse(_ text: String, _ prefix: IdentifierPrefix, field: String = "id") throws -> Identifier {
    do {
      return try TypeID.parse(text, as: prefix)
    } catch .wrongPrefix(let expected, let found) {
      throw ServiceError(
        .badUserInput,
        "\(field) must be an id that begins with \"\(expected.rawValue)_\", not \"\(found.rawValue)_\".",
        field: field)
    } catch .malformed {
      throw ServiceError(
        .badUserInput, "\(field) must be an id such as \"\(prefix.rawValue)_01h455vb4pex5vsknk084sn02q\".",
        field: field)
    }
  }
}
