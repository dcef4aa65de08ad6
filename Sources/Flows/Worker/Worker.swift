/// Claims runs and drives them: a bounded number at once, one task each, under a lease of the process.
///
/// A process has one. `run()` works until `stop()`; signals are hints, a poll and the heartbeat stand
/// behind them.
public actor Worker {
  /// The name under which this process holds its runs; a new one for each start.
  public nonisolated let owner: Identifier
  private let ports: WorkerPorts
  private let settings: WorkerSettings
  private let notify: @Sendable (WorkerNotice) -> Void
  private let fence: LeaseFence
  private let committer: TransitionCommitter
  private let places: RunPlaces
  private var drivers: [RunClaim: Handle] = [:]
  private var isStopping = false
  private var nextWakeAt: Instant?
  /// Runs that may be claimed beyond those that have places: see `RunPlaces`.
  private var ahead = 0
  /// How often places had been asked for when `ahead` was decided.
  private var askedCount = 0
  /// The last claim may have left something for want of room.
  private var mayHaveMore = false
  /// When a claim began to wait for what is being stored, by the monotonic clock.
  private var waitsSince: Int64?
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  private struct Handle {
    let sender: AsyncStream<RunDriver.Message>.Continuation
    var isCancelSent = false
    /// Its flow has nodes that wait for something from outside.
    var isListening = false
  }

  /// - Parameter notify: called from any task with what belongs in the log.
  public init(
    owner: Identifier, ports: WorkerPorts, settings: WorkerSettings = WorkerSettings(),
    notify: @escaping @Sendable (WorkerNotice) -> Void = { _ in }
  ) {
    self.owner = owner
    self.ports = ports
    self.settings = settings
    self.notify = notify
    fence = LeaseFence(clock: ports.clock)
    places = RunPlaces(settings.maximumRuns)
    committer = TransitionCommitter(ports: ports, settings: settings, fence: fence, notify: notify)
    (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Runs that are driven now.
  public var count: Int { drivers.count }

  /// Works until `stop()` is called or the task is cancelled; returns when every run is over or given back.
  public func run() async {
    // Listening begins before the first look into the queue, so that no run falls between the two.
    let signals = await ports.signals.signals()
    await withDiscardingTaskGroup { background in
      await beat()
      background.addTask { await self.committer.run { await self.stored() } }
      background.addTask { await self.keepBeating() }
      background.addTask { await self.listen(to: signals) }
      await withDiscardingTaskGroup { runs in
        runs.addTask { await self.driveAccepted() }
        await claimUntilStopped(&runs)
        ports.starts.close()
        tellAll(.stop)
        // The grace belongs to the effects under way; after it the runs are given back as they are.
        background.addTask { await self.endGrace() }
      }
      background.cancelAll()
    }
  }

  /// Claims nothing more, lets current steps be stored, and gives the runs back. Returns at once; `run()`
  /// returns when it is done.
  public func stop() {
    isStopping = true
    ringer.yield()
  }

  private func claimUntilStopped(_ runs: inout DiscardingTaskGroup) async {
    var rings = bell.makeAsyncIterator()
    while !isStopping, !Task.isCancelled {
      if !mustWait, await claim(&runs) { continue }
      let pause = pauseMicroseconds()
      let timer = Task { [clock = ports.clock, ringer] in
        if (try? await clock.sleep(microseconds: pause)) != nil { ringer.yield() }
      }
      _ = await rings.next()
      timer.cancel()
    }
  }

  private func pauseMicroseconds() -> Int64 {
    if waitsSince != nil || (mayHaveMore && room > 0) { return settings.claimFillMicroseconds }
    let poll = settings.pollMilliseconds * 1000
    guard let nextWakeAt else { return poll }
    // A millisecond at least, should the store's clock be behind ours.
    return max(1000, min(poll, nextWakeAt.microseconds(since: ports.clock.now())))
  }

  /// Whether the next claim waits for a moment. While transitions are being stored more runs come, and a
  /// claim of several costs little more than that of one; one run alone waits for nothing. Where more is
  /// known to be due than there was room for, claims wait for room instead.
  private var mustWait: Bool {
    let now = ports.clock.monotonicMicroseconds()
    let began = waitsSince ?? now
    let mustWait =
      committer.isBusy && (!mayHaveMore || !isRoomWorthwhile) && now - began < settings.claimFillMicroseconds
    waitsSince = mustWait ? began : nil
    return mustWait
  }

  /// Runs that may be claimed. Those of which nothing is left but to be stored have made room already: the
  /// next ones are claimed meanwhile.
  private var room: Int {
    let ending = min(committer.releasingCount, drivers.count, 2 * settings.claimBatch)
    let driven = drivers.count + ports.starts.takenPlaces
    return min(settings.claimBatch, settings.maximumRuns + ahead - driven + ending)
  }

  /// Claims ahead as long as runs need no places: each time more, until one asks for its place.
  private func decideAhead(after count: Int, of limit: Int) {
    let asked = places.askedCount
    if asked != askedCount {
      ahead = 0
    } else if count == limit {
      ahead = min(settings.claimBatch, 2 * ahead + max(1, settings.claimBatch / 8))
    }
    askedCount = asked
  }

  /// What this process accepts it drives at once, as long as nothing waits longer for the same room. A busy
  /// worker leaves what comes to the queue, where others find it.
  private func offerPlaces() {
    let isOpen = !isStopping && !mayHaveMore && fence.isHeld
    ports.starts.offer(isOpen ? settings.maximumEagerRuns - drivers.count : 0, owner: owner)
  }

  /// Where more waits than there is room for, it is claimed in large pieces.
  private var isRoomWorthwhile: Bool {
    room > 0 && 2 * room >= min(settings.claimBatch, settings.maximumRuns + ahead)
  }

  /// Claims as many runs as there is room for; true when there may be more and much room for them.
  private func claim(_ runs: inout DiscardingTaskGroup) async -> Bool {
    nextWakeAt = nil
    let limit = room
    mayHaveMore = limit <= 0
    defer { offerPlaces() }
    guard limit > 0, fence.isHeld else { return false }
    do {
      let batch = try await ports.store.claim(owner: owner, limit: limit)
      nextWakeAt = batch.nextWakeAt
      let told = await signals(
        for: batch.runs.filter { $0.snapshot.step > 0 && $0.version.graph.awaitsSignals }.map(\.claim))
      for var claimed in batch.runs {
        claimed.signals = told[claimed.claim.run] ?? []
        start(claimed, &runs)
      }
      for run in batch.ended { notify(.runEnded(run, .success)) }
      mayHaveMore = batch.count == limit
      decideAhead(after: batch.count, of: limit)
      return mayHaveMore && isRoomWorthwhile
    } catch {
      notify(.claimFailed(error))
      return false
    }
  }

  /// Drives what this process has accepted for the worker, until nothing more can come.
  private func driveAccepted() async {
    await withDiscardingTaskGroup { runs in
      while true {
        do {
          guard let accepted = try await ports.starts.next() else { return }
          for claimed in accepted { start(claimed, &runs) }
        } catch {
          notify(.claimFailed(error))
        }
        ports.starts.begun()
        offerPlaces()
      }
    }
  }

  private func start(_ claimed: ClaimedRun, _ runs: inout DiscardingTaskGroup) {
    // Messages are bounded by the run itself: one for each effect and timer, a cancellation, a stop.
    let (inbox, sender) = AsyncStream.makeStream(of: RunDriver.Message.self)
    let driver = RunDriver(
      claimed: claimed, ports: ports, settings: settings, fence: fence, committer: committer, places: places,
      notify: notify, inbox: inbox, sender: sender)
    drivers[claimed.claim] = Handle(
      sender: sender, isCancelSent: claimed.isCancelRequested,
      isListening: claimed.version.graph.awaitsSignals)
    if isStopping { sender.yield(.stop) }
    runs.addTask {
      let hadPlace = await driver.drive()
      await self.ended(claimed.claim, hadPlace: hadPlace)
    }
  }

  /// Something was stored.
  private func stored() {
    if waitsSince != nil { ringer.yield() }
  }

  private func ended(_ claim: RunClaim, hadPlace: Bool) {
    drivers[claim] = nil
    // It is in the queue again, where it stood: nothing is claimed ahead that would find no place either.
    if !hadPlace {
      mayHaveMore = true
      ahead = 0
    }
    offerPlaces()
    if mayHaveMore, isRoomWorthwhile { ringer.yield() }
  }

  private func tellAll(_ message: RunDriver.Message) {
    for handle in drivers.values { handle.sender.yield(message) }
  }

  private func endGrace() async {
    guard (try? await ports.clock.sleep(microseconds: settings.stopGraceMilliseconds * 1000)) != nil else {
      return
    }
    fence.close()
    tellAll(.abandon)
  }
}

// The lease, and what reaches running drivers through it.
extension Worker {
  private func keepBeating() async {
    while (try? await ports.clock.sleep(microseconds: settings.heartbeatMilliseconds * 1000)) != nil {
      await beat()
    }
  }

  /// Renews the lease and passes on what the store says about our runs.
  private func beat() async {
    let sentAt = ports.clock.monotonicMicroseconds()
    do {
      let heartbeat = try await ports.store.heartbeat(
        owner: owner, leaseMilliseconds: settings.leaseMilliseconds, held: Array(drivers.keys))
      fence.renewed(sentAt: sentAt, leaseMilliseconds: settings.leaseMilliseconds)
      for claim in heartbeat.lost { drivers[claim]?.sender.yield(.lost) }
      for claim in heartbeat.cancelRequested { requestCancel(claim) }
      await passOn(to: drivers.filter(\.value.isListening).map(\.key))
    } catch {
      notify(.heartbeatFailed(error))
      if !fence.isHeld { tellAll(.lost) }
    }
  }

  /// What has come for runs; nothing when the store cannot say, which the next heartbeat asks again.
  private func signals(for claims: [RunClaim]) async -> [RunReference: [NodeSignal]] {
    guard !claims.isEmpty else { return [:] }
    do {
      return try await ports.store.signals(for: claims)
    } catch {
      notify(.heartbeatFailed(error))
      return [:]
    }
  }

  private func passOn(to claims: [RunClaim]) async {
    let told = await signals(for: claims)
    for claim in claims {
      guard let signals = told[claim.run], !signals.isEmpty else { continue }
      drivers[claim]?.sender.yield(.signalled(signals))
    }
  }

  private func requestCancel(_ claim: RunClaim) {
    guard drivers[claim]?.isCancelSent == false else { return }
    drivers[claim]?.isCancelSent = true
    drivers[claim]?.sender.yield(.cancelRequested)
  }

  private func listen(to signals: AsyncStream<RunSignal>) async {
    for await signal in signals {
      // A cancellation is believed only when the store says so.
      if case .cancelRequested(let run) = signal, drivers.keys.contains(where: { $0.run == run }) {
        await beat()
      }
      if case .signalled(let run) = signal {
        await passOn(to: drivers.filter { $0.key.run == run && $0.value.isListening }.map(\.key))
      }
      ringer.yield()
    }
  }
}
