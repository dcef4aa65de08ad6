import Postgres
import Testing

@Suite struct CompanyTests {
  @Test func `as many are waited for as went before, until all are there`() {
    var company = Company(limit: 10)
    let wait = company.expect(3, waiting: 1)
    #expect(wait != nil && company.expected == 3)
    // Whose turn it is, is told once.
    let isMet = [2, 3, 4].map { company.isMet(by: $0) }
    #expect(isMet == [false, true, false])
    #expect(company.expected == nil)
  }

  @Test func `nobody is waited for by one alone, nor when enough are there`() {
    var company = Company(limit: 10)
    let waits = [(1, 0), (3, 3), (30, 10)].map { company.expect($0, waiting: $1) }
    #expect(waits == [nil, nil, nil])
    #expect(company.expected == nil)
  }

  @Test func `more than the limit are not waited for`() {
    var company = Company(limit: 10)
    let wait = company.expect(30, waiting: 9)
    #expect(wait != nil && company.expected == 10)
  }

  @Test func `a pause ends its own wait and no later one`() throws {
    var company = Company(limit: 10)
    let begun = company.expect(2, waiting: 0)
    let first = try #require(begun)
    let another = company.expect(2, waiting: 0)
    #expect(another == nil, "there is one wait at a time")
    let isMet = company.isMet(by: 2)
    let late = company.end(first)
    #expect(isMet && !late)
    let begunAnew = company.expect(2, waiting: 1)
    let second = try #require(begunAnew)
    let ends = [first, second, second].map { company.end($0) }
    #expect(ends == [false, true, false])
    let isMetLate = company.isMet(by: 2)
    #expect(!isMetLate)
  }
}
