import Flows
import Postgres

// Claims and leases.
extension PostgresRunStore {
  public func heartbeat(
    owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]
  ) async throws -> Heartbeat {
    let lease = Parameters {
      $0.uuid(owner.uuid)
      $0.int8(leaseMilliseconds)
    }
    try await database.execute(RunSQL.renewLease, lease)
    let rows = try await database.query(RunSQL.heldRuns, Parameters { $0.uuid(owner.uuid) })
    var isCancelRequested: [RunClaim: Bool] = [:]
    for row in 0..<rows.rowCount {
      if let claim = rows.runClaim(row) { isCancelRequested[claim] = rows.bool(row, 3) ?? false }
    }
    try await releaseStrays(Set(isCancelRequested.keys).subtracting(held))
    try await learnLimits(of: Set(held.map(\.run.organizationID)))
    return Heartbeat(
      cancelRequested: held.filter { isCancelRequested[$0] ?? false },
      lost: held.filter { isCancelRequested[$0] == nil })
  }

  /// Gives back what this process holds without driving it: the answer to the claim was lost.
  private func releaseStrays(_ claims: Set<RunClaim>) async throws {
    for claim in turns.strays(Array(claims), after: strayPause) { try await release(claim, notBefore: nil) }
  }

  public func claim(owner: Identifier, limit: Int) async throws -> ClaimBatch {
    var nextWakeAt: Instant?
    let isSwept = turns.isSweepDue(isIdle: false)
    if isSwept { nextWakeAt = try await sweep() }
    var taken = try await claim(owner, limit)
    if taken.count == 0, !isSwept, turns.isSweepDue(isIdle: true) {
      nextWakeAt = try await sweep()
      taken = try await claim(owner, limit)
    }
    return ClaimBatch(runs: taken.runs, ended: taken.ended, nextWakeAt: nextWakeAt)
  }

  /// Claims in turns until there are enough runs, or no organization is known to have more.
  private func claim(_ owner: Identifier, _ limit: Int) async throws -> Taken {
    var taken = Taken()
    for round in 0..<PostgresRunStore.maximumRounds where taken.count < limit {
      guard round == 0 || turns.hasReady else { break }
      let next = DueRuns(
        owner: owner, limit: limit - taken.count, turn: turns.next(limit: limit - taken.count))
      guard !next.turn.organizations.isEmpty else { break }
      if let more = try await claimAndEnd(next) {
        taken.runs += more.runs
        taken.ended += more.ended
      } else {
        taken.runs += try await claim(next)
      }
    }
    return taken
  }

  /// Turns of one claim at most.
  private static let maximumRounds = 8

  /// Gives back what dead owners have left behind, and looks which organizations have something due.
  /// - Returns: when the next parked run comes due.
  private func sweep() async throws -> Instant? {
    if turns.isReapDue() {
      try await reap()
      try await freeSlots()
      try await wakeLimited()
      try await giveCallSlots()
      try await adoptOrphans()
    }
    let start = ContinuousClock.now
    async let wake = database.query(RunQueueSQL.nextWake)
    let rows = try await database.query(RunQueueSQL.sweep)
    let lanes = (0..<rows.rowCount).compactMap { row -> (lane: RunTurns.Lane, dueAt: Instant)? in
      guard let organization = rows.uuid(row, 0), let priority = rows.int2(row, 1),
        let dueAt = rows.instant(row, 2)
      else { return nil }
      return (RunTurns.Lane(organization: organization.identifier, priority: priority), dueAt)
    }
    turns.swept(lanes, duration: start.duration(to: .now))
    return try await wake.instant(0, 0)
  }

  private func reap() async throws {
    let bound = Parameters { $0.int4(Int32(PostgresRunStore.maximumCrashes - 1)) }
    let poisoned = try await database.query(RunQueueSQL.poisoned, bound)
    for row in 0..<poisoned.rowCount {
      guard let claim = poisoned.runClaim(row) else { continue }
      try await abandon(
        claim,
        RunError(
          code: .runAbandoned,
          message: "Its worker died \(PostgresRunStore.maximumCrashes) times while the run made no progress.")
      )
    }
    try await database.execute(RunQueueSQL.reap)
  }

  private func claim(_ due: DueRuns) async throws -> [ClaimedRun] {
    let rows = try await database.execute(RunQueueSQL.claim, due.parameters)
    noteTurn(due, rows)
    guard rows.rowCount > 0 else { return [] }
    let runs = try await read(rows)
    noteEndable(runs)
    return runs
  }

  /// What the rows of a claim say about the queue.
  func noteTurn(_ due: DueRuns, _ rows: RowBatch) {
    let lanes = (0..<rows.rowCount).compactMap { row -> (lane: RunTurns.Lane, dueAt: Instant)? in
      guard let organization = rows.uuid(row, 0), let dueAt = rows.instant(row, 14),
        let priority = rows.int2(row, 15)
      else { return nil }
      return (RunTurns.Lane(organization: organization.identifier, priority: priority), dueAt)
    }
    turns.claimed(lanes, in: due.turn, limit: due.limit, now: rows.instant(0, 13))
  }

  /// Reads what belongs to claimed runs. What cannot be read is ended, so that it hinders nobody again.
  func read(_ rows: RowBatch) async throws -> [ClaimedRun] {
    let surroundings = try PostgresRunStore.surroundings(of: rows)
    let group = database.makeReadGroup()
    async let nodes = nodeRuns(rows, group)
    let versions = try await versions.read(VersionCache.keys(of: rows), from: database, group)
    let reading = try RunRowReader(
      runs: rows, nodes: try await nodes, versions: versions, surroundings: surroundings
    ).read()
    let error = RunError(
      code: .flowInvalid, message: "What is stored of the run or its flow cannot be read.")
    for claim in reading.unreadable { try await abandon(claim, error) }
    return try await limited(reading.claimed, surroundings)
  }

  /// By organization.
  static func surroundings(of rows: RowBatch) throws -> [Identifier: RunSurroundings] {
    var surroundings: [Identifier: RunSurroundings] = [:]
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0),
        let found = try RunSurroundings(rows, row, column: 19)
      else { continue }
      surroundings[organization.identifier] = found
    }
    return surroundings
  }

  /// Reads what belongs to runs that were claimed when this process accepted them.
  func read(_ accepted: [RunStarts.Accepted]) async throws -> [ClaimedRun] {
    let versions = try await versions.read(
      Set(accepted.map { VersionCache.Key(organization: $0.run.organizationID, id: $0.versionID) }),
      from: database, database.makeReadGroup())
    let claimed = accepted.compactMap { run -> ClaimedRun? in
      guard let plan = versions[run.versionID] else { return nil }
      var claimed = ClaimedRun(
        claim: run.claim, plan: plan,
        snapshot: RunSnapshot(input: run.input.inStoredOrder(), triggerNodeID: run.triggerNodeID),
        environment: run.surroundings.values, isCancelRequested: false)
      claimed.isAwaited = run.isAwaited
      return claimed
    }
    // What cannot be read goes through the queue, where that is settled.
    for run in accepted where versions[run.versionID] == nil { try await release(run.claim, notBefore: nil) }
    let surroundings = Dictionary(
      accepted.map { ($0.run.organizationID, $0.surroundings) }, uniquingKeysWith: { _, last in last })
    return try await limited(claimed, surroundings)
  }

  /// The claimed runs without those that have to wait for others of their flow or organization.
  private func limited(
    _ claimed: [ClaimedRun], _ surroundings: [Identifier: RunSurroundings]
  ) async throws -> [ClaimedRun] {
    for (organization, found) in surroundings { limits.learn(found.limited, of: organization) }
    guard surroundings.values.contains(where: { !$0.limited.isEmpty }) else { return claimed }
    // A run takes the slot of its flow before that of its organization: nobody waits for one another.
    var claimed = claimed
    for scope in [\ClaimedRun.version.flowID, \ClaimedRun.claim.run.organizationID] {
      let needed = claimed.filter {
        // Whoever is to stop waits for nobody.
        !$0.isCancelRequested
          && surroundings[$0.claim.run.organizationID]?.limited.contains($0[keyPath: scope]) ?? false
      }
      let waiting = try await takeSlots(needed.map { Limited(claim: $0.claim, scope: $0[keyPath: scope]) })
      claimed.removeAll { waiting.contains($0.claim.run) }
      let holding = Set(needed.map(\.claim))
      for place in claimed.indices where holding.contains(claimed[place].claim) {
        claimed[place].isAwaited = true
      }
      // One may have been freed after these had looked and before they waited.
      if !waiting.isEmpty { try await wakeLimited() }
    }
    return claimed
  }

  /// The node logs of runs that somebody has begun; nil when nobody has begun any.
  private func nodeRuns(_ rows: RowBatch, _ group: ReadGroup) async throws -> RowBatch? {
    let begun = (0..<rows.rowCount).filter { rows.int($0, 7) ?? 0 > 0 }
    guard !begun.isEmpty else { return nil }
    let keys = Parameters {
      $0.uuids(begun.compactMap { rows.uuid($0, 0) })
      $0.uuids(begun.compactMap { rows.uuid($0, 1) })
    }
    return try await database.query(RunSQL.nodeRuns, keys, group: group)
  }
}

/// Whose runs are to be claimed, and how many.
struct DueRuns: Sendable {
  let owner: Identifier
  let limit: Int
  let turn: RunTurns.Turn

  /// Those of `RunQueueSQL.claim`.
  var parameters: Parameters {
    Parameters {
      $0.uuid(owner.uuid)
      $0.uuids(turn.organizations.map(\.uuid))
      for priority in RunPriority.allCases.indices {
        $0.timestamptzs(microseconds: turn.since.map { $0[priority].microseconds })
      }
      $0.int4(Int32(clamping: turn.share))
      $0.int4(Int32(clamping: limit))
    }
  }
}

extension RowBatch {
  /// Organization, run and epoch in the first three columns.
  fileprivate func runClaim(_ row: Int) -> RunClaim? {
    guard let organization = uuid(row, 0), let run = uuid(row, 1), let epoch = int8(row, 2) else {
      return nil
    }
    return RunClaim(
      run: RunReference(organizationID: organization.identifier, runID: run.identifier), epoch: epoch)
  }
}
