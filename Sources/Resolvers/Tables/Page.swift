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
  /// The page's rows, in the order in which they were read.
  var range: Range<Int>
  /// Whether they were read from the end of the list, so that the last one comes first.
  var isBackward: Bool
  var hasNext: Bool
  var hasPrevious: Bool
  var cursors: PageCursors
  /// Nil when the count is not selected.
  var counter: PageCounter?
  /// What the counter knows this page by.
  var parent: Identifier

  var info: PageInfo {
    let (first, last) = isBackward ? (range.last, range.first) : (range.first, range.last)
    return PageInfo(
      hasNextPage: hasNext, hasPreviousPage: hasPrevious, startCursor: cursor(first), endCursor: cursor(last))
  }

  /// The rows in the order of the list.
  func positions(group: Int) -> [RowPosition] {
    if isBackward { return range.reversed().map { RowPosition(group: group, row: $0) } }
    return range.map { RowPosition(group: group, row: $0) }
  }

  private func cursor(_ row: Int?) -> String? {
    guard let row, let table else { return nil }
    guard cursors.isByID else { return table.batch.string(row, cursors.column) }
    return table.batch.uuid(row, cursors.column).map { cursors.head.cursor(of: $0.identifier) }
  }
}

/// Where a page's cursors are: a column of ids, or of whole cursors.
struct PageCursors: Sendable {
  var head: CursorHead
  var isByID: Bool
  var column: Int
}

/// Counts the rows of the lists that pages were cut from, when `totalCount` is selected.
struct PageCounter: Sendable {
  /// Result: parent and count, or the count alone when there is one list.
  var statement: Statement
  var parameters: @Sendable (_ parents: [Identifier]) -> Parameters
  var isGrouped: Bool
}

/// A list as a client wants to see it: which rows, in which order, which part.
struct PageQuery<Column: TableColumn>: Sendable {
  var request: PageRequest
  var filter: PageFilter<Column>
  var order: ListOrder<Column>
  let head: CursorHead
  private let after: ListPosition?
  private let before: ListPosition?

  /// - Throws: `BAD_USER_INPUT` for cursors of other lists.
  init(
    _ request: PageRequest, _ filter: PageFilter<Column> = PageFilter(),
    order: ListOrder<Column>? = nil
  ) throws {
    let order = order ?? .standard
    self.request = request
    self.filter = filter
    self.order = order
    head = CursorHead(order: order.code, filter: filter.digest)
    after = try head.position(request.after, in: order, argument: "after")
    before = try head.position(request.before, in: order, argument: "before")
  }

  func shape(hasCursors: Bool) -> PageShape<Column> {
    PageShape(
      order: order, isBackward: request.isBackward, hasAfter: after != nil, hasBefore: before != nil,
      hasCursors: hasCursors, conditions: filter.conditions)
  }

  /// Appends what follows the owner and the parents.
  func fill(_ parameters: inout Parameters, _ shape: PageShape<Column>) {
    parameters.int4(request.limit)
    shape.fill(&parameters, after: after, before: before, head: head.text + "_")
    filter.fill(&parameters)
  }

  /// The page of the rows that were read for it (Relay's connections, "Pagination algorithm", "PageInfo").
  ///
  /// One row more than the page's length says that the list goes on; beyond a cursor there is at least the
  /// cursor's own row.
  func page(
    _ table: RowTable?, _ range: Range<Int>, _ plan: PagePlan<Column>, counter: PageCounter?,
    parent: Identifier
  ) -> Page {
    let hasMore = range.count > request.count
    return Page(
      table: table, layout: plan.layout(head: head, isByID: order.isByID),
      range: range.prefix(request.count), isBackward: request.isBackward,
      hasNext: request.isBackward ? before != nil : hasMore,
      hasPrevious: request.isBackward ? hasMore : after != nil,
      cursors: PageCursors(head: head, isByID: order.isByID, column: plan.columns.count), counter: counter,
      parent: parent)
  }
}

extension TableType {
  /// Resolves a root field with a page of the organization's rows.
  func page(
    _ call: FieldCall, _ request: PageRequest, _ filter: PageFilter<Column>, order: ListOrder<Column>? = nil
  ) throws -> Resolution {
    let context = try call.studio
    let owner = Self.owner(try context.requireViewer())
    let query = try PageQuery(request, filter, order: order)
    let plan = pagePlan(call)
    var counter: PageCounter?
    if plan.showsCount {
      counter = PageCounter(
        statement: TableReads<Column>.count(where: filter.conditions, label: "\(Self.noun)_count"),
        parameters: { _ in
          Parameters {
            $0.uuid(owner.uuid)
            filter.fill(&$0)
          }
        }, isGrouped: false)
    }
    guard plan.showsRows else {
      return .ready(.object(.swift([query.page(nil, 0..<0, plan, counter: counter, parent: owner)])))
    }
    let shape = query.shape(hasCursors: plan.showsCursors)
    let statement = plan.statement(shape) { TableReads.page($0, $1, label: "\(Self.noun)_page") }
    let parameters = Parameters {
      $0.uuid(owner.uuid)
      query.fill(&$0, shape)
    }
    return read(statement, parameters, in: context, noun: Self.noun) { [counter] table in
      let page = query.page(table, 0..<table.rowCount, plan, counter: counter, parent: owner)
      return .object(.swift([page]))
    }
  }

  /// Resolves a field with a page for each parent, all in one statement.
  func pages(
    _ call: FieldCall, of parent: Column, _ request: PageRequest, _ filter: PageFilter<Column>,
    order: ListOrder<Column>? = nil
  ) throws -> Resolution {
    let query = try PageQuery(request, filter, order: order)
    return try pages(call, query) {
      TableReads.counts(of: parent, where: filter.conditions, label: "\(Self.noun)_counts")
    } pages: {
      TableReads.pages(of: parent, $0, $1, label: "\(Self.noun)_pages")
    }
  }

  /// Resolves a field with a page for each parent of the rows that a table of pairs gives it.
  func pages(
    _ call: FieldCall, through link: RowLink, _ request: PageRequest, order: ListOrder<Column>? = nil
  ) throws -> Resolution {
    try pages(call, try PageQuery(request, order: order)) {
      TableReads<Column>.counts(through: link, label: "\(Self.noun)_linked_counts")
    } pages: {
      TableReads.pages(through: link, $0, $1, label: "\(Self.noun)_linked_pages")
    }
  }

  private func pages(
    _ call: FieldCall, _ query: PageQuery<Column>, counts: () -> Statement,
    pages statement: ([Column], PageShape<Column>) -> Statement
  ) throws -> Resolution {
    let context = try call.studio
    let owner = Self.owner(try context.requireViewer())
    let plan = pagePlan(call)
    let parents = try call.parents.identifiers("id").compactMap { $0 }
    var counter: PageCounter?
    if plan.showsCount {
      counter = PageCounter(
        statement: counts(),
        parameters: { keys in
          var parameters = keyParameters(owner, keys)
          query.filter.fill(&parameters)
          return parameters
        }, isGrouped: true)
    }
    guard plan.showsRows else {
      let pages = parents.map { query.page(nil, 0..<0, plan, counter: counter, parent: $0) }
      return .ready(.objects(.swift(pages)))
    }
    let shape = query.shape(hasCursors: plan.showsCursors)
    var parameters = keyParameters(owner, parents)
    query.fill(&parameters, shape)
    return read(plan.statement(shape, statement), parameters, in: context, noun: Self.noun) {
      [counter] table in
      let ranges = table.ranges(byParentIn: plan.columns.count + 1)
      let pages = parents.map { parent in
        query.page(table, ranges[parent] ?? 0..<0, plan, counter: counter, parent: parent)
      }
      return .objects(.swift(pages))
    }
  }

  /// The columns for everything below a connection: its nodes, and its edges' nodes.
  private func pagePlan(_ call: FieldCall) -> PagePlan<Column> {
    call.memo {
      let rows = plan([call.selection["nodes"], call.selection["edges"]["node"]], schema: call.schema)
      return PagePlan(rows, call.selection, schema: call.schema)
    }
  }
}

/// Resolvers of every connection type: they read the `Page`.
struct PageFields: AutomationFlowConnectionResolvers, IntegrationConnectionResolvers,
  FlowVersionConnectionResolvers, ExecutionLogConnectionResolvers, WorkbenchConnectionResolvers,
  SessionConnectionResolvers, WebhookConnectionResolvers, WebhookDeliveryConnectionResolvers,
  ApiKeyConnectionResolvers,
  MembershipConnectionResolvers, InvitationConnectionResolvers,
  AuditEventConnectionResolvers, TriggerDeliveryConnectionResolvers
{
  /// The rows of all pages, a list for each.
  private static let rows = FieldBinding.batch { call in
    let pages = try call.parents.rows(of: Page.self)
    if let rows = PageFields.rowsOfOneTable(pages) {
      return .ready(.objects(rows).lists(counts: pages.map(\.range.count)))
    }
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
      positions += page.positions(group: group)
    }
    return .ready(.objects(groups, at: positions).lists(counts: pages.map(\.range.count)))
  }

  /// The rows where all pages were read by one statement, as nearly always.
  private static func rowsOfOneTable(_ pages: ParentRows<Page>) -> Rows? {
    guard let first = pages.first, let table = first.table else { return nil }
    var rows: [Int] = []
    rows.reserveCapacity(table.rowCount)
    for page in pages {
      guard page.table === table, page.layout === first.layout else { return nil }
      if page.isBackward { rows += page.range.reversed() } else { rows += page.range }
    }
    return .table(table, layout: first.layout, rows: rows)
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
  WebhookDeliveryEdgeResolvers, ApiKeyEdgeResolvers,
  MembershipEdgeResolvers, InvitationEdgeResolvers, AuditEventEdgeResolvers, TriggerDeliveryEdgeResolvers
{
  var cursor: FieldBinding { .cell }
  var node: FieldBinding { .same }
}
