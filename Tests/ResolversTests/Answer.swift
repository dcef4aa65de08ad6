import GraphQLEngine

/// A response as a test looks at it: the bytes, and the JSON that they are.
struct Answer {
  let text: String
  let json: InputValue
  let errors: [GraphQLError]

  init(_ response: Response) throws {
    text = response.text
    json = try JSONReader.read(response.bytes)
    errors = response.errors
  }

  /// The value at a path of keys and list positions, `data.flows.nodes.0.name`.
  subscript(path: String) -> InputValue? {
    path.split(separator: ".").reduce(Optional(json)) { value, key in
      if let place = Int(key), let items = value?.list {
        return items.indices.contains(place) ? items[place] : nil
      }
      return value?[String(key)]
    }
  }

  /// The string at a path.
  func string(_ path: String) -> String? { self[path]?.string }

  /// The strings that the items of a list have at a path: `names("data.flows.nodes", "name")`.
  func strings(_ list: String, _ key: String) -> [String] {
    (self[list]?.list ?? []).compactMap { $0[key]?.string }
  }

  /// `extensions.code` of the errors.
  var codes: [String] { (json["errors"]?.list ?? []).map { $0["extensions"]?["code"]?.string ?? "none" } }

  /// `extensions.field` of the errors.
  var fields: [String?] { (json["errors"]?.list ?? []).map { $0["extensions"]?["field"]?.string } }

  /// `extensions.field` of the first error.
  var field: String? { json["errors"]?.list?.first?["extensions"]?["field"]?.string }

  /// The message of the first error.
  var message: String? { errors.first?.message }

  /// The code of the one error there is.
  var code: String? { codes.count == 1 ? codes[0] : nil }
}

extension InputValue {
  /// JSON over several lines, as it lies in golden files.
  func pretty(_ indent: String = "") -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return String(value)
    case .int(let value): return String(value)
    case .float(let value): return "\(value)"
    case .string(let text), .enumValue(let text): return InputValue.quoted(text)
    case .list(let items):
      if items.isEmpty { return "[]" }
      return lines(items.map { $0.pretty(indent + "  ") }, "[", "]", indent)
    case .object(let object):
      if object.isEmpty { return "{}" }
      let members = object.fields.map { "\(InputValue.quoted($0.name)): \($0.value.pretty(indent + "  "))" }
      return lines(members, "{", "}", indent)
    }
  }

  private func lines(_ items: [String], _ open: String, _ close: String, _ indent: String) -> String {
    "\(open)\n\(indent)  " + items.joined(separator: ",\n\(indent)  ") + "\n\(indent)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter(capacity: text.utf8.count + 16)
    writer.write(text)
    return writer.text
  }
}
