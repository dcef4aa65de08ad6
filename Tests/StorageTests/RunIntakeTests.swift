import Flows
import Postgres
import Storage
import Synchronization
import Testing

@Suite struct RunIntakeTests {
  @Test func `runs of a flow that come together share transactions, and each is answered after its commit`()
    async throws
  {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      // The first run of a flow stores its version.
      _ = try await bench.enqueue(flow)
      let store = ExecutionStore(bench.database, intake: RunIntake(bench.database))
      let before = bench.database.statistics.statements
      let runs = try await withThrowingTaskGroup(of: RunReference.self) { group in
        for number in 0..<200 {
          group.addTask {
            let new = newRun(of: flow.id, in: bench.organization, input: .integer(Int64(number)))
            try await store.enqueue(new)
            #expect(try await bench.executions.exists(new.run))
            return new.run
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(runs).count == 200)
      // 200 reads of this test, and far fewer statements than one for each run.
      #expect(bench.database.statistics.statements - before < 300)
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == 201)
      #expect(try await bench.int("SELECT count(*) FROM execution_events WHERE sequence = 1") == 201)
      #expect(try await bench.int("SELECT count(DISTINCT input::text)::int FROM execution_logs") == 201)
    }
  }

  @Test func `a run that cannot be accepted fails alone`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let known = try await bench.enqueue(flow)
      let store = ExecutionStore(bench.database, intake: RunIntake(bench.database))
      let results = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            var new = newRun(of: flow.id, in: bench.organization)
            // An id that is there already.
            if number == 17 { new.run = known }
            return (try? await store.enqueue(new)) != nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.filter { $0 }.count == 39)
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == 40)
      let unknown = try await storageError {
        try await store.enqueue(newRun(of: makeID(), in: bench.organization))
      }
      #expect(unknown == .notFound)
      try await bench.script("UPDATE automation_flows SET status = 'archived'")
      let archived = try await storageError {
        try await store.enqueue(newRun(of: flow.id, in: bench.organization))
      }
      #expect(archived == .archived)
    }
  }

  @Test func `what belongs to a run is stored in its transaction, or undoes it`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      _ = try await bench.enqueue(flow)
      try await bench.script("CREATE TABLE notes (number int CHECK (number <> 13))")
      let store = ExecutionStore(bench.database, intake: RunIntake(bench.database))
      let notes = (0..<30).map { Note(number: $0) }
      await withTaskGroup(of: Void.self) { group in
        for note in notes {
          group.addTask {
            await TransactionCompanions.$current.withValue(note) {
              _ = try? await store.enqueue(newRun(of: flow.id, in: bench.organization))
            }
          }
        }
      }
      #expect(notes.filter(\.isWaiting).map(\.number) == [13])
      #expect(try await bench.int("SELECT count(DISTINCT number)::int FROM notes") == 29)
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == 30)
    }
  }

  @Test func `a run in a joined transaction is there when that is committed`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      _ = try await bench.enqueue(flow)
      let store = ExecutionStore(bench.database, intake: RunIntake(bench.database))
      struct Undo: Error {}
      await #expect(throws: Undo.self) {
        try await bench.database.joined { _ in
          try await store.enqueue(newRun(of: flow.id, in: bench.organization))
          throw Undo()
        }
      }
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == 1)
    }
  }
}

private func newRun(
  of flow: Identifier, in organization: Identifier, input: JSONValue = nil
) -> ExecutionStore.NewRun {
  let run = RunReference(organizationID: organization, runID: makeID())
  return ExecutionStore.NewRun(run: run, flowID: flow, input: input, at: TestInstants.november)
}

/// Writes a number beside a change. The lock protects whether it has.
private final class Note: TransactionCompanion {
  let number: Int
  private let isCommitted = Mutex(false)

  init(number: Int) { self.number = number }

  var isWaiting: Bool { isCommitted.withLock { !$0 } }

  func begin(_ transaction: Transaction) {}
  nonisolated(nonsending) func end(_ transaction: Transaction) async throws {
    _ = transaction.send(
      Statement("note", "INSERT INTO notes VALUES ($1)", [.int4]), Parameters { $0.int4(Int32(number)) })
  }
  func commit() { isCommitted.withLock { $0 = true } }
}
