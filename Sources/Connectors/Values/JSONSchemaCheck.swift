import Flows

extension JSONSchema {
  private static let annotations: Set<String> = [
    "$schema", "title", "description", "examples", "default", "format", "writeOnly",
  ]
  private static let types: Set<String> = [
    "string", "integer", "number", "boolean", "object", "array", "null",
  ]

  /// What is wrong with a schema of a manifest.
  static func problems(of schema: JSONValue, at path: String, depth: Int = 0) -> [ManifestProblem] {
    guard let object = schema.object else {
      return [ManifestProblem(path: path, message: "must be a JSON Schema, an object")]
    }
    guard depth < maximumDepth else { return [ManifestProblem(path: path, message: "is nested too deeply")] }
    return object.members.flatMap { keywordProblems($0, at: join(path, $0.key), depth: depth) }
      + crossProblems(object, at: path)
  }

  private static func keywordProblems(
    _ keyword: JSONObject.Member, at path: String, depth: Int
  ) -> [ManifestProblem] {
    func problem(_ message: String) -> [ManifestProblem] { [ManifestProblem(path: path, message: message)] }
    switch keyword.key {
    case "type":
      let names = keyword.value.array?.map(\.string) ?? [keyword.value.string]
      return names.allSatisfy { $0.map(types.contains) ?? false } ? [] : problem("is no type of JSON Schema")
    case "properties":
      guard let members = keyword.value.object?.members else { return problem("must be an object") }
      return members.flatMap { problems(of: $0.value, at: join(path, $0.key), depth: depth + 1) }
    case "items": return problems(of: keyword.value, at: path, depth: depth + 1)
    case "additionalProperties":
      if case .bool = keyword.value { return [] }
      return problems(of: keyword.value, at: path, depth: depth + 1)
    case "anyOf":
      guard let schemas = keyword.value.array, !schemas.isEmpty else { return problem("must be a list") }
      return schemas.enumerated().flatMap {
        problems(of: $0.element, at: join(path, String($0.offset)), depth: depth + 1)
      }
    case "required":
      return keyword.value.array?.allSatisfy { $0.string != nil } == true ? [] : problem("must list names")
    case "enum": return keyword.value.array?.isEmpty == false ? [] : problem("must be a list of values")
    case "minLength", "maxLength", "minItems", "maxItems":
      return (keyword.value.integer ?? -1) >= 0 ? [] : problem("must be a number of 0 or more")
    case "minimum", "maximum":
      return matchesNumber(keyword.value) ? [] : problem("must be a number")
    case "pattern":
      let isPattern = keyword.value.string.map { (try? Regex($0)) != nil } ?? false
      return isPattern ? [] : problem("is no regular expression")
    case "const",
      _ where annotations.contains(keyword.key):
      return []
    default: return problem("is a keyword that the Studio does not check")
    }
  }

  private static func matchesNumber(_ value: JSONValue) -> Bool {
    switch value {
    case .integer, .number: true
    default: false
    }
  }

  private static func crossProblems(_ object: JSONObject, at path: String) -> [ManifestProblem] {
    var problems: [ManifestProblem] = []
    let names = object["properties"]?.object?.members.map(\.key) ?? []
    for name in object["required"]?.array?.compactMap(\.string) ?? [] where !names.contains(name) {
      problems.append(ManifestProblem(path: path + ".required", message: "\(name) is no property"))
    }
    if let standard = object["default"], JSONSchema(.object(object)).problem(with: standard) != nil {
      problems.append(ManifestProblem(path: path + ".default", message: "does not satisfy the schema"))
    }
    return problems
  }
}
