import Flows
import Testing

@testable import Storage

@Suite struct RunChannelTests {
  private func hint(_ verb: RunChannel.Verb, _ number: UInt64) -> RunChannel.Hint {
    let run = RunReference(
      organizationID: Identifier(high: 0, low: number), runID: Identifier(high: .max, low: .max - number))
    return RunChannel.Hint(verb: verb, run: run)
  }

  @Test func `hints survive their payload, and the most of them fit into a notification`() {
    let verbs: [RunChannel.Verb] = [.events, .queued, .cancel]
    let hints = (0..<RunChannel.maximumHints).map { hint(verbs[$0 % 3], UInt64($0)) }
    let payload = RunChannel.payload(hints)
    #expect(RunChannel.hints(payload) == hints)
    // Manual, NOTIFY: "In the default configuration it must be shorter than 8000 bytes."
    #expect(payload.utf8.count < 8000)
  }

  @Test(arguments: [
    "", ",", "e", "x" + String(repeating: "0", count: 64), "e" + String(repeating: "g", count: 64),
    "e" + String(repeating: "0", count: 63), "e" + String(repeating: "+1", count: 32),
  ])
  func `what cannot be read is left out, its neighbours are not`(word: String) {
    let known = hint(.cancel, 7)
    #expect(RunChannel.hints("\(word),\(RunChannel.payload([known]))") == [known])
  }
}
