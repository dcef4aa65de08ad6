import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `AuditEvent`.
struct AuditEventFields: AuditEventResolvers, TableType {
  static let typeName = "AuditEvent"
  static let noun = "audit event"

  func source(of leaf: AuditEventLeaf) -> LeafSource<AuditEventColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.auditEvent))
    case .at: LeafSource(.at, .timestamptz)
    case .actorId: LeafSource(.userID, Formats.id(.user))
    case .apiKeyId: LeafSource(.apiKeyID, Formats.id(.apiKey))
    case .action: LeafSource(.action, .text)
    case .outcome: LeafSource(.outcome, Formats.auditOutcome)
    case .objectType: LeafSource(.objectType, .text)
    case .objectId: LeafSource(.objectID, .text)
    case .before: LeafSource(.before, .jsonb)
    case .after: LeafSource(.after, .jsonb)
    case .address: LeafSource(.address, .text)
    case .userAgent: LeafSource(.userAgent, .text)
    case .requestId: LeafSource(.requestID, .text)
    }
  }

  func keys(of field: String) -> [AuditEventColumn] { field == "actor" ? [.userID] : [.apiKeyID] }

  var actor: FieldBinding { Loaders.users(by: AuditEventColumn.userID) }
  var apiKey: FieldBinding { Loaders.apiKeys(by: AuditEventColumn.apiKeyID) }

  static func filter(_ filter: AuditLogFilter?) throws -> PageFilter<AuditEventColumn> {
    var conditions = PageFilter<AuditEventColumn>()
    guard let filter else { return conditions }
    if let actor = filter.actorId {
      let id = try InputID.parse(actor, .user, field: "filter.actorId").uuid
      conditions.add(.equals(.userID, .uuid)) { $0.uuid(id) }
    }
    if let key = filter.apiKeyId {
      let id = try InputID.parse(key, .apiKey, field: "filter.apiKeyId").uuid
      conditions.add(.equals(.apiKeyID, .uuid)) { $0.uuid(id) }
    }
    if let object = filter.objectId {
      guard (try? TypeID.parse(object)) != nil else {
        throw ServiceError(
          .badUserInput, "filter.objectId is not an id of the Studio.", field: "filter.objectId")
      }
      conditions.add(.equals(.objectID, .text)) { $0.text(object) }
    }
    if let action = filter.action {
      try InputCheck.text(action, 1...100, field: "filter.action")
      conditions.add(.equals(.action, .text)) { $0.text(action) }
    }
    if let outcome = filter.outcome {
      conditions.add(.equals(.outcome, .text)) { $0.text(outcome.rawValue.lowercased()) }
    }
    conditions.add(.at, from: filter.from, until: filter.until)
    return conditions
  }
}
