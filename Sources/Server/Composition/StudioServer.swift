import Flows
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Storage
import UnixSignals

/// The running server: HTTP and WebSocket on one port, and a worker for runs.
///
/// When it is told to stop it takes no more connections, lets requests under way end, tells sockets and gives
/// its runs back, all at once; after the grace what is left is cut off.
struct StudioServer: Sendable {
  let studio: Studio
  /// Told the port once the server listens.
  var onListening: @Sendable (Int) async -> Void = { _ in }

  /// Serves until it is told to stop: by the service group around it, or by one of these signals. A second
  /// signal ends the process at once; what it had begun is taken up by the next one when its lease is over.
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
      files: FileEndpoint(store: studio.files?.store, logger: studio.logger), tokens: studio.tokens,
      database: studio.database,
      logger: studio.logger)
    // One service: a group stops its services one after the other, and the grace is for all of them together.
    let parts = ServingParts(
      application: application(routes.router()),
      worker: studio.configuration.worker.isEnabled ? studio.makeWorker() : nil,
      deliveries: studio.configuration.worker.isEnabled ? studio.makeDeliveryWorker() : nil,
      fileUpkeep: studio.files.map {
        FileUpkeep(avatars: AvatarStore(studio.database), store: $0.store, logger: studio.logger)
      },
      upkeep: PartitionUpkeep(database: studio.database, logger: studio.logger))
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: parts, successTerminationBehavior: .gracefullyShutdownGroup)],
      logger: studio.logger)
    configuration.maximumGracefulShutdownDuration = studio.configuration.shutdownGrace
    let group = ServiceGroup(configuration: configuration)
    if !signals.isEmpty { await StopSignals.watch(signals, group: group) }
    do {
      try await group.run()
    } catch is CancellationError {
      studio.logger.notice("Some requests were cut off: they took longer than the grace")
    }
  }

  private func application(_ router: Router<ClientContext>) -> some Service {
    let configuration = studio.configuration
    let service = studio.service
    let onListening = onListening
    let addresses = configuration.addresses
    return Application(
      router: router,
      server: HTTPServerBuilder { responder in
        UpgradableHTTPChannel(
          responder: responder, path: "/graphql", subprotocols: OperationConversation.subprotocols,
          limits: .init(
            maximumFrameBytes: configuration.http.maximumBody, idleTimeout: configuration.http.idleTimeout,
            arrivalTimeout: configuration.http.requestTimeout),
          makeHandler: { opening in
            let conversation = OperationConversation(
              host: service,
              settings: .init(
                initTimeout: configuration.socket.initTimeout,
                maximumOperations: configuration.socket.maximumOperations),
              subprotocol: opening.subprotocol,
              address: addresses.address(from: opening.peer, forwardedFor: opening.forwardedFor))
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

/// What runs side by side while the server serves: told to stop together, over when all are over.
private struct ServingParts<Serving: Service>: Service {
  let application: Serving
  let worker: Worker?
  let deliveries: DeliveryWorker?
  let fileUpkeep: FileUpkeep?
  let upkeep: PartitionUpkeep

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      group.addTask { await upkeep.run() }
      if let fileUpkeep { group.addTask { await fileUpkeep.run() } }
      if let deliveries { group.addTask { await deliveries.run() } }
      if let worker {
        group.addTask {
          await withGracefulShutdownHandler {
            await worker.run()
          } onGracefulShutdown: {
            Task { await worker.stop() }
          }
        }
      }
      // The first failure ends the others.
      while try await group.next() != nil {}
    }
  }
}
