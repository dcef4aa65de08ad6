import Testing

@testable import Postgres

/// Transcripts of connecting and of coming back.
@Suite struct LinkStateMachineTests {
  private func link() -> LinkStateMachine { LinkStateMachine(baseMilliseconds: 100, limitMilliseconds: 1000) }

  @Test func `a connection is made in libpq's steps`() {
    var link = link()
    #expect(link.open() == .start)
    #expect(link.open() == nil)
    #expect(link.started(isUsable: true, jitter: 1) == .awaitWritable)
    #expect(link.polled(.writing, jitter: 1) == .awaitWritable)
    #expect(link.polled(.reading, jitter: 1) == .awaitReadable)
    #expect(link.polled(.ok, jitter: 1) == .becomeReady(isReconnect: false))
    #expect(link.isReady)
    #expect(link.polled(.ok, jitter: 1) == nil)
    #expect(link.timerFired(jitter: 1) == nil)
  }

  @Test func `each failure doubles the wait up to the limit, and success starts over`() {
    var link = link()
    _ = link.open()
    for wait in [100, 200, 400, 800, 1000, 1000] as [UInt64] {
      #expect(
        link.started(isUsable: false, jitter: 1) == .waitAndRetry(milliseconds: wait, tellsOwner: false))
      #expect(link.timerFired(jitter: 1) == .start)
    }
    _ = link.started(isUsable: true, jitter: 1)
    #expect(link.polled(.failed, jitter: 1) == .waitAndRetry(milliseconds: 1000, tellsOwner: false))
    _ = link.timerFired(jitter: 1)
    _ = link.started(isUsable: true, jitter: 1)
    #expect(link.polled(.ok, jitter: 1) == .becomeReady(isReconnect: false))
    #expect(link.lost(jitter: 1) == .waitAndRetry(milliseconds: 100, tellsOwner: true))
    #expect(link.lost(jitter: 1) == nil)
    _ = link.timerFired(jitter: 1)
    _ = link.started(isUsable: true, jitter: 1)
    #expect(link.polled(.ok, jitter: 1) == .becomeReady(isReconnect: true))
  }

  @Test func `jitter takes at most half of the wait`() {
    var link = link()
    _ = link.open()
    #expect(link.started(isUsable: false, jitter: 0) == .waitAndRetry(milliseconds: 50, tellsOwner: false))
  }

  @Test func `an attempt that takes too long counts as failed`() {
    var link = link()
    _ = link.open()
    #expect(link.timerFired(jitter: 1) == .waitAndRetry(milliseconds: 100, tellsOwner: false))
    #expect(link.started(isUsable: true, jitter: 1) == nil)
  }

  @Test func `what was closed stays closed`() {
    var link = link()
    _ = link.open()
    #expect(link.close() == .close)
    #expect(link.close() == nil)
    #expect(link.started(isUsable: true, jitter: 1) == nil)
    #expect(link.timerFired(jitter: 1) == nil)
    #expect(link.open() == nil)
  }
}
