import Flows
import Storage

/// The first part of a list's cursors: for which order and filter they were made. A cursor of one list is
/// refused by another.
///
/// `cursor_` and an id is the whole cursor of a list in its standard order without a filter;
/// `cursor.name-asc.1f2e3d4c_` begins the others.
struct CursorHead: Equatable, Sendable {
  /// The longest text that is looked at: names have 200 characters at most.
  static let maximumLength = 4096

  /// `cursor`, or the noun of a list that lies in memory.
  var kind = "cursor"
  /// The order's code, and the one that is left out.
  var order: String
  var standard = "created_at-desc"
  /// A digest of the filter with its values; nil without one.
  var filter: UInt32?

  var text: String {
    guard let filter else { return order == standard ? kind : "\(kind).\(order)" }
    let digits = String(filter, radix: 16)
    return "\(kind).\(order)." + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// What stands behind the head of a cursor.
  ///
  /// - Parameter argument: names the cursor in errors: `after`.
  /// - Throws: `BAD_USER_INPUT` for another list's cursor, and for what is none.
  func payload(of cursor: String, argument: String) throws -> Substring {
    guard cursor.utf8.count <= CursorHead.maximumLength, let end = cursor.lastIndex(of: "_") else {
      throw CursorHead.unknown(argument)
    }
    let parts = cursor[..<end].split(separator: ".", omittingEmptySubsequences: false)
    guard let kind = parts.first, kind == self.kind, parts.count <= 3 else {
      throw CursorHead.unknown(argument)
    }
    let found = parts.count > 1 ? String(parts[1]) : standard
    guard found == order else {
      throw ServiceError(
        .badUserInput,
        "\(argument) is a cursor of another order, \(found.prefix(40)); this list's is \(order).",
        field: argument)
    }
    guard cursor[..<end] == text else {
      throw ServiceError(
        .badUserInput, "\(argument) is a cursor of a list with another filter.", field: argument)
    }
    return cursor[cursor.index(after: end)...]
  }

  static func unknown(_ argument: String) -> ServiceError {
    ServiceError(.badUserInput, "\(argument) is not a cursor that the Studio gave.", field: argument)
  }
}

extension CursorHead {
  /// The position that a cursor of a table's list says; nil without a cursor.
  func position(
    _ cursor: String?, in order: ListOrder<some TableColumn>, argument: String
  ) throws -> ListPosition? {
    guard let cursor else { return nil }
    let payload = try payload(of: cursor, argument: argument)
    if order.isByID {
      guard let id = CursorHead.identifier(payload) else { throw CursorHead.unknown(argument) }
      return ListPosition(id: id)
    }
    guard let bytes = CursorHead.bytes(payload),
      let found = ListPosition(bytes: bytes, isText: order.isByText)
    else { throw CursorHead.unknown(argument) }
    return found
  }

  /// The cursor of a row in a list by id.
  func cursor(of id: Identifier) -> String { text + CursorHead.digits(id) }

  /// An underscore and an id's 26 digits; borrowing a known prefix writes them.
  private static func digits(_ id: Identifier) -> Substring {
    id.text(.flow).dropFirst(IdentifierPrefix.flow.rawValue.count)
  }

  private static func identifier(_ digits: Substring) -> Identifier? {
    try? TypeID.parse("flow_" + digits, as: .flow)
  }

  /// The bytes of pairs of hexadecimal digits.
  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let values = digits.utf8.map { UInt8(hexadecimalDigit: $0) }
    guard values.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[place], let low = values[place + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

extension UInt8 {
  fileprivate init?(hexadecimalDigit character: UInt8) {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self = character - UInt8(ascii: "a") + 10
    default: return nil
    }
  }
}
