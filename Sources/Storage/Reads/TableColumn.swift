import Flows
import Postgres

/// The columns of a table that may be read; the raw value is the column's name in SQL.
///
/// Statements are built from these names and from literals of this module only, never from a client's text.
public protocol TableColumn: RawRepresentable<String>, Hashable, CaseIterable, Sendable {
  /// The table's name.
  static var table: String { get }
  /// The column that says whose the rows are; every statement has it as `$1`.
  static var owner: String { get }
}

extension TableColumn {
  public static var owner: String { "organization_id" }
}

extension Identifier {
  /// The same sixteen bytes, as Postgres has them.
  public var uuid: UUIDValue { UUIDValue(high: high, low: low) }
}

extension UUIDValue {
  /// The same sixteen bytes, as the domain has them.
  public var identifier: Identifier { Identifier(high: high, low: low) }
}

/// A table of pairs between rows of two tables of the same organization; its key begins with the organization
/// and the parent, and orders the children.
public struct RowLink: Hashable, Sendable {
  let table: String
  let parent: String
  let child: String

  /// The flows that lie on a workbench.
  public static let flowsOfWorkbench = RowLink(
    table: "workbench_flows", parent: "workbench_id", child: "flow_id")
}

/// A condition of a list, over a column and the parameter with the number that the builder gives it.
public struct ListCondition<Column: TableColumn>: Hashable, Sendable {
  enum Comparison: Hashable, Sendable {
    case equals, isAnyOf, isAtLeast, isBefore
    /// Case is ignored; the parameter is a LIKE pattern made by `likePattern`.
    case contains
    /// The parameter is a boolean: whether the column must be null.
    case isNull
    /// The parameter is a boolean: whether the instant must lie ahead, by Postgres's clock.
    case isAhead
  }

  let column: Column
  let comparison: Comparison
  let type: PostgresType
  /// A further column of which either may match.
  let alternative: Column?
  /// The member of the alternative that counts, when that is a JSON object; a literal of this module.
  var member: String?

  public static func equals(_ column: Column, _ type: PostgresType) -> Self {
    ListCondition(column: column, comparison: .equals, type: type, alternative: nil)
  }

  /// The parameter is an array of `type`.
  public static func isAny(_ column: Column, of type: PostgresType) -> Self {
    ListCondition(column: column, comparison: .isAnyOf, type: type, alternative: nil)
  }

  public static func isAtLeast(_ column: Column, _ type: PostgresType) -> Self {
    ListCondition(column: column, comparison: .isAtLeast, type: type, alternative: nil)
  }

  public static func isBefore(_ column: Column, _ type: PostgresType) -> Self {
    ListCondition(column: column, comparison: .isBefore, type: type, alternative: nil)
  }

  /// Either column contains the text.
  public static func contains(_ column: Column, or alternative: Column? = nil) -> Self {
    ListCondition(column: column, comparison: .contains, type: .text, alternative: alternative)
  }

  /// Either the column or the `message` of an object in a JSON column contains the text.
  public static func contains(_ column: Column, orMessageOf json: Column) -> Self {
    var condition = ListCondition(column: column, comparison: .contains, type: .text, alternative: json)
    condition.member = "message"
    return condition
  }

  /// The parameter is a boolean: whether it must be so.
  public static func isNull(_ column: Column) -> Self {
    ListCondition(column: column, comparison: .isNull, type: .bool, alternative: nil)
  }

  /// The parameter is a boolean: whether it must be so. Postgres's clock decides.
  public static func isAhead(_ column: Column) -> Self {
    ListCondition(column: column, comparison: .isAhead, type: .bool, alternative: nil)
  }

  /// What the condition demands, without its value; names it in a digest of a filter.
  public var text: String { sql(0) }

  func sql(_ parameter: Int) -> String {
    let place = "$\(parameter)"
    switch comparison {
    case .equals: return "t.\(column.rawValue) = \(place)"
    case .isAnyOf: return "t.\(column.rawValue) = ANY(\(place))"
    case .isAtLeast: return "t.\(column.rawValue) >= \(place)"
    case .isBefore: return "t.\(column.rawValue) < \(place)"
    case .isNull: return "(t.\(column.rawValue) IS NULL) = \(place)"
    case .isAhead: return "(t.\(column.rawValue) > now()) = \(place)"
    case .contains:
      let other = alternative.map { "t.\($0.rawValue)" + (member.map { " ->> '\($0)'" } ?? "") }
      let parts = ["t.\(column.rawValue)", other].compactMap { $0 }.map { "\($0) ILIKE \(place)" }
      return "(" + parts.joined(separator: " OR ") + ")"
    }
  }
}

/// A LIKE pattern that matches any text which contains this one; its own signs lose their meaning.
public func likePattern(containing text: String) -> String {
  var pattern = "%"
  for character in text {
    if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
    pattern.append(character)
  }
  return pattern + "%"
}
