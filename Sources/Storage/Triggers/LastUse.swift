import Flows
import Synchronization

/// Which triggers this process has told Postgres of lately that they are used: `ReceivedSQL.hints` writes it
/// once a second at most, and costs each statement that has it. The mutex protects what is remembered.
final class LastUse: Sendable {
  /// Triggers that are remembered; all are forgotten beyond.
  private static let maximumTriggers = 10_000
  private static let pause = Duration.seconds(1)

  private let told = Mutex<[TriggerReference: ContinuousClock.Instant]>([:])

  /// Whether one of them is to be told of now, which all are then.
  func isDue(_ triggers: [TriggerReference], now: ContinuousClock.Instant = .now) -> Bool {
    told.withLock { told in
      let isDue = triggers.contains { told[$0].map { now - $0 >= LastUse.pause } ?? true }
      guard isDue else { return false }
      if told.count + triggers.count > LastUse.maximumTriggers { told = [:] }
      for trigger in triggers { told[trigger] = now }
      return true
    }
  }
}
