import Flows
import Storage

/// Reads one object of a document; errors name its path. What is wrong is noted, and something harmless takes
/// its place: who wrote the document is told of all of it at once, when it has been read.
struct FlowDocumentReader {
  let value: JSONValue
  let path: String
  let problems: Problems

  /// What is wrong in a document: one error for a member, of the first hundred.
  final class Problems {
    private static let maximum = 100

    private(set) var errors: [ServiceError] = []

    func note(_ error: ServiceError) {
      let isKnown = errors.contains { $0.field == error.field }
      if !isKnown, errors.count < Problems.maximum { errors.append(error) }
    }

    /// - Returns: whether the check found nothing.
    @discardableResult
    func noting(_ check: () throws(ServiceError) -> Void) -> Bool {
      do throws(ServiceError) {
        try check()
        return true
      } catch {
        note(error)
        return false
      }
    }

    /// Throws what was noted.
    func check() throws { try InputCheck.all(errors.map { error in { throw error } }) }
  }

  func string(_ key: String) -> String {
    guard let text = value[key]?.string else {
      note(key, "must be a text")
      return ""
    }
    return text
  }

  func text(_ key: String, _ range: ClosedRange<Int>) -> String {
    let text = string(key)
    problems.noting { () throws(ServiceError) in
      try InputCheck.text(text, range, field: "\(path).\(key)")
    }
    return text
  }

  /// Nil when it is null or left out.
  func optionalText(_ key: String, _ range: ClosedRange<Int>) -> String? {
    isAbsent(key) ? nil : text(key, range)
  }

  /// Nil when it is null or left out.
  func optionalObject(_ key: String) -> FlowDocumentReader? {
    isAbsent(key) ? nil : object(key)
  }

  func object(_ key: String) -> FlowDocumentReader? {
    guard let member = value[key], member.object != nil else {
      note(key, "must be an object")
      return nil
    }
    return FlowDocumentReader(value: member, path: "\(path).\(key)", problems: problems)
  }

  /// Nil when it is null or left out.
  func optionalNumber(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    if isAbsent(key) { return nil }
    guard let number = value[key]?.integer else { return note(key, "must be a whole number") }
    let isGood = problems.noting { () throws(ServiceError) in
      try InputCheck.number(Int(clamping: number), range, field: "\(path).\(key)")
    }
    return isGood ? Int(number) : nil
  }

  /// Nil when it is null or left out.
  func optionalBool(_ key: String) -> Bool? {
    if isAbsent(key) { return nil }
    guard case .bool(let bool) = value[key] else { return note(key, "must be true or false") }
    return bool
  }

  /// Nil when it is null or left out.
  func optionalTexts(_ key: String) -> [String]? {
    if isAbsent(key) { return nil }
    let texts = value[key]?.array?.map(\.string) ?? [nil]
    guard !texts.contains(nil) else { return note(key, "must be a list of texts") }
    return texts.compactMap(\.self)
  }

  /// One of several words, which documents have in upper case; nil when it is null or left out.
  func choice<Choice: RawRepresentable<String>>(_ key: String, _ type: Choice.Type) -> Choice? {
    if isAbsent(key) { return nil }
    guard let text = value[key]?.string else { return note(key, "must be a text") }
    guard text == text.uppercased(), let choice = Choice(rawValue: text.lowercased()) else {
      return note(key, "is unknown")
    }
    return choice
  }

  /// The same where there must be one.
  func requiredChoice<Choice: RawRepresentable<String>>(
    _ key: String, _ type: Choice.Type, _ problem: String = "must be a text"
  ) -> Choice? {
    isAbsent(key) ? note(key, problem) : choice(key, type)
  }

  /// Nil when it is null or left out.
  func optionalIntegration(_ key: String) -> IntegrationName? {
    guard let named = optionalObject(key) else { return nil }
    return IntegrationName(type: named.text("type", 1...200), name: named.text("name", 1...200))
  }

  /// Nil when it is null or left out.
  func optionalFlow(_ key: String) -> FlowReference? {
    guard let flow = optionalObject(key) else { return nil }
    if flow.optionalBool("itself") == true { return .itself }
    return flow.optionalText("name", 1...200).map { .named($0) } ?? .lost
  }

  /// What is in a list; nil when it is none, or there is too much.
  func list(_ key: String, atMost maximum: Int = FlowGraph.maximumCount) -> [FlowDocumentReader]? {
    guard let items = value[key]?.array else { return note(key, "must be a list") }
    let isShort = problems.noting { () throws(ServiceError) in
      try InputCheck.count(items, 0...maximum, field: "\(path).\(key)")
    }
    guard isShort else { return nil }
    return items.enumerated().map {
      FlowDocumentReader(value: $1, path: "\(path).\(key).\($0)", problems: problems)
    }
  }

  /// Whether it is an object at all.
  func isObject() -> Bool {
    guard value.object == nil else { return true }
    problems.note(ServiceError(.badUserInput, "\(path) must be an object.", field: path))
    return false
  }

  func isAbsent(_ key: String) -> Bool { value[key] ?? .null == .null }

  func note(_ key: String, _ problem: String) {
    problems.note(ServiceError(.badUserInput, "\(path).\(key) \(problem).", field: "\(path).\(key)"))
  }

  /// The same for a value that there is not then.
  private func note<Value>(_ key: String, _ problem: String) -> Value? {
    note(key, problem)
    return nil
  }
}
