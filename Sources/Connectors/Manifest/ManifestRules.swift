import Flows

/// The rules that hold between a manifest's parts: what a template names is there, what a trigger or the test
/// asks for exists, what must have a value has one.
struct ManifestRules {
  let manifest: Manifest

  init(_ manifest: Manifest) { self.manifest = manifest }

  var problems: [ManifestProblem] {
    var list = ProblemList()
    checkNames(&list)
    checkCredentials(&list)
    for operation in manifest.operations { check(operation, &list) }
    for trigger in manifest.triggers { check(trigger, &list) }
    checkTest(&list)
    return list.problems
  }

  private func checkNames(_ list: inout ProblemList) {
    if !ManifestRules.isName(manifest.type) { list.add("type", "must be of a-z, 0-9 and _") }
    if !Manifest.categories.contains(manifest.category) {
      list.add("category", "must be one of \(Manifest.categories.sorted().joined(separator: ", "))")
    }
    if !manifest.description.hasSuffix(".") { list.add("description", "must be a sentence") }
    for key in manifest.operations.map(\.key) where !ManifestRules.isName(key) {
      list.add("operations.\(key)", "must be named with a-z, 0-9 and _")
    }
    for key in manifest.triggers.map(\.key) where !ManifestRules.isName(key) {
      list.add("triggers.\(key)", "must be named with a-z, 0-9 and _")
    }
    if manifest.baseURL == nil, !manifest.operations.isEmpty { list.add("baseUrl", "must be a text") }
  }

  /// Credentials are shown as a form: each has a title and a description, and a secret one is never shown.
  private func checkCredentials(_ list: inout ProblemList) {
    let schema = manifest.credentials
    if schema.value["type"] != "object" { list.add("credentials.type", "must be object") }
    if schema.value["additionalProperties"] != false {
      list.add("credentials.additionalProperties", "must be false")
    }
    for property in schema.properties {
      let path = "credentials.properties.\(property.key)"
      if ["title", "description"].contains(where: { property.value[$0]?.string?.isEmpty ?? true }) {
        list.add(path, "must have a title and a description")
      }
      let isSecret = ["token", "secret", "password", "key", "headervalue"].contains {
        property.key.lowercased().hasSuffix($0)
      }
      if isSecret, property.value["writeOnly"] != true {
        list.add(path, "must be writeOnly, because its name says that it is secret")
      }
      if property.value["type"] == "string", property.value["maxLength"] == nil, property.value["enum"] == nil
      {
        list.add(path, "must have a maxLength")
      }
    }
    for (index, method) in manifest.authentication.enumerated() {
      let allowed: Set = ["credentials", "oauth"]
      for path in method.paths { check(path, allowed, at: "authentication.\(index)", &list) }
      guard case .oauth2(let settings) = method else { continue }
      for path in (settings.longLived?.paths ?? []) + (settings.renewal?.paths ?? []) {
        check(path, allowed.union(["client"]), at: "authentication.\(index)", &list)
      }
    }
    for path in manifest.baseURL?.places.map(\.path) ?? [] {
      check(path, ["credentials", "oauth"], at: "baseUrl", &list)
    }
  }

  private func check(_ operation: Operation, _ list: inout ProblemList) {
    let path = "operations.\(operation.key)"
    if operation.input.value["type"] != "object" { list.add(path + ".input.type", "must be object") }
    if operation.input.value["additionalProperties"] == nil {
      list.add(path + ".input.additionalProperties", "must be true, false or a schema")
    }
    for property in operation.input.properties where property.value["description"]?.string == nil {
      list.add(path + ".input.properties.\(property.key)", "must have a description")
    }
    check(operation.request, path + ".request", operation, &list)
    if let continuation = operation.paging?.continuation {
      check(continuation, path + ".paging.continuation", operation, &list)
    }
    let answer: Set = ["input", "body", "headers", "status", "item"]
    for found in operation.response.output.paths {
      check(found.path, answer, at: path + ".response.output", operation, &list)
    }
    check(operation.paging, path + ".paging", &list)
  }

  private func check(
    _ request: RequestTemplate, _ path: String, _ operation: Operation, _ list: inout ProblemList
  ) {
    if !request.path.startsWithSlash { list.add(path + ".path", "must begin with /") }
    let roots: Set = ["input", "credentials", "oauth"]
    for place in request.path.places {
      check(place.path, roots, at: path + ".path", operation, &list)
      if place.fallback == nil, !isAlwaysThere(place.path, in: operation) {
        let name = place.path.segments.joined(separator: ".")
        list.add(path + ".path", "\(name) must be required or have something to fall back to")
      }
    }
    let values = roots.union(operation.paging == nil ? ["item"] : ["item", "page"])
    for field in manifest.headers + manifest.query + request.query + request.headers {
      for found in field.value.paths {
        check(found.path, values, at: path + ".\(field.name)", operation, &list)
      }
    }
    for found in request.body?.paths ?? [] {
      check(found.path, values, at: path + ".body", operation, &list)
    }
    for part in request.parts {
      for found in part.paths {
        check(found, roots, at: path + ".parts.\(part.name)", operation, &list)
      }
    }
    if request.method == "GET", request.body != nil || !request.parts.isEmpty {
      list.add(path + ".body", "GET has no body")
    }
  }

  private func check(_ paging: Paging?, _ path: String, _ list: inout ProblemList) {
    guard let paging else { return }
    let answer: Set = ["body", "headers", "lastItem"]
    check(paging.items, ["body"], at: path + ".items", &list)
    if let more = paging.more { check(more, answer, at: path + ".more", &list) }
    switch paging.kind {
    case .cursor(_, let cursor): check(cursor, answer, at: path + ".cursor", &list)
    case .nextURL(let url): check(url, answer, at: path + ".url", &list)
    case .page, .offset, .link: break
    }
  }

  private func checkTest(_ list: inout ProblemList) {
    guard let test = manifest.test else {
      if !manifest.operations.isEmpty { list.add("test", "must name the operation that tests credentials") }
      return
    }
    guard let operation = manifest.operation(test.operation) else {
      list.add("test.operation", "\(test.operation) is no operation")
      return
    }
    if let problem = operation.input.problem(with: operation.input.completed(test.input)) {
      list.add("test.input", "\(problem.path) \(problem.message)")
    }
  }
}

extension ManifestRules {
  func check(
    _ path: ValuePath, _ roots: Set<String>, at place: String, _ list: inout ProblemList
  ) {
    if !roots.contains(path.root) {
      list.add(place, "\(path.root) is not known here; there are \(roots.sorted().joined(separator: ", "))")
    } else if path.root == "credentials" {
      let isKnown = manifest.credentials.properties.contains { $0.key == path.member }
      if !isKnown { list.add(place, "\(path.member ?? "") is no property of credentials") }
    } else if path.root == "oauth", !manifest.usesOAuth {
      list.add(place, "oauth has no value without the method oauth2")
    }
  }

  private func check(
    _ path: ValuePath, _ roots: Set<String>, at place: String, _ operation: Operation,
    _ list: inout ProblemList
  ) {
    check(path, roots, at: place, &list)
    guard path.root == "input", let member = path.member else { return }
    let isKnown = operation.input.properties.contains { $0.key == member }
    if !isKnown { list.add(place, "\(member) is no property of input") }
  }

  private func isAlwaysThere(_ path: ValuePath, in operation: Operation) -> Bool {
    guard let member = path.member else { return path.root == "input" }
    switch path.root {
    case "input":
      let property = operation.input.properties.first { $0.key == member }
      return operation.input.required.contains(member) || property?.value["default"] != nil
    case "credentials": return manifest.credentials.required.contains(member)
    default: return true
    }
  }

  static func isName(_ text: String) -> Bool {
    text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } == true
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      }
  }
}

extension Authentication {
  /// What it reads of credentials and tokens.
  var paths: [ValuePath] {
    switch self {
    case .none: []
    case .oauth2(let settings): settings.grantPaths
    case .apiKey(_, let name, let value): (name.places + value.places).map(\.path)
    case .bearer(let token): token.places.map(\.path)
    case .basic(let username, let password): (username.places + password.places).map(\.path)
    }
  }
}

extension TextTemplate {
  fileprivate var startsWithSlash: Bool {
    guard case .text(let text)? = parts.first else { return parts.isEmpty }
    return text.hasPrefix("/")
  }
}
