import Flows
import Postgres
import Schema
import Storage

/// The arguments that all pages have.
protocol PageArguments {
  var first: Int? { get }
  var after: String? { get }
  var last: Int? { get }
  var before: String? { get }
}

extension UserFlowsArguments: PageArguments {}
extension AutomationFlowVersionsArguments: PageArguments {}
extension AutomationFlowExecutionLogsArguments: PageArguments {}
extension WorkbenchFlowsArguments: PageArguments {}
extension QuerySessionsArguments: PageArguments {}
extension QueryConnectorsArguments: PageArguments {}
extension QueryIntegrationsArguments: PageArguments {}
extension QueryFlowsArguments: PageArguments {}
extension QueryExecutionLogsArguments: PageArguments {}
extension QueryWorkbenchesArguments: PageArguments {}
extension QueryWebhooksArguments: PageArguments {}
extension QueryApiKeysArguments: PageArguments {}
extension QueryMembersArguments: PageArguments {}
extension QueryInvitationsArguments: PageArguments {}
extension QueryAuditLogArguments: PageArguments {}
extension WebhookDeliveriesArguments: PageArguments {}
extension FlowTriggerDeliveriesArguments: PageArguments {}

/// `first`, `after`, `last` and `before` of a list. The cursors are read where the order and the filter are
/// known.
struct PageRequest: Sendable {
  static let maximum = 100
  static let standard = 20

  /// The page's length.
  var count: Int
  /// Whether the page is cut from the end of the list.
  var isBackward: Bool
  var after: String?
  var before: String?

  init(_ arguments: some PageArguments) throws {
    try self.init(
      first: arguments.first, after: arguments.after, last: arguments.last, before: arguments.before)
  }

  /// - Throws: `BAD_USER_INPUT` when a length is not 1 to 100, or both are given.
  init(first: Int?, after: String?, last: Int? = nil, before: String? = nil) throws {
    if first != nil, last != nil {
      throw ServiceError(
        .badUserInput, "Give first or last, not both: a page begins at one end of the list.", field: "last")
    }
    count = first ?? last ?? PageRequest.standard
    isBackward = last != nil
    guard (1...PageRequest.maximum).contains(count) else {
      let name = isBackward ? "last" : "first"
      throw ServiceError(.badUserInput, "\(name) must be 1 to \(PageRequest.maximum).", field: name)
    }
    self.after = after
    self.before = before
  }

  /// One row more than asked for tells whether there is another page.
  var limit: Int32 { Int32(count + 1) }
}

/// Conditions of a list with their parameters; the conditions alone decide the statement's text.
struct PageFilter<Column: TableColumn>: Sendable {
  private(set) var conditions: [ListCondition<Column>] = []
  private(set) var append: [@Sendable (inout Parameters) -> Void] = []

  mutating func add(
    _ condition: ListCondition<Column>, _ parameter: @escaping @Sendable (inout Parameters) -> Void
  ) {
    conditions.append(condition)
    append.append(parameter)
  }

  /// Rows of a time range: at or after `from`, before `until`.
  mutating func add(_ column: Column, from: DateTime?, until: DateTime?) {
    if let from { add(.isAtLeast(column, .timestamptz)) { $0.timestamptz(microseconds: from.microseconds) } }
    if let until { add(.isBefore(column, .timestamptz)) { $0.timestamptz(microseconds: until.microseconds) } }
  }

  /// Rows that contain a text, in the places that the condition names.
  mutating func add(_ condition: ListCondition<Column>, search: String?) throws {
    guard let search else { return }
    try InputCheck.text(search, 0...200, field: "filter.search")
    let pattern = likePattern(containing: search)
    add(condition) { $0.text(pattern) }
  }

  func fill(_ parameters: inout Parameters) {
    for parameter in append { parameter(&parameters) }
  }

  /// A number for the conditions with their values, the same in every process; nil without any.
  var digest: UInt32? {
    guard !conditions.isEmpty else { return nil }
    let values = Parameters { parameters in
      for condition in conditions { parameters.text(condition.text) }
      fill(&parameters)
    }
    return UInt32(truncatingIfNeeded: values.digest ^ values.digest >> 32)
  }
}
