import Flows
import GraphQLEngine

extension JSONValue {
  /// The value of an input of the `JSON` scalar, whose coercion has bounded its depth.
  init(_ input: InputValue) {
    switch input {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .integer(Int64(value))
    case .float(let value): self = .number(value)
    case .string(let text), .enumValue(let text): self = .string(text)
    case .list(let items): self = .array(items.map { JSONValue($0) })
    case .object(let object):
      self = .object(
        JSONObject(object.fields.map { JSONObject.Member(key: $0.name, value: JSONValue($0.value)) }))
    }
  }

  /// The names of values of an enum, each once, in the schema's order.
  init<Choice: CaseIterable & RawRepresentable<String> & Hashable>(namesOf chosen: [Choice]) {
    let chosen = Set(chosen)
    self = .array(Choice.allCases.filter(chosen.contains).map { .string($0.rawValue) })
  }

  /// The bound on stored JSON that a client gives: 256 KiB.
  static let maximumInputBytes = 262_144

  /// The value of an input, refused when it is over the bound. NUL is refused too: Postgres cannot store it,
  /// and what is encoded has another character in its place.
  static func checked(_ input: InputValue, field: String) throws -> JSONValue {
    let value = JSONValue(input)
    let bytes = value.encoded()
    guard bytes.count <= maximumInputBytes else {
      throw ServiceError(.badUserInput, "\(field) may have \(maximumInputBytes) bytes at most.", field: field)
    }
    guard !value.containsNUL else {
      throw ServiceError(.badUserInput, "\(field) must not contain the character NUL.", field: field)
    }
    return value
  }

  /// Whether a text or a key has the character. The coercion of the input has bounded the depth.
  var containsNUL: Bool {
    switch self {
    case .string(let text): text.utf8.contains(0)
    case .array(let items): items.contains(where: \.containsNUL)
    case .object(let object): object.members.contains { $0.key.utf8.contains(0) || $0.value.containsNUL }
    case .null, .bool, .integer, .number: false
    }
  }
}
