import Glibc
import Synchronization
import Testing

@testable import Sandbox
@testable import SandboxWire

/// How many of something have ended.
private final class Ended: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

@Suite struct SandboxRunawayTests {
  @Test(arguments: [
    "(() => { for (;;) {} })()",
    "(() => { try { for (;;) {} } catch { return 1 } finally { for (;;) {} } })()",
    "/(a+)+$/.test('a'.repeat(40) + 'b')", "(Promise.resolve().then(() => { for (;;) {} }), 1)",
    "({toJSON() { for (;;) {} }})", "[...Array(1e7).keys()].sort(() => Math.random() - 0.5).length",
    "new Proxy({}, {get() { for (;;) {} }}).x",
  ])
  func `a runaway expression times out and the next one works`(expression: String) async throws {
    try await withPool { (pool) async throws in
      let error = await failure { _ = try await pool.evaluate(expression, timeout: .milliseconds(50)) }
      #expect(error == .timedOut)
      #expect(try await pool.evaluate("1 + 1") == "2")
    }
  }

  @Test(arguments: ["(() => { for (;;) {} })()", "/(a+)+$/.test('a'.repeat(40) + 'b' + input)"])
  func `runaway expressions do not keep others waiting`(expression: String) async throws {
    // They wait for one another, on a busy machine for longer than the ten seconds that a server gives.
    try await withPool({ $0.queueTimeout = .seconds(120) }) { (pool) async throws in
      let ended = Ended()
      let runaways = (0..<40).map { number in
        Task {
          let scope = SandboxScope(input: "\(number)")
          let error = await failure {
            _ = try await pool.evaluate(expression, scope: scope, timeout: .milliseconds(500))
          }
          ended.add()
          return error
        }
      }
      for number in 0..<50 {
        #expect(try await pool.evaluate("\(number) + 1") == "\(number + 1)")
        try await Task.sleep(for: .milliseconds(4))
      }
      // All of them need 20 seconds of processor time, one after the other.
      #expect(ended.value < 40)
      for runaway in runaways { runaway.cancel() }
      for runaway in runaways { #expect([.cancelled, .timedOut].contains(await runaway.value)) }
    }
  }

  @Test func `an expression that needs longer has its time`() async throws {
    try await withPool { (pool) async throws in
      let text = "(() => { const end = Date.now() + 60; while (Date.now() < end); return input })()"
      for number in 0..<3 {
        let scope = SandboxScope(input: "\(number)")
        #expect(try await pool.evaluate(text, scope: scope, timeout: .seconds(5)) == "\(number)")
      }
    }
  }

  @Test func `expressions of one request have the time together`() async throws {
    try await withPool { (pool) async throws in
      let loops = ["1"] + Array(repeating: "(() => { for (;;) {} })()", count: 40)
      let before = Set(pool.processIDs)
      let results = try await pool.evaluateAll(loops, timeout: .milliseconds(50))
      #expect(results[0] == .success("1") && results.dropFirst().allSatisfy { $0 == .failure(.timedOut) })
      #expect(before.isEmpty || Set(pool.processIDs) == before)
    }
  }

  @Test(arguments: [
    "'x'.repeat(2**30).indexOf('y')", "(() => { const a = []; for (;;) a.push(new Array(10000).fill(7)) })()",
    "new Uint8Array(2**30).fill(1).length",
  ])
  func `an expression that takes the memory is killed, and innocent ones are not`(expression: String)
    async throws
  {
    try await withPool({ $0.memoryLimitBytes = 128 << 20 }) { (pool) async throws in
      async let guilty = failure { _ = try await pool.evaluate(expression, timeout: .seconds(10)) }
      let innocent = await withTaskGroup(of: String?.self) { group in
        for number in 0..<20 { group.addTask { try? await pool.evaluate("\(number) + 0.5") } }
        return await group.reduce(into: 0) { count, value in count += value == nil ? 0 : 1 }
      }
      #expect(await guilty == .outOfMemory)
      #expect(innocent == 20)
    }
  }

  @Test(arguments: [
    "(function f() { return 1 + f() })()",
    "((a = []) => { for (let i = 0; i < 1e5; i++) a = [a]; return a.flat(Infinity).length })()",
  ])
  func `deep recursion is an error, not a crash`(expression: String) async throws {
    try await withPool { (pool) async throws in
      switch await failure({ _ = try await pool.evaluate(expression, timeout: .seconds(30)) }) {
      case .thrown(let message, _, _): #expect(message.contains("call stack"))
      case let other: #expect(other == .crashed)  // the machine itself gives up, and the pool replaces it
      }
      #expect(try await pool.evaluate("1") == "1")
    }
  }

  @Test func `deeply nested source and values are survived`() async throws {
    try await withPool({ $0.maximumExpressionBytes = 1 << 20 }) { (pool) async throws in
      let brackets = String(repeating: "[", count: 100_000)
      #expect(await failure { try await pool.check(brackets) } != nil)
      let closed = brackets + String(repeating: "]", count: 100_000)
      _ = await failure { _ = try await pool.evaluate(closed) }
      _ = await failure { _ = try await pool.evaluate("input", scope: SandboxScope(input: closed)) }
      _ = await failure { _ = try await pool.evaluate(String(repeating: "!", count: 100_000) + "1") }
      _ = await failure { _ = try await pool.evaluate("1" + String(repeating: "+1", count: 100_000)) }
      #expect(try await pool.evaluate("2") == "2")
    }
  }

  @Test func `killing the child during work hangs nobody and costs no innocent answer`() async throws {
    try await withPool({ $0.processes = 2 }) { (pool) async throws in
      let killer = Task {
        var killed = 0
        while !Task.isCancelled, killed < 5 {
          let children = pool.processIDs
          if let child = children.randomElement(), kill(child, SIGKILL) == 0 { killed += 1 }
          try? await Task.sleep(for: .milliseconds(30))
        }
      }
      let outcomes = await withTaskGroup(of: Result<String, SandboxError>.self) { group in
        for number in 0..<400 {
          group.addTask {
            do throws(SandboxError) { return .success(try await pool.evaluate("\(number)")) } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      killer.cancel()
      _ = await killer.value
      #expect(outcomes.count == 400)
      for case .failure(let error) in outcomes { #expect(error == .crashed) }
      #expect(try await pool.evaluate("'alive'") == #""alive""#)
    }
  }

  @Test func `1000 evaluations at once all get their own answer`() async throws {
    try await withPool({ $0.processes = 2 }) { (pool) async throws in
      let wrong = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<1000 {
          group.addTask {
            (try? await pool.evaluate("input.n * 2", scope: SandboxScope(input: "{\"n\":\(number)}")))
              != "\(number * 2)"
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(wrong == 0)
    }
  }

  @Test func `a full queue refuses`() async throws {
    try await withPool({ $0.maximumQueued = 4 }) { (pool) async throws in
      let errors = await withTaskGroup(of: SandboxError?.self) { group in
        for _ in 0..<60 {
          group.addTask {
            await failure {
              _ = try await pool.evaluate(
                "(() => { for (let i = 0; i < 3e5; i++); })()", timeout: .seconds(5))
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors.contains(.overloaded) && errors.contains(nil))
    }
  }

  @Test func `a cancelled caller returns at once and the child goes on`() async throws {
    try await withPool { (pool) async throws in
      let caller = Task {
        await failure { _ = try await pool.evaluate("(() => { for (;;) {} })()", timeout: .seconds(5)) }
      }
      caller.cancel()
      #expect(await caller.value == .cancelled)
    }
  }

  @Test func `after the shutdown everything is refused and no child is left`() async throws {
    let pool = SandboxPool()
    #expect(try await pool.evaluate("1") == "1")
    await pool.shutdown()
    #expect(await failure { _ = try await pool.evaluate("1") } == .closed)
    await pool.shutdown()
  }

  @Test func `a shutdown lets what runs finish`() async throws {
    let pool = SandboxPool()
    #expect(try await pool.evaluate("1") == "1")
    let running = Task {
      try await pool.evaluate("(() => { for (let i = 0; i < 1e6; i++); return 7 })()", timeout: .seconds(5))
    }
    await Task.yield()
    await pool.shutdown()
    let result = await running.result
    switch result {
    case .success(let value): #expect(value == "7")
    case .failure(let error): #expect(error as? SandboxError == .closed)
    }
  }

  @Test(arguments: ["/nonexistent/studio-sandbox", "/bin/true", "/bin/cat"])
  func `without a working binary callers get a reason`(path: String) async throws {
    try await withPool({
      $0.binaryPath = path
      $0.startTimeout = .milliseconds(200)
    }) { (pool) async throws in
      guard case .unavailable(let reason) = await failure({ _ = try await pool.evaluate("1") }) else {
        Issue.record("no outage")
        return
      }
      #expect(!reason.isEmpty)
    }
  }
}
