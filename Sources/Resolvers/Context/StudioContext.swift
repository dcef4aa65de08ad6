import Files
import Flows
import GraphQLEngine
import Logging
import Postgres
import Storage
import Synchronization

/// What one request brings to its resolvers: who asks, the services, and where faults are logged.
///
/// Made for each operation by the server; shared by the threads that run its resolvers.
public final class StudioContext: RequestContext {
  public let services: Services
  public let logger: Logger
  /// Names the fields of the log's lines.
  private let schema: GraphQLEngine.Schema?
  /// Reads of this request may share a sync, and fail together.
  let readGroup: ReadGroup
  /// Where the request comes from.
  let origin: RequestOrigin
  private let currentViewer: Mutex<Viewer?>
  private let currentTrail = Mutex<AuditTrail?>(nil)
  /// Notes what the operation does; nil unless it is explained.
  let trace: ExecutionTrace?
  /// Files that came with the request, by the tokens in its variables.
  let uploads: [String: ReceivedFile]

  /// The name of the last event that the client of a subscription has, as its transport tells it.
  public let lastEventID: String?

  /// The connection's own thread, where the request's changes may be made; nil for the global pool.
  public let taskExecutor: (any ImmediateTaskExecutor)?

  public init(
    services: Services, viewer: Viewer?, logger: Logger, schema: GraphQLEngine.Schema? = nil,
    parts: RequestParts = RequestParts()
  ) {
    origin = RequestOrigin.current
    lastEventID = parts.lastEventID
    taskExecutor = parts.taskExecutor
    self.services = services
    self.logger = logger
    self.schema = schema
    trace = parts.trace
    uploads = parts.uploads
    readGroup = services.database.makeReadGroup()
    currentViewer = Mutex(viewer)
  }

  /// Who asks; nil without signing in.
  public var viewer: Viewer? { currentViewer.withLock { $0 } }

  /// `register`, `login` and `refreshToken` go on as the one who has just signed in, so that their payload
  /// can be read.
  func signIn(_ viewer: Viewer) { currentViewer.withLock { $0 = viewer } }

  /// What the audit log will say of the mutation that runs; they run one after the other.
  var trail: AuditTrail? {
    get { currentTrail.withLock { $0 } }
    set { currentTrail.withLock { $0 = newValue } }
  }

  /// Who asks, or the error that says that somebody must.
  func requireViewer() throws -> Viewer {
    guard let viewer else {
      throw ServiceError(.unauthenticated, "Sign in first: this needs a valid access token.")
    }
    return viewer
  }

  /// `explain` where the operation is explained.
  public var responseExtensions: InputObject {
    trace.map { InputObject([InputObject.Field(name: "explain", value: $0.report.json)]) } ?? InputObject()
  }

  public func report(_ error: any Error, at field: FieldID) {
    logger.error(
      "A resolver failed", metadata: ["error": "\(detail(error))", "field": "\(coordinate(field))"])
  }

  /// A fault of Postgres hides its message from clients, so from its description; the log may have it.
  private func detail(_ error: any Error) -> String {
    guard let error = error as? PostgresError else { return "\(error)" }
    return [error.code.rawValue, error.sqlState, error.message].compactMap(\.self).joined(separator: " ")
  }

  /// `Flow.nodes`: the field's schema coordinate.
  private func coordinate(_ field: FieldID) -> String {
    guard let schema, Int(field.rawValue) < schema.fields.count else { return "\(field.rawValue)" }
    let record = schema[field]
    return schema.name(record.parent) + "." + schema.name(record.name)
  }
}

/// What some requests bring beside who asks.
public struct RequestParts: Sendable {
  /// Notes what the operation does.
  public var trace: ExecutionTrace?
  /// Files, by the tokens in the variables.
  public var uploads: [String: ReceivedFile]
  /// The name of the last event that the client of a subscription has.
  public var lastEventID: String?
  /// The executor of the task that executes the operation, where resolvers may run on it too.
  public var taskExecutor: (any ImmediateTaskExecutor)?

  public init(
    trace: ExecutionTrace? = nil, uploads: [String: ReceivedFile] = [:], lastEventID: String? = nil,
    taskExecutor: (any ImmediateTaskExecutor)? = nil
  ) {
    self.trace = trace
    self.uploads = uploads
    self.lastEventID = lastEventID
    self.taskExecutor = taskExecutor
  }
}

extension FieldCall {
  /// The request's context.
  var studio: StudioContext { get throws { try context(as: StudioContext.self) } }
}
