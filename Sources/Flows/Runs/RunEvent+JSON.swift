extension RunEvent.Kind {
  /// The word that names the kind in a stored event.
  public var name: String {
    switch self {
    case .queued: "queued"
    case .started: "started"
    case .nodeStarted: "node_started"
    case .nodeRetrying: "node_retrying"
    case .nodeFinished: "node_finished"
    case .waiting: "waiting"
    case .logLine: "log_line"
    case .finished: "finished"
    }
  }

  /// What the event says beside its kind and instant, as it is stored.
  public func payload() -> JSONValue {
    var members: [JSONObject.Member] = []
    forEachMember { members.append(JSONObject.Member(key: $0, value: $1)) }
    return .object(JSONObject(members))
  }

  /// The iteration of the loops around the node that the event is about; nil for an event of the run.
  public var iteration: IterationPath? {
    switch self {
    case .nodeStarted(let event): event.iteration
    case .nodeRetrying(let event): event.iteration
    case .nodeFinished(let event): event.iteration
    case .logLine(let line): line.iteration
    case .queued, .started, .waiting, .finished: nil
    }
  }

  /// Calls the body with the key and value of each member of `payload()`, in their order.
  public func forEachMember(_ body: (String, JSONValue) -> Void) {
    switch self {
    case .queued, .started: break
    case .nodeStarted(let event):
      body("node", .string(event.node.text(.node)))
      body("key", .string(event.key))
      body("attempt", .integer(Int64(event.attempt)))
      body("input", JSONValue(event.input))
    case .nodeRetrying(let event):
      body("node", .string(event.node.text(.node)))
      body("key", .string(event.key))
      body("attempt", .integer(Int64(event.attempt)))
      body("retryAt", .integer(event.retryAt.microseconds))
      body("error", event.error.encoded())
    case .nodeFinished(let event): event.forEachMember(body)
    case .waiting(let until): body("until", .integer(until.microseconds))
    case .logLine(let line):
      body("node", JSONValue(line.node?.text(.node)))
      body("key", JSONValue(line.key))
      body("level", .string(line.level.rawValue))
      body("message", .string(line.message))
    case .finished(let event):
      body("state", .string(event.state.rawValue))
      body("output", JSONValue(event.output))
      body("error", JSONValue(event.error?.encoded()))
    }
    guard let iteration, iteration != .root else { return }
    body("iteration", .array(iteration.indices.map { .integer(Int64($0)) }))
  }

  /// The kind that `name` and `payload()` describe; nil when they are not of this format.
  public init?(name: String, payload: JSONValue) {
    switch name {
    case "queued": self = .queued
    case "started": self = .started
    case "waiting":
      guard let until = payload["until"]?.integer else { return nil }
      self = .waiting(until: Instant(microseconds: until))
    case "log_line":
      guard let level = payload["level"]?.string.flatMap(RunEvent.LogLevel.init(rawValue:)),
        let message = payload["message"]?.string
      else { return nil }
      let node = payload["node"]?.string.flatMap { try? TypeID.parse($0, as: .node) }
      self = .logLine(
        RunEvent.LogLine(
          node: node, iteration: IterationPath(payload: payload), key: payload["key"]?.string, level: level,
          message: message))
    case "finished":
      guard let state = payload["state"]?.string.flatMap(RunState.init(rawValue:)) else { return nil }
      let error = payload["error"].flatMap(RunError.init(decoding:))
      self = .finished(RunEvent.RunFinished(state: state, output: payload.present("output"), error: error))
    default:
      guard let event = RunEvent.Kind(nodeEvent: name, payload: payload) else { return nil }
      self = event
    }
  }

  private init?(nodeEvent name: String, payload: JSONValue) {
    guard let node = payload["node"]?.string.flatMap({ try? TypeID.parse($0, as: .node) }),
      let key = payload["key"]?.string, let attempt = payload["attempt"]?.integer.map(Int.init(clamping:))
    else { return nil }
    let error = payload["error"].flatMap(RunError.init(decoding:))
    let iteration = IterationPath(payload: payload)
    switch name {
    case "node_started":
      let input = payload.present("input")
      self = .nodeStarted(
        RunEvent.NodeStarted(node: node, iteration: iteration, key: key, attempt: attempt, input: input))
    case "node_retrying":
      guard let retryAt = payload["retryAt"]?.integer, let error else { return nil }
      self = .nodeRetrying(
        RunEvent.NodeRetrying(
          node: node, iteration: iteration, key: key, attempt: attempt,
          retryAt: Instant(microseconds: retryAt), error: error))
    case "node_finished":
      guard let event = RunEvent.NodeFinished(node: node, key: key, attempt: attempt, payload: payload) else {
        return nil
      }
      self = .nodeFinished(event)
    default: return nil
    }
  }
}

extension RunEvent.NodeFinished {
  fileprivate func forEachMember(_ body: (String, JSONValue) -> Void) {
    body("node", .string(node.text(.node)))
    body("key", .string(key))
    body("state", .string(state.rawValue))
    body("attempt", .integer(Int64(attempt)))
    body("input", JSONValue(input))
    body("output", JSONValue(output))
    body("error", JSONValue(error?.encoded()))
    body("skipReason", JSONValue(skipReason?.rawValue))
    body("durationMicroseconds", JSONValue(durationMicroseconds.map { .integer($0) }))
  }

  fileprivate init?(node: Identifier, key: String, attempt: Int, payload: JSONValue) {
    guard let state = payload["state"]?.string.flatMap(NodeState.init(rawValue:)) else { return nil }
    self.node = node
    iteration = IterationPath(payload: payload)
    self.key = key
    self.state = state
    self.attempt = attempt
    input = payload.present("input")
    output = payload.present("output")
    error = payload["error"].flatMap(RunError.init(decoding:))
    skipReason = payload["skipReason"]?.string.flatMap(SkipReason.init(rawValue:))
    durationMicroseconds = payload["durationMicroseconds"]?.integer
  }
}

extension IterationPath {
  /// The member `iteration` of an event's payload; the root when there is none.
  fileprivate init(payload: JSONValue) {
    let indices = payload["iteration"]?.array?.compactMap { $0.integer.map(Int.init(clamping:)) }
    self = indices.flatMap { IterationPath($0) } ?? .root
  }
}

extension JSONValue {
  /// The member, nil when it is missing or null: an absent value is stored as null.
  fileprivate func present(_ key: String) -> JSONValue? {
    guard let value = self[key], value != .null else { return nil }
    return value
  }
}
