import Flows
import Testing

@testable import Resolvers

/// What a connector asks its service, from its manifest and the credentials.
@Suite struct ConnectorCheckTests {
  private func check(_ text: String) throws -> ConnectorCheck {
    try #require(ConnectorCheck(try JSONValue(parsing: text)))
  }

  @Test func `places are filled with credentials or what stands for them`() throws {
    let check = try check(
      """
      {"method": "POST", "url": "https://{host|example.com}/me", "body": "{}",
       "headers": {"Authorization": "Bearer {token}", "{name}": "{value}", "X-Org": "{org}"}}
      """)
    let request = try #require(check.request(["token": "t", "name": "X-Key", "value": "v"]))
    #expect(request.url == "https://example.com/me" && request.method == "POST" && request.body == "{}")
    #expect(request.headers.map { "\($0.name): \($0.value)" } == ["Authorization: Bearer t", "X-Key: v"])
    #expect(check.request(["host": "own.example"])?.url == "https://own.example/me")
  }

  @Test func `without the credential that its URL needs nothing is asked`() throws {
    #expect(try check(#"{"url": "{baseUrl}"}"#).request([:]) == nil)
  }

  @Test func `basic authentication needs both`() throws {
    let check = try check(#"{"url": "https://a.example", "basic": ["user", "password"]}"#)
    #expect(check.request(["user": "u"])?.basic == nil)
    #expect(check.request(["user": "u", "password": "p"])?.basic?.password == "p")
  }

  @Test func `answers are accepted as the manifest says`() throws {
    func answer(_ status: Int, _ body: String = "") -> ServiceAnswer {
      ServiceAnswer(status: status, body: Array(body.utf8))
    }
    let plain = try check(#"{"url": "u"}"#)
    #expect(plain.accepts(answer(204)) && !plain.accepts(answer(302)) && !plain.accepts(answer(401)))
    let member = try check(#"{"url": "u", "member": "ok"}"#)
    #expect(member.accepts(answer(200, #"{"ok":true}"#)) && !member.accepts(answer(200, #"{"ok":false}"#)))
    #expect(!member.accepts(answer(200, "<html>")) && !member.accepts(answer(500, #"{"ok":true}"#)))
    let answered = try check(#"{"url": "u", "accepts": "answered"}"#)
    #expect(answered.accepts(answer(404)) && !answered.accepts(answer(403)) && !answered.accepts(answer(502)))
  }

  @Test(arguments: [
    "1", "{}", #"{"url": 1}"#, #"{"url": "u", "basic": ["a"]}"#, #"{"url": "u", "accepts": "all"}"#,
    #"{"url": "u", "headers": {"a": 1}}"#,
  ])
  func `what is no check is refused`(_ text: String) throws {
    #expect(ConnectorCheck(try JSONValue(parsing: text)) == nil)
  }
}
