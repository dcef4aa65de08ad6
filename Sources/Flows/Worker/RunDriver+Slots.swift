// Slots of integrations: asked for before an intent is stored.
extension RunDriver {
  /// Takes slots for the effects whose intents are stored next; what finds none waits in line, as a row.
  /// - Returns: false when the lease is lost before the store says anything.
  func admit(_ turn: inout Turn, _ machine: inout RunMachine) async -> Bool {
    // Each round either admits all, or a slot that had been given meanwhile is asked for again.
    while !turn.isStopping {
      let asking = turn.effects.filter { !turn.admitted.contains(Turn.Effect($0)) }
      guard !asking.isEmpty else { return true }
      let calls = asking.compactMap { request in
        request.integrationID.map { CallSlot(request.address, of: $0) }
      }
      guard let waiting = await takeSlots(for: calls) else { return false }
      turn.admitted.formUnion(asking.filter { !waiting.contains($0.address) }.map(Turn.Effect.init))
      turn.effects.removeAll { waiting.contains($0.address) }
      for request in asking where waiting.contains(request.address) {
        turn.add(machine.handle(.postponed(request, at: ports.clock.now())))
      }
    }
    return true
  }

  /// The calls that have to wait; nil when the store does not answer while the lease holds.
  private func takeSlots(for calls: [CallSlot]) async -> Set<NodeAddress>? {
    guard !calls.isEmpty else { return [] }
    while fence.isHeld {
      do {
        return try await ports.store.takeSlots(for: calls, under: claimed.claim)
      } catch {
        notify(.slotsFailed(run, error))
        guard (try? await ports.clock.sleep(microseconds: settings.retryMilliseconds * 1000)) != nil else {
          return nil
        }
      }
    }
    return nil
  }
}
