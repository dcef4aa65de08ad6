import Glibc
import Logging
import SandboxWire
import Synchronization

/// The thread that owns one child: it starts it, feeds it from the queue, reads its answers, measures it
/// while it works, kills it when it runs away, and starts the next. Everything but `load` and the wake-up
/// belongs to that thread.
final class Supervisor: Sendable {
  private static let measuringIntervalMilliseconds: Int32 = 10
  private static let maximumUnsentBytes = 1 << 20

  let number: Int
  private let binary: String
  private let configuration: SandboxConfiguration
  private let lane: Lane
  private let logger: Logger
  /// Callers write a byte to the one end, the thread polls the other.
  private let wakeWriter: Int32
  private let wakeReader: Int32
  private let currentLoad = Atomic<Int>(Int.max)
  private let currentProcess = Atomic<Int32>(0)
  private let isWakeUpPending = Atomic<Bool>(false)

  /// nil when the system has no descriptor left.
  init?(number: Int, binary: String, configuration: SandboxConfiguration, lane: Lane, logger: Logger) {
    var pair: [Int32] = [-1, -1]
    let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    guard socketpair(AF_UNIX, Int32(type), 0, &pair) == 0 else { return nil }
    (wakeWriter, wakeReader) = (pair[0], pair[1])
    self.number = number
    self.binary = binary
    self.configuration = configuration
    self.lane = lane
    self.logger = logger
  }

  deinit {
    close(wakeWriter)
    close(wakeReader)
  }

  /// Requests in the child; `Int.max` while there is none.
  var load: Int { currentLoad.load(ordering: .relaxed) }

  /// The child that is ready; 0 while there is none.
  var processID: Int32 { currentProcess.load(ordering: .relaxed) }

  /// Makes the thread look at the queue. Any thread.
  func wake() {
    if isWakeUpPending.exchange(true, ordering: .acquiringAndReleasing) { return }
    var byte: UInt8 = 1
    _ = send(wakeWriter, &byte, 1, Int32(MSG_NOSIGNAL))  // EAGAIN: a wake-up is pending already
  }

  /// Starts the thread.
  func start() -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, &attributes,
      { box in
        if let box { Unmanaged<Supervisor>.fromOpaque(box).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    if status != 0 { box.release() }
    return status == 0
  }

  private var queue: RequestQueue { lane.queue }

  /// The thread's life.
  private func run() {
    var failures = 0
    while true {
      if lane.startsWhenNeeded { waitForWork() }
      if queue.isClosed { break }
      do throws(ChildProcess.StartFailure) {
        let child = try ChildProcess(binary: binary, memoryLimitBytes: configuration.memoryLimitBytes)
        var service = ChildService(child: child, supervisor: self)
        let end = service.run()
        currentLoad.store(Int.max, ordering: .relaxed)
        currentProcess.store(0, ordering: .relaxed)
        guard case .neverReady = end else {
          failures = 0
          continue
        }
        throw ChildProcess.StartFailure(reason: "the child ended before it was ready", mayPass: true)
      } catch {
        failures += 1
        if error.mayPass && failures < 3 { continue }
        backOff(after: error.reason, failures: failures)
      }
    }
    queue.supervisorEnded()
  }

  /// Until the queue has something or closes.
  private func waitForWork() {
    while queue.isEmpty && !queue.isClosed {
      var entry = pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)
      poll(&entry, 1, -1)
      clearWakeUp()
    }
  }

  /// Waits 0.1 s, doubled with each failure up to 5 s, or until the queue closes; callers fail meanwhile.
  private func backOff(after reason: String, failures: Int) {
    logger.error(
      "JavaScript child does not start", metadata: ["reason": "\(reason)", "failures": "\(failures)"])
    let milliseconds = min(5000, 100 << min(failures - 1, 6))
    let until = ContinuousClock.now.advanced(by: .milliseconds(milliseconds))
    queue.reportOutage(reason, until: until)
    while !queue.isClosed {
      let rest = ContinuousClock.now.duration(to: until)
      guard rest > .zero else { return }
      var entry = pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)
      poll(&entry, 1, Int32(rest.microseconds / 1000 + 1))
      clearWakeUp()
    }
  }

  /// Before the queue is looked at: who offers after that writes again.
  private func clearWakeUp() {
    var bytes: UInt64 = 0
    _ = read(wakeReader, &bytes, 8)
    isWakeUpPending.store(false, ordering: .sequentiallyConsistent)
  }
}

extension Supervisor {
  /// How a child's service ended.
  fileprivate enum End {
    case neverReady
    case finished
  }

  /// The service of one child from its start to its end, on the supervisor's thread.
  fileprivate struct ChildService {
    let child: ChildProcess
    let supervisor: Supervisor
    private var flight: Flight
    private var splitter = FrameSplitter()
    private var unsent: [UInt8] = []
    private var sent = 0
    private var isReady = false
    private var wantsReplacement = false
    private var isGone = false
    private let started = ContinuousClock.now

    init(child: ChildProcess, supervisor: Supervisor) {
      self.child = child
      self.supervisor = supervisor
      flight = Flight(bounds: supervisor.lane.bounds)
    }

    private var lane: Lane { supervisor.lane }
    private var queue: RequestQueue { lane.queue }

    /// Serves until the child dies, is killed, asks to be replaced, or the queue closes.
    mutating func run() -> End {
      while !isGone {
        let mayTake = isReady && !wantsReplacement
        if mayTake { takeRequests() }
        if flight.isEmpty && (wantsReplacement || queue.isClosed) { break }
        waitForEvents()
        if !isGone, let cause = verdict() { return killed(because: cause) }
      }
      child.end()
      queue.takeBack(flight.died(of: nil))
      if isGone && isReady {
        supervisor.logger.warning("JavaScript child died", metadata: ["pid": "\(child.processID)"])
      }
      return isReady ? .finished : .neverReady
    }

    private var measurement: Flight.Measurement {
      Flight.Measurement(
        now: .now, processorTime: child.processorTime, residentBytes: child.residentBytes,
        scriptTime: child.scriptTime)
    }

    /// Without the memory, which is not needed to say when a request began.
    private var time: Flight.Measurement {
      Flight.Measurement(
        now: .now, processorTime: child.processorTime, residentBytes: 0, scriptTime: child.scriptTime)
    }

    private mutating func takeRequests() {
      let now = time
      while flight.hasRoom, unsent.count - sent < Supervisor.maximumUnsentBytes, let ticket = queue.take() {
        var request = ticket.request.limited(to: lane.bounds.limit(of: ticket))
        request.id = flight.admit(ticket, at: now)
        unsent.append(contentsOf: request.encoded())
      }
      supervisor.currentLoad.store(flight.count, ordering: .relaxed)
      send()
    }

    private mutating func send() {
      while sent < unsent.count {
        // send(2) MSG_NOSIGNAL: a dead reader is an error here, not a signal that ends the studio.
        let count = unsent.withUnsafeBytes { bytes in
          Glibc.send(
            child.socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
        if count < 0 { break }  // EAGAIN: poll says when; EPIPE: the read side notices
        sent += count
      }
      if sent == unsent.count {
        unsent.removeAll(keepingCapacity: unsent.capacity <= 1 << 20)
        sent = 0
      }
    }

    /// Waits for the child, a caller, or the next time to measure.
    private mutating func waitForEvents() {
      let isWorking = !flight.isEmpty || !isReady
      let events = Int16(POLLIN) | (sent < unsent.count ? Int16(POLLOUT) : 0)
      var entries = [
        pollfd(fd: child.socket, events: events, revents: 0),
        pollfd(fd: supervisor.wakeReader, events: Int16(POLLIN), revents: 0),
      ]
      poll(&entries, 2, isWorking ? Supervisor.measuringIntervalMilliseconds : -1)
      if entries[1].revents != 0 { supervisor.clearWakeUp() }
      if entries[0].revents & Int16(POLLOUT) != 0 { send() }
      if entries[0].revents & ~Int16(POLLOUT) != 0 { receive() }
    }

    private mutating func receive() {
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, read(child.socket, buffer.baseAddress, buffer.count))
      }
      guard !chunk.isEmpty else {
        isGone = true  // poll said readable, so this is the end of the stream or an error
        return
      }
      splitter.append(chunk)
      let now = time
      while case .payload(let payload) = splitter.next() {
        guard let reply = SandboxReply(payload: payload), accept(reply, at: now) else {
          isGone = true
          return
        }
      }
      if case .tooLong = splitter.next() { isGone = true }
      supervisor.currentLoad.store(flight.count, ordering: .relaxed)
    }

    /// False when the child says what it must not say now.
    private mutating func accept(_ reply: SandboxReply, at now: Flight.Measurement) -> Bool {
      switch reply {
      case .ready(let version):
        guard !isReady, version == SandboxWire.version else { return false }
        isReady = true
        supervisor.currentProcess.store(child.processID, ordering: .relaxed)
        supervisor.currentLoad.store(0, ordering: .relaxed)
        queue.reportRecovery()
        return true
      case .answer(let id, let outcomes, let replacement):
        let time = flight.scriptTime(until: now)
        guard let ticket = flight.answered(id, at: now) else { return false }
        wantsReplacement = wantsReplacement || replacement
        lane.answered(ticket, with: outcomes, after: time)
        return true
      }
    }

    private func verdict() -> SandboxError? {
      if !isReady {
        let isLate = started.duration(to: .now) > supervisor.configuration.startTimeout
        return isLate ? .unavailable(reason: "the child did not become ready in time") : nil
      }
      if flight.isEmpty { return nil }
      return flight.verdict(measurement, memoryLimitBytes: supervisor.configuration.memoryLimitBytes)
    }

    private mutating func killed(because cause: SandboxError) -> End {
      supervisor.logger.warning(
        "JavaScript child killed", metadata: ["pid": "\(child.processID)", "cause": "\(cause)"])
      child.end()
      queue.takeBack(flight.died(of: cause, fail: lane.failed))
      return isReady ? .finished : .neverReady
    }
  }
}
