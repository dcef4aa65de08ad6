import Testing

@testable import Sandbox
@testable import SandboxWire

@Suite struct FlightTests {
  let start = ContinuousClock.now

  func ticket(_ processorTime: Duration = .milliseconds(100)) -> Ticket {
    Ticket(
      request: SandboxRequest(id: 0, work: .check, expressions: []), processorTime: processorTime,
      patience: .seconds(10))
  }

  func measured(
    wall: Duration = .zero, processor: Duration = .zero, resident: Int = 0, script: Duration? = nil
  ) -> Flight.Measurement {
    Flight.Measurement(
      now: start + wall, processorTime: processor, residentBytes: resident, scriptTime: script)
  }

  /// What became of a ticket that is finished or finished now with a marker.
  func answer(of ticket: Ticket) async -> Ticket.Answer {
    ticket.finish(.failure(.cancelled))
    return await withCheckedContinuation { ticket.wait(with: $0) }
  }

  @Test func `answers are taken in order, anything else is the child's lie`() {
    var flight = Flight(bounds: .patient)
    let tickets = [ticket(), ticket()]
    let ids = tickets.map { flight.admit($0, at: measured()) }
    #expect(flight.answered(ids[1], at: measured()) == nil)
    #expect(flight.answered(99, at: measured()) == nil)
    #expect(flight.answered(ids[0], at: measured()) === tickets[0])
    #expect(flight.answered(ids[1], at: measured()) === tickets[1])
    #expect(flight.answered(ids[1], at: measured()) == nil && flight.isEmpty)
  }

  @Test func `the window bounds what a child holds`() {
    var flight = Flight(bounds: .quick)
    for _ in 0..<LaneBounds.quick.window {
      #expect(flight.hasRoom)
      _ = flight.admit(ticket(), at: measured())
    }
    #expect(!flight.hasRoom && flight.count == LaneBounds.quick.window)
  }

  @Test func `time is counted from when the first request began to run`() {
    var flight = Flight(bounds: .patient)
    #expect(flight.verdict(measured(resident: .max), memoryLimitBytes: 1) == nil)
    let id = flight.admit(ticket(), at: measured(processor: .seconds(50)))
    _ = flight.admit(ticket(), at: measured(processor: .seconds(50)))
    #expect(flight.verdict(measured(processor: .seconds(50.4)), memoryLimitBytes: 1) == nil)
    #expect(flight.verdict(measured(processor: .seconds(50.5)), memoryLimitBytes: 1) == .timedOut)
    _ = flight.answered(id, at: measured(processor: .seconds(50.4)))
    #expect(flight.verdict(measured(processor: .seconds(50.7)), memoryLimitBytes: 1) == nil)
    #expect(
      flight.verdict(measured(wall: .seconds(8), processor: .seconds(50.4)), memoryLimitBytes: 1) == .timedOut
    )
    #expect(
      flight.verdict(measured(processor: .seconds(50.4), resident: 2), memoryLimitBytes: 1) == .outOfMemory)
  }

  @Test func `the thread of the scripts has its time and a little more, others may collect garbage`() {
    var flight = Flight(bounds: .patient)
    let begun = measured(processor: .seconds(50), script: .seconds(20))
    _ = flight.admit(ticket(.seconds(1)), at: begun)
    func verdict(_ processor: Double, _ script: Double?) -> SandboxError? {
      let now = measured(processor: .seconds(50 + processor), script: script.map { .seconds(20 + $0) })
      return flight.verdict(now, memoryLimitBytes: 1)
    }
    #expect(verdict(1.25, 1.25) == nil)
    #expect(verdict(1.35, 1.35) == .timedOut)
    #expect(verdict(1.8, 0.9) == nil)
    #expect(verdict(1.95, 0.9) == .timedOut)
    #expect(verdict(1.8, nil) == nil)
  }

  @Test func `a killed child costs the first request only`() async {
    var flight = Flight(bounds: .patient)
    let tickets = [ticket(), ticket(), ticket()]
    for ticket in tickets { _ = flight.admit(ticket, at: measured()) }
    let innocent = flight.died(of: .outOfMemory)
    #expect(innocent.map(ObjectIdentifier.init) == tickets.dropFirst().map(ObjectIdentifier.init))
    #expect(await answer(of: tickets[0]) == .failure(.outOfMemory))
    #expect(flight.isEmpty && flight.died(of: nil).isEmpty)
  }

  @Test func `a child that dies by itself gives its first request one more chance`() async {
    let suspect = ticket()
    var flight = Flight(bounds: .patient)
    _ = flight.admit(suspect, at: measured())
    #expect(flight.died(of: nil).count == 1)
    _ = flight.admit(suspect, at: measured())
    #expect(flight.died(of: nil).isEmpty)
    #expect(await answer(of: suspect) == .failure(.crashed))
  }

  @Test func `a ticket is finished once, by the first`() async {
    let ticket = ticket()
    ticket.finish(.success([.timedOut]))
    ticket.finish(.failure(.closed))
    #expect(ticket.isFinished)
    #expect(await answer(of: ticket) == .success([.timedOut]))
  }

  @Test func `a ticket that waited too long is failed when its turn comes`() async {
    let queue = RequestQueue(capacity: 1)
    let late = Ticket(
      request: SandboxRequest(id: 0, work: .check, expressions: []), processorTime: .zero,
      patience: .seconds(-1))
    queue.takeBack([late])
    #expect(queue.take() == nil)
    #expect(await answer(of: late) == .failure(.overloaded))
    #expect(queue.offer(ticket()) == .unavailable(reason: "no thread could be started"))
    queue.close()
    let returned = ticket()
    queue.takeBack([returned])
    #expect(await answer(of: returned) == .failure(.closed))
    await queue.drained()
  }
}

@Suite struct LaneTests {
  func ticket(_ text: String = "1", of owner: String = "", time: Duration = .seconds(1)) -> Ticket {
    Ticket(
      request: SandboxRequest(id: 0, work: .check, expressions: [[UInt8](text.utf8)]), processorTime: time,
      owner: owner, patience: .seconds(10))
  }

  /// A lane without children refuses what it is offered, by which one sees where a ticket went.
  let refusal = Ticket.Answer.failure(.unavailable(reason: "no thread could be started"))

  func answer(of ticket: Ticket) async -> Ticket.Answer {
    ticket.finish(.failure(.cancelled))
    return await withCheckedContinuation { ticket.wait(with: $0) }
  }

  @Test func `what used up the quick lane's time goes on in the patient one, with all of its own`() async {
    let patient = Lane(capacity: 4)
    let quick = Lane(capacity: 4, before: patient)
    let moved = [ticket(), ticket("2")]
    quick.answered(moved[0], with: [.value([1]), .timedOut], after: .milliseconds(30))
    quick.failed(moved[1], because: .timedOut)
    for ticket in moved { #expect(await answer(of: ticket) == refusal) }
    #expect(quick.bounds.limit(of: moved[0]) == .milliseconds(25))
    #expect(patient.bounds.limit(of: moved[0]) == .seconds(1))
  }

  @Test func `what is over is over in either lane`() async {
    let patient = Lane(capacity: 4)
    let quick = Lane(capacity: 4, before: patient)
    let (short, large, last) = (ticket(time: .milliseconds(20)), ticket(), ticket())
    quick.answered(short, with: [.timedOut], after: .milliseconds(20))
    quick.failed(large, because: .outOfMemory)
    patient.answered(last, with: [.timedOut], after: .seconds(1))
    #expect(await answer(of: short) == .success([.timedOut]))
    #expect(await answer(of: large) == .failure(.outOfMemory))
    #expect(await answer(of: last) == .success([.timedOut]))
  }

  @Test func `a slow text is known until it was quick again`() async {
    let patient = Lane(capacity: 4)
    let quick = Lane(capacity: 4, before: patient)
    quick.queue.close()
    #expect(quick.offer(ticket("slow")) == .closed)
    quick.failed(ticket("slow"), because: .timedOut)
    #expect(quick.offer(ticket("slow")) == .unavailable(reason: "no thread could be started"))
    #expect(quick.offer(ticket("other")) == .closed)
    patient.answered(ticket("slow"), with: [.value([1])], after: .milliseconds(26))
    #expect(quick.offer(ticket("slow")) == .unavailable(reason: "no thread could be started"))
    patient.answered(ticket("slow"), with: [.value([1])], after: .milliseconds(1))
    #expect(quick.offer(ticket("slow")) == .closed)
  }

  @Test func `owners take turns where turns are taken`() {
    for (takesTurns, order) in [(true, ["a1", "b1", "c1", "a2", "c2", "a3"]), (false, [])] {
      let queue = RequestQueue(capacity: 10, takesTurns: takesTurns)
      let names = ["a1", "a2", "a3", "b1", "c1", "c2"]
      queue.takeBack(names.map { ticket($0, of: String($0.prefix(1))) })
      let taken = names.compactMap { _ in queue.take()?.request.expressions[0] }
      #expect(taken.map { String(decoding: $0, as: UTF8.self) } == (takesTurns ? order : names))
      #expect(queue.isEmpty && queue.take() == nil)
    }
  }
}

@Suite struct SandboxWireTests {
  func payload(_ frame: [UInt8]) -> ArraySlice<UInt8> {
    var splitter = FrameSplitter()
    splitter.append(frame)
    guard case .payload(let payload) = splitter.next() else { return [] }
    return payload
  }

  static let requests = [
    SandboxRequest(id: .max, work: .check, expressions: [[1, 2], []]),
    SandboxRequest(
      id: 7, work: .evaluate(timeLimitMicroseconds: 123_456_789_012, maximumResultBytes: .max),
      expressions: [[9]],
      scope: [.input: [1], .env: []]),
  ]

  static let replies = [
    SandboxReply.ready(version: 3),
    .answer(
      id: 1,
      outcomes: [
        .value([1]), .syntaxError(message: "ü", line: 1, column: 2),
        .thrown(message: "t", line: 0, column: 0),
        .timedOut, .resultTooLarge, .notSerializable(message: "n"), .invalidScope(name: "env"),
      ], wantsReplacement: true),
  ]

  @Test(arguments: requests)
  func `a request comes through, and no truncated one is read`(request: SandboxRequest) {
    let bytes = payload(request.encoded())
    #expect(SandboxRequest(payload: bytes) == request)
    for length in 0..<bytes.count { #expect(SandboxRequest(payload: bytes.prefix(length)) == nil) }
    #expect(SandboxRequest(payload: bytes + [0]) == nil)
  }

  @Test(arguments: replies)
  func `a reply comes through, and no truncated one is read`(reply: SandboxReply) {
    let bytes = payload(reply.encoded())
    #expect(SandboxReply(payload: bytes) == reply)
    for length in 0..<bytes.count { #expect(SandboxReply(payload: bytes.prefix(length)) == nil) }
    #expect(SandboxReply(payload: [9]) == nil)
  }

  @Test func `frames are cut out of a stream byte by byte`() {
    var splitter = FrameSplitter()
    var found: [SandboxRequest] = []
    for byte in Self.requests.flatMap({ $0.encoded() }) {
      splitter.append([byte])
      if case .payload(let payload) = splitter.next(), let request = SandboxRequest(payload: payload) {
        found.append(request)
      }
    }
    #expect(found == Self.requests)
    splitter.append([0xFF, 0xFF, 0xFF, 0xFF])
    #expect(splitter.next() == .tooLong)
  }
}
