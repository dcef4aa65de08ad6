import Flows
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The running server: HTTP and WebSocket on one port, and a worker for runs.
///
/// On SIGTERM or SIGINT it takes no more connections, lets requests under way end, tells sockets, gives its runs back, and
/// closes the pool; after the grace what is left is cut off.
struct StudioServer: Sendable {
  let studio: Studio
  /// Told the port once the server listens.
  var onListening: @Sendable (Int) async -> Void = { _ in }

  /// Serves until it is told to stop.
  func run() async throws {
    let playground = try StaticFiles(folder: studio.configuration.resources + "/playground")
    let routes = Routes(
      graphQL: GraphQLEndpoint(
        service: studio.service, maximumBody: studio.configuration.http.maximumBody),
      playground: playground, tokens: studio.tokens, database: studio.database)
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
    if studio.configuration.worker.isEnabled {
      services.append(.init(service: WorkerService(worker: studio.makeWorker())))
    }
    services.append(
      .init(service: application(routes.router()), successTerminationBehavior: .gracefullyShutdownGroup))
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: studio.logger)
    configuration.maximumGracefulShutdownDuration = studio.configuration.shutdownGrace
    let group = ServiceGroup(configuration: configuration)
    do {
      try await group.run()
    } catch is CancellationError {
      studio.logger.notice("Some requests were cut off: they took longer than the grace")
    }
  }

  private func application(_ router: Router<BasicRequestContext>) -> some Service {
    let configuration = studio.configuration
    let service = studio.service
    let onListening = onListening
    return Application(
      router: router,
      server: HTTPServerBuilder { responder in
        UpgradableHTTPChannel(
          responder: responder, path: "/graphql", subprotocols: [TransportSession.subprotocol],
          maximumFrameBytes: configuration.http.maximumBody, idleTimeout: configuration.http.idleTimeout,
          makeHandler: { agreed in
            let conversation = TransportConversation(
              service: service,
              settings: .init(
                initTimeout: configuration.socket.initTimeout,
                maximumOperations: configuration.socket.maximumOperations),
              isAgreed: agreed != nil)
            return WebSocketHandler(
              conversation: conversation,
              limits: .init(
                maximumMessageBytes: configuration.http.maximumBody,
                maximumQueueBytes: configuration.socket.maximumQueueBytes,
                pingInterval: configuration.socket.pingInterval))
          })
      },
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port), serverName: nil),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
      logger: studio.logger)
  }
}

/// The worker as a part of the server's life.
private struct WorkerService: Service {
  let worker: Worker

  func run() async throws {
    await withGracefulShutdownHandler {
      await worker.run()
    } onGracefulShutdown: {
      Task { await worker.stop() }
    }
  }
}
