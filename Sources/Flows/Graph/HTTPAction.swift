/// A call of a web service, with templates in its URL, headers, query and body.
struct HTTPAction: Sendable, Equatable {
  static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
  static let defaultTimeoutMilliseconds: Int64 = 30_000
  static let maximumTimeoutMilliseconds: Int64 = 300_000
  /// Headers, and also query parameters, at most.
  static let maximumFields = 64

  let method: String
  let timeoutMilliseconds: Int64
  let expectedStatuses: [ClosedRange<Int>]
  /// An object with `url`, and `headers`, `query` and `body` when they are given.
  let request: TemplateValue

  /// The call that the filled-in request means; throws the field that is wrong.
  func call(_ request: JSONValue) throws(ConfigProblem) -> HTTPCall {
    guard let url = request["url"]?.string, HTTPAction.isAbsolute(url), HTTPAction.isOneLine(url) else {
      throw ConfigProblem(field: "config.url", message: "The URL must begin with http:// or https://")
    }
    var call = HTTPCall(method: method, url: url, timeoutMilliseconds: timeoutMilliseconds)
    call.headers = try fields(request["headers"], "config.headers")
    if let header = call.headers.first(where: { !HTTPAction.isOneLine($0.value) }) {
      throw ConfigProblem(
        field: "config.headers.\(header.name)", message: "A header's value must be one line")
    }
    call.query = try fields(request["query"], "config.query")
    call.body = request["body"]
    return call
  }

  func expects(status: Int) -> Bool { expectedStatuses.contains { $0.contains(status) } }

  /// Name and value; a value that is null leaves the field out.
  private func fields(_ value: JSONValue?, _ path: String) throws(ConfigProblem) -> [HTTPCall.Field] {
    var fields: [HTTPCall.Field] = []
    for member in value?.object?.members ?? [] {
      switch member.value {
      case .null: continue
      case .string(let text): fields.append(HTTPCall.Field(name: member.key, value: text))
      case .bool, .integer, .number:
        fields.append(HTTPCall.Field(name: member.key, value: member.value.text()))
      case .array, .object:
        throw ConfigProblem(
          field: "\(path).\(member.key)",
          message: "A string or a number is needed, not \(member.value.kindName)")
      }
    }
    return fields
  }

  static func isAbsolute(_ url: String) -> Bool {
    let start = url.prefix(8).lowercased()
    return (start.hasPrefix("http://") && url.utf8.count > 7) || (start == "https://" && url.utf8.count > 8)
  }

  /// RFC 9110 § 5.5: CR, LF and NUL in a field's value are dangerous.
  static func isOneLine(_ text: String) -> Bool {
    !text.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
  }

  /// What is wrong with a header's name, nil when nothing is.
  static func headerProblem(_ name: String) -> String? {
    let isToken =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        // RFC 9110 § 5.6.2, tchar.
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
    guard isToken else { return "This is not a header's name" }
    let reserved = ["host", "content-length", "transfer-encoding", "connection", "idempotency-key"]
    return reserved.contains(name.lowercased()) ? "The server sets this header itself" : nil
  }

  /// 404, "404", "4xx" or "400-404".
  static func statusRange(_ value: JSONValue) -> ClosedRange<Int>? {
    let known = 100...599
    if let status = value.integer.map(Int.init(clamping:)) {
      return known.contains(status) ? status...status : nil
    }
    guard let text = value.string?.lowercased() else { return nil }
    if text.count == 3, text.hasSuffix("xx"), let hundreds = Int(text.prefix(1)), (1...5).contains(hundreds) {
      return hundreds * 100...hundreds * 100 + 99
    }
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, bounds.count <= 2 else { return nil }
    guard low <= high, known.contains(low), known.contains(high) else { return nil }
    return low...high
  }
}

extension ConfigProblem: Error {}
