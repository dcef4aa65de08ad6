import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// A page of a list: the row of a connection type (Relay's "connection"). Its nodes are rows of a table that
/// all pages of one statement share.
struct Page: Sendable {
  /// Where the page's rows lie; nil when only the count was asked for.
  var table: RowTable?
  var layout: TableLayout
  var range: Range<Int>
  var hasNext: Bool
  var hasPrevious: Bool
  /// The column that holds the row's id, for the cursors.
  var idColumn: Int
  var counter: PageCounter
  /// What the counter knows this page by.
  var parent: Identifier

  var info: PageInfo {
    PageInfo(
      hasNextPage: hasNext, hasPreviousPage: hasPrevious, startCursor: cursor(range.first),
      endCursor: cursor(range.last))
  }

  private func cursor(_ row: Int?) -> String? {
    guard let row, let id = table?.batch.uuid(row, idColumn) else { return nil }
    return PageCursor.text(id.identifier)
  }
}

/// Counts the rows of the lists that pages were cut from, when `totalCount` is selected.
struct PageCounter: Sendable {
  /// Result: parent and count, or the count alone when there is one list.
  var statement: Statement
  var parameters: @Sendable (_ parents: [Identifier]) -> Parameters
  var isGrouped: Bool
}

extension PageCursor {
  static func text(_ id: Identifier) -> String {
    prefix + id.text(.flow).dropFirst(IdentifierPrefix.flow.rawValue.count)
  }
}

/// `first` and `after` of a list, checked.
struct PageRequest: Sendable {
  static let maximum = 100
  static let standard = 20

  var first: Int
  var after: Identifier?

  /// - Throws: `BAD_USER_INPUT` when `first` is not 1 to 100, or `after` is no cursor.
  init(first: Int?, after: String?) throws {
    self.first = first ?? PageRequest.standard
    guard (1...PageRequest.maximum).contains(self.first) else {
      throw ServiceError(.badUserInput, "first must be 1 to \(PageRequest.maximum).", field: "first")
    }
    self.after = try after.map { try PageCursor.parse($0) }
  }

  /// One row more than asked for tells whether there is a next page.
  var limit: Int32 { Int32(first + 1) }
}

/// Conditions of a list with their parameters; the conditions alone decide the statement's text.
struct PageFilter<Column: TableColumn>: Sendable {
  var conditions: [ListCondition<Column>] = []
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
}

extension TableType {
  /// Resolves a root field with a page of the organization's rows.
  func page(
    _ call: FieldCall, _ request: PageRequest, _ filter: PageFilter<Column>
  ) throws -> Resolution {
    let context = try call.studio
    let owner = Self.owner(try context.requireViewer())
    let plan = pagePlan(call)
    let counter = PageCounter(
      statement: TableReads<Column>.count(where: filter.conditions, label: "\(Self.noun)_count"),
      parameters: { _ in
        Parameters {
          $0.uuid(owner.uuid)
          filter.fill(&$0)
        }
      }, isGrouped: false)
    guard showsRows(call) else {
      return .ready(.object(.swift([makePage(nil, 0..<0, plan, request, counter, parent: owner)])))
    }
    let statement = TableReads.page(plan.columns, where: filter.conditions, label: "\(Self.noun)_page")
    let parameters = Parameters {
      $0.uuid(owner.uuid)
      $0.int4(request.limit)
      $0.uuid(request.after?.uuid)
      filter.fill(&$0)
    }
    return read(statement, parameters, in: context, noun: Self.noun) { table in
      let page = makePage(table, 0..<table.rowCount, plan, request, counter, parent: owner)
      return .object(.swift([page]))
    }
  }

  /// Resolves a field with a page for each parent, all in one statement.
  func pages(
    _ call: FieldCall, of parent: Column, _ request: PageRequest, _ filter: PageFilter<Column>
  ) throws -> Resolution {
    let counts = TableReads.counts(of: parent, where: filter.conditions, label: "\(Self.noun)_counts")
    return try pages(call, request, filter, counts: counts) { columns in
      TableReads.pages(of: parent, columns, where: filter.conditions, label: "\(Self.noun)_pages")
    }
  }

  /// Resolves a field with a page for each parent of the rows that a table of pairs gives it.
  func pages(_ call: FieldCall, through link: RowLink, _ request: PageRequest) throws -> Resolution {
    let counts = TableReads<Column>.counts(through: link, label: "\(Self.noun)_linked_counts")
    return try pages(call, request, PageFilter(), counts: counts) { columns in
      TableReads.pages(through: link, columns, label: "\(Self.noun)_linked_pages")
    }
  }

  private func pages(
    _ call: FieldCall, _ request: PageRequest, _ filter: PageFilter<Column>, counts: Statement,
    _ statement: ([Column]) -> Statement
  ) throws -> Resolution {
    let context = try call.studio
    let owner = Self.owner(try context.requireViewer())
    let plan = pagePlan(call)
    let parents = try call.parents.identifiers("id").compactMap { $0 }
    let counter = PageCounter(
      statement: counts,
      parameters: { keys in
        var parameters = keyParameters(owner, keys)
        filter.fill(&parameters)
        return parameters
      }, isGrouped: true)
    guard showsRows(call) else {
      let pages = parents.map { makePage(nil, 0..<0, plan, request, counter, parent: $0) }
      return .ready(.objects(.swift(pages)))
    }
    var parameters = keyParameters(owner, parents)
    parameters.int4(request.limit)
    parameters.uuid(request.after?.uuid)
    filter.fill(&parameters)
    return read(statement(plan.columns), parameters, in: context, noun: Self.noun) { table in
      let ranges = table.ranges(byParentIn: plan.columns.count + 1)
      let pages = parents.map { parent in
        makePage(table, ranges[parent] ?? 0..<0, plan, request, counter, parent: parent)
      }
      return .objects(.swift(pages))
    }
  }

  /// Whether anything is selected for which rows must be read; a count alone needs none.
  private func showsRows(_ call: FieldCall) -> Bool {
    ["nodes", "edges", "pageInfo"].contains { call.selection.contains($0) }
  }

  private func makePage(
    _ table: RowTable?, _ range: Range<Int>, _ plan: TablePlan<Column>, _ request: PageRequest,
    _ counter: PageCounter, parent: Identifier
  ) -> Page {
    Page(
      table: table, layout: plan.layout, range: range.prefix(request.first),
      hasNext: range.count > request.first,
      hasPrevious: request.after != nil, idColumn: plan.columns.count, counter: counter, parent: parent)
  }

  /// The columns for everything below a connection: its nodes, its edges' nodes and their cursors.
  private func pagePlan(_ call: FieldCall) -> TablePlan<Column> {
    call.memo {
      let edges = call.selection["edges"]
      let cursors = edges.types.flatMap { edges.fields(of: $0) }.filter {
        call.schema.name(call.schema[$0].name) == "cursor"
      }
      return plan([call.selection["nodes"], edges["node"]], cursors: cursors, schema: call.schema)
    }
  }
}

/// Resolvers of every connection type: they read the `Page`.
struct PageFields: AutomationFlowConnectionResolvers, IntegrationConnectionResolvers,
  FlowVersionConnectionResolvers, ExecutionLogConnectionResolvers, WorkbenchConnectionResolvers,
  SessionConnectionResolvers, WebhookConnectionResolvers, WebhookDeliveryConnectionResolvers,
  ApiKeyConnectionResolvers
{
  /// The rows of all pages, a list for each.
  private static let rows = FieldBinding.batch { call in
    let pages = try call.parents.rows(of: Page.self)
    var groups: [Rows] = []
    var tables: [ObjectIdentifier: Int] = [:]
    var positions: [RowPosition] = []
    for page in pages {
      guard let table = page.table else { continue }
      let group = tables[ObjectIdentifier(table)] ?? groups.count
      if group == groups.count {
        tables[ObjectIdentifier(table)] = group
        groups.append(.table(table, layout: page.layout))
      }
      positions += page.range.map { RowPosition(group: group, row: $0) }
    }
    return .ready(.objects(groups, at: positions).lists(counts: pages.map(\.range.count)))
  }

  var edges: FieldBinding { PageFields.rows }
  var nodes: FieldBinding { PageFields.rows }

  var pageInfo: FieldBinding {
    .batch { call in .ready(.objects(.swift(try call.parents.rows(of: Page.self).map(\.info)))) }
  }

  var totalCount: FieldBinding {
    .batch { call in
      let pages = try call.parents.rows(of: Page.self)
      guard let counter = pages.first?.counter else { return .ready(.leaves([Int]())) }
      let parents = pages.map(\.parent)
      return read(
        counter.statement, counter.parameters(parents), in: try call.studio, noun: "list"
      ) { table in
        guard counter.isGrouped else { return .leaves([table.batch.int(0, 0) ?? 0]) }
        var counts: [Identifier: Int] = [:]
        for row in 0..<table.rowCount {
          if let parent = table.batch.uuid(row, 0) { counts[parent.identifier] = table.batch.int(row, 1) }
        }
        return .leaves(parents.map { counts[$0] ?? 0 })
      }
    }
  }
}

/// Resolvers of every edge type: an edge is its node's row seen as another type.
struct EdgeFields: AutomationFlowEdgeResolvers, IntegrationEdgeResolvers, FlowVersionEdgeResolvers,
  ExecutionLogEdgeResolvers, WorkbenchEdgeResolvers, SessionEdgeResolvers, WebhookEdgeResolvers,
  WebhookDeliveryEdgeResolvers, ApiKeyEdgeResolvers
{
  var cursor: FieldBinding { .cell }
  var node: FieldBinding { .same }
}
