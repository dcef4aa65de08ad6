import Flows
import Testing

@testable import Storage

@Suite struct LastUseTests {
  private let triggers = (0..<3).map { _ in TriggerReference(organizationID: makeID(), triggerID: makeID()) }
  private let start = ContinuousClock.now

  @Test func `each trigger is told of once a second`() {
    let uses = LastUse()
    #expect(uses.isDue([triggers[0]], now: start))
    #expect(!uses.isDue([triggers[0], triggers[0]], now: start + .milliseconds(999)))
    #expect(uses.isDue([triggers[0]], now: start + .seconds(1)))
    #expect(!uses.isDue([triggers[0]], now: start + .milliseconds(1_500)))
    #expect(!uses.isDue([], now: start + .seconds(9)))
  }

  @Test func `what is told of one is told of all that come with it`() {
    let uses = LastUse()
    #expect(uses.isDue([triggers[0]], now: start))
    #expect(uses.isDue(triggers, now: start + .milliseconds(500)))
    #expect(!uses.isDue([triggers[1]], now: start + .milliseconds(1_499)))
    #expect(!uses.isDue([triggers[0]], now: start + .milliseconds(1_499)))
  }
}
