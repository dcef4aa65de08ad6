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
    /// The same of the id, and of an instant that nearly says the same: see `createdFrom`.
    case isAtLeastID, isBeforeID, isAtLeastToo, isBeforeToo
    /// Case is ignored; the parameter is a LIKE pattern made by `likePattern`.
    case contains
    /// The parameter is a boolean: whether the column must be null.
    case isNull
    /// The parameter is a boolean: whether the instant must lie ahead, by Postgres's clock.
    case isAhead
    /// The parameter is a boolean: whether a flow must have a trigger that fails.
    case hasFailingTriggers
    /// As `contains`, in a run's name and its error's message: see `RunSearch`.
    case isFoundInRun
  }

  let column: Column
  let comparison: Comparison
  let type: PostgresType
  /// A further column of which either may match.
  let alternative: Column?

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

  /// - Parameter isDescending: whether the rows are walked from the greatest id on.
  func sql(_ parameter: Int, isDescending: Bool = true) -> String {
    let place = "$\(parameter)"
    switch comparison {
    case .equals: return "t.\(column.rawValue) = \(place)"
    case .isAnyOf: return "t.\(column.rawValue) = ANY(\(place))"
    case .isAtLeast: return "t.\(column.rawValue) >= \(place)"
    case .isBefore: return "t.\(column.rawValue) < \(place)"
    case .isAtLeastID where isDescending: return "(t.id, t.organization_id) >= (\(place), $1)"
    case .isBeforeID where !isDescending: return "(t.id, t.organization_id) < (\(place), $1)"
    case .isAtLeastID: return "t.id >= \(place)"
    case .isBeforeID: return "t.id < \(place)"
    case .isAtLeastToo: return "CASE WHEN t.\(column.rawValue) >= \(place) THEN true ELSE false END"
    case .isBeforeToo: return "CASE WHEN t.\(column.rawValue) < \(place) THEN true ELSE false END"
    case .isNull: return "(t.\(column.rawValue) IS NULL) = \(place)"
    case .isAhead: return "(t.\(column.rawValue) > now()) = \(place)"
    case .contains:
      let other = alternative.map { "t.\($0.rawValue)" }
      let parts = ["t.\(column.rawValue)", other].compactMap { $0 }.map { "\($0) ILIKE \(place)" }
      return "(" + parts.joined(separator: " OR ") + ")"
    case .hasFailingTriggers:
      return """
        (EXISTS (SELECT 1 FROM flow_triggers g WHERE g.organization_id = t.organization_id \
        AND g.flow_id = t.id AND \(TriggerReads.isFailing("g")))) = \(place)
        """
    case .isFoundInRun: return "(\(RunSearch<Column>.name(place)) OR \(RunSearch<Column>.message(place)))"
    }
  }
}

extension ListCondition where Column == FlowColumn {
  /// The parameter is a boolean: whether it must be so.
  public static var hasFailingTriggers: Self {
    ListCondition(column: .id, comparison: .hasFailingTriggers, type: .bool, alternative: nil)
  }
}

extension ListCondition where Column == ExecutionColumn {
  /// Accepted at or after the instant. Two conditions: the instant, and the least id that such a run can
  /// have, so that an index bounds what must be looked at.
  ///
  /// To the planner, which knows no parameter's value, four bounds of one range are so few rows that it sorts
  /// them all instead of walking an index. So the instant's are hidden from it, and of the ids' the one where
  /// a walk ends is the comparison of a row. The one where it begins is not: of several of these an index
  /// takes the narrowest.
  public static var createdFrom: (instant: Self, id: Self) {
    (
      ListCondition(column: .createdAt, comparison: .isAtLeastToo, type: .timestamptz, alternative: nil),
      ListCondition(column: .id, comparison: .isAtLeastID, type: .uuid, alternative: nil)
    )
  }

  /// Accepted before the instant; the id is one behind all that such a run can have.
  public static var createdUntil: (instant: Self, id: Self) {
    (
      ListCondition(column: .createdAt, comparison: .isBeforeToo, type: .timestamptz, alternative: nil),
      ListCondition(column: .id, comparison: .isBeforeID, type: .uuid, alternative: nil)
    )
  }

  /// The flow's name or the error's message contains the text. Case is ignored; the parameter is a LIKE
  /// pattern made by `likePattern`.
  public static var isFoundByText: Self {
    ListCondition(column: .flowName, comparison: .isFoundInRun, type: .text, alternative: nil)
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
