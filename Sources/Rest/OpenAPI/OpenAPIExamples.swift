/// Ids as examples: each type's have a prefix of their own.
enum OpenAPIExamples {
  private static let suffix = "01h455vb4pex5vsknk084sn02q"

  /// Of a place in a path: `{flowId}`, or `{id}` behind `flows`.
  static func id(_ name: String, _ path: PathPattern) -> String? {
    if name != "id" { return id(noun: name.hasSuffix("Id") ? String(name.dropLast(2)) : name) }
    guard let place = path.segments.firstIndex(of: .parameter(name)), place > 0,
      case .literal(let noun) = path.segments[place - 1]
    else { return nil }
    return id(noun: noun)
  }

  /// Of a type's `id`, or of a field such as `nodeId`.
  static func id(of type: String, field: String) -> String? {
    id(noun: field == "id" ? type : String(field.dropLast(2)))
  }

  private static func id(noun: String) -> String? { prefixes[noun].map { "\($0)_\(suffix)" } }

  private static let prefixes = [
    "flow": "flow", "flows": "flow", "AutomationFlow": "flow", "node": "node", "AutomationNode": "node",
    "AutomationConnection": "conn", "integrations": "intg", "integration": "intg", "Integration": "intg",
    "logs": "exec", "ExecutionLog": "exec", "NodeExecutionLog": "nlog", "FlowVersion": "fver",
    "webhooks": "hook", "Webhook": "hook", "WebhookDelivery": "msg", "workbenches": "bench",
    "Workbench": "bench", "User": "user", "Organization": "org",
    "organization": "org",
  ]
}
