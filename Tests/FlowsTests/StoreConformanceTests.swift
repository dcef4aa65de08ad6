import Flows
import RunStoreSuite
import Testing

@Suite struct StoreConformanceTests {
  @Test(arguments: RunStoreCheck.all)
  func `the memory store keeps the rules of run stores`(check: RunStoreCheck) async throws {
    let clock = TestClock()
    try await check.run(on: MemoryRunStoreFixture(clock: { clock.now() }))
  }
}
