import Flows
import Postgres
import Storage
import Testing

/// The limits of services, kept by all processes together.
@Suite struct CallShareTests {
  private func request(_ calls: Int, unspent: Int = 0, starts: [Int64] = []) -> CallShare.Request {
    CallShare.Request(
      requests: [10, 100], seconds: [60, 3600], calls: calls, unspent: unspent, starts: starts)
  }

  @Test func `processes together get what the limit allows, and the last finds something too`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let given = try await withThrowingTaskGroup(of: [Int].self) { group in
        for _ in 0..<4 {
          group.addTask {
            var given: [Int] = []
            for turn in 0..<12 {
              let share = try await bench.integrations.takeCalls(
                request(1 << turn), of: id, in: bench.organization)
              given.append(try #require(share).calls)
            }
            return given
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(given.reduce(0, +) == 10)
      #expect(given.allSatisfy { $0 <= 2 }, "nobody takes more than a quarter of what is left")
      let none = try #require(
        try await bench.integrations.takeCalls(request(1), of: id, in: bench.organization))
      #expect(none.calls == 0 && none.fullUntil == none.endsAt)
      #expect(try await none.endsAt > bench.now())
    }
  }

  @Test func `a limit begins anew when its time is over, and what is given back counts where it does not`()
    async throws
  {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let store = bench.integrations
      let first = try #require(try await store.takeCalls(request(2), of: id, in: bench.organization))
      #expect(first.calls == 2)
      // The minute is over, the hour is not.
      let starts = [first.starts[0] - 61_000_000, first.starts[1] - 61_000_000]
      try await bench.script("UPDATE call_paces SET starts = '{\(starts[0]),\(starts[1])}'")
      let second = try #require(
        try await store.takeCalls(
          request(1, unspent: 1, starts: starts), of: id, in: bench.organization))
      #expect(second.calls == 1)
      #expect(second.starts[0] > first.starts[0] && second.starts[1] == starts[1])
      let counts = try await bench.row("SELECT counts FROM call_paces").int4Array(0, 0)
      #expect(counts == [1, 2])
      // Of a share whose time is not known any more nothing is given back.
      _ = try await store.takeCalls(request(1, unspent: 9, starts: [1, 1]), of: id, in: bench.organization)
      #expect(try await bench.row("SELECT counts FROM call_paces").int4Array(0, 0) == [2, 3])
    }
  }

  @Test func `a longer limit that is used up says until when`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let store = bench.integrations
      _ = try await store.takeCalls(request(1), of: id, in: bench.organization)
      try await bench.script("UPDATE call_paces SET counts = '{1,100}'")
      let none = try #require(try await store.takeCalls(request(1), of: id, in: bench.organization))
      #expect(none.calls == 0)
      #expect(none.fullUntil?.microseconds == none.starts[1] + 3_600_000_000)
      #expect(none.endsAt.microseconds == none.starts[0] + 60_000_000)
    }
  }

  @Test func `what a service told one process comes with the account`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let store = bench.integrations
      func told() async throws -> ToldPace? { try await store.account(id, in: bench.organization)?.told }
      #expect(try await told() == ToldPace())
      let now = try await bench.now()
      let blocked = ToldPace(blockedUntil: now.advanced(byMilliseconds: 60_000))
      try await store.tell(blocked, of: id, in: bench.organization)
      // A shorter time does not take a longer one back; what remains stands beside it.
      let scarce = ToldPace(
        blockedUntil: now, remaining: 3, resetsAt: now.advanced(byMilliseconds: 9_000), toldAt: now)
      try await store.tell(scarce, of: id, in: bench.organization)
      var both = scarce
      both.blockedUntil = blocked.blockedUntil
      #expect(try await told() == both)
      _ = try await store.takeCalls(request(1), of: id, in: bench.organization)
      #expect(try await told() == both)
      try await store.tell(blocked, of: id, in: bench.organization)
      #expect(try await told() == both)
    }
  }

  @Test func `an account that is gone has no calls, and leaves nothing behind`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let store = bench.integrations
      let stranger = try await register("bob@example.com", on: bench.accounts)
      #expect(try await store.takeCalls(request(1), of: id, in: stranger.organization) == nil)
      _ = try await store.takeCalls(request(1), of: id, in: bench.organization)
      try await bench.script("DELETE FROM integrations")
      #expect(try await bench.int("SELECT count(*) FROM call_paces") == 0)
      #expect(try await store.takeCalls(request(1), of: id, in: bench.organization) == nil)
    }
  }
}
