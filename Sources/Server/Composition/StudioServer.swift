import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The running server: HTTP and WebSocket on one port, and a worker for runs.
///
/// When it is told to stop it takes no more connections, lets requests under way end, tells sockets and gives
/// its runs back, all at once; after the grace what is left is cut off.
struct StudioServer: Sendable {
  let studio: Studio
  /// Told the port once the server listens.
  var onListening: @Sendable (Int) async -> Void = { _ in }

  /// Serves until it is told to stop: by the service group around it, or by one of these signals.
  func run(stoppingOn signals: [UnixSignal] = []) async throws {
    let rest = try RestDocuments(
      resources: studio.configuration.resources, schema: studio.service.engine.executable.schema)
    // They stay in the cache of plans, unless others drive them out.
    for route in rest.table.routes { _ = try studio.service.engine.prepare(route.document) }
    let playground = try StaticFiles(folder: studio.configuration.resources + "/playground")
    let routes = Routes(
      graphQL: GraphQLEndpoint(
        service: studio.service, settings: studio.configuration.graphQL,
        streams: EventStreams(studio.configuration.streams), crossSite: studio.configuration.crossSite,
        addresses: studio.configuration.addresses, files: studio.files),
      rest: rest, playground: playground,
      files: FileEndpoint(store: studio.files?.store, logger: studio.logger), hooks: studio.makeHooks(),
      resumption: studio.makeResumption(), signIn: studio.makeSignIn(),
      tokens: studio.tokens,
      database: studio.database,
      logger: studio.logger)
    let isWorking = studio.configuration.worker.isEnabled
    try await studio.run(application(routes), isWorking: isWorking, stoppingOn: signals)
  }

  private func application(_ routes: Routes) -> some Service {
    let configuration = studio.configuration
    let service = studio.service
    let onListening = onListening
    let addresses = configuration.addresses
    return Application(
      router: routes.router(),
      server: HTTPServerBuilder { responder in
        UpgradableHTTPChannel(
          responder: responder, path: "/graphql", subprotocols: OperationConversation.subprotocols,
          limits: .init(
            maximumFrameBytes: configuration.http.maximumBody, idleTimeout: configuration.http.idleTimeout,
            arrivalTimeout: configuration.http.requestTimeout),
          direct: routes.direct, crossSite: configuration.crossSite,
          makeHandler: { opening in
            let conversation = OperationConversation(
              host: service,
              settings: .init(
                initTimeout: configuration.socket.initTimeout,
                maximumOperations: configuration.socket.maximumOperations),
              subprotocol: opening.subprotocol,
              address: addresses.address(from: opening.peer.address, forwardedFor: opening.forwardedFor))
            return WebSocketHandler(
              conversation: conversation,
              limits: .init(
                maximumMessageBytes: configuration.http.maximumBody, queue: configuration.socket.queue,
                pingInterval: configuration.socket.pingInterval))
          })
      },
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port), serverName: nil,
        availableConnectionsDelegate: .maximum(
          OpenFiles.connections(atMost: configuration.http.maximumConnections), logger: studio.logger)),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
      logger: studio.logger)
  }
}
