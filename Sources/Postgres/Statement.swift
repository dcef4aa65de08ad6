/// The types of parameters, by the number that Postgres gives them (`pg_type.oid`, fixed for built-in types).
public struct PostgresType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let bool = PostgresType(rawValue: 16)
  public static let bytea = PostgresType(rawValue: 17)
  public static let int8 = PostgresType(rawValue: 20)
  public static let int2 = PostgresType(rawValue: 21)
  public static let int4 = PostgresType(rawValue: 23)
  public static let text = PostgresType(rawValue: 25)
  public static let float8 = PostgresType(rawValue: 701)
  public static let timestamptz = PostgresType(rawValue: 1184)
  public static let uuid = PostgresType(rawValue: 2950)
  public static let jsonb = PostgresType(rawValue: 3802)
  public static let boolArray = PostgresType(rawValue: 1000)
  public static let int2Array = PostgresType(rawValue: 1005)
  public static let int4Array = PostgresType(rawValue: 1007)
  public static let textArray = PostgresType(rawValue: 1009)
  public static let int8Array = PostgresType(rawValue: 1016)
  public static let float8Array = PostgresType(rawValue: 1022)
  public static let timestamptzArray = PostgresType(rawValue: 1185)
  public static let uuidArray = PostgresType(rawValue: 2951)
  public static let jsonbArray = PostgresType(rawValue: 3807)
}

/// A statement's text, its parameters' types and its name: prepared once per connection, when first used
/// there.
///
/// Two statements are the same when their text and types are, whoever made them. Results are always binary.
/// A value around shared, immutable storage; cheap to copy, safe on any thread.
public struct Statement: Sendable, Hashable {
  private let storage: Storage

  /// - Parameters:
  ///   - label: for people: logs and tests show it as the first part of `name`.
  ///   - sql: one statement, with `$1`, `$2`, … for its parameters.
  ///   - types: the types of the parameters in order; a parameter left out is inferred by the server.
  public init(_ label: String, _ sql: String, _ types: [PostgresType] = []) {
    storage = Storage(label: label, sql: sql, types: types)
  }

  /// The text that is sent.
  public var sql: String { storage.sql }
  /// The parameters' types.
  public var types: [PostgresType] { storage.types }
  /// The part of the name that the author gave.
  public var label: String { storage.label }
  /// Unique per text and types: the label and sixteen hexadecimal digits of their hash.
  public var name: String {
    let digits = String(storage.hash, radix: 16)
    return storage.label + "_" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  public static func == (left: Statement, right: Statement) -> Bool {
    if left.storage === right.storage { return true }
    return left.storage.hash == right.storage.hash && left.storage.sql == right.storage.sql
      && left.storage.types == right.storage.types
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }

  private final class Storage: Sendable {
    let label: String
    let sql: String
    let types: [PostgresType]
    let hash: UInt64

    init(label: String, sql: String, types: [PostgresType]) {
      self.label = label
      self.sql = sql
      self.types = types
      // FNV-1a over text and types; equality compares both, so a collision costs time and nothing else.
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in sql.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      for type in types { hash = (hash ^ UInt64(type.rawValue)) &* 0x100_0000_01b3 }
      self.hash = hash
    }
  }
}
