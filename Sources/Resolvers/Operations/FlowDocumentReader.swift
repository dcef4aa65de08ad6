import Flows
import Storage

/// Reads one object of a document; errors name its path.
struct FlowDocumentReader {
  let value: JSONValue
  let path: String

  func string(_ key: String) throws -> String {
    guard let text = value[key]?.string else { throw wrong(key, "must be a text") }
    return text
  }

  func text(_ key: String, _ range: ClosedRange<Int>) throws -> String {
    let text = try string(key)
    try InputCheck.text(text, range, field: "\(path).\(key)")
    return text
  }

  /// Nil when it is null or left out.
  func optionalText(_ key: String, _ range: ClosedRange<Int>) throws -> String? {
    guard let member = value[key], member != .null else { return nil }
    return try text(key, range)
  }

  /// Nil when it is null or left out.
  func optionalObject(_ key: String) throws -> FlowDocumentReader? {
    guard let member = value[key], member != .null else { return nil }
    guard member.object != nil else { throw wrong(key, "must be an object") }
    return FlowDocumentReader(value: member, path: "\(path).\(key)")
  }

  /// Nil when it is null or left out.
  func optionalNumber(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
    guard let member = value[key], member != .null else { return nil }
    guard let number = member.integer else { throw wrong(key, "must be a whole number") }
    try InputCheck.number(Int(clamping: number), range, field: "\(path).\(key)")
    return Int(number)
  }

  /// Nil when it is null or left out.
  func optionalBool(_ key: String) throws -> Bool? {
    guard let member = value[key], member != .null else { return nil }
    guard case .bool(let bool) = member else { throw wrong(key, "must be true or false") }
    return bool
  }

  /// Nil when it is null or left out.
  func optionalTexts(_ key: String) throws -> [String]? {
    guard let member = value[key], member != .null else { return nil }
    guard let items = member.array else { throw wrong(key, "must be a list of texts") }
    return try items.map { item in
      guard let text = item.string else { throw wrong(key, "must be a list of texts") }
      return text
    }
  }

  /// One of several words, which documents have in upper case; nil when it is null or left out.
  func choice<Choice: RawRepresentable<String>>(_ key: String, _ type: Choice.Type) throws -> Choice? {
    guard let member = value[key], member != .null else { return nil }
    guard let text = member.string else { throw wrong(key, "must be a text") }
    guard text == text.uppercased(), let choice = Choice(rawValue: text.lowercased()) else {
      throw wrong(key, "is unknown")
    }
    return choice
  }

  /// Nil when it is null or left out.
  func optionalIntegration(_ key: String) throws -> IntegrationName? {
    guard let named = try optionalObject(key) else { return nil }
    return IntegrationName(type: try named.text("type", 1...200), name: try named.text("name", 1...200))
  }

  /// Nil when it is null or left out.
  func optionalFlow(_ key: String) throws -> FlowReference? {
    guard let flow = try optionalObject(key) else { return nil }
    if try flow.optionalBool("itself") == true { return .itself }
    return try flow.optionalText("name", 1...200).map { .named($0) } ?? .lost
  }

  /// The objects of a list.
  func list(_ key: String, atMost maximum: Int = FlowGraph.maximumCount) throws -> [FlowDocumentReader] {
    guard let items = value[key]?.array else { throw wrong(key, "must be a list") }
    try InputCheck.count(items, 0...maximum, field: "\(path).\(key)")
    return items.enumerated().map { FlowDocumentReader(value: $1, path: "\(path).\(key).\($0)") }
  }

  func node(_ key: String, _ idByKey: [String: Identifier]) throws -> Identifier {
    guard let id = idByKey[try string(key)] else { throw wrong(key, "names a node that does not exist") }
    return id
  }

  /// Of a connection; SUCCESS when it is null or left out.
  func outcome() throws -> Flows.ConnectionOutcome {
    try choice("outcome", Flows.ConnectionOutcome.self) ?? .success
  }

  func wrong(_ key: String, _ problem: String) -> ServiceError {
    ServiceError(.badUserInput, "\(path).\(key) \(problem).", field: "\(path).\(key)")
  }
}
