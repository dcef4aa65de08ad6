/// `{"wait": {"for": "webhook" | "approval", "timeoutMilliseconds", "message"}}` of a delay.
struct WaitConfig: Sendable, Equatable {
  enum Event: String, Sendable, CaseIterable {
    /// A call of the node's address for resuming.
    case webhook
    /// Somebody's decision.
    case approval

    var signal: NodeSignal.Kind {
      switch self {
      case .webhook: .resume
      case .approval: .decision
      }
    }
  }

  /// Seven days.
  static let defaultTimeoutMilliseconds: Int64 = 7 * 86_400_000

  let event: Event
  let timeoutMilliseconds: Int64
  /// What is asked of those who decide; a line of the run's log.
  let message: TemplateValue?
}

/// `{"items": "input.orders", "mode", "concurrency", "maximumIterations", "onItemError"}` of a loop.
struct LoopConfig: Sendable, Equatable {
  enum Mode: String, Sendable, CaseIterable {
    case sequential, parallel
  }

  enum OnItemError: String, Sendable, CaseIterable {
    /// The loop fails with the first iteration that fails.
    case fail
    /// The result of an iteration that fails is `{error}`; the others go on.
    case `continue`
  }

  static let defaultConcurrency: Int64 = 10
  static let concurrencies: ClosedRange<Int64> = 1...100
  static let defaultMaximumIterations: Int64 = 1_000
  static let iterations: ClosedRange<Int64> = 1...10_000

  /// An expression, or a list with templates in it.
  let items: TemplateValue
  /// Iterations under way at once.
  let concurrency: Int
  let maximumIterations: Int
  let onItemError: OnItemError
}

/// `{"type": "flow", "flowId", "input", "wait"}`
struct FlowAction: Sendable, Equatable {
  let flowID: Identifier
  /// Nil passes on the node's input.
  let input: TemplateValue?
  let waits: Bool
}

extension FlowNode {
  /// The flow that the node starts a run of; nil for nodes that start none.
  public var calledFlow: Identifier? {
    guard kind == .action, config["type"]?.string == "flow", let text = config["flowId"]?.string else {
      return nil
    }
    return try? TypeID.parse(text, as: .flow)
  }

  /// Has the config name another flow, or none.
  public mutating func setCalledFlow(_ id: Identifier?) {
    guard case .object(var object) = config else { return }
    object["flowId"] = id.map { .string($0.text(.flow)) }
    config = .object(object)
  }
}

extension ConfigReader {
  mutating func readDelay() -> NodeConfig? {
    let fields = ["durationMilliseconds", "seconds", "until", "wait"]
    guard fields.filter({ present($0) != nil }).count == 1 else {
      report("config", "A delay needs one of durationMilliseconds, seconds, until or wait")
      return nil
    }
    if let value = present("until") { return readUntil(value) }
    if let value = present("wait") { return readWait(value) }
    return readDuration()
  }

  private mutating func readUntil(_ value: JSONValue) -> NodeConfig? {
    let until = TemplateValue(value, path: "config.until", problems: &problems)
    if case .constant(let constant) = until, DelayConfig.instant(of: constant) == nil {
      report("config.until", "An instant is needed here, such as 2026-11-21T09:30:00Z")
      return nil
    }
    return .until(until)
  }

  private mutating func readWait(_ value: JSONValue) -> NodeConfig? {
    guard let event = value["for"]?.string.flatMap(WaitConfig.Event.init(rawValue:)) else {
      report("config.wait.for", "A delay waits for a 'webhook' or an 'approval'")
      return nil
    }
    let timeout =
      number(
        "wait.timeoutMilliseconds", in: value["timeoutMilliseconds"], 1...DelayConfig.maximumMilliseconds)
      ?? WaitConfig.defaultTimeoutMilliseconds
    var message: TemplateValue?
    if let text = value["message"], text != .null {
      message = TemplateValue(text, path: "config.wait.message", problems: &problems)
    }
    return .wait(WaitConfig(event: event, timeoutMilliseconds: timeout, message: message))
  }

  mutating func readLoop() -> NodeConfig? {
    guard let items = readItems() else { return nil }
    let mode = choice("mode", LoopConfig.Mode.self) ?? .sequential
    let concurrency =
      number("concurrency", in: present("concurrency"), LoopConfig.concurrencies)
      ?? LoopConfig.defaultConcurrency
    let maximum =
      number("maximumIterations", in: present("maximumIterations"), LoopConfig.iterations)
      ?? LoopConfig.defaultMaximumIterations
    return .loop(
      LoopConfig(
        items: items, concurrency: mode == .parallel ? Int(concurrency) : 1,
        maximumIterations: Int(maximum),
        onItemError: choice("onItemError", LoopConfig.OnItemError.self) ?? .fail))
  }

  private mutating func readItems() -> TemplateValue? {
    if let list = present("items"), list.array != nil {
      return TemplateValue(list, path: "config.items", problems: &problems)
    }
    return expression("items").map { .template(Template(parts: [.expression($0)])) }
  }

  mutating func readFlow() -> NodeConfig? {
    guard let text = string("flowId", expected: "the id of a flow") else { return nil }
    guard let flow = try? TypeID.parse(text, as: .flow) else {
      report("config.flowId", "The flowId must be the id of a flow, such as flow_01h455vb4pex5vsknk084sn02q")
      return nil
    }
    var waits = true
    if let value = present("wait") {
      guard case .bool(let isWanted) = value else {
        report("config.wait", "The wait must be true or false")
        return nil
      }
      waits = isWanted
    }
    let input = present("input").map { TemplateValue($0, path: "config.input", problems: &problems) }
    return .flow(FlowAction(flowID: flow, input: input, waits: waits))
  }
}
