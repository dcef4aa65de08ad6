/// A node's config as the machine uses it, read from JSON once.
enum NodeConfig: Sendable, Equatable {
  case trigger
  case http(HTTPAction)
  case connector(ConnectorAction)
  case email(EmailAction)
  case log(LogAction)
  case filter(expression: String)
  case transform(expression: String)
  case mapping([FieldExpression])
  case decision(DecisionMode)
  case delay(DelayConfig)
  /// Until an instant: RFC 3339, or milliseconds since 1970.
  case until(TemplateValue)
  case wait(WaitConfig)
  case loop(LoopConfig)
  case flow(FlowAction)

  /// The largest config in bytes of JSON.
  static let maximumBytes = 64 * 1024
  /// The longest expression in bytes.
  static let maximumExpressionBytes = 10_000

  /// The expressions to be evaluated when the node begins, in the order in which their values are used.
  var expressions: [FieldExpression] {
    switch self {
    case .trigger, .decision: []
    case .http(let action): action.request.expressions(path: "config")
    case .connector(let action): action.input.expressions(path: "config.input")
    case .email(let action): action.message.expressions(path: "config")
    case .log(let action): action.message.expressions(path: "config.message")
    case .filter(let expression), .transform(let expression):
      [FieldExpression(field: "config.expression", text: expression)]
    case .mapping(let fields): fields
    case .delay(let delay): delay.amount.expressions(path: delay.field)
    case .until(let instant): instant.expressions(path: "config.until")
    case .wait(let wait): wait.message?.expressions(path: "config.wait.message") ?? []
    case .loop(let loop): loop.items.expressions(path: "config.items")
    case .flow(let action): action.input?.expressions(path: "config.input") ?? []
    }
  }

  /// Whether it does something outside.
  var hasEffect: Bool {
    switch self {
    case .http, .connector, .email: true
    default: false
    }
  }

  /// Without effects and without waiting: several may be evaluated at once, in any order.
  var isPure: Bool {
    switch self {
    case .filter, .transform, .mapping, .decision: true
    default: false
    }
  }

  /// The config of a node, or all that is wrong with it.
  static func read(_ node: FlowNode) -> Result<NodeConfig, ConfigProblems> {
    var reader = ConfigReader(node.config)
    let config = reader.read(node.kind)
    if node.config.object != nil { _ = reader.readPolicy(node.kind) }
    guard let config, reader.problems.isEmpty else { return .failure(ConfigProblems(list: reader.problems)) }
    return .success(config)
  }
}

/// All that is wrong with a config; never empty.
struct ConfigProblems: Error, Equatable {
  let list: [ConfigProblem]
}

/// How a decision chooses among its outgoing connections with a condition.
enum DecisionMode: String, Sendable, CaseIterable {
  /// The first that matches.
  case exclusive
  /// All that match.
  case inclusive
}

/// `{"type": "log", "message": "…", "level": "info"}`
struct LogAction: Sendable, Equatable {
  let level: RunEvent.LogLevel
  let message: TemplateValue
}

/// `{"durationMilliseconds": 500}` or `{"seconds": 90}`
struct DelayConfig: Sendable, Equatable {
  /// 366 days.
  static let maximumMilliseconds: Int64 = 366 * 86_400_000

  let field: String
  let unitMilliseconds: Int64
  let amount: TemplateValue

  /// The milliseconds that an amount means, nil when it is not a number within the bounds.
  func milliseconds(of amount: JSONValue) -> Int64? {
    let milliseconds: Double
    switch amount {
    case .integer(let value): milliseconds = Double(value) * Double(unitMilliseconds)
    case .number(let value): milliseconds = value * Double(unitMilliseconds)
    default: return nil
    }
    guard milliseconds >= 0, milliseconds <= Double(DelayConfig.maximumMilliseconds) else { return nil }
    return Int64(milliseconds)
  }

  /// The instant that a value names, nil when it names none.
  static func instant(of value: JSONValue) -> Instant? {
    if let text = value.string { return Instant(rfc3339: text) }
    guard let milliseconds = value.integer, (0...253_402_300_799_999).contains(milliseconds) else {
      return nil
    }
    return Instant(microseconds: milliseconds * 1000)
  }
}

/// Reads one config and collects what is wrong. Fields that no kind knows are ignored.
struct ConfigReader {
  let config: JSONValue
  var problems: [ConfigProblem] = []

  init(_ config: JSONValue) {
    self.config = config
  }

  mutating func read(_ kind: NodeKind) -> NodeConfig? {
    guard config.object != nil else {
      report("config", "The config must be an object, not \(config.kindName)")
      return nil
    }
    guard config.encoded().count <= NodeConfig.maximumBytes else {
      report("config", "The config is larger than \(NodeConfig.maximumBytes) bytes")
      return nil
    }
    switch kind {
    case .trigger: return .trigger
    case .action: return readAction()
    case .filter: return expression("expression").map { .filter(expression: $0) }
    case .transform: return readTransform()
    case .decision: return readDecision()
    case .delay: return readDelay()
    case .loop: return readLoop()
    }
  }

  mutating func report(_ field: String, _ message: String) {
    problems.append(ConfigProblem(field: field, message: message))
  }

  func present(_ field: String) -> JSONValue? {
    guard let value = config[field], value != .null else { return nil }
    return value
  }

  private static let actionTypes = "'http', 'connector', 'email', 'flow' or 'log'"

  private mutating func readAction() -> NodeConfig? {
    guard let type = string("type", expected: ConfigReader.actionTypes) else { return nil }
    switch type {
    case "http": return readHTTP().map { .http($0) }
    case "connector": return readConnector()
    case "email": return readEmail()
    case "flow": return readFlow()
    case "log": return readLog()
    default:
      report(
        "config.type", "Unknown action type '\(type.prefix(40))'; it must be \(ConfigReader.actionTypes)")
      return nil
    }
  }

  private mutating func readLog() -> NodeConfig? {
    guard let message = present("message") else {
      report("config.message", "A log action needs a message")
      return nil
    }
    var level = RunEvent.LogLevel.info
    if let value = present("level") {
      guard let known = value.string.flatMap(RunEvent.LogLevel.init(rawValue:)) else {
        report("config.level", "The level must be 'debug', 'info', 'warn' or 'error'")
        return nil
      }
      level = known
    }
    return .log(
      LogAction(level: level, message: TemplateValue(message, path: "config.message", problems: &problems)))
  }

  private mutating func readTransform() -> NodeConfig? {
    guard let mapping = present("mapping") else {
      return expression("expression").map { .transform(expression: $0) }
    }
    guard let members = mapping.object?.members, !members.isEmpty else {
      report("config.mapping", "The mapping must be an object of expressions with at least one member")
      return nil
    }
    if present("expression") != nil {
      report("config.expression", "A transform has either an expression or a mapping, not both")
    }
    var fields: [FieldExpression] = []
    for member in members {
      let field = "config.mapping.\(member.key)"
      if let text = checked(member.value, field: field) {
        fields.append(FieldExpression(field: field, text: text))
      }
    }
    return .mapping(fields)
  }

  private mutating func readDecision() -> NodeConfig? {
    guard let value = present("mode") else { return .decision(.exclusive) }
    guard let mode = value.string.flatMap(DecisionMode.init(rawValue:)) else {
      report("config.mode", "The mode must be 'exclusive' or 'inclusive'")
      return nil
    }
    return .decision(mode)
  }

  mutating func readDuration() -> NodeConfig? {
    let units: [(field: String, milliseconds: Int64)] = [("durationMilliseconds", 1), ("seconds", 1000)]
    let given = units.filter { present($0.field) != nil }
    guard given.count == 1, let unit = given.first, let value = present(unit.field) else {
      report("config", "A delay needs one of durationMilliseconds, seconds, until or wait")
      return nil
    }
    let field = "config.\(unit.field)"
    let delay = DelayConfig(
      field: field, unitMilliseconds: unit.milliseconds,
      amount: TemplateValue(value, path: field, problems: &problems))
    if case .constant(let constant) = delay.amount, delay.milliseconds(of: constant) == nil {
      let maximum = DelayConfig.maximumMilliseconds / unit.milliseconds
      report(field, "The duration must be a number from 0 to \(maximum)")
      return nil
    }
    return .delay(delay)
  }

  mutating func string(_ field: String, expected: String) -> String? {
    guard let value = present(field) else {
      report("config.\(field)", "The config needs a \(field): \(expected)")
      return nil
    }
    guard let text = value.string else {
      report("config.\(field)", "The \(field) must be \(expected), not \(value.kindName)")
      return nil
    }
    return text
  }

  mutating func expression(_ field: String) -> String? {
    checked(config[field] ?? .null, field: "config.\(field)")
  }

  private mutating func checked(_ value: JSONValue, field: String) -> String? {
    guard let text = value.string, text.contains(where: { !$0.isWhitespace }) else {
      report(field, "A JavaScript expression is needed here")
      return nil
    }
    return text
  }
}

// HTTP actions: `{"type": "http", "method", "url", "headers"?, "query"?, "body"?, "timeoutMilliseconds"?,
// "expectedStatuses"?}`
extension ConfigReader {
  fileprivate mutating func readHTTP() -> HTTPAction? {
    let method = string("method", expected: HTTPAction.methods.joined(separator: ", "))?.uppercased()
    if let method, !HTTPAction.methods.contains(method) {
      report("config.method", "The method must be one of \(HTTPAction.methods.joined(separator: ", "))")
    }
    let url = string("url", expected: "an http or https URL")
    if let url, !url.contains("{{"), !HTTPAction.isAbsolute(url) {
      report("config.url", "The URL must begin with http:// or https://")
    }
    checkFields("headers") { HTTPAction.headerProblem($0) }
    checkFields("query") { $0.isEmpty ? "A query parameter needs a name" : nil }
    let timeout = readTimeout()
    let statuses = readStatuses()
    var request: JSONObject = ["url": JSONValue(url)]
    for field in ["headers", "query", "body"] { request[field] = present(field) }
    let template = TemplateValue(.object(request), path: "config", problems: &problems)
    guard let method, url != nil, let timeout, let statuses else { return nil }
    return HTTPAction(
      method: method, timeoutMilliseconds: timeout, expectedStatuses: statuses, request: template)
  }

  private mutating func checkFields(_ field: String, _ nameProblem: (String) -> String?) {
    guard let value = present(field) else { return }
    guard let members = value.object?.members else {
      report("config.\(field)", "The \(field) must be an object, not \(value.kindName)")
      return
    }
    if members.count > HTTPAction.maximumFields {
      report("config.\(field)", "More than \(HTTPAction.maximumFields) \(field)")
    }
    for member in members {
      if let problem = nameProblem(member.key) { report("config.\(field).\(member.key)", problem) }
      if member.value.array != nil || member.value.object != nil {
        report("config.\(field).\(member.key)", "A string or a number is needed here")
      }
    }
  }

  private mutating func readTimeout() -> Int64? {
    guard let value = present("timeoutMilliseconds") else { return HTTPAction.defaultTimeoutMilliseconds }
    let bounds = 1...HTTPAction.maximumTimeoutMilliseconds
    guard let timeout = value.integer, bounds.contains(timeout) else {
      report("config.timeoutMilliseconds", "The timeout must be 1 to \(bounds.upperBound) milliseconds")
      return nil
    }
    return timeout
  }

  private mutating func readStatuses() -> [ClosedRange<Int>]? {
    guard let value = present("expectedStatuses") else { return [200...299] }
    let ranges = value.array?.map(HTTPAction.statusRange)
    guard let ranges, !ranges.isEmpty, ranges.count <= 100, ranges.allSatisfy({ $0 != nil }) else {
      report("config.expectedStatuses", "A list of statuses is needed here, such as [200, 404] or [\"2xx\"]")
      return nil
    }
    return ranges.compactMap { $0 }
  }
}
