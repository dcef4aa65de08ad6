import Flows

/// A JSON value with places in its texts, and a few functions: objects with one key that begins with `$`.
///
/// What has no value is left out: a member of an object, an element of a list. An object or a list of which
/// nothing is left is left out too, unless it was written empty. Values come from `JSONParser`, so that the
/// recursion is bounded.
public indirect enum ValueTemplate: Sendable, Equatable {
  case constant(JSONValue)
  case text(TextTemplate)
  case list([ValueTemplate])
  case object([Member])
  /// `{"$if": "input.x", "then": …, "else": …}`: whether there is a value that is not null and not false.
  case choice(ValuePath, then: ValueTemplate, else: ValueTemplate?)
  /// `{"$each": "input.list", "value": …}`: the value for each element, which is `item`.
  case each(ValuePath, ValueTemplate)
  /// `{"$merge": [a, b]}`: the members of all objects; of a key that comes twice the last value.
  case merge([ValueTemplate])
  /// `{"$json": …}`, `{"$base64": …}`, `{"$base64url": …}`: the value as a text of that form.
  case written(ValueTemplate, Place.Format)

  public struct Member: Sendable, Equatable {
    let key: String
    let value: ValueTemplate
  }

  /// The template of a manifest's value; throws what is wrong with it.
  init(_ value: JSONValue) throws(TemplateProblem) {
    switch value {
    case .string(let text):
      let template = try TextTemplate(text)
      if template.places.isEmpty {
        self = .constant(.string(template.text(in: ValueScope()) ?? ""))
      } else {
        self = .text(template)
      }
    case .array(let elements):
      var templates: [ValueTemplate] = []
      for element in elements { templates.append(try ValueTemplate(element)) }
      self = .list(templates)
    case .object(let object): self = try ValueTemplate.read(object)
    default: self = .constant(value)
    }
  }

  private static func read(_ object: JSONObject) throws(TemplateProblem) -> ValueTemplate {
    guard let function = object.members.first(where: { $0.key.hasPrefix("$") }) else {
      var members: [Member] = []
      for member in object.members {
        members.append(Member(key: member.key, value: try ValueTemplate(member.value)))
      }
      return .object(members)
    }
    switch function.key {
    case "$if":
      try expect(object, ["$if", "then"], ["else"])
      return .choice(
        try path(function), then: try ValueTemplate(object["then"] ?? .null),
        else: try object["else"].map { value throws(TemplateProblem) in try ValueTemplate(value) })
    case "$each":
      try expect(object, ["$each", "value"])
      return .each(try path(function), try ValueTemplate(object["value"] ?? .null))
    case "$merge":
      try expect(object, ["$merge"])
      guard case .list(let parts) = try ValueTemplate(function.value) else {
        throw TemplateProblem(message: "$merge needs a list")
      }
      return .merge(parts)
    case "$json", "$base64", "$base64url":
      try expect(object, [function.key])
      return .written(
        try ValueTemplate(function.value), Place.Format(rawValue: String(function.key.dropFirst())) ?? .json)
    default:
      throw TemplateProblem(
        message: "\(function.key) is no function; there are $if, $each, $merge, $json,"
          + " $base64 and $base64url")
    }
  }

  private static func expect(
    _ object: JSONObject, _ required: [String], _ optional: [String] = []
  ) throws(TemplateProblem) {
    for key in required where object[key] == nil {
      throw TemplateProblem(message: "\(required[0]) needs \(key)")
    }
    for member in object.members where !(required + optional).contains(member.key) {
      throw TemplateProblem(message: "\(member.key) cannot stand beside \(required[0])")
    }
  }

  private static func path(_ member: JSONObject.Member) throws(TemplateProblem) -> ValuePath {
    guard let path = member.value.string.flatMap({ ValuePath($0) }) else {
      throw TemplateProblem(message: "\(member.key) needs a path, such as input.name")
    }
    return path
  }

  /// All paths that the template reads, with whether each has a value to fall back to.
  var paths: [(path: ValuePath, hasFallback: Bool)] {
    switch self {
    case .constant: []
    case .text(let text): text.places.map { ($0.path, $0.fallback != nil) }
    case .list(let elements), .merge(let elements): elements.flatMap(\.paths)
    case .object(let members): members.flatMap(\.value.paths)
    case .choice(let path, let first, let second):
      [(path, true)] + first.paths + (second?.paths ?? [])
    case .each(let path, let value): [(path, true)] + value.paths
    case .written(let value, _): value.paths
    }
  }

  /// The value; nil when it is left out.
  public func value(in scope: ValueScope) -> JSONValue? {
    switch self {
    case .constant(let value): return value
    case .text(let text): return text.value(in: scope)
    case .list(let templates):
      let values = templates.compactMap { $0.value(in: scope) }
      return values.isEmpty && !templates.isEmpty ? nil : .array(values)
    case .object(let members):
      let kept = members.compactMap { member in
        member.value.value(in: scope).map { JSONObject.Member(key: member.key, value: $0) }
      }
      return kept.isEmpty && !members.isEmpty ? nil : .object(JSONObject(kept))
    case .choice(let path, let first, let second):
      let value = scope.value(at: path)
      let isGiven = value != nil && value != .null && value != .bool(false)
      return isGiven ? first.value(in: scope) : second?.value(in: scope)
    case .each(let path, let template):
      guard let elements = scope.value(at: path)?.array else { return nil }
      return .array(
        elements.compactMap { element in
          var inner = scope
          inner["item"] = element
          return template.value(in: inner)
        })
    case .merge(let parts):
      let objects = parts.compactMap { $0.value(in: scope)?.object }
      return objects.isEmpty ? nil : .object(JSONObject(objects.flatMap(\.members)))
    case .written(let template, let format):
      return template.value(in: scope).flatMap { Place.text(of: $0, format) }.map { .string($0) }
    }
  }
}
