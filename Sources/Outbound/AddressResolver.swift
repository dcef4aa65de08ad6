import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Finds the addresses of a name. The client asks once per hop and connects to what it checked.
public protocol AddressResolver: Sendable {
  /// All addresses, in the order in which they should be tried; throws `.nameNotFound` when there is none.
  func addresses(of host: String) async throws(OutboundError) -> [IPAddress]
  /// Ends what it started.
  func shutdown() async
}

/// getaddrinfo(3) on threads of its own, because it blocks, for as long as the name's servers are silent. Who
/// asks for a name that is looked up already waits for the same answer, so that one name takes one thread.
/// Answers are kept for ten seconds: they are checked against the policy at each use, so this only spares
/// look-ups. So is that there was none, if it took long to find out.
public final class SystemResolver: AddressResolver {
  typealias Answer = Result<[IPAddress], OutboundError>

  private static let maximumPending = 256
  private static let maximumRemembered = 1024
  private static let long = TimeAmount.seconds(1)

  private struct Remembered {
    let answer: Answer
    let until: NIODeadline
  }

  private struct State {
    var remembered: [String: Remembered] = [:]
    /// Who waits for the look-ups that are under way or have no thread yet, by name.
    var waiting: [String: [LookUp]] = [:]
    var pending = 0
  }

  /// What is to be done for one who asks.
  private enum Step {
    case answered(Answer)
    case waiting(isFirst: Bool)
  }

  private let threads: NIOThreadPool
  private let state = Mutex(State())
  private let lifetime: TimeAmount
  private let find: @Sendable (String) -> Answer

  public convenience init(threads: Int = 16, rememberFor lifetime: TimeAmount = .seconds(10)) {
    self.init(threads: threads, rememberFor: lifetime, find: SystemResolver.lookUp)
  }

  init(threads: Int, rememberFor lifetime: TimeAmount, find: @escaping @Sendable (String) -> Answer) {
    self.threads = NIOThreadPool(numberOfThreads: threads)
    self.lifetime = lifetime
    self.find = find
    self.threads.start()
  }

  public func addresses(of host: String) async throws(OutboundError) -> [IPAddress] {
    let lookUp = LookUp()
    switch step(for: lookUp, to: host) {
    case .answered(let answer): return try answer.get()
    case .waiting(let isFirst):
      if isFirst { threads.submit { state in self.serve(host, isActive: state == .active) } }
    }
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { lookUp.wait(with: $0) }
    } onCancel: {
      lookUp.finish(.failure(.cancelled))
    }.get()
  }

  public func shutdown() async { try? await threads.shutdownGracefully() }

  private func step(for lookUp: LookUp, to host: String) -> Step {
    state.withLock { state in
      if let known = state.remembered[host], known.until > .now() { return .answered(known.answer) }
      guard state.pending < Self.maximumPending else { return .answered(.failure(.overloaded)) }
      state.pending += 1
      let isFirst = state.waiting[host] == nil
      state.waiting[host, default: []].append(lookUp)
      return .waiting(isFirst: isFirst)
    }
  }

  /// Looks a name up for all who wait for it, on a thread; not when all of them have gone.
  private func serve(_ host: String, isActive: Bool) {
    let isWanted = state.withLock { $0.waiting[host]?.contains { !$0.isFinished } ?? false }
    guard isActive, isWanted else { return end(host, .failure(.cancelled), isKept: false) }
    let started = NIODeadline.now()
    let answer = find(host)
    if case .success = answer { return end(host, answer, isKept: true) }
    end(host, answer, isKept: .now() - started >= Self.long)
  }

  private func end(_ host: String, _ answer: Answer, isKept: Bool) {
    let waiting = state.withLock { state -> [LookUp] in
      if isKept {
        if state.remembered.count >= Self.maximumRemembered { state.remembered.removeAll() }
        state.remembered[host] = Remembered(answer: answer, until: .now() + lifetime)
      }
      let waiting = state.waiting.removeValue(forKey: host) ?? []
      state.pending -= waiting.count
      return waiting
    }
    for lookUp in waiting { lookUp.finish(answer) }
  }

  private static func lookUp(_ host: String) -> Answer {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return .failure(.nameNotFound(host: host)) }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var entry = list
    while let current = entry, addresses.count < 64 {
      if let address = address(current.pointee), !addresses.contains(address) { addresses.append(address) }
      entry = current.pointee.ai_next
    }
    return addresses.isEmpty ? .failure(.nameNotFound(host: host)) : .success(addresses)
  }

  private static func address(_ entry: addrinfo) -> IPAddress? {
    guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
    switch entry.ai_family {
    case AF_INET:
      return .v4(UInt32(bigEndian: pointer.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
    case AF_INET6:
      let bytes = pointer.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      return withUnsafeBytes(of: bytes) { bytes in
        .v6(
          high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      }
    default: return nil
    }
  }
}

/// A caller that waits for a look-up, and may be cancelled before it ends. Finished once, by the first.
private final class LookUp: Sendable {
  private enum State {
    case created
    case waiting(CheckedContinuation<SystemResolver.Answer, Never>)
    case finished(SystemResolver.Answer)
  }

  private let state = Mutex(State.created)

  var isFinished: Bool {
    state.withLock { state in
      if case .finished = state { return true }
      return false
    }
  }

  func wait(with continuation: CheckedContinuation<SystemResolver.Answer, Never>) {
    let early = state.withLock { state -> SystemResolver.Answer? in
      if case .finished(let answer) = state { return answer }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(returning: early) }
  }

  func finish(_ answer: SystemResolver.Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<SystemResolver.Answer, Never>? in
      switch state {
      case .created:
        state = .finished(answer)
        return nil
      case .waiting(let continuation):
        state = .finished(answer)
        return continuation
      case .finished: return nil
      }
    }
    continuation?.resume(returning: answer)
  }
}
