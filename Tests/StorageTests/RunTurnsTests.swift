import Flows
import Testing

@testable import Storage

/// From where the next claim of a lane is read.
@Suite struct RunTurnsTests {
  private let organization = makeID()
  private let turns = RunTurns()

  private var lane: RunTurns.Lane { RunTurns.Lane(organization: organization, priority: 1) }

  private func at(_ milliseconds: Int64) -> Instant {
    Instant(microseconds: 1_000_000 * 1000 + milliseconds * 1000)
  }

  /// A claim of the runs of two instants; without `now` it is a minute later.
  private func claim(_ first: Int64, _ last: Int64, limit: Int = 2, now: Int64 = 60_000) {
    turns.claimed(
      [(lane, at(first)), (lane, at(last))], in: turns.next(limit: limit), limit: limit, now: at(now))
  }

  private func sweep(_ first: Int64) { turns.swept([(lane, at(first))], duration: .zero) }

  private var since: Instant? { turns.next(limit: 2).since.first?[1] }

  @Test func `a claim begins where the one before has ended`() {
    sweep(0)
    claim(0, 9)
    #expect(since == at(9))
    claim(10, 19)
    #expect(since == at(19) + 750, "alone, the next run is not passed over")
  }

  @Test func `what others have claimed meanwhile is passed over, by three quarters`() {
    sweep(0)
    claim(0, 10)
    claim(50, 60)
    #expect(since == at(60 + 30))
    claim(100, 110)
    #expect(since == at(110 + 30), "as much as lies between two claims, wherever the second was read from")
  }

  @Test func `what was passed over though nobody had it is found by the next sweep`() {
    sweep(0)
    claim(0, 10)
    claim(50, 60)
    sweep(65)
    #expect(since == at(65))
  }

  @Test func `a lane that had nothing for a day is not passed over for a day`() {
    sweep(0)
    claim(0, 10)
    claim(86_400_000, 86_400_010, now: 2 * 86_400_000)
    #expect(since == at(86_400_010 + 112) + 500)
  }

  @Test func `what may still be committed is never passed over`() {
    sweep(0)
    claim(0, 10)
    claim(50, 60, now: 1_070)
    #expect(since == at(70))
    claim(100, 110, now: 120)
    #expect(since == at(110))
  }

  @Test func `what was claimed to its end is read again from a second ago`() {
    sweep(0)
    claim(0, 10)
    claim(50, 60, limit: 100, now: 1_055)
    #expect(since == at(55))
    sweep(70)
    claim(70, 80)
    #expect(since == at(80), "the claims before have not followed one another")
  }
}

private func + (instant: Instant, microseconds: Int64) -> Instant {
  Instant(microseconds: instant.microseconds + microseconds)
}
