import GraphQLEngine
import HTTPTypes
import Testing

@testable import Server

@Suite("Media types, statuses and batches over HTTP")
struct ReplyTests {
  private static let refused = GraphQLEngine.Response(requestErrors: [GraphQLError("no")])

  private func best(_ accept: String?, _ offered: [MediaType] = [.graphQLResponse, .json]) -> MediaType? {
    AcceptedTypes(accept).best(of: offered)
  }

  @Test func `without a header, or with wildcards, everybody gets JSON`() {
    for accept in [nil, "", "*/*", "application/*", "text/html, */*;q=0.1"] {
      #expect(best(accept) == .json, "\(accept ?? "nil")")
    }
  }

  @Test func `the highest weight wins, then the most precise range, then the first type`() {
    #expect(best("application/json;q=0.5, Application/GraphQL-Response+JSON") == .graphQLResponse)
    #expect(best("application/json, application/graphql-response+json") == .graphQLResponse)
    #expect(best("application/json;q=0.9, application/graphql-response+json;q=0.8") == .json)
    #expect(best("application/graphql-response+json;q=0.1, */*;q=0.1") == .graphQLResponse)
    #expect(best("application/graphql-response+json;q=0, application/*") == .json)
    #expect(best("application/jsonl, application/json", [.jsonLines, .json]) == .jsonLines)
  }

  @Test(arguments: [
    "text/html", "application/json;q=0", "*/*;q=0.0", "json", "/", "a/", "application/json;q=2",
  ])
  func `what is not offered, or has no weight, is not acceptable`(accept: String) {
    #expect(best(accept) == nil)
  }

  @Test func `weights are numbers from 0 to 1 with three digits`() {
    for (text, weight) in [
      ("q=1", 1000), ("q=0.001", 1), ("q=0.25", 250), ("q=", nil), ("q=-1", nil),
      ("q=1e-9", nil), ("q=nan", nil), ("q=1.001", nil), ("q=0.00001", nil),
    ] {
      #expect(Weight.parse([Substring(text)]) == weight, "\(text)")
    }
    #expect(Weight.parse([] as [Substring]) == 1000)
  }

  @Test func `a header of thousands of ranges is read up to its bound`() {
    let header = String(repeating: "a/b,", count: 10_000) + "application/json"
    #expect(best(header) == nil)
  }

  @Test(arguments: [
    ("multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json", StreamFormat?.some(.parts)),
    ("multipart/mixed; subscriptionSpec=\"1.0\"; q=0.1", .parts),
    ("multipart/mixed;subscriptionSpec=1.0;q=0, */*", nil), ("multipart/mixed;subscriptionSpec=1.1", nil),
    ("multipart/mixed", nil), ("multipart/*, */*", nil), ("text/mixed;subscriptionSpec=1.0", nil),
    ("multipart/mixed;subscriptionSpec=1.0, text/event-stream", .events),
    ("multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.9", .parts),
  ])
  func `parts of subscriptions are for who names their version`(accept: String, format: StreamFormat?) {
    let reply = Reply(accept: accept, profile: .audit)
    #expect(reply.streamFormat == format)
    #expect(reply.acceptsParts == (accept == "multipart/mixed"))
  }

  @Test func `a legacy client gets 200 for every GraphQL response of the audit's profile`() {
    #expect(StatusProfile.audit.status(of: Self.refused, as: .json) == .ok)
    #expect(StatusProfile.audit.status(of: Self.refused, as: .graphQLResponse) == .badRequest)
    #expect(StatusProfile.audit.status(of: .malformed) == .badRequest)
  }

  @Test func `the draft's profile tells what is wrong to everybody`() {
    let profile = StatusProfile.draft2026
    #expect(profile.status(of: Self.refused, as: .json) == .unprocessableContent)
    #expect(profile.status(of: .malformed) == .unprocessableContent)
    let extensions = [ErrorExtension(key: "code", json: "\"GRAPHQL_PARSE_FAILED\"")]
    let unparsed = GraphQLEngine.Response(requestErrors: [GraphQLError("no", extensions: extensions)])
    #expect(profile.status(of: unparsed, as: .graphQLResponse) == .badRequest)
    #expect(
      Reply(accept: "application/json", profile: profile).response(Self.refused).headers[.contentType]
        == "application/graphql-response+json; charset=utf-8")
  }

  @Test func `what ran out of time is not the client's fault`() {
    let extensions = [ErrorExtension(key: "code", json: "\"TIMEOUT\"")]
    let late = GraphQLEngine.Response(requestErrors: [GraphQLError("late", extensions: extensions)])
    let cancelled = GraphQLService.coded(
      GraphQLEngine.Response(cancelledWith: GraphQLError(Engine.cancelledMessage)))
    #expect(
      cancelled.text
        == #"{"data":null,"errors":[{"message":"The execution was cancelled.","extensions":{"code":"TIMEOUT"}}]}"#
    )
    for profile in StatusProfile.allCases {
      #expect(profile.status(of: late, as: .graphQLResponse) == .serviceUnavailable)
      #expect(profile.status(of: cancelled, as: .graphQLResponse) == .serviceUnavailable)
    }
    #expect(StatusProfile.audit.status(of: cancelled, as: .json) == .ok)
  }

  private func indexes(_ json: String, maximum: Int = 10) throws -> [[Int?]]? {
    guard case .batch(let entries) = try GraphQLBody(.json(json), maximum: maximum) else { return nil }
    return entries.map { [$0.requestIndex, $0.variableIndex] }
  }

  @Test func `lists of requests and of variables are numbered`() throws {
    #expect(try indexes(#"{"query":"{a}"}"#) == nil)
    #expect(try indexes(#"{"query":"{a}","variables":[{},{}]}"#) == [[nil, 0], [nil, 1]])
    #expect(
      try indexes(#"[{"query":"{a}","variables":[{},{}]},{"query":"{a}"}]"#) == [[0, 0], [0, 1], [1, nil]])
  }

  @Test(arguments: [
    ("[]", "The batch is empty."), (#"{"query":"{a}","variables":[]}"#, "The batch is empty."),
    (#"[{},{},{}]"#, "A batch may ask for 2 executions at most."),
    (#"[{"query":"{a}","variables":[{},{}]},{}]"#, "A batch may ask for 2 executions at most."),
    (#"{"query":"{a}","variables":[{},1]}"#, "\"variables\" must be an object, or a list of objects."),
  ])
  func `a batch of another shape or size is refused`(json: String, message: String) {
    let fault = #expect(throws: GraphQLRequest.Malformed.self) {
      try GraphQLBody(.json(json), maximum: 2)
    }
    #expect(fault?.message == message)
  }

  @Test func `an answer carries its numbers first`() {
    let entry = BatchEntry(.failure(.init(message: "no")), requestIndex: 1, variableIndex: 0)
    #expect(
      text(entry.numbered(Self.refused))
        == #"{"requestIndex":1,"variableIndex":0,"errors":[{"message":"no"}]}"#)
  }
}
