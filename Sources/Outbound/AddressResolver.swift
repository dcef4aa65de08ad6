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

/// getaddrinfo(3) on threads of its own, because it blocks. Answers are kept for ten seconds: they are
/// checked against the policy at each use, so this only spares look-ups.
public final class SystemResolver: AddressResolver {
  private static let maximumPending = 256
  private static let maximumRemembered = 1024

  private struct Remembered {
    let addresses: [IPAddress]
    let until: NIODeadline
  }

  private let threads: NIOThreadPool
  private let pending = Atomic<Int>(0)
  private let remembered = Mutex<[String: Remembered]>([:])
  private let lifetime: TimeAmount

  public init(threads: Int = 4, rememberFor lifetime: TimeAmount = .seconds(10)) {
    self.threads = NIOThreadPool(numberOfThreads: threads)
    self.lifetime = lifetime
    self.threads.start()
  }

  public func addresses(of host: String) async throws(OutboundError) -> [IPAddress] {
    let known = remembered.withLock { $0[host] }
    if let known, known.until > .now() { return known.addresses }
    guard pending.add(1, ordering: .relaxed).newValue <= Self.maximumPending else {
      pending.subtract(1, ordering: .relaxed)
      throw .overloaded
    }
    let answer = LookUp()
    let isOpen = Flag()
    let result: Result<[IPAddress], OutboundError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        answer.wait(with: continuation)
        threads.submit { state in
          defer { self.pending.subtract(1, ordering: .relaxed) }
          answer.finish(state == .active && isOpen.isSet ? Self.lookUp(host) : .failure(.cancelled))
        }
      }
    } onCancel: {
      isOpen.clear()
      answer.finish(.failure(.cancelled))
    }
    let addresses = try result.get()
    remember(addresses, for: host)
    return addresses
  }

  public func shutdown() async { try? await threads.shutdownGracefully() }

  private func remember(_ addresses: [IPAddress], for host: String) {
    let until = NIODeadline.now() + lifetime
    remembered.withLock { remembered in
      if remembered.count >= Self.maximumRemembered { remembered.removeAll() }
      remembered[host] = Remembered(addresses: addresses, until: until)
    }
  }

  private static func lookUp(_ host: String) -> Result<[IPAddress], OutboundError> {
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

/// A caller that waits for a thread, and may be cancelled before the thread answers. Finished once, by the
/// first.
private final class LookUp: Sendable {
  typealias Answer = Result<[IPAddress], OutboundError>

  private enum State {
    case created
    case waiting(CheckedContinuation<Answer, Never>)
    case finished(Answer)
  }

  private let state = Mutex(State.created)

  func wait(with continuation: CheckedContinuation<Answer, Never>) {
    let early = state.withLock { state -> Answer? in
      if case .finished(let answer) = state { return answer }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(returning: early) }
  }

  func finish(_ answer: Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
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

/// Whether anyone still wants an answer.
private final class Flag: Sendable {
  private let value = Atomic<Bool>(true)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func clear() { value.store(false, ordering: .relaxed) }
}
