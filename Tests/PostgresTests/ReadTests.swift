import Postgres
import Synchronization
import Testing

@Suite struct ReadTests {
  @Test func `a read gives the rows of its statement`() async throws {
    try await withDatabase { database in
      let statement = Statement("sum", "SELECT $1::int4 + $2::int4, 'x'", [.int4, .int4])
      let rows = try await database.query(
        statement,
        Parameters {
          $0.int4(40)
          $0.int4(2)
        })
      #expect(rows.rowCount == 1)
      #expect(rows.columnCount == 2)
      #expect(rows.int4(0, 0) == 42)
      #expect(rows.string(0, 1) == "x")
    }
  }

  @Test func `reads of many tasks share a connection and each gets its own rows`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      let statement = Statement("echo", "SELECT $1::int8", [.int8])
      let answers = try await withThrowingTaskGroup(of: (Int64, Int64?).self) { group in
        for number in 0..<500 {
          group.addTask {
            let rows = try await database.query(statement, Parameters { $0.int8(Int64(number)) })
            return (Int64(number), rows.int8(0, 0))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count == 500)
      #expect(answers.allSatisfy { $0 == $1 })
      #expect(database.statistics.prepares == 1)
      #expect(database.statistics.statements == 500)
      #expect(database.statistics.syncs == 500)
    }
  }

  @Test func `a failing read does not touch its neighbours`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      let divide = Statement("divide", "SELECT 100 / $1::int4", [.int4])
      let outcomes = await withTaskGroup(of: (Int32, Result<Int32?, PostgresError>).self) { group in
        for number in Int32(0)..<200 {
          group.addTask {
            do throws(PostgresError) {
              let rows = try await database.query(divide, Parameters { $0.int4(number % 10) })
              return (number, .success(rows.int4(0, 0)))
            } catch {
              return (number, .failure(error))
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      for (number, outcome) in outcomes {
        switch outcome {
        case .success(let value): #expect(number % 10 != 0 && value == 100 / (number % 10))
        case .failure(let error): #expect(number % 10 == 0 && error.sqlState == "22012")
        }
      }
    }
  }
}
