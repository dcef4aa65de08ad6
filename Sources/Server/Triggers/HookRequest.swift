import Base64Text
import Flows
import Secrets

/// A request to an incoming webhook, as its run's input shows it.
struct HookRequest: Sendable {
  var method: String
  /// Names in lower case.
  var headers: [(name: String, value: String)]
  /// The query's parameters, decoded.
  var query: [(name: String, value: String)]
  var body: [UInt8]

  /// Why a body cannot be used; a sentence for the sender.
  struct Unreadable: Error {
    let message: String
  }

  /// Levels that an input may have, and the one that the input puts around the body.
  private static let maximumDepth = 127
  private static let maximumFields = 200

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The run's input: method, headers without secrets, query, body.
  func input(_ body: JSONValue, isBase64: Bool) -> JSONValue {
    var members: [JSONObject.Member] = [
      .init(key: "method", value: .string(method)),
      .init(key: "headers", value: HookRequest.fields(headers.filter { !HookRequest.isSecret($0.name) })),
      .init(key: "query", value: HookRequest.fields(query)), .init(key: "body", value: body),
    ]
    if isBase64 { members.append(.init(key: "bodyEncoding", value: "base64")) }
    return .object(JSONObject(members))
  }

  /// Of a name that comes several times a list.
  private static func fields(_ fields: [(name: String, value: String)]) -> JSONValue {
    var object = JSONObject()
    for (name, value) in fields.prefix(maximumFields) {
      switch object[name] {
      case nil: object[name] = .string(value)
      case .array(let values): object[name] = .array(values + [.string(value)])
      case .some(let first): object[name] = [first, .string(value)]
      }
    }
    return .object(object)
  }

  /// What proves who the sender is, or lets somebody in elsewhere, is not stored.
  private static func isSecret(_ name: String) -> Bool {
    secretNames.contains(name) || name.hasSuffix("-signature") || name.hasSuffix("-signature-256")
      || name.hasSuffix("-token") || name.hasSuffix("api-key")
  }

  private static let secretNames: Set<String> = [
    "authorization", "proxy-authorization", "cookie", "x-hub-signature", "stripe-signature",
  ]

  // MARK: Bodies

  /// The body by its media type: JSON as its value, a form as an object, text as it is, anything else as
  /// base64.
  func parsedBody() throws(Unreadable) -> (value: JSONValue, isBase64: Bool) {
    guard !body.isEmpty else { return (.null, false) }
    let contentType = header("content-type")
    let type = (contentType ?? "").lowercased().prefix { $0 != ";" }.filter { $0 != " " }
    if type == "application/json" || type.hasSuffix("+json") { return (try json(), false) }
    if type == "application/x-www-form-urlencoded" {
      return (HookRequest.fields(HookRequest.pairs(body, contentType: contentType)), false)
    }
    if type.isEmpty, let value = try? json() { return (value, false) }
    if type.isEmpty || type.hasPrefix("text/") || type.hasSuffix("xml"),
      let text = String(validating: BodyText.utf8(body, contentType: contentType), as: UTF8.self)
    {
      return (.string(text), false)
    }
    return (.string(Base64.encode(body)), true)
  }

  /// The parameters of a form; empty for other bodies.
  var form: [(name: String, value: String)] {
    let type = (header("content-type") ?? "").lowercased().prefix { $0 != ";" }
    guard type == "application/x-www-form-urlencoded" else { return [] }
    return HookRequest.pairs(body, contentType: header("content-type"))
  }

  private func json() throws(Unreadable) -> JSONValue {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: BodyText.utf8(body, contentType: header("content-type")))
    } catch {
      throw Unreadable(message: "The body is not JSON: \(error.message) (byte \(error.offset)).")
    }
    guard value.isAtMost(levels: HookRequest.maximumDepth) else {
      throw Unreadable(message: "The body has more than \(HookRequest.maximumDepth) levels.")
    }
    return value
  }

  /// The pairs of a form or a query (URL Standard § 5.1).
  static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
    pairs(Array(text.utf8), contentType: nil)
  }

  /// Of a form whose media type may name another encoding than UTF-8.
  private static func pairs(_ body: [UInt8], contentType: String?) -> [(name: String, value: String)] {
    body.split(separator: UInt8(ascii: "&")).prefix(maximumFields).map { pair in
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(parts[0], contentType), parts.count == 2 ? decoded(parts[1], contentType) : "")
    }
  }

  /// What is no escape stays as it is: `100%+5` is "100% 5", though Swift reads "+5" as a number.
  private static func decoded(_ text: ArraySlice<UInt8>, _ contentType: String?) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+") {
        bytes.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%"), rest.count >= 2, rest.first != UInt8(ascii: "+"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return BodyText.field(bytes, contentType: contentType)
  }
}

extension JSONValue {
  /// The parser has bounded the depth, so this may recurse.
  fileprivate func isAtMost(levels: Int) -> Bool {
    switch self {
    case .array(let items): levels > 0 && items.allSatisfy { $0.isAtMost(levels: levels - 1) }
    case .object(let object):
      levels > 0 && object.members.allSatisfy { $0.value.isAtMost(levels: levels - 1) }
    case .null, .bool, .integer, .number, .string: true
    }
  }
}
