// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// Conditions that deliveries must meet; all of those given.
public struct WebhookDeliveryFilter: InputDecodable {
  public var status: [WebhookDeliveryStatus]?
  public var eventType: WebhookEventType?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "WebhookDeliveryFilter") }
    self.object = object
    self.status = try object.decode("status")
    self.eventType = try object.decode("eventType")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that members must meet; all of those given.
public struct MemberFilter: InputDecodable {
  public var role: Role?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "MemberFilter") }
    self.object = object
    self.role = try object.decode("role")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that invitations must meet; all of those given.
public struct InvitationFilter: InputDecodable {
  /// True for those that wait and can still be accepted, false for those that were accepted.
  public var isOpen: Bool?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "InvitationFilter") }
    self.object = object
    self.isOpen = try object.decode("isOpen")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that events of the audit log must meet; all of those given.
public struct AuditLogFilter: InputDecodable {
  /// A user's id.
  public var actorId: String?
  public var apiKeyId: String?
  /// The name of a mutation.
  public var action: String?
  /// The id of the object that was changed, of any type.
  public var objectId: String?
  public var outcome: AuditOutcome?
  /// At or after.
  public var from: DateTime?
  /// Before.
  public var until: DateTime?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "AuditLogFilter") }
    self.object = object
    self.actorId = try object.decode("actorId")
    self.apiKeyId = try object.decode("apiKeyId")
    self.action = try object.decode("action")
    self.objectId = try object.decode("objectId")
    self.outcome = try object.decode("outcome")
    self.from = try object.decode("from")
    self.until = try object.decode("until")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that API keys must meet; all of those given.
public struct ApiKeyFilter: InputDecodable {
  /// False for those that were revoked.
  public var isActive: Bool?
  /// Part of the name, without regard to case; up to 200 characters.
  public var search: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ApiKeyFilter") }
    self.object = object
    self.isActive = try object.decode("isActive")
    self.search = try object.decode("search")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of flows; among equals the ids decide.
public struct FlowOrder: InputDecodable {
  public var field: FlowOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of integrations; among equals the ids decide.
public struct IntegrationOrder: InputDecodable {
  public var field: IntegrationOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "IntegrationOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of workbenches; among equals the ids decide.
public struct WorkbenchOrder: InputDecodable {
  public var field: WorkbenchOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "WorkbenchOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of runs.
public struct ExecutionLogOrder: InputDecodable {
  public var field: ExecutionLogOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ExecutionLogOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of versions.
public struct FlowVersionOrder: InputDecodable {
  public var field: FlowVersionOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowVersionOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of deliveries.
public struct WebhookDeliveryOrder: InputDecodable {
  public var field: WebhookDeliveryOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "WebhookDeliveryOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of received deliveries.
public struct TriggerDeliveryOrder: InputDecodable {
  public var field: TriggerDeliveryOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "TriggerDeliveryOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of webhooks.
public struct WebhookOrder: InputDecodable {
  public var field: WebhookOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "WebhookOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of API keys.
public struct ApiKeyOrder: InputDecodable {
  public var field: ApiKeyOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ApiKeyOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of members.
public struct MembershipOrder: InputDecodable {
  public var field: MembershipOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "MembershipOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of invitations.
public struct InvitationOrder: InputDecodable {
  public var field: InvitationOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "InvitationOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of the audit log.
public struct AuditEventOrder: InputDecodable {
  public var field: AuditEventOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "AuditEventOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of sessions; among equals the ids decide.
public struct SessionOrder: InputDecodable {
  public var field: SessionOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SessionOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// An order of the catalogue; among equals the types decide.
public struct ConnectorOrder: InputDecodable {
  public var field: ConnectorOrderField
  public var direction: OrderDirection

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ConnectorOrder") }
    self.object = object
    self.field = try object.decode("field")
    self.direction = try object.decode("direction")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that workbenches must meet; all of those given.
public struct WorkbenchFilter: InputDecodable {
  /// Part of the name or purpose, without regard to case; up to 200 characters.
  public var search: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "WorkbenchFilter") }
    self.object = object
    self.search = try object.decode("search")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that integrations must meet; all of those given.
public struct IntegrationFilter: InputDecodable {
  public var type: String?
  public var category: ConnectorCategory?
  public var isConnected: Bool?
  /// Part of the name, without regard to case; up to 200 characters.
  public var search: String?
  /// Created at or after.
  public var createdFrom: DateTime?
  /// Created before.
  public var createdUntil: DateTime?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "IntegrationFilter") }
    self.object = object
    self.type = try object.decode("type")
    self.category = try object.decode("category")
    self.isConnected = try object.decode("isConnected")
    self.search = try object.decode("search")
    self.createdFrom = try object.decode("createdFrom")
    self.createdUntil = try object.decode("createdUntil")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that flows must meet; all of those given.
public struct FlowFilter: InputDecodable {
  public var status: FlowStatus?
  /// Whether some of its triggers fail, or none.
  public var hasFailingTriggers: Bool?
  /// Part of the name or intention, without regard to case; up to 200 characters.
  public var search: String?
  /// Created at or after.
  public var createdFrom: DateTime?
  /// Created before.
  public var createdUntil: DateTime?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowFilter") }
    self.object = object
    self.status = try object.decode("status")
    self.hasFailingTriggers = try object.decode("hasFailingTriggers")
    self.search = try object.decode("search")
    self.createdFrom = try object.decode("createdFrom")
    self.createdUntil = try object.decode("createdUntil")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Conditions that runs must meet; all of those given.
public struct ExecutionLogFilter: InputDecodable {
  public var flowId: String?
  public var status: [ExecutionStatus]?
  /// Accepted at or after.
  public var createdFrom: DateTime?
  /// Accepted before.
  public var createdUntil: DateTime?
  /// Part of the flow's name or of the error's message, without regard to case; up to 200 characters.
  public var search: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ExecutionLogFilter") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.status = try object.decode("status")
    self.createdFrom = try object.decode("createdFrom")
    self.createdUntil = try object.decode("createdUntil")
    self.search = try object.decode("search")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RegisterInput: InputDecodable {
  public var email: String
  /// 8 to 72 bytes in UTF-8.
  public var password: String
  /// 1 to 200 characters.
  public var name: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RegisterInput") }
    self.object = object
    self.email = try object.decode("email")
    self.password = try object.decode("password")
    self.name = try object.decode("name")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct LoginInput: InputDecodable {
  public var email: String
  public var password: String
  /// The organization to work in; the oldest membership when it is left out.
  public var organizationId: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "LoginInput") }
    self.object = object
    self.email = try object.decode("email")
    self.password = try object.decode("password")
    self.organizationId = try object.decode("organizationId")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RefreshTokenInput: InputDecodable {
  public var refreshToken: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RefreshTokenInput") }
    self.object = object
    self.refreshToken = try object.decode("refreshToken")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct LogoutInput: InputDecodable {
  public var refreshToken: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "LogoutInput") }
    self.object = object
    self.refreshToken = try object.decode("refreshToken")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RevokeSessionInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RevokeSessionInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateProfileInput: InputDecodable {
  /// 1 to 200 characters.
  public var name: String?
  /// An https URL of up to 2,000 characters; null removes the avatar.
  public var avatarUrl: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateProfileInput") }
    self.object = object
    self.name = try object.decode("name")
    self.avatarUrl = try object.decode("avatarUrl")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct SetThemeInput: InputDecodable {
  public var theme: Theme

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SetThemeInput") }
    self.object = object
    self.theme = try object.decode("theme")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct SetPreferencesInput: InputDecodable {
  /// A BCP 47 tag, `en` or `pt-BR`; null removes it.
  public var language: String?
  /// A name of the IANA time zone database, `Europe/Paris`; null removes it.
  public var timeZone: String?
  /// An object of up to 16 KiB; replaces the one before.
  public var values: InputValue?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SetPreferencesInput") }
    self.object = object
    self.language = try object.decode("language")
    self.timeZone = try object.decode("timeZone")
    self.values = try object.decode("values")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ChangePasswordInput: InputDecodable {
  public var currentPassword: String
  /// 8 to 72 bytes in UTF-8.
  public var newPassword: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ChangePasswordInput") }
    self.object = object
    self.currentPassword = try object.decode("currentPassword")
    self.newPassword = try object.decode("newPassword")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateOrganizationInput: InputDecodable {
  /// 1 to 200 characters.
  public var name: String
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateOrganizationInput") }
    self.object = object
    self.name = try object.decode("name")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RenameOrganizationInput: InputDecodable {
  /// 1 to 200 characters.
  public var name: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RenameOrganizationInput") }
    self.object = object
    self.name = try object.decode("name")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// What is left out or null is as the server has it.
public struct SetRetentionInput: InputDecodable {
  /// 0 to 36,500 days; 0 keeps runs for ever.
  public var runDays: Int?
  /// 0 to 1,000,000,000 runs; 0 keeps all.
  public var runCount: Int?
  /// 0 to 36,500 days; 0 keeps the audit log for ever.
  public var auditDays: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SetRetentionInput") }
    self.object = object
    self.runDays = try object.decode("runDays")
    self.runCount = try object.decode("runCount")
    self.auditDays = try object.decode("auditDays")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct SetRunLimitInput: InputDecodable {
  /// The flow that is limited; the whole organization where this and `integrationId` are left out.
  public var flowId: String?
  /// 1 to 1,000 runs at once; null takes the limit away. Runs that go on are not stopped.
  public var maximumConcurrentRuns: Int?
  /// The integration whose calls are limited, by `maximumConcurrentCalls`; not beside `flowId`.
  public var integrationId: String?
  /// 1 to 1,000 calls at once; null takes the limit away. Calls that go on are not stopped.
  public var maximumConcurrentCalls: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SetRunLimitInput") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.maximumConcurrentRuns = try object.decode("maximumConcurrentRuns")
    self.integrationId = try object.decode("integrationId")
    self.maximumConcurrentCalls = try object.decode("maximumConcurrentCalls")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct SwitchOrganizationInput: InputDecodable {
  public var organizationId: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SwitchOrganizationInput") }
    self.object = object
    self.organizationId = try object.decode("organizationId")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct InviteMemberInput: InputDecodable {
  public var email: String
  /// Your own role at most.
  public var role: Role
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "InviteMemberInput") }
    self.object = object
    self.email = try object.decode("email")
    self.role = try object.decode("role")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RevokeInvitationInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RevokeInvitationInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct AcceptInvitationInput: InputDecodable {
  public var token: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "AcceptInvitationInput") }
    self.object = object
    self.token = try object.decode("token")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ChangeMemberRoleInput: InputDecodable {
  /// The membership's id.
  public var id: String
  public var role: Role

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ChangeMemberRoleInput") }
    self.object = object
    self.id = try object.decode("id")
    self.role = try object.decode("role")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RemoveMemberInput: InputDecodable {
  /// The membership's id.
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RemoveMemberInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct LeaveOrganizationInput: InputDecodable {
  public var organizationId: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "LeaveOrganizationInput") }
    self.object = object
    self.organizationId = try object.decode("organizationId")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateApiKeyInput: InputDecodable {
  /// 1 to 200 characters.
  public var name: String
  /// Your own role at most.
  public var role: Role
  /// All that there are when it is left out.
  public var scopes: [ApiKeyScope]?
  /// When it ends; never when it is left out.
  public var expiresAt: DateTime?
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateApiKeyInput") }
    self.object = object
    self.name = try object.decode("name")
    self.role = try object.decode("role")
    self.scopes = try object.decode("scopes")
    self.expiresAt = try object.decode("expiresAt")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RotateApiKeyInput: InputDecodable {
  public var id: String
  /// How long the old secret works beside the new one, 0 to 604,800 seconds.
  public var graceSeconds: Int
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RotateApiKeyInput") }
    self.object = object
    self.id = try object.decode("id")
    self.graceSeconds = try object.decode("graceSeconds")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RevokeApiKeyInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RevokeApiKeyInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateIntegrationInput: InputDecodable {
  /// The connector's type: `slack`.
  public var type: String
  /// 1 to 200 characters.
  public var name: String
  /// What the connector's `credentialsSchema` asks for.
  public var credentials: InputValue
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateIntegrationInput") }
    self.object = object
    self.type = try object.decode("type")
    self.name = try object.decode("name")
    self.credentials = try object.decode("credentials")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateIntegrationInput: InputDecodable {
  public var id: String
  public var name: String?
  /// Replaces the credentials.
  public var credentials: InputValue?
  /// `CONFLICT` when the integration has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateIntegrationInput") }
    self.object = object
    self.id = try object.decode("id")
    self.name = try object.decode("name")
    self.credentials = try object.decode("credentials")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct TestIntegrationInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "TestIntegrationInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct StartIntegrationOAuthInput: InputDecodable {
  public var id: String
  /// Where the service sends the user back to; registered there. Without it that is the Studio's own page,
  /// `/oauth/callback`, which asks the user and ends the sign-in.
  public var redirectUrl: String?
  /// Where the Studio's own page sends the user then: one of the setting `connectors.returnUrls`.
  public var returnUrl: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "StartIntegrationOAuthInput") }
    self.object = object
    self.id = try object.decode("id")
    self.redirectUrl = try object.decode("redirectUrl")
    self.returnUrl = try object.decode("returnUrl")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct FinishIntegrationOAuthInput: InputDecodable {
  public var state: String
  public var code: String
  /// All parameters with which the user came back; a few services tell something in them.
  public var parameters: InputValue?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FinishIntegrationOAuthInput") }
    self.object = object
    self.state = try object.decode("state")
    self.code = try object.decode("code")
    self.parameters = try object.decode("parameters")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DeleteIntegrationInput: InputDecodable {
  public var id: String
  /// Delete although flows use it; their nodes lose the integration.
  public var force: Bool

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DeleteIntegrationInput") }
    self.object = object
    self.id = try object.decode("id")
    self.force = try object.decode("force")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// A node of a flow that is created or replaced.
public struct FlowNodeInput: InputDecodable {
  /// Unique in the flow; connections and expressions use it.
  public var key: String
  public var title: String
  public var kind: NodeKind
  public var detail: String
  public var integrationId: String?
  /// The key of the loop that the node is inside of.
  public var parent: String?
  /// An object; `{}` when it is left out.
  public var config: InputValue?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowNodeInput") }
    self.object = object
    self.key = try object.decode("key")
    self.title = try object.decode("title")
    self.kind = try object.decode("kind")
    self.detail = try object.decode("detail")
    self.integrationId = try object.decode("integrationId")
    self.parent = try object.decode("parent")
    self.config = try object.decode("config")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// A connection between two nodes of the same input.
public struct FlowConnectionInput: InputDecodable {
  /// The key of the node where it begins.
  public var from: String
  /// The key of the node where it ends.
  public var to: String
  public var label: String?
  /// A JavaScript expression; up to 4,000 characters.
  public var condition: String?
  public var outcome: ConnectionOutcome

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowConnectionInput") }
    self.object = object
    self.from = try object.decode("from")
    self.to = try object.decode("to")
    self.label = try object.decode("label")
    self.condition = try object.decode("condition")
    self.outcome = try object.decode("outcome")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateFlowInput: InputDecodable {
  public var name: String
  public var intention: String
  public var status: FlowStatus
  /// At most 500, in the order of display.
  public var nodes: [FlowNodeInput]
  /// At most 500.
  public var connections: [FlowConnectionInput]
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateFlowInput") }
    self.object = object
    self.name = try object.decode("name")
    self.intention = try object.decode("intention")
    self.status = try object.decode("status")
    self.nodes = try object.decode("nodes")
    self.connections = try object.decode("connections")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateFlowInput: InputDecodable {
  public var id: String
  public var name: String?
  public var intention: String?
  /// What `FlowMetrics.notes` shows; up to 2,000 characters.
  public var notes: String?
  /// The flow of which a run is started when a run of this one fails; null takes it away.
  public var errorFlowId: String?
  /// The priority of the flow's runs from now on.
  public var runPriority: RunPriority?
  /// `CONFLICT` when the flow has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.name = try object.decode("name")
    self.intention = try object.decode("intention")
    self.notes = try object.decode("notes")
    self.errorFlowId = try object.decode("errorFlowId")
    self.runPriority = try object.decode("runPriority")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ReplaceFlowInput: InputDecodable {
  public var id: String
  public var name: String?
  public var intention: String?
  public var nodes: [FlowNodeInput]
  public var connections: [FlowConnectionInput]
  /// `CONFLICT` when the flow has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ReplaceFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.name = try object.decode("name")
    self.intention = try object.decode("intention")
    self.nodes = try object.decode("nodes")
    self.connections = try object.decode("connections")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DeleteFlowInput: InputDecodable {
  public var id: String
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DeleteFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DuplicateFlowInput: InputDecodable {
  public var id: String
  /// 1 to 200 characters; the flow's name and "(copy)" when it is left out.
  public var name: String?
  /// Whether triggers that are on are on in the copy too; without it all of them are off.
  public var enablesTriggers: Bool
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DuplicateFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.name = try object.decode("name")
    self.enablesTriggers = try object.decode("enablesTriggers")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ExportFlowInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ExportFlowInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ImportFlowInput: InputDecodable {
  /// A document of `exportFlow`; just one of `document` and `file` is given.
  public var document: InputValue?
  /// The same as a file of up to 64 MiB, more than any flow needs, and 128 levels deep: for what is larger than a request may
  /// be, or deeper than 64 levels. Its part of the form says `Content-Type: application/json`.
  public var file: Upload?
  /// Replaces the name in the document.
  public var name: String?
  public var status: FlowStatus
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ImportFlowInput") }
    self.object = object
    self.document = try object.decode("document")
    self.file = try object.decode("file")
    self.name = try object.decode("name")
    self.status = try object.decode("status")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ChangeFlowStatusInput: InputDecodable {
  public var id: String
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ChangeFlowStatusInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct PublishFlowInput: InputDecodable {
  public var id: String
  /// `CONFLICT` when the flow has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "PublishFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RestoreFlowVersionInput: InputDecodable {
  /// The version's id.
  public var id: String
  /// `CONFLICT` when the flow has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RestoreFlowVersionInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Either a stored flow by `id`, or a graph that is not stored.
public struct ValidateFlowInput: InputDecodable {
  public var id: String?
  public var nodes: [FlowNodeInput]?
  public var connections: [FlowConnectionInput]?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ValidateFlowInput") }
    self.object = object
    self.id = try object.decode("id")
    self.nodes = try object.decode("nodes")
    self.connections = try object.decode("connections")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct AddNodeInput: InputDecodable {
  public var flowId: String
  public var node: FlowNodeInput
  public var expectedRevision: Int?
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "AddNodeInput") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.node = try object.decode("node")
    self.expectedRevision = try object.decode("expectedRevision")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateNodeInput: InputDecodable {
  public var id: String
  /// The flow that the node must be in; `NOT_FOUND` when it is in another.
  public var flowId: String?
  public var key: String?
  public var title: String?
  public var detail: String?
  public var integrationId: String?
  /// The loop that the node is inside of; null takes it out.
  public var parentId: String?
  public var config: InputValue?
  /// The place among the flow's nodes, from 0.
  public var order: Int?
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateNodeInput") }
    self.object = object
    self.id = try object.decode("id")
    self.flowId = try object.decode("flowId")
    self.key = try object.decode("key")
    self.title = try object.decode("title")
    self.detail = try object.decode("detail")
    self.integrationId = try object.decode("integrationId")
    self.parentId = try object.decode("parentId")
    self.config = try object.decode("config")
    self.order = try object.decode("order")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct MoveNodeInput: InputDecodable {
  public var id: String
  /// The new place among the flow's nodes, from 0; beyond the end is the end.
  public var order: Int
  /// `CONFLICT` when the flow has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "MoveNodeInput") }
    self.object = object
    self.id = try object.decode("id")
    self.order = try object.decode("order")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RemoveNodeInput: InputDecodable {
  public var id: String
  /// The flow that the node must be in; `NOT_FOUND` when it is in another.
  public var flowId: String?
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RemoveNodeInput") }
    self.object = object
    self.id = try object.decode("id")
    self.flowId = try object.decode("flowId")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ConnectNodesInput: InputDecodable {
  public var fromNodeId: String
  public var toNodeId: String
  public var label: String?
  public var condition: String?
  public var outcome: ConnectionOutcome
  public var expectedRevision: Int?
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ConnectNodesInput") }
    self.object = object
    self.fromNodeId = try object.decode("fromNodeId")
    self.toNodeId = try object.decode("toNodeId")
    self.label = try object.decode("label")
    self.condition = try object.decode("condition")
    self.outcome = try object.decode("outcome")
    self.expectedRevision = try object.decode("expectedRevision")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DisconnectNodesInput: InputDecodable {
  /// The connection's id.
  public var id: String
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DisconnectNodesInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ExecuteFlowInput: InputDecodable {
  public var flowId: String
  /// What the trigger is given; any JSON up to 256 KiB.
  public var input: InputValue?
  public var version: FlowVersionChoice
  /// The flow's own where it is left out.
  public var priority: RunPriority?
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ExecuteFlowInput") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.input = try object.decode("input")
    self.version = try object.decode("version")
    self.priority = try object.decode("priority")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CancelExecutionInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CancelExecutionInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DecideApprovalInput: InputDecodable {
  public var executionId: String
  /// The node that waits.
  public var nodeId: String
  /// The positions in the lists of the loops around the node, the outermost first.
  public var iteration: [Int]
  public var approve: Bool
  /// Up to 2,000 characters; the node's output has it.
  public var comment: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DecideApprovalInput") }
    self.object = object
    self.executionId = try object.decode("executionId")
    self.nodeId = try object.decode("nodeId")
    self.iteration = try object.decode("iteration")
    self.approve = try object.decode("approve")
    self.comment = try object.decode("comment")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RetryExecutionInput: InputDecodable {
  /// The run's id.
  public var id: String
  public var from: RetryStart
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RetryExecutionInput") }
    self.object = object
    self.id = try object.decode("id")
    self.from = try object.decode("from")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ReplayExecutionInput: InputDecodable {
  /// The run's id.
  public var id: String
  public var version: ReplayVersion
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ReplayExecutionInput") }
    self.object = object
    self.id = try object.decode("id")
    self.version = try object.decode("version")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateWorkbenchInput: InputDecodable {
  /// 1 to 200 characters.
  public var name: String
  /// Up to 2,000 characters.
  public var purpose: String
  /// At most 20, each 1 to 100 characters.
  public var focus: [String]
  /// The flows that lie on it; at most 500. One that does not exist is `BAD_USER_INPUT`.
  public var flowIds: [String]
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateWorkbenchInput") }
    self.object = object
    self.name = try object.decode("name")
    self.purpose = try object.decode("purpose")
    self.focus = try object.decode("focus")
    self.flowIds = try object.decode("flowIds")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateWorkbenchInput: InputDecodable {
  public var id: String
  public var name: String?
  public var purpose: String?
  /// Replaces the list.
  public var focus: [String]?
  /// Replaces what lies on it; at most 500.
  public var flowIds: [String]?
  /// `CONFLICT` when the workbench has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateWorkbenchInput") }
    self.object = object
    self.id = try object.decode("id")
    self.name = try object.decode("name")
    self.purpose = try object.decode("purpose")
    self.focus = try object.decode("focus")
    self.flowIds = try object.decode("flowIds")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DeleteWorkbenchInput: InputDecodable {
  public var id: String
  /// `CONFLICT` when the workbench has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DeleteWorkbenchInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ChangeWorkbenchFlowsInput: InputDecodable {
  /// The workbench's id.
  public var id: String
  /// 1 to 500 flows.
  public var flowIds: [String]
  /// `CONFLICT` when the workbench has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ChangeWorkbenchFlowsInput") }
    self.object = object
    self.id = try object.decode("id")
    self.flowIds = try object.decode("flowIds")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct CreateWebhookInput: InputDecodable {
  /// http or https, up to 2,000 characters. What it names is checked with each delivery.
  public var url: String
  /// At least one.
  public var eventTypes: [WebhookEventType]
  /// Up to 200 characters.
  public var description: String
  public var isActive: Bool
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "CreateWebhookInput") }
    self.object = object
    self.url = try object.decode("url")
    self.eventTypes = try object.decode("eventTypes")
    self.description = try object.decode("description")
    self.isActive = try object.decode("isActive")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateWebhookInput: InputDecodable {
  public var id: String
  public var url: String?
  /// Replaces the list.
  public var eventTypes: [WebhookEventType]?
  public var description: String?
  public var isActive: Bool?
  /// `CONFLICT` when the webhook has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateWebhookInput") }
    self.object = object
    self.id = try object.decode("id")
    self.url = try object.decode("url")
    self.eventTypes = try object.decode("eventTypes")
    self.description = try object.decode("description")
    self.isActive = try object.decode("isActive")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RotateWebhookSecretInput: InputDecodable {
  public var id: String
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RotateWebhookSecretInput") }
    self.object = object
    self.id = try object.decode("id")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct DeleteWebhookInput: InputDecodable {
  public var id: String
  /// `CONFLICT` when the webhook has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "DeleteWebhookInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct TestWebhookInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "TestWebhookInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RedeliverInput: InputDecodable {
  /// The delivery's id. `CONFLICT` when it is not over.
  public var id: String
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RedeliverInput") }
    self.object = object
    self.id = try object.decode("id")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// When a trigger is to start runs.
public struct TriggerScheduleInput: InputDecodable {
  /// Up to 200 characters; docs/triggers.md says what may stand there.
  public var cron: String
  public var timeZone: String
  public var overlap: ScheduleOverlap
  public var catchUp: ScheduleCatchUp
  /// For `ALL`: 60 to 604,800.
  public var catchUpWindowSeconds: Int
  /// 0 to 3,600.
  public var jitterSeconds: Int
  public var daylightSaving: ScheduleDaylightSaving

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "TriggerScheduleInput") }
    self.object = object
    self.cron = try object.decode("cron")
    self.timeZone = try object.decode("timeZone")
    self.overlap = try object.decode("overlap")
    self.catchUp = try object.decode("catchUp")
    self.catchUpWindowSeconds = try object.decode("catchUpWindowSeconds")
    self.jitterSeconds = try object.decode("jitterSeconds")
    self.daylightSaving = try object.decode("daylightSaving")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// How a trigger is to take requests.
public struct IncomingWebhookInput: InputDecodable {
  public var signature: WebhookSignatureScheme
  /// What the service signs with: for `STANDARD` `whsec_…`, else 8 to 255 characters. Without it one is made for `STANDARD`
  /// and `GITHUB`; Stripe and Slack give theirs.
  public var secret: String?
  /// 1 to 3,600.
  public var toleranceSeconds: Int
  /// A header whose value is the delivery's id, in place of the scheme's own: `webhook-id`, `X-GitHub-Delivery`, Stripe's
  /// `id`, Slack's `event_id`.
  public var deliveryHeader: String?
  public var answer: WebhookAnswer
  /// Needed for `NODE`.
  public var answerNodeKey: String?
  /// 100 to 60,000.
  public var answerTimeoutMs: Int

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "IncomingWebhookInput") }
    self.object = object
    self.signature = try object.decode("signature")
    self.secret = try object.decode("secret")
    self.toleranceSeconds = try object.decode("toleranceSeconds")
    self.deliveryHeader = try object.decode("deliveryHeader")
    self.answer = try object.decode("answer")
    self.answerNodeKey = try object.decode("answerNodeKey")
    self.answerTimeoutMs = try object.decode("answerTimeoutMs")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// Which runs a trigger is to wait for.
public struct FlowEventInput: InputDecodable {
  /// A flow of the organization; its removal removes the trigger. It may be the trigger's own.
  public var flowId: String
  /// At least one.
  public var states: [FlowEventState]

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "FlowEventInput") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.states = try object.decode("states")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

/// What is to happen at which service.
public struct IntegrationEventInput: InputDecodable {
  /// An integration of the organization; its removal removes the trigger.
  public var integrationId: String
  /// The key of one of its connector's triggers.
  public var trigger: String
  /// By the trigger's `settingsSchema`; up to 16 KiB.
  public var settings: InputValue?
  /// For a trigger that the service sends: the events that start runs, among the trigger's `events`; empty for all.
  public var events: [String]
  /// For a trigger that the service sends: what it signs with, 1 to 255 characters, when that is not the one of the
  /// integration's credentials. It is stored sealed, and no query gives it.
  public var secret: String?
  /// For a trigger that asks: 30 to 86,400 unless the server is set otherwise; the connector's standard when left out.
  public var intervalSeconds: Int?
  /// For a trigger that asks: 1 to 500.
  public var maximumItems: Int
  /// For a trigger that asks.
  public var start: PollStart

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "IntegrationEventInput") }
    self.object = object
    self.integrationId = try object.decode("integrationId")
    self.trigger = try object.decode("trigger")
    self.settings = try object.decode("settings")
    self.events = try object.decode("events")
    self.secret = try object.decode("secret")
    self.intervalSeconds = try object.decode("intervalSeconds")
    self.maximumItems = try object.decode("maximumItems")
    self.start = try object.decode("start")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct AddTriggerInput: InputDecodable {
  public var flowId: String
  /// The key of one of the flow's trigger nodes; without it all of them are started.
  public var nodeKey: String?
  public var isEnabled: Bool
  /// For a trigger of the kind `SCHEDULE`. Just one of the four kinds is given.
  public var schedule: TriggerScheduleInput?
  /// For a trigger of the kind `WEBHOOK`.
  public var webhook: IncomingWebhookInput?
  /// For a trigger of the kind `FLOW_EVENT`.
  public var flowEvent: FlowEventInput?
  /// For a trigger of the kind `INTEGRATION`.
  public var integrationEvent: IntegrationEventInput?
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "AddTriggerInput") }
    self.object = object
    self.flowId = try object.decode("flowId")
    self.nodeKey = try object.decode("nodeKey")
    self.isEnabled = try object.decode("isEnabled")
    self.schedule = try object.decode("schedule")
    self.webhook = try object.decode("webhook")
    self.flowEvent = try object.decode("flowEvent")
    self.integrationEvent = try object.decode("integrationEvent")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct UpdateTriggerInput: InputDecodable {
  public var id: String
  /// Null takes it away.
  public var nodeKey: String?
  /// Replaces all of it.
  public var schedule: TriggerScheduleInput?
  /// Replaces all of it but the secret, which stays when none is given.
  public var webhook: IncomingWebhookInput?
  /// How the runs end that it waits for; the flow stays. At least one.
  public var sourceStates: [FlowEventState]?
  /// Replaces the flow whose runs it waits for, and how they end; not together with `sourceStates`.
  public var flowEvent: FlowEventInput?
  /// Replaces all of it but the secret, which stays when none is given. With other settings a trigger that asks begins
  /// anew.
  public var integrationEvent: IntegrationEventInput?
  /// `CONFLICT` when the trigger has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "UpdateTriggerInput") }
    self.object = object
    self.id = try object.decode("id")
    self.nodeKey = try object.decode("nodeKey")
    self.schedule = try object.decode("schedule")
    self.webhook = try object.decode("webhook")
    self.sourceStates = try object.decode("sourceStates")
    self.flowEvent = try object.decode("flowEvent")
    self.integrationEvent = try object.decode("integrationEvent")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct SetTriggerEnabledInput: InputDecodable {
  public var id: String
  /// `CONFLICT` when the trigger has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "SetTriggerEnabledInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RemoveTriggerInput: InputDecodable {
  public var id: String
  /// `CONFLICT` when the trigger has changed since.
  public var expectedRevision: Int?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RemoveTriggerInput") }
    self.object = object
    self.id = try object.decode("id")
    self.expectedRevision = try object.decode("expectedRevision")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RotateTriggerSecretInput: InputDecodable {
  public var id: String
  /// The new secret, where the service gives it; see `IncomingWebhookInput.secret`.
  public var secret: String?
  /// Whether the URL is replaced too. Where nobody signs it is what is replaced.
  public var replacesUrl: Bool
  /// Of an integration's event: whether the trigger's own secret is forgotten, at once. Then the one of the integration's
  /// credentials counts, or the one that the service tells next (Asana, Notion).
  public var forgetsSecret: Bool
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RotateTriggerSecretInput") }
    self.object = object
    self.id = try object.decode("id")
    self.secret = try object.decode("secret")
    self.replacesUrl = try object.decode("replacesUrl")
    self.forgetsSecret = try object.decode("forgetsSecret")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct RevealTriggerSecretInput: InputDecodable {
  public var id: String

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "RevealTriggerSecretInput") }
    self.object = object
    self.id = try object.decode("id")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}

public struct ReplayDeliveryInput: InputDecodable {
  /// The delivery's id.
  public var id: String
  /// A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
  /// answered again; with another input it is `CONFLICT`.
  public var idempotencyKey: String?

  private let object: InputObject

  public init(input: InputValue) throws(InputMismatch) {
    guard let object = input.object else { throw InputMismatch(expected: "ReplayDeliveryInput") }
    self.object = object
    self.id = try object.decode("id")
    self.idempotencyKey = try object.decode("idempotencyKey")
  }

  /// Whether a field was given, be it null.
  public func gives(_ field: String) -> Bool { object[field] != nil }
}
