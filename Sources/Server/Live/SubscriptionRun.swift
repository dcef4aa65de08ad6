import GraphQLEngine
import NIOCore

/// The results of a subscription on their way to one client.
struct SubscriptionRun: Sendable {
  /// How it ends.
  enum End: Sendable {
    /// Nothing more comes.
    case over
    /// The client's follower is given the rest by a line.
    case followed
  }

  let responses: ResponseStream
  /// Among equal subscriptions; nil when it is not shared.
  let membership: SharedMembership?

  /// Hands out one result after the other, until there are none, the task is cancelled, or equal
  /// subscriptions have come to the same place: then one reader goes on for all of them.
  func run(for client: OperationClient, _ deliver: (OperationResult) async -> Void) async -> End {
    // Few words for many: on the loops of their connections they need no other thread.
    await withTaskExecutorPreference(client.executor) {
      var number = responses.start
      if let id = responses.startID { client.began?(id) }
      var iterator = responses.makeAsyncIterator()
      while true {
        if await isFollowing(behind: number, client.follower) { return .followed }
        guard let response = await iterator.next(), !Task.isCancelled else { return .over }
        guard response.hasData, !response.isSourceFailure else {
          await deliver(.failed(response))
          return .over
        }
        number = response.eventNumber
        await deliver(.next(response.bytes, eventID: response.eventID))
      }
    }
  }

  /// Whether a line takes over, because the client has everything that there is.
  private func isFollowing(behind number: Int?, _ follower: (any ResultFollower)?) async -> Bool {
    guard let number, let follower, let membership, membership.isShared,
      responses.isCurrent(behind: number)
    else { return false }
    let follow: @Sendable () -> Bool = { membership.follow(responses, behind: number, follower) }
    if follower.eventLoop.inEventLoop { return follow() }
    return await withCheckedContinuation { continuation in
      follower.eventLoop.execute { continuation.resume(returning: follow()) }
    }
  }
}
