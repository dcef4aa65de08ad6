/// A hint that it is worth looking at the store now. Losing one costs time, never a run: a poll stands
/// behind it.
public enum RunSignal: Sendable, Equatable {
  /// A run was queued, released, or came due.
  case queued
  /// Somebody requested a run's cancellation.
  case cancelRequested(RunReference)
  /// Something has come for a waiting node of a run.
  case signalled(RunReference)
}

/// Where hints come from: NOTIFY, or the same process.
public protocol RunSignals: Sendable {
  /// The hints from now on. Ends when the source is closed. Implementations bound the buffer and drop the
  /// oldest.
  func signals() async -> AsyncStream<RunSignal>
}
