import GraphQLEngine

/// What is told when something did not work: problem details (RFC 9457), with the API's code beside them.
public struct Problem: Error, Sendable {
  /// One of the things that are wrong with a request.
  public struct Entry: Hashable, Sendable {
    public var detail: String
    /// Where: nil when it is not one place.
    public var place: Place?

    public init(_ detail: String, at place: Place? = nil) {
      self.detail = detail
      self.place = place
    }
  }

  /// A place in a request.
  public enum Place: Hashable, Sendable {
    /// Names and positions from the body's root.
    case body([String])
    case parameter(String)
    case header(String)
  }

  /// The status of the answer.
  public var status: Int
  /// From the list of docs/api.md.
  public var code: String
  public var detail: String
  public var entries: [Entry]
  /// Further members; JSON texts.
  var members: [ErrorExtension] = []

  public init(_ status: Int, code: String, _ detail: String, _ entries: [Entry] = []) {
    self.status = status
    self.code = code
    self.detail = detail
    self.entries = entries
  }

  /// The media type of all problems.
  public static let mediaType = "application/problem+json"

  /// Wrong input: one entry for each wrong place.
  public init(_ entries: [Entry]) {
    self.init(
      400, code: "BAD_USER_INPUT",
      entries.count == 1 ? entries[0].detail : "\(entries.count) things are wrong with the request.", entries)
  }

  /// The body, as JSON.
  public var bytes: [UInt8] {
    var writer = JSONWriter(capacity: 512)
    var object = InputObject()
    object.append("type", .string("/api/docs#\(code)"))
    object.append("title", .string(Problem.title(status)))
    object.append("status", .int(status))
    object.append("detail", .string(detail))
    object.append("code", .string(code))
    if !entries.isEmpty { object.append("errors", .list(entries.map(\.value))) }
    for member in members where object[member.key] == nil {
      if let value = try? JSONReader.read(member.json) { object.append(member.key, value) }
    }
    writer.write(json: .object(object))
    return writer.bytes
  }

  /// The name of a status (RFC 9110 § 15).
  static func title(_ status: Int) -> String {
    switch status {
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 503: "Service Unavailable"
    default: "Internal Server Error"
    }
  }

  /// The codes that endpoints answer with, and when.
  static let codes = [
    ("BAD_USER_INPUT", "The request is wrong: a parameter, the body, a header, the method."),
    (
      "UNAUTHENTICATED",
      "No valid access token; a wrong password; a refresh token that is not valid any more."
    ),
    ("FORBIDDEN", "The role is too low; a page of another site asks."),
    ("NOT_FOUND", "It is not there, or belongs to another organization; or there is no such path."),
    ("CONFLICT", "An old revision, a name or address that is taken, an object in use, a run that is over."),
    ("TOO_EXPENSIVE", "The operation would read too much."),
    ("RATE_LIMITED", "Too many requests; wait as long as Retry-After says."),
    ("TIMEOUT", "The database did not answer in time, or the request took too long."),
    ("UNAVAILABLE", "The database or the sandbox cannot be reached now, or is overloaded."),
    ("CURSOR_EXPIRED", "What is behind this cursor is not kept any more."),
    ("INTERNAL", "A fault of the server; the details are in its log only."),
  ]

  /// The status of a code of the API.
  public static func status(of code: String) -> Int {
    switch code {
    case "BAD_USER_INPUT", "TOO_EXPENSIVE": 400
    case "UNAUTHENTICATED": 401
    case "FORBIDDEN": 403
    case "NOT_FOUND": 404
    case "CONFLICT": 409
    case "CURSOR_EXPIRED": 410
    case "RATE_LIMITED": 429
    case "TIMEOUT", "UNAVAILABLE": 503
    default: 500
    }
  }
}

extension Problem.Entry {
  var value: InputValue {
    var object = InputObject()
    object.append("detail", .string(detail))
    switch place {
    case .body(let steps):
      // RFC 6901 § 3 and § 6: a JSON pointer, as a URI's fragment.
      let pointer = steps.map { step in
        PercentCoding.encode(step.replacing("~", with: "~0").replacing("/", with: "~1"))
      }
      object.append("pointer", .string("#" + pointer.map { "/" + $0 }.joined()))
    case .parameter(let name): object.append("parameter", .string(name))
    case .header(let name): object.append("header", .string(name))
    case nil: break
    }
    return .object(object)
  }
}
