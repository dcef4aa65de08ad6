/// A part of a config with its templates parsed: a tree shaped as the JSON it comes from.
///
/// Recursion is bounded by the depth that `JSONParser` allows.
indirect enum TemplateValue: Sendable, Equatable {
  struct Member: Sendable, Equatable {
    let key: String
    let value: TemplateValue
  }

  case constant(JSONValue)
  case template(Template)
  case array([TemplateValue])
  case object([Member])

  /// Parses the strings of `value`; a string that is not a template is reported under `path` and kept as it
  /// is.
  init(_ value: JSONValue, path: String, problems: inout [ConfigProblem]) {
    switch value {
    case .null, .bool, .integer, .number:
      self = .constant(value)
    case .string(let text):
      do {
        let template = try Template.parse(text)
        let isPlain = template.parts.allSatisfy { if case .text = $0 { true } else { false } }
        self = isPlain ? .constant(value) : .template(template)
      } catch {
        problems.append(ConfigProblem(field: path, message: error.message))
        self = .constant(value)
      }
    case .array(let elements):
      self = .array(
        elements.enumerated().map { TemplateValue($1, path: "\(path)[\($0)]", problems: &problems) })
    case .object(let object):
      self = .object(
        object.members.map {
          Member(
            key: $0.key, value: TemplateValue($0.value, path: "\(path).\($0.key)", problems: &problems))
        })
    }
  }

  /// The expressions of the tree, in the order in which `filled` takes their values.
  func expressions(path: String) -> [FieldExpression] {
    switch self {
    case .constant: []
    case .template(let template):
      template.parts.compactMap {
        if case .expression(let text) = $0 { FieldExpression(field: path, text: text) } else { nil }
      }
    case .array(let elements):
      elements.enumerated().flatMap { $1.expressions(path: "\(path)[\($0)]") }
    case .object(let members):
      members.flatMap { $0.value.expressions(path: "\(path).\($0.key)") }
    }
  }

  /// The JSON with the expressions' values in their places; takes the values that it needs from the front.
  func filled(_ values: inout ArraySlice<JSONValue>) -> JSONValue {
    switch self {
    case .constant(let value): return value
    case .template(let template):
      if template.soleExpression != nil { return values.popFirst() ?? .null }
      var text = ""
      for part in template.parts {
        switch part {
        case .text(let plain): text += plain
        case .expression: text += TemplateValue.inserted(values.popFirst() ?? .null)
        }
      }
      return .string(text)
    case .array(let elements): return .array(elements.map { $0.filled(&values) })
    case .object(let members):
      return .object(
        JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.value.filled(&values)) }))
    }
  }

  /// The text of a value inside a longer string: null is empty, a string is itself, all else is JSON.
  private static func inserted(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: value.text()
    }
  }
}

/// An expression of a config and the field that it stands in.
struct FieldExpression: Sendable, Equatable {
  let field: String
  let text: String
}

/// Something wrong in a config: the path of the field and a sentence.
struct ConfigProblem: Sendable, Equatable {
  let field: String
  let message: String
}
