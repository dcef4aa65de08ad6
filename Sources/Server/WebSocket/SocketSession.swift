import GraphQLEngine

/// The server's side of a GraphQL sub-protocol on one socket, as a value: a message or event comes in,
/// actions come out, and no I/O happens here.
///
/// The conversation that drives it is the same for all sub-protocols: who asks, limits, rates, execution.
protocol SocketSession {
  /// A whole text message from the client.
  mutating func receive(_ text: [UInt8]) -> [SessionAction]
  /// The client is who it says, or anonymous.
  mutating func authenticated() -> [SessionAction]
  /// The client may not connect; `isFault` when that is the server's.
  mutating func refused(_ reason: String, isFault: Bool) -> [SessionAction]
  /// The first message did not come in time.
  mutating func initTimedOut() -> [SessionAction]
  /// The credentials that the client connected with are not accepted any more, or have expired.
  mutating func credentialsRefused(_ reason: String) -> [SessionAction]
  /// A result of an operation: the bytes of a response.
  mutating func produced(_ id: String, response: [UInt8]) -> [SessionAction]
  /// The type of the messages that results of an operation come in; nil when it is not under way.
  func resultType(of id: String) -> String?
  /// An operation has failed as a whole: its errors, as the JSON of a list.
  mutating func failed(_ id: String, errors: [UInt8]) -> [SessionAction]
  /// An operation has produced everything.
  mutating func completed(_ id: String) -> [SessionAction]
  /// The client reads too slowly for an operation.
  mutating func dropped(_ id: String) -> [SessionAction]
  /// The keep-alive interval has passed.
  mutating func keepAlive() -> [SessionAction]
  /// The socket is gone, or about to go.
  mutating func ended() -> [SessionAction]
}

/// What a session wants done.
enum SessionAction {
  /// A result belongs to an operation, whose share of what waits is bounded; the last message of an operation
  /// is sent however much waits.
  case send([UInt8], operation: String? = nil, isLast: Bool = false)
  case close(code: UInt16, reason: String)
  /// Find out who it is, then call `authenticated` or `refused`.
  case authenticate(payload: InputValue?)
  /// Start an operation; its results come back through `produced`, `failed` and `completed`.
  case start(id: String, request: GraphQLRequest)
  /// End an operation; nothing it produces afterwards is sent.
  case stop(id: String)
}

/// What is told to who reads too slowly.
enum SlowReader {
  static let message = "The client reads too slowly: resume behind the last event that has arrived."
  static let response = GraphQLEngine.Response(requestErrors: [
    GraphQLError(message, extensions: [ErrorExtension(key: "code", json: "\"SLOW_READER\"")])
  ])
  /// The JSON of a list.
  static let errors = response.errorList
}

extension GraphQLEngine.Response {
  /// The list of a request error's response: its bytes are `{"errors":[…]}`.
  var errorList: [UInt8] {
    let bytes = bytes
    // Of what was not executed, and of a source that has failed.
    for prefix in [#"{"errors":"#, #"{"data":null,"errors":"#] {
      guard bytes.starts(with: prefix.utf8), bytes.last == UInt8(ascii: "}") else { continue }
      return Array(bytes[prefix.utf8.count..<bytes.count - 1])
    }
    return Array("[]".utf8)
  }
}
