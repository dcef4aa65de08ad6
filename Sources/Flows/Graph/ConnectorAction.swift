/// An operation of a connector, with templates in its input:
/// `{"type": "connector", "operation": "create_issue", "input": {…}}`.
struct ConnectorAction: Sendable, Equatable {
  let operation: String
  /// Shaped as the operation's input.
  let input: TemplateValue
}

extension ConfigReader {
  mutating func readConnector() -> NodeConfig? {
    guard let operation = string("operation", expected: "the key of one of the connector's operations") else {
      return nil
    }
    let input = present("input") ?? .object(JSONObject())
    if input.object == nil {
      report("config.input", "The input must be an object, not \(input.kindName)")
    }
    return .connector(
      ConnectorAction(
        operation: operation, input: TemplateValue(input, path: "config.input", problems: &problems)))
  }
}

extension FlowNode {
  /// The operation and the input, templates and all, of an action that uses a connector; nil for other nodes.
  public var connectorCall: ConnectorCall? {
    guard kind == .action, config["type"]?.string == "connector" else { return nil }
    return ConnectorCall(
      operation: config["operation"]?.string ?? "", input: config["input"] ?? .object(JSONObject()))
  }
}

extension JSONValue {
  /// Whether a text in it holds a template, so that the value is known only when the node begins.
  public var holdsTemplate: Bool {
    switch self {
    case .string(let text): text.contains("{{")
    case .array(let elements): elements.contains(where: \.holdsTemplate)
    case .object(let object): object.members.contains { $0.value.holdsTemplate }
    case .null, .bool, .integer, .number: false
    }
  }
}
