import Testing

@testable import Postgres

@Suite struct ParametersTests {
  @Test func `an array is a header and its elements`() {
    let parameters = Parameters { $0.int4s([7]) }
    #expect(
      parameters.bytes == [
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7,
      ])
  }

  @Test func `an empty array has no dimensions`() {
    let parameters = Parameters { $0.texts([String]()) }
    #expect(parameters.bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
  }
}
