import Flows
import Logging
import ServiceLifecycle
import Storage
import UnixSignals

extension Studio {
  /// Runs the application, if there is one, the workers and the upkeep until it is told to stop: by the
  /// service group around it, or by one of these signals. A second signal ends the process at once; what it
  /// had begun is taken up by the next one when its lease is over.
  func run(
    _ application: (any Service)?, isWorking: Bool, stoppingOn signals: [UnixSignal]
  ) async throws {
    // One service: a group stops its services one after the other, and the grace is for all of them together.
    let parts = StudioServices(
      application: application, worker: isWorking ? makeWorker() : nil,
      deliveries: isWorking ? makeDeliveryWorker() : nil, triggers: isWorking ? makeTriggerWorker() : nil,
      polls: isWorking ? makePollWorker() : nil,
      fileUpkeep: files.map {
        FileUpkeep(
          avatars: AvatarStore(database), reception: $0.reception, store: $0.store, logger: logger)
      },
      upkeep: PartitionUpkeep(database: database, logger: logger),
      statistics: StatisticsUpkeep(database: database, logger: logger),
      retention: makeRetentionUpkeep(), clock: clock)
    var group = ServiceGroupConfiguration(
      services: [.init(service: parts, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger)
    group.maximumGracefulShutdownDuration = configuration.shutdownGrace
    let services = ServiceGroup(configuration: group)
    if !signals.isEmpty { await StopSignals.watch(signals, group: services) }
    do {
      try await services.run()
    } catch is CancellationError {
      logger.notice("Something was cut off: it took longer than the grace")
    }
  }
}

/// What runs side by side in a process: told to stop together, over when all are over.
private struct StudioServices: Service, CustomStringConvertible {
  /// Names it in logs, which must not show the parts: some of them hold secrets.
  let description = "the parts of the Studio"

  let application: (any Service)?
  let worker: Worker?
  let deliveries: DeliveryWorker?
  let triggers: TriggerWorker?
  let polls: PollWorker?
  let fileUpkeep: FileUpkeep?
  let upkeep: PartitionUpkeep
  let statistics: StatisticsUpkeep
  let retention: RetentionUpkeep
  let clock: DatabaseClock

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let application { group.addTask { try await application.run() } }
      group.addTask { await upkeep.run() }
      group.addTask { await statistics.run() }
      group.addTask { await retention.run() }
      group.addTask { await clock.run() }
      if let fileUpkeep { group.addTask { await fileUpkeep.run() } }
      if let deliveries { group.addTask { await deliveries.run() } }
      if let triggers { group.addTask { await triggers.run() } }
      if let polls { group.addTask { await polls.run() } }
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
