import Glibc
import NIOCore
import Synchronization
import Testing

@testable import Outbound

/// A look-up that counts its calls and answers when it is told to.
private final class Directory: Sendable {
  private struct State {
    var calls = 0
    var isOpen = false
  }

  private let state = Mutex(State())

  var calls: Int { state.withLock { $0.calls } }
  func open() { state.withLock { $0.isOpen = true } }

  func resolver(threads: Int = 2, milliseconds: UInt32 = 0) -> SystemResolver {
    SystemResolver(threads: threads, rememberFor: .seconds(10)) { host in
      self.state.withLock { $0.calls += 1 }
      while !self.state.withLock({ $0.isOpen }) { usleep(1000) }
      usleep(milliseconds * 1000)
      return host.hasSuffix(".invalid") ? .failure(.nameNotFound(host: host)) : .success([.v4(1, 2, 3, 4)])
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct AddressResolverTests {
  private func ask(_ resolver: SystemResolver, _ host: String) async -> Result<[IPAddress], OutboundError> {
    do throws(OutboundError) { return .success(try await resolver.addresses(of: host)) } catch {
      return .failure(error)
    }
  }

  @Test func `a name is looked up once for all who ask, and by one thread`() async throws {
    let directory = Directory()
    let resolver = directory.resolver()
    let asked = (0..<20).map { _ in Task { await ask(resolver, "a.test") } }
    while directory.calls == 0 { try await Task.sleep(for: .milliseconds(1)) }
    directory.open()
    #expect(await ask(resolver, "b.test") == .success([.v4(1, 2, 3, 4)]))
    for task in asked { #expect(await task.value == .success([.v4(1, 2, 3, 4)])) }
    #expect(directory.calls == 2)
    await resolver.shutdown()
  }

  @Test func `who goes takes nobody's answer along`() async throws {
    let directory = Directory()
    let resolver = directory.resolver()
    let leaving = Task { await ask(resolver, "a.test") }
    while directory.calls == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let staying = Task { await ask(resolver, "a.test") }
    leaving.cancel()
    #expect(await leaving.value == .failure(.cancelled))
    directory.open()
    #expect(await staying.value == .success([.v4(1, 2, 3, 4)]))
    await resolver.shutdown()
  }

  @Test func `what nobody waits for any more is not looked up`() async throws {
    let directory = Directory()
    let resolver = directory.resolver(threads: 1)
    let first = Task { await ask(resolver, "a.test") }
    while directory.calls == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let behind = Task { await ask(resolver, "b.test") }
    behind.cancel()
    #expect(await behind.value == .failure(.cancelled))
    directory.open()
    #expect(await first.value == .success([.v4(1, 2, 3, 4)]))
    #expect(await ask(resolver, "c.test") == .success([.v4(1, 2, 3, 4)]))
    #expect(directory.calls == 2)
    await resolver.shutdown()
  }

  @Test(arguments: [(0, 2), (1050, 1)])
  func `a name that is not found is remembered where it took long`(milliseconds: Int, calls: Int) async {
    let directory = Directory()
    directory.open()
    let resolver = directory.resolver(milliseconds: UInt32(milliseconds))
    for _ in 0..<2 {
      #expect(await ask(resolver, "x.invalid") == .failure(.nameNotFound(host: "x.invalid")))
    }
    #expect(directory.calls == calls)
    await resolver.shutdown()
  }

  @Test func `who waits is bounded`() async {
    let directory = Directory()
    let resolver = directory.resolver(threads: 1)
    let overloaded = await withTaskGroup(of: Result<[IPAddress], OutboundError>.self) { group in
      for number in 0..<300 { group.addTask { await ask(resolver, "\(number % 7).test") } }
      var refused = 0
      for await answer in group {
        if answer == .failure(.overloaded) { refused += 1 }
        if refused == 44 { directory.open() }
      }
      return refused
    }
    #expect(overloaded == 44)
    #expect(directory.calls == 7)
    await resolver.shutdown()
  }
}
