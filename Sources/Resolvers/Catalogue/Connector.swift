import Connectors
import Flows
import GraphQLEngine
import Schema

/// A service of the catalogue: the row of the type `Connector`.
struct Connector: Sendable {
  var type: String
  var name: String
  var category: ConnectorCategory
  var description: String
  var documentation: String?
  var capabilities: [String]
  var credentialsSchema: RawJSON
  var authentication: [ConnectorAuthentication]
  var operations: [ConnectorOperation]
  var triggers: [ConnectorTrigger]

  init(_ manifest: Manifest) {
    type = manifest.type
    name = manifest.name
    category = ConnectorCategory(rawValue: manifest.category.uppercased()) ?? .data
    description = manifest.description
    documentation = manifest.documentation
    capabilities = manifest.capabilities
    credentialsSchema = RawJSON(manifest.credentials.value.encoded())
    authentication = manifest.authentication.reduce(into: []) { kinds, method in
      let kind = ConnectorAuthentication(method.kind)
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    operations = manifest.operations.map(ConnectorOperation.init)
    triggers = manifest.triggers.map(ConnectorTrigger.init)
  }
}

extension ConnectorAuthentication {
  fileprivate init(_ kind: Connectors.Authentication.Kind) {
    switch kind {
    case .none: self = .none
    case .apiKey: self = .apiKey
    case .bearer: self = .bearer
    case .basic: self = .basic
    case .oauth2: self = .oauth2
    }
  }
}

extension ConnectorOperation {
  fileprivate init(_ operation: Connectors.Operation) {
    self.init(
      key: operation.key, name: operation.name, description: operation.description,
      documentation: operation.documentation, inputSchema: RawJSON(operation.input.value.encoded()),
      outputSchema: RawJSON(operation.output.value.encoded()), isPaged: operation.paging != nil,
      isRepeatable: operation.isRepeatable)
  }
}

extension ConnectorTrigger {
  fileprivate init(_ trigger: Connectors.Trigger) {
    var kind = ConnectorTriggerKind.poll
    var (events, setup): ([String], String?) = ([], nil)
    if case .webhook(let webhook) = trigger.kind {
      kind = .webhook
      (events, setup) = (webhook.events.map(\.name), webhook.setup)
    }
    self.init(
      key: trigger.key, name: trigger.name, description: trigger.description,
      documentation: trigger.documentation, kind: kind, events: events, setup: setup,
      settingsSchema: RawJSON(trigger.settings.value.encoded()),
      outputSchema: RawJSON(trigger.output.value.encoded()))
  }
}

/// Resolvers of `Connector`, which lies in memory.
struct ConnectorFields: ConnectorResolvers {
  var type: FieldBinding { .leaf(Leaves.TypeLeaf.self) }
  var name: FieldBinding { .leaf(Leaves.NameLeaf.self) }
  var category: FieldBinding { .leaf(Leaves.CategoryLeaf.self) }
  var description: FieldBinding { .leaf(Leaves.DescriptionLeaf.self) }
  var capabilities: FieldBinding { .leaf(Leaves.CapabilitiesLeaf.self) }
  var credentialsSchema: FieldBinding { .leaf(Leaves.CredentialsSchemaLeaf.self) }
  var documentation: FieldBinding { .leaf(Leaves.DocumentationLeaf.self) }
  var authentication: FieldBinding { .leaf(Leaves.AuthenticationLeaf.self) }
  var operations: FieldBinding {
    .batch { call in
      let lists = try call.parents.rows(of: Connector.self).map(\.operations)
      return .ready(.objects(.swift(lists.flatMap { $0 })).lists(counts: lists.map(\.count)))
    }
  }
  var triggers: FieldBinding {
    .batch { call in
      let lists = try call.parents.rows(of: Connector.self).map(\.triggers)
      return .ready(.objects(.swift(lists.flatMap { $0 })).lists(counts: lists.map(\.count)))
    }
  }

  private typealias Row = UnsafePointer<Connector>
  private typealias Out = GraphQLEngine.JSONWriter

  private enum Leaves {
    enum TypeLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.type) }
    }
    enum NameLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.name) }
    }
    enum CategoryLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.category) }
    }
    enum DescriptionLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.description) }
    }
    enum CapabilitiesLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(list: row.pointee.capabilities) }
    }
    enum CredentialsSchemaLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.credentialsSchema) }
    }
    enum DocumentationLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(row.pointee.documentation) }
    }
    enum AuthenticationLeaf: LeafField {
      static func write(_ row: Row, _ out: inout Out) { out.write(list: row.pointee.authentication) }
    }
  }
}
