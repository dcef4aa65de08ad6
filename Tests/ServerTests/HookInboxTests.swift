import Flows
import Postgres
import Testing

@testable import Server
@testable import Storage

@Suite struct HookInboxTests {
  @Test func `what comes while a commit is under way shares the next one, which waits for nobody`()
    async throws
  {
    let commits = GatedCommits()
    let inbox = HookInbox { commits.store($0, $1) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await inbox.accept(.arrival()) }
      await commits.waitUntilHeld()
      for _ in 0..<2 { group.addTask { _ = try await inbox.accept(.arrival()) } }
      while inbox.waitingCount < 2 { await Task.yield() }
      await commits.open()
      try await group.waitForAll()
    }
    #expect(await commits.sizes == [1, 2])
  }

  @Test func `who sends alone is alone in a commit`() async throws {
    let commits = GatedCommits(isOpen: true)
    let inbox = HookInbox { commits.store($0, $1) }
    for _ in 0..<3 { _ = try await inbox.accept(.arrival()) }
    #expect(await commits.sizes == [1, 1, 1])
  }

  @Test func `requests whose runs have been driven share no commit with others`() async throws {
    let commits = GatedCommits()
    let inbox = HookInbox { commits.store($0, $1) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await inbox.accept(.arrival()) }
      await commits.waitUntilHeld()
      for (place, isDriven) in [false, true, false, true, true].enumerated() {
        group.addTask { _ = try await inbox.accept(.arrival(isDriven: isDriven)) }
        while inbox.waitingCount <= place { await Task.yield() }
      }
      await commits.open()
      try await group.waitForAll()
    }
    #expect(await commits.sizes == [1, 2, 3])
    #expect(await commits.areUniform)
  }
}

extension ReceivedStore.Arrival {
  fileprivate static func arrival(isDriven: Bool = false) -> ReceivedStore.Arrival {
    let id = Identifier(high: 1, low: 1)
    let receiver = ReceivedStore.Receiver(
      key: TriggerReference(organizationID: id, triggerID: id), revision: 1, isEnabled: true, config: [:],
      urlKey: [], secrets: [], flowID: id, flowStatus: "active", flowRevision: 1)
    var arrival = ReceivedStore.Arrival(
      receiver: receiver, version: id, deliveryID: id, runID: id, input: "{}")
    let run = RunReference(organizationID: id, runID: id)
    if isDriven {
      arrival.ended = RunCommitRows.Row(
        RunCommit(RunTransition(step: 1, state: .success), under: RunClaim(run: run, epoch: 0)))
    }
    return arrival
  }
}

/// Holds the first commit until it is opened, and counts the arrivals of each.
private actor GatedCommits {
  private(set) var sizes: [Int] = []
  /// Whether all arrivals of each commit have been driven, or none.
  private(set) var areUniform = true
  private var isOpen: Bool
  private var held: CheckedContinuation<Void, Never>?
  private var waiter: CheckedContinuation<Void, Never>?

  init(isOpen: Bool = false) { self.isOpen = isOpen }

  nonisolated func store(
    _ arrivals: [ReceivedStore.Arrival],
    _ completion: @escaping @Sendable (Result<[ReceivedStore.Outcome], PostgresError>) -> Void
  ) {
    Task { completion(await commit(arrivals)) }
  }

  private func commit(_ arrivals: [ReceivedStore.Arrival]) async -> Result<
    [ReceivedStore.Outcome], PostgresError
  > {
    sizes.append(arrivals.count)
    areUniform = areUniform && Set(arrivals.map(\.isDriven)).count == 1
    if !isOpen {
      waiter?.resume()
      waiter = nil
      await withCheckedContinuation { held = $0 }
    }
    return .success(arrivals.map { _ in .stored(.queued) })
  }

  func waitUntilHeld() async {
    if sizes.isEmpty { await withCheckedContinuation { waiter = $0 } }
  }

  func open() {
    isOpen = true
    held?.resume()
    held = nil
  }
}
