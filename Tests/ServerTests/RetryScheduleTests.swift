import Testing

@testable import Server

@Suite struct RetryScheduleTests {
  @Test func `the schedule is kept, what a receiver asks for counts up to a day`() {
    let delays = (1...9).map { RetrySchedule.delay(after: $0, retryAfter: nil, jitter: 0) }
    #expect(delays == RetrySchedule.seconds.dropFirst().map { $0 * 1000 })
    #expect(RetrySchedule.delay(after: 1, retryAfter: 120_000, jitter: 0) == 120_000)
    #expect(RetrySchedule.delay(after: 1, retryAfter: .max, jitter: 1) == 95_040_000)
    #expect(RetrySchedule.delay(after: 10, retryAfter: 1, jitter: 0) == nil)
  }
}
