/// What an imported node asked for and was not there: names that its flow's next export tells again, until
/// something is chosen. Nothing else goes by them.
public struct WantedNames: Sendable, Equatable {
  /// An integration, by its connector's type and its name.
  public struct Integration: Sendable, Equatable {
    public let type: String
    public let name: String

    public init(type: String, name: String) {
      self.type = type
      self.name = name
    }
  }

  public var integration: Integration?
  /// The flow that the node calls.
  public var flow: String?

  public init() {}

  public var isEmpty: Bool { integration == nil && flow == nil }

  /// As it is stored: `{"integration": {"type": "slack", "name": "Team chat"}, "flow": "Bill"}`.
  public var json: JSONValue {
    var object = JSONObject()
    if let integration {
      object["integration"] = ["type": .string(integration.type), "name": .string(integration.name)]
    }
    if let flow { object["flow"] = .string(flow) }
    return .object(object)
  }

  /// What `json` has written; nothing where there is nothing.
  public init(_ json: JSONValue?) {
    if let type = json?["integration"]?["type"]?.string, let name = json?["integration"]?["name"]?.string {
      integration = Integration(type: type, name: name)
    }
    flow = json?["flow"]?.string
  }
}

extension FlowNode {
  /// What it is to keep of the names that it had asked for before, when it was `former`: of what was chosen
  /// since nothing.
  public mutating func keepWantedNames(of former: FlowNode) {
    wanted = former.wanted
    if integrationID != nil { wanted.integration = nil }
    if calledFlow != former.calledFlow { wanted.flow = nil }
  }
}
