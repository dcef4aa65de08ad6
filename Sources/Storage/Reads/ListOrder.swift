import Flows
import Postgres

/// How a list is ordered: by the rows' ids, which is the order of creation, or by a column and then the id.
public struct ListOrder<Column: TableColumn>: Hashable, Sendable {
  /// What the rows are compared by, before their ids.
  enum Key: Hashable, Sendable {
    case id
    /// Without regard to case.
    case text(Column)
    /// `minute` names a column with the instant's minute, where an index has that in its place.
    case instant(Column, minute: String?)
    /// Null is before all instants.
    case optionalInstant(Column)
  }

  let key: Key
  public let isDescending: Bool

  /// By creation: an id begins with its time.
  public static func created(isDescending: Bool) -> Self { Self(key: .id, isDescending: isDescending) }

  /// By a text, without regard to case.
  public static func text(_ column: Column, isDescending: Bool) -> Self {
    Self(key: .text(column), isDescending: isDescending)
  }

  /// By a `timestamptz`. With `isOptional`, rows without one are the oldest. `minute` names the column with
  /// its minute: rows of one minute are sorted, because an index has no more than that.
  public static func instant(
    _ column: Column, isOptional: Bool = false, minute: String? = nil, isDescending: Bool
  ) -> Self {
    Self(
      key: isOptional ? .optionalInstant(column) : .instant(column, minute: minute),
      isDescending: isDescending)
  }

  /// The newest first: the order of a list that nobody ordered.
  public static var standard: Self { created(isDescending: true) }

  /// The order's name in cursors: `name-asc`.
  public var code: String { name + (isDescending ? "-desc" : "-asc") }

  private var name: String {
    switch key {
    case .id: "created_at"
    case .text(let column), .instant(let column, _), .optionalInstant(let column): column.rawValue
    }
  }

  /// Whether a row's id alone says where it stands.
  public var isByID: Bool { key == .id }

  /// Whether rows are compared by a text before their ids.
  public var isByText: Bool {
    if case .text = key { true } else { false }
  }

  /// What the rows are compared by before their ids, as an index has it; nil for the id alone.
  var expression: String? {
    switch key {
    case .id: nil
    case .text(let column): "lower(t.\(column.rawValue))"
    case .instant(let column, _): "t.\(column.rawValue)"
    case .optionalInstant(let column): "coalesce(t.\(column.rawValue), '-infinity'::timestamptz)"
    }
  }

  /// What the rows are compared by before that: it never contradicts it, and an index has it.
  var minute: String? {
    if case .instant(_, let minute?) = key { "t.\(minute)" } else { nil }
  }

  /// The bytes of a row's position, for its cursor.
  var positionBytes: String? {
    guard let expression else { return nil }
    let key = isByText ? "convert_to(\(expression), 'UTF8')" : "timestamptz_send(\(expression))"
    return "uuid_send(t.id) || \(key)"
  }

  var keyType: PostgresType? { isByID ? nil : isByText ? .text : .timestamptz }
}

/// Where a row stands in an ordered list: what a cursor says.
public struct ListPosition: Hashable, Sendable {
  /// What the row is compared by before its id.
  public enum Key: Hashable, Sendable {
    case text(String)
    /// Microseconds since 2000-01-01, as Postgres counts them; its infinities are the ends of the range.
    case instant(Int64)
  }

  public var id: Identifier
  /// Nil in an order by id.
  public var key: Key?

  public init(id: Identifier, key: Key? = nil) {
    self.id = id
    self.key = key
  }

  /// Reads what `ListOrder.positionBytes` makes: the id's 16 bytes, then the key. Nil for anything else.
  public init?(bytes: [UInt8], isText: Bool) {
    guard bytes.count >= 16, let id = Identifier(bytes: bytes[..<16]) else { return nil }
    let rest = bytes[16...]
    if isText {
      guard !rest.contains(0), let text = String(validating: rest, as: UTF8.self) else { return nil }
      self.init(id: id, key: .text(text))
    } else {
      guard rest.count == 8 else { return nil }
      let raw = Int64(bitPattern: rest.reduce(0) { $0 << 8 | UInt64($1) })
      guard ListPosition.instants.contains(raw) || raw == .min || raw == .max else { return nil }
      self.init(id: id, key: .instant(raw))
    }
  }

  /// What Postgres accepts as `timestamptz` (`datatype/timestamp.h`: MIN_TIMESTAMP, END_TIMESTAMP).
  private static let instants = Int64(-211_813_488_000_000_000)..<9_223_371_331_200_000_000
}
