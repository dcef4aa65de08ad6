import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Sends operations to a Studio: adds the access token, renews it when it runs out, resumes subscriptions.
///
/// One for each server and user; all methods may be called from any task.
///
///     let client = StudioClient(url: URL(string: "https://studio.example.com/graphql")!, tokens: keychain)
///     let page = try await client.execute(FlowsQuery(first: 20))
///     for try await update in client.subscribe(RunSubscription(id: run.id)) { … }
public final class StudioClient: Sendable {
  public let url: URL
  private let transport: any HTTPTransport
  private let keeper: TokenKeeper
  private let store: any TokenStore
  /// How subscriptions come back.
  public let resuming: Resuming

  /// When a stream breaks.
  public struct Resuming: Sendable {
    /// Attempts one after the other without an event in between; then the error is thrown.
    public var attempts = 10
    /// Before the first attempt; doubled for each further one.
    public var firstDelay: Duration = .milliseconds(250)
    public var longestDelay: Duration = .seconds(10)

    public init() {}
  }

  public init(
    url: URL, tokens: any TokenStore = MemoryTokenStore(),
    transport: any HTTPTransport = URLSessionTransport(),
    resuming: Resuming = Resuming()
  ) {
    self.url = url
    self.transport = transport
    self.store = tokens
    self.resuming = resuming
    keeper = TokenKeeper(store: tokens) { refreshToken in
      try await RefreshTokens(refreshToken: refreshToken).send(to: url, through: transport)
    }
  }

  /// Keeps the tokens that signing in gave; nil signs out.
  public func signIn(_ tokens: Tokens?) async { await store.save(tokens) }

  /// Sends a query or mutation.
  ///
  /// - Throws: `GraphQLFailure` for any error of the answer, `URLError` where there is none.
  public func execute<Operation: GraphQLOperation>(_ operation: Operation) async throws -> Operation.Data {
    let response = try await response(operation)
    if let errors = response.errors, !errors.isEmpty { throw GraphQLFailure.errors(errors) }
    guard let data = response.data else {
      throw GraphQLFailure.unreadable("an answer without data and errors")
    }
    return data
  }

  /// Sends a query or mutation and gives the answer with its errors, which may be partial.
  public func response<Operation: GraphQLOperation>(
    _ operation: Operation
  ) async throws -> GraphQLResponse<Operation.Data> {
    let token = try await keeper.accessToken()
    let first: GraphQLResponse<Operation.Data> = try await send(operation, token: token)
    guard let token, first.isTokenRefused else { return first }
    return try await send(operation, token: try await keeper.accessToken(refused: token))
  }

  private func send<Operation: GraphQLOperation>(
    _ operation: Operation, token: String?
  ) async throws -> GraphQLResponse<Operation.Data> {
    var request = try URLRequest.graphQL(url, operation)
    request.setToken(token)
    request.setValue("application/graphql-response+json, application/json", forHTTPHeaderField: "Accept")
    let (data, response) = try await transport.send(request)
    return try GraphQLResponse.read(data, response)
  }

  /// Follows a subscription until the server completes it. A broken connection is taken up behind the last
  /// event, so nothing is missed and nothing comes twice.
  ///
  /// - Throws: `GraphQLFailure` for what the server refuses; the last error when it cannot be reached.
  public func subscribe<Subscription: GraphQLSubscription>(
    _ subscription: Subscription
  ) -> AsyncThrowingStream<Subscription.Data, any Error> {
    let reader = SubscriptionReader(subscription, client: self)
    return AsyncThrowingStream { try await reader.next() }
  }

  // MARK: For the reader of subscriptions

  func accessToken(refused: String? = nil) async throws -> String? {
    try await keeper.accessToken(refused: refused)
  }

  func stream(_ request: URLRequest) -> AsyncThrowingStream<StreamPart, any Error> {
    transport.stream(request)
  }
}

extension GraphQLResponse {
  /// Whether nothing was executed because of the token; a wrong password is an error of a field.
  fileprivate var isTokenRefused: Bool {
    data == nil && errors?.contains { $0.code == "UNAUTHENTICATED" && $0.path == nil } ?? false
  }

  /// Reads an answer, whatever its status, as long as it is GraphQL's.
  static func read(_ body: Foundation.Data, _ response: HTTPURLResponse) throws -> GraphQLResponse {
    let type = response.value(forHTTPHeaderField: "Content-Type") ?? ""
    guard type.hasPrefix("application/graphql-response+json") || type.hasPrefix("application/json") else {
      throw GraphQLFailure.status(response.statusCode, String(decoding: body.prefix(500), as: UTF8.self))
    }
    do {
      return try JSONDecoder().decode(GraphQLResponse.self, from: body)
    } catch {
      throw GraphQLFailure.unreadable("\(error)")
    }
  }
}

/// The JSON of a request.
private struct RequestBody<Operation: GraphQLOperation>: Encodable {
  var operation: Operation

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(Operation.document, forKey: "query")
    try fields.encode(Operation.operationName, forKey: "operationName")
    try fields.encode(operation, forKey: "variables")
  }
}

extension URLRequest {
  /// A POST of an operation: JSON, or multipart where it carries files.
  static func graphQL<Operation: GraphQLOperation>(_ url: URL, _ operation: Operation) throws -> URLRequest {
    let uploads = Uploads()
    let encoder = JSONEncoder()
    encoder.userInfo[Uploads.key] = uploads
    let json = try encoder.encode(RequestBody(operation: operation))
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("1", forHTTPHeaderField: "GraphQL-Require-Preflight")
    if uploads.files.isEmpty {
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = json
    } else {
      let boundary = "studio-\(UUID().uuidString)"
      request.setValue("multipart/form-data; boundary=\(boundary)", forHTTPHeaderField: "Content-Type")
      request.httpBody = try uploads.body(operations: json, boundary: boundary)
    }
    return request
  }

  mutating func setToken(_ token: String?) {
    if let token { setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
  }
}

/// The mutation that renews tokens.
private struct RefreshTokens: GraphQLMutation {
  static let operationName = "RefreshTokens"
  static let documentId = ""
  // Letter for letter what `--manifest` writes for servers that execute trusted documents alone.
  static let document =
    "mutation RefreshTokens($refreshToken: String!) {"
    + " refreshToken(input: {refreshToken: $refreshToken}) { accessToken refreshToken expiresIn } }"

  var refreshToken: String

  struct Data: Decodable, Sendable {
    var refreshToken: Payload
  }

  struct Payload: Decodable, Sendable {
    var accessToken: String
    var refreshToken: String
    var expiresIn: Int
  }

  func send(to url: URL, through transport: any HTTPTransport) async throws -> Tokens {
    let (body, response) = try await transport.send(try URLRequest.graphQL(url, self))
    let answer = try GraphQLResponse<Data>.read(body, response)
    guard let payload = answer.data?.refreshToken else { throw GraphQLFailure.errors(answer.errors ?? []) }
    return Tokens(
      accessToken: payload.accessToken, refreshToken: payload.refreshToken, expiresIn: payload.expiresIn)
  }
}
