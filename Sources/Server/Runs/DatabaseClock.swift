import Flows
import Logging
import Postgres
import ServiceLifecycle
import Storage
import Synchronization

/// The database's time, kept by this process's monotonic clock: a machine whose own clock is wrong or jumps
/// wakes no run too early or too late, and all processes mean the same instant.
///
/// Looked at again and again; the atomic is the distance between the two clocks in microseconds.
final class DatabaseClock: RunClock {
  /// Between two looks at the database's clock.
  static let pause = Duration.seconds(30)

  private let database: Database
  private let logger: Logger
  private let machine = SystemRunClock()
  private let distance: Atomic<Int64>

  init(_ database: Database, logger: Logger) {
    self.database = database
    self.logger = logger
    // Until the database was asked, the machine's own time.
    distance = Atomic(machine.now().microseconds - machine.monotonicMicroseconds())
  }

  func now() -> Instant {
    Instant(microseconds: machine.monotonicMicroseconds() + distance.load(ordering: .relaxed))
  }

  func monotonicMicroseconds() -> Int64 { machine.monotonicMicroseconds() }

  func sleep(microseconds: Int64) async throws { try await machine.sleep(microseconds: microseconds) }

  /// Asks the database for its time. What the way there and back leaves uncertain changes nothing, so time
  /// goes
  /// on evenly.
  func look() async throws {
    let sent = machine.monotonicMicroseconds()
    guard let there = try await StoreTime.now(database) else { return }
    let received = machine.monotonicMicroseconds()
    let found = there.microseconds - (sent + received) / 2
    let error = found - distance.load(ordering: .relaxed)
    guard abs(error) > (received - sent) / 2 + 1000 else { return }
    distance.store(found, ordering: .relaxed)
    if abs(error) > 1_000_000 {
      logger.warning(
        "This machine's clock and the database's differ; the database's counts",
        metadata: ["seconds": "\(error / 1_000_000)"])
    }
  }

  /// Keeps to the database's clock until the server stops.
  func run() async {
    await cancelWhenGracefulShutdown { [self] in
      while (try? await Task.sleep(for: DatabaseClock.pause)) != nil {
        do {
          try await look()
        } catch {
          logger.debug("The database's clock could not be read", metadata: ["error": "\(error)"])
        }
      }
    }
  }
}
