import Logging
import UVLoop

/// What a listener tells.
public enum NotificationEvent: Sendable, Equatable {
  /// The channels are being listened to. After a reconnect (`missedSome`) something may have been missed.
  case listening(missedSome: Bool)
  /// Someone notified a channel.
  case notification(channel: String, payload: String)
  /// The connection broke; it is being made again.
  case disconnected
}
