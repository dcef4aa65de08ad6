import Flows
import GraphQLEngine
import Schema

/// How stored cells become the schema's values.
enum Formats {
  static func id(_ prefix: IdentifierPrefix) -> CellFormat { .typeID(prefix: prefix.rawValue) }

  static let theme = CellFormat.enumName(
    EnumNames(Theme.allCases.map { ($0.rawValue.lowercased().replacing("_", with: "-"), $0.rawValue) }))
  static let role = names(Role.self)
  static let auditOutcome = names(AuditOutcome.self)
  static let connectorCategory = names(ConnectorCategory.self)
  static let flowStatus = names(FlowStatus.self)
  static let nodeKind = lowercase(["TRIGGER", "ACTION", "FILTER", "TRANSFORM", "DECISION", "DELAY", "LOOP"])
  static let connectionOutcome = lowercase(["SUCCESS", "ERROR"])
  static let executionStatus = names(ExecutionStatus.self)
  static let webhookDisabledReason = names(WebhookDisabledReason.self)
  static let webhookDeliveryStatus = names(WebhookDeliveryStatus.self)
  static let triggerKind = names(TriggerKind.self)
  static let nodeExecutionStatus = names(NodeExecutionStatus.self)

  /// Stored as a smallint, whose two bytes are these.
  static let runPriority = CellFormat.enumName(
    EnumNames([("\0\0", "HIGH"), ("\0\u{1}", "NORMAL"), ("\0\u{2}", "LOW")]))

  /// Enums are stored in lower case.
  private static func names<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> CellFormat
  {
    lowercase(type.allCases.map(\.rawValue))
  }

  private static func lowercase(_ names: [String]) -> CellFormat {
    .enumName(EnumNames(names.map { ($0.lowercased(), $0) }))
  }
}
