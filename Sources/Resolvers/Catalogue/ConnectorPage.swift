import GraphQLEngine
import Schema

/// A page of the catalogue, which lies in memory.
struct ConnectorPage: Sendable {
  /// Each with its cursor.
  var connectors: [ListedConnector]
  var hasNext: Bool
  var hasPrevious: Bool
  var total: Int

  var info: PageInfo {
    PageInfo(
      hasNextPage: hasNext, hasPreviousPage: hasPrevious, startCursor: connectors.first?.cursor,
      endCursor: connectors.last?.cursor)
  }
}

/// A connector in a list.
struct ListedConnector: Sendable {
  var connector: Connector
  var cursor: String
}

extension ConnectorCatalogue {
  /// A page of the connectors of a category whose name or type contains a text. A connector's type is its
  /// place: it is unique, so a cursor needs nothing else.
  func page(_ arguments: QueryConnectorsArguments, _ request: PageRequest) throws -> ConnectorPage {
    let (field, direction) = (arguments.orderBy?.field ?? .type, arguments.orderBy?.direction ?? .asc)
    let head = CursorHead(
      kind: "connector", order: "\(field)-\(direction)", standard: "type-asc",
      filter: ConnectorCatalogue.digest(arguments))
    let listed = ordered(matching(arguments), field, direction)
    func place(_ cursor: String?, _ argument: String) throws -> Int? {
      guard let cursor else { return nil }
      let type = try head.payload(of: cursor, argument: argument)
      guard let place = listed.firstIndex(where: { $0.type == type }) else {
        throw ServiceError(.badUserInput, "\(argument) is not a cursor of this list.", field: argument)
      }
      return place
    }
    let (after, before) = (try place(request.after, "after"), try place(request.before, "before"))
    let start = after.map { $0 + 1 } ?? 0
    let slice = listed[start..<max(start, before ?? listed.count)]
    let hasMore = slice.count > request.count
    let page = request.isBackward ? slice.suffix(request.count) : slice.prefix(request.count)
    return ConnectorPage(
      connectors: page.map { ListedConnector(connector: $0, cursor: "\(head.text)_\($0.type)") },
      hasNext: request.isBackward ? before != nil : hasMore,
      hasPrevious: request.isBackward ? hasMore : after != nil, total: listed.count)
  }

  private func matching(_ arguments: QueryConnectorsArguments) -> [Connector] {
    let needle = arguments.search?.lowercased() ?? ""
    return connectors.filter { connector in
      (arguments.category == nil || connector.category == arguments.category)
        && (needle.isEmpty || connector.name.lowercased().contains(needle) || connector.type.contains(needle))
    }
  }

  private func ordered(
    _ connectors: [Connector], _ field: ConnectorOrderField, _ direction: OrderDirection
  ) -> [Connector] {
    let ascending =
      field == .type
      ? connectors
      : connectors.sorted { ($0.name.lowercased(), $0.type) < ($1.name.lowercased(), $1.type) }
    return direction == .asc ? ascending : ascending.reversed()
  }

  /// A number for the conditions; nil without any.
  private static func digest(_ arguments: QueryConnectorsArguments) -> UInt32? {
    guard arguments.category != nil || arguments.search != nil else { return nil }
    var hash: UInt32 = 0x811c_9dc5
    for byte in "\(arguments.category?.rawValue ?? "")/\(arguments.search?.lowercased() ?? "")".utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    return hash
  }
}

/// Resolvers of `ConnectorConnection`.
struct ConnectorPageFields: ConnectorConnectionResolvers {
  var edges: FieldBinding {
    .batch { call in
      let pages = try call.parents.rows(of: ConnectorPage.self)
      return .ready(
        .objects(.swift(pages.flatMap(\.connectors))).lists(counts: pages.map(\.connectors.count)))
    }
  }
  var nodes: FieldBinding {
    .batch { call in
      let pages = try call.parents.rows(of: ConnectorPage.self)
      let connectors = pages.flatMap { $0.connectors.map(\.connector) }
      return .ready(.objects(.swift(connectors)).lists(counts: pages.map(\.connectors.count)))
    }
  }
  var pageInfo: FieldBinding {
    .batch { call in .ready(.objects(.swift(try call.parents.rows(of: ConnectorPage.self).map(\.info)))) }
  }
  var totalCount: FieldBinding {
    .batch { call in .ready(.leaves(try call.parents.rows(of: ConnectorPage.self).map(\.total))) }
  }
}

/// Resolvers of `ConnectorEdge`.
struct ConnectorEdgeFields: ConnectorEdgeResolvers {
  var cursor: FieldBinding { .leaf(ConnectorCursor.self) }
  var node: FieldBinding {
    .batch { call in
      .ready(.objects(.swift(try call.parents.rows(of: ListedConnector.self).map(\.connector))))
    }
  }

  private enum ConnectorCursor: LeafField {
    static func write(_ row: UnsafePointer<ListedConnector>, _ out: inout JSONWriter) {
      out.write(row.pointee.cursor)
    }
  }
}
