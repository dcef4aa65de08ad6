import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `AutomationNode`.
struct NodeFields: AutomationNodeResolvers, TableType {
  static let typeName = "AutomationNode"
  static let noun = "node"

  func source(of leaf: AutomationNodeLeaf) -> LeafSource<NodeColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.node))
    case .key: LeafSource(.key, .text)
    case .title: LeafSource(.title, .text)
    case .kind: LeafSource(.kind, Formats.nodeKind)
    case .detail: LeafSource(.detail, .text)
    case .config: LeafSource(.config, .jsonb)
    case .order: LeafSource(.order, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [NodeColumn] {
    switch field {
    case "integration": [.integrationID]
    case "parent": [.parentID]
    default: [.flowID]
    }
  }

  var flow: FieldBinding { FlowFields().reference(Loaders.flows, by: NodeColumn.flowID, id: .id) }
  var parent: FieldBinding { Loaders.nodes(by: NodeColumn.parentID) }
  var integration: FieldBinding { Loaders.integrations(by: NodeColumn.integrationID) }
}

/// Resolvers of `AutomationConnection`.
struct ConnectionFields: AutomationConnectionResolvers, TableType {
  static let typeName = "AutomationConnection"
  static let noun = "connection"

  func source(of leaf: AutomationConnectionLeaf) -> LeafSource<ConnectionColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.connection))
    case .label: LeafSource(.label, .text)
    case .condition: LeafSource(.condition, .text)
    case .outcome: LeafSource(.outcome, Formats.connectionOutcome)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [ConnectionColumn] {
    switch field {
    case "from": [.fromNodeID]
    case "to": [.toNodeID]
    default: [.flowID]
    }
  }

  var flow: FieldBinding { FlowFields().reference(Loaders.flows, by: ConnectionColumn.flowID, id: .id) }
  var from: FieldBinding { NodeFields().reference(Loaders.nodes, by: ConnectionColumn.fromNodeID, id: .id) }
  var to: FieldBinding { NodeFields().reference(Loaders.nodes, by: ConnectionColumn.toNodeID, id: .id) }
}
