import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Webhook`. Its secrets are not among its columns.
struct WebhookFields: WebhookResolvers, TableType {
  static let typeName = "Webhook"
  static let noun = "webhook"

  func source(of leaf: WebhookLeaf) -> LeafSource<WebhookColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.webhook))
    case .url: LeafSource(.url, .text)
    case .description: LeafSource(.description, .text)
    case .eventTypes: LeafSource(.eventTypes, .jsonb)
    case .isActive: LeafSource(.isActive, .bool)
    case .disabledReason: LeafSource(.disabledReason, Formats.webhookDisabledReason)
    case .failingSince: LeafSource(.failingSince, .timestamptz)
    case .revision: LeafSource(.revision, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [WebhookColumn] { field == "creator" ? [.userID] : [.id] }

  var creator: FieldBinding { Loaders.users(by: WebhookColumn.userID) }

  func deliveries(_ call: FieldCall, _ arguments: WebhookDeliveriesArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    var filter = PageFilter<WebhookDeliveryColumn>()
    if let status = arguments.filter?.status {
      let names = status.map { $0.rawValue.lowercased() }
      filter.add(.isAny(.status, of: .textArray)) { $0.texts(names) }
    }
    if let event = arguments.filter?.eventType {
      filter.add(.equals(.eventType, .text)) { $0.text(event.rawValue) }
    }
    return try WebhookDeliveryFields().pages(
      call, of: .webhookID, request, filter, order: arguments.orderBy?.list)
  }
}

/// Resolvers of `WebhookDelivery`.
struct WebhookDeliveryFields: WebhookDeliveryResolvers, TableType {
  static let typeName = "WebhookDelivery"
  static let noun = "delivery"

  func source(of leaf: WebhookDeliveryLeaf) -> LeafSource<WebhookDeliveryColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.webhookDelivery))
    case .eventType: LeafSource(.eventType, .text)
    case .payload: LeafSource(.payload, .jsonb)
    case .status: LeafSource(.status, Formats.webhookDeliveryStatus)
    case .attempts: LeafSource(.attempts, .int4)
    case .nextAttemptAt: LeafSource(.dueAt, .timestamptz)
    case .lastAttemptAt: LeafSource(.attemptedAt, .timestamptz)
    case .responseStatus: LeafSource(.responseStatus, .int4)
    case .responseExcerpt: LeafSource(.responseExcerpt, .text)
    case .error: LeafSource(.error, .text)
    case .durationMs: LeafSource(.duration, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .finishedAt: LeafSource(.finishedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [WebhookDeliveryColumn] { [.webhookID] }

  var webhook: FieldBinding { Loaders.webhooks(by: WebhookDeliveryColumn.webhookID) }
}
