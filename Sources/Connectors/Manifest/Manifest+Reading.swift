import Flows

extension Manifest {
  /// The format that this reader understands.
  public static let format: Int64 = 1
  static let categories: Set<String> = [
    "messaging", "data", "ops", "finance", "devtools", "ai", "docs", "projects", "storage", "customers",
    "voice", "social", "calendar",
  ]

  /// What is wrong with a manifest's text; empty when it can be used.
  /// - Parameter fileName: without `.json`; the manifest's type must be the same.
  public static func check(_ text: String, fileName: String) -> [ManifestProblem] {
    do {
      _ = try Manifest(parsing: text, fileName: fileName)
      return []
    } catch { return error.problems }
  }

  /// Reads and checks a manifest.
  public init(parsing text: String, fileName: String) throws(ManifestProblems) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      let problem = ManifestProblem(path: "", message: "\(error.message) at byte \(error.offset)")
      throw ManifestProblems(problems: [problem])
    }
    var list = ProblemList()
    self.init(value, &list)
    if type != fileName { list.add("type", "must be \(fileName), the file's name") }
    list.add(ManifestRules(self).problems)
    if !list.problems.isEmpty { throw ManifestProblems(problems: list.problems) }
  }

  private init(_ value: JSONValue, _ list: inout ProblemList) {
    var reader = FieldReader(value, "", &list)
    if reader.value("format")?.integer != Manifest.format { list.add("format", "must be \(Manifest.format)") }
    type = reader.text("type", &list)
    name = reader.text("name", &list)
    category = reader.text("category", &list)
    description = reader.text("description", &list)
    documentation = reader.optionalText("documentation", &list)
    authentication = Authentication.read(reader.value("authentication"), &list)
    credentials = reader.schema("credentials", &list)
    baseURL = reader.optionalTemplate("baseUrl", &list)
    headers = reader.fields("headers", &list)
    query = reader.fields("query", &list)
    errors = ErrorMapping(reader.value("errors") ?? [:], &list)
    rateLimits = RateLimits(reader.value("rateLimits") ?? [:], &list)
    let idempotencyHeader = reader.optionalText("idempotencyHeader", &list)
    self.idempotencyHeader = idempotencyHeader
    test = reader.value("test").map { TestCall($0, &list) }
    let operations = reader.value("operations")?.object?.members ?? []
    self.operations = operations.map { Operation($0, idempotencyHeader, &list) }
    capabilities =
      reader.object["capabilities"] == nil
      ? self.operations.map(\.key) : reader.texts("capabilities", &list)
    triggers = (reader.value("triggers")?.object?.members ?? []).map { Trigger($0, &list) }
    reader.finish(&list)
  }
}

extension Authentication {
  static func read(_ value: JSONValue?, _ list: inout ProblemList) -> [Authentication] {
    guard let methods = value?.array, !methods.isEmpty else {
      list.add("authentication", "must be a list of at least one method")
      return []
    }
    return methods.enumerated().map { read($0.element, "authentication.\($0.offset)", &list) }
  }

  private static func read(
    _ value: JSONValue, _ path: String, _ list: inout ProblemList
  ) -> Authentication {
    var reader = FieldReader(value, path, &list)
    defer { reader.finish(&list) }
    let kind: Kind? = reader.choice("kind", nil, &list)
    switch kind {
    case nil, Kind.none?: return .none
    case .apiKey:
      return .apiKey(
        reader.choice("in", .header, &list) ?? .header, name: reader.template("name", &list),
        value: reader.template("value", &list))
    case .bearer: return .bearer(token: reader.template("token", &list))
    case .basic:
      return .basic(
        username: reader.template("username", &list), password: reader.template("password", &list))
    case .oauth2: return .oauth2(OAuthSettings(&reader, &list))
    }
  }
}

extension TestCall {
  fileprivate init(_ value: JSONValue, _ list: inout ProblemList) {
    var reader = FieldReader(value, "test", &list)
    operation = reader.text("operation", &list)
    input = reader.value("input") ?? [:]
    acceptance = reader.choice("accepts", .success, &list) ?? .success
    reader.finish(&list)
  }
}

extension ErrorMapping {
  fileprivate init(_ value: JSONValue, _ list: inout ProblemList) {
    var reader = FieldReader(value, "errors", &list)
    message = reader.paths("message", &list)
    code = reader.paths("code", &list)
    sign = reader.value("failsWhen").map { value in
      var reader = FieldReader(value, "errors.failsWhen", &list)
      defer { reader.finish(&list) }
      return Sign(path: reader.path("path", &list), equals: reader.value("equals"))
    }
    codes = Dictionary(
      ErrorMapping.classes(reader.value("codes"), "errors.codes", &list), uniquingKeysWith: { $1 })
    let named = ErrorMapping.classes(reader.value("statuses"), "errors.statuses", &list)
    statuses = Dictionary(
      named.compactMap { name, failure in Int(name).map { ($0, failure) } }, uniquingKeysWith: { $1 })
    if statuses.count != named.count { list.add("errors.statuses", "must have statuses as keys") }
    let retryable = reader.value("retryable")?.array ?? []
    self.retryable = Set(retryable.compactMap { $0.integer.map { Int(clamping: $0) } })
    reader.finish(&list)
  }

  private static func classes(
    _ value: JSONValue?, _ path: String, _ list: inout ProblemList
  ) -> [(String, FailureClass)] {
    (value?.object?.members ?? []).compactMap { member in
      guard let failure = member.value.string.flatMap(FailureClass.init) else {
        let names = FailureClass.allCases.map(\.rawValue).joined(separator: ", ")
        list.add("\(path).\(member.key)", "must be one of \(names)")
        return nil
      }
      return (member.key, failure)
    }
  }
}

extension RateLimits {
  fileprivate init(_ value: JSONValue, _ list: inout ProblemList) {
    var reader = FieldReader(value, "rateLimits", &list)
    headers = (reader.value("headers")?.array ?? []).enumerated().map { index, group in
      var reader = FieldReader(group, "rateLimits.headers.\(index)", &list)
      defer { reader.finish(&list) }
      return Headers(&reader, &list)
    }
    retryAfter = reader.optionalText("retryAfter", &list)?.lowercased()
    retryAfterKind = reader.choice("retryAfterKind", .seconds, &list) ?? .seconds
    retryIn = reader.paths("retryIn", &list)
    retryInKind = reader.choice("retryInKind", .seconds, &list) ?? .seconds
    limits = (reader.value("limits")?.array ?? []).enumerated().map { index, limit in
      var reader = FieldReader(limit, "rateLimits.limits.\(index)", &list)
      defer { reader.finish(&list) }
      return Static(
        requests: reader.optionalInteger("requests", 1...1_000_000, &list) ?? 1,
        seconds: reader.optionalInteger("seconds", 1...86_400, &list) ?? 1)
    }
    reader.finish(&list)
  }
}

extension RateLimits.Headers {
  fileprivate init(_ reader: inout FieldReader, _ list: inout ProblemList) {
    if let name = reader.optionalText("list", &list) {
      self = .list(name.lowercased())
    } else if let name = reader.optionalText("usage", &list) {
      self = .usage(name.lowercased())
    } else if let name = reader.optionalText("used", &list) {
      self = .used(name.lowercased())
    } else {
      self = .numbers(
        limit: reader.optionalText("limit", &list)?.lowercased(),
        remaining: reader.text("remaining", &list).lowercased(),
        reset: reader.optionalText("reset", &list)?.lowercased(),
        resetKind: reader.choice("resetKind", .seconds, &list) ?? .seconds)
    }
  }
}
