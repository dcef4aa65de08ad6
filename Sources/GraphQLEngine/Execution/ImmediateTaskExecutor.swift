/// An executor whose tasks may begin where they are made, without waiting for its next turn.
public protocol ImmediateTaskExecutor: TaskExecutor {
  /// Does `work` in a task of this executor; what needs no waiting is done before this returns. Called where
  /// the executor runs its jobs.
  ///
  /// - Returns: the task. It may do other work afterwards: whoever cancels it makes sure that `work` is not
  ///   over.
  func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>
}

extension ImmediateTaskExecutor {
  /// A task of its own.
  public func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task.immediate(executorPreference: self, operation: work)
  }
}
