import GraphQLEngine
import Schema

/// A page of the catalogue, which lies in memory.
struct ConnectorPage: Sendable {
  var connectors: [Connector]
  /// The place of the first one in the whole list.
  var start: Int
  var total: Int

  var info: PageInfo {
    PageInfo(
      hasNextPage: start + connectors.count < total, hasPreviousPage: start > 0,
      startCursor: connectors.first.map { ConnectorPage.cursor($0) },
      endCursor: connectors.last.map { ConnectorPage.cursor($0) })
  }

  /// A connector's type is its cursor: the list is ordered by it.
  static func cursor(_ connector: Connector) -> String { "connector_\(connector.type)" }
}

/// Resolvers of `ConnectorConnection`.
struct ConnectorPageFields: ConnectorConnectionResolvers {
  private static let connectors = FieldBinding.batch { call in
    let pages = try call.parents.rows(of: ConnectorPage.self)
    return .ready(
      .objects(.swift(pages.flatMap(\.connectors))).lists(counts: pages.map(\.connectors.count)))
  }

  var edges: FieldBinding { ConnectorPageFields.connectors }
  var nodes: FieldBinding { ConnectorPageFields.connectors }
  var pageInfo: FieldBinding {
    .batch { call in .ready(.objects(.swift(try call.parents.rows(of: ConnectorPage.self).map(\.info)))) }
  }
  var totalCount: FieldBinding {
    .batch { call in .ready(.leaves(try call.parents.rows(of: ConnectorPage.self).map(\.total))) }
  }
}

/// Resolvers of `ConnectorEdge`: the connector's own row.
struct ConnectorEdgeFields: ConnectorEdgeResolvers {
  var cursor: FieldBinding { .leaf(ConnectorCursor.self) }
  var node: FieldBinding { .same }

  private enum ConnectorCursor: LeafField {
    static func write(_ row: UnsafePointer<Connector>, _ out: inout JSONWriter) {
      out.write(ConnectorPage.cursor(row.pointee))
    }
  }
}
