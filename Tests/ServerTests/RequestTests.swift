import GraphQLEngine
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Testing

@testable import Server

@Suite("GraphQL requests and replies")
struct RequestTests {
  private func malformed(_ json: String) throws -> String? {
    let value = try JSONReader.read(json)
    do throws(GraphQLRequest.Malformed) {
      _ = try GraphQLRequest(value)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `a body has a query, an operation name, variables and extensions`() throws {
    let request = try GraphQLRequest(
      .json(#"{"query":"{a}","operationName":"A","variables":{"n":1},"extensions":{"e":true},"other":7}"#))
    #expect(request.query == "{a}")
    #expect(request.operationName == "A")
    #expect(request.variables["n"] == .int(1))
    #expect(request.extensions["e"] == .bool(true))
  }

  @Test func `what is absent or null is empty`() throws {
    for body in [
      #"{"query":"{a}"}"#, #"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#,
    ] {
      let request = try GraphQLRequest(.json(body))
      #expect(request.operationName == nil)
      #expect(request.variables == InputObject())
      #expect(request.extensions == InputObject())
    }
  }

  @Test func `a query that is null leaves the document to its name`() throws {
    let named = try GraphQLRequest(.json(#"{"query":null,"documentId":"d"}"#))
    #expect(named.query == nil && named.documentID == "d")
    let sent = try GraphQLRequest(
      .json(#"{"query":"{a}","documentId":null,"extensions":{"persistedQuery":null}}"#))
    #expect(try PersistedDocuments(maximumBytes: 0).resolve(sent).text == "{a}")
  }

  @Test(
    arguments: [
      ("[]", "The request must be a JSON object."), ("{}", "The request has no \"query\"."),
      (#"{"query":null}"#, "The request has no \"query\"."),
      (#"{"query":null,"extensions":{"persistedQuery":null}}"#, "The request has no \"query\"."),
      (#"{"query":1}"#, "\"query\" must be a string."),
      (#"{"query":"{a}","operationName":1}"#, "\"operationName\" must be a string."),
      (#"{"query":"{a}","variables":"{}"}"#, "\"variables\" must be an object."),
      (#"{"query":"{a}","extensions":[]}"#, "\"extensions\" must be an object."),
    ])
  func `a body of another shape is refused`(body: String, message: String) throws {
    #expect(try malformed(body) == message)
  }

  @Test func `what becomes of errors may be said in a body and in a URL`() throws {
    #expect(try GraphQLRequest(.json(#"{"query":"{a}","onError":"HALT"}"#)).onError == .string("HALT"))
    #expect(try GraphQLRequest(urlQuery: "query=x&onError=NULL").onError == .string("NULL"))
    #expect(try GraphQLRequest(urlQuery: "query=x&onError=").onError == nil)
  }

  @Test func `the engine is given variables, extensions and what becomes of errors`() throws {
    let request = try GraphQLRequest(
      .json(#"{"query":"{a}","variables":{"n":1},"extensions":{"trace":[true]},"onError":"NULL"}"#))
    let execution = try request.execution(context: EmptyContext())
    #expect(execution.variables["n"] == 1)
    #expect(execution.extensions["trace"] == [true])
    #expect(execution.onError == .null)
    let wrong = try GraphQLRequest(.json(#"{"query":"{a}","onError":"ABORT"}"#))
    #expect(throws: RequestErrors.self) { try wrong.execution(context: EmptyContext()) }
  }

  @Test func `a URL carries JSON in its parameters`() throws {
    let request = try GraphQLRequest(
      urlQuery:
        "query=%7Ba%7D&operationName=A&variables=%7B%22n%22%3A%5B1%5D%7D&extensions=%7B%7D")
    #expect(request.query == "{a}")
    #expect(request.operationName == "A")
    #expect(request.variables["n"] == .list([.int(1)]))
  }

  @Test func `empty parameters are absent, and the name null is a name`() throws {
    let request = try GraphQLRequest(
      urlQuery: "query=%7Ba%7D&operationName=&variables=&extensions=")
    #expect(request.operationName == nil)
    #expect(try GraphQLRequest(urlQuery: "query=x&operationName=null").operationName == "null")
    let former = try GraphQLRequest(urlQuery: "query=a+b%2Bc&query=x&flag")
    #expect(former.query == "a b+c")
  }

  @Test(arguments: [
    "", "query=", "query=x&variables=%7B", "query=x&variables=7", "query=x&extensions=%5B%5D",
  ])
  func `a URL of another shape is refused`(query: String) {
    #expect(throws: GraphQLRequest.Malformed.self) { try GraphQLRequest(urlQuery: query) }
  }

  @Test func `values are written as JSON`() throws {
    let values = [
      "null", "true", "-7", "1.5", #""a\"\n""#, "[]", "[1,[2]]", "{}", #"{"a":{"b":[null]},"é":"\\"}"#,
    ]
    for value in values { #expect(text(JSONText.bytes(try .json(value))) == value) }
  }

  @Test func `ids are escaped in messages`() throws {
    let message = ServerMessage.next("a\"b", bytes(#"{"data":null}"#))
    #expect(try InputValue.json(text(message)).at("id").string == "a\"b")
    #expect(try InputValue.json(text(ServerMessage.complete("\n"))).at("id").string == "\n")
  }
}

@Suite("Files of the playground")
struct StaticFilesTests {
  private static let folder = TestStudio.resources + "/playground"

  private func request(_ tag: String? = nil) -> Request {
    var fields = HTTPFields()
    fields[.ifNoneMatch] = tag
    let head = HTTPRequest(method: .get, scheme: "http", authority: "t", path: "/", headerFields: fields)
    return Request(head: head, body: .init(buffer: ByteBuffer()))
  }

  @Test func `a file has its type, a tag and a policy`() throws {
    let files = try StaticFiles(folder: Self.folder)
    let page = files.response("index.html", request())
    #expect(page.status == .ok)
    #expect(page.headers[.contentType] == "text/html; charset=utf-8")
    #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'self'; ") == true)
    #expect(page.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
    #expect(files.response("app.js", request()).headers[.contentType] == "text/javascript; charset=utf-8")
    #expect(files.response("styles/theme.css", request()).headers[.contentType] == "text/css; charset=utf-8")
  }

  @Test func `a client that has the version is told so`() throws {
    let files = try StaticFiles(folder: Self.folder)
    let tag = try #require(files.response("index.html", request()).headers[.eTag])
    for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
      let answer = files.response("index.html", request(condition))
      #expect(answer.status == .notModified, "\(condition)")
      #expect(answer.headers[.eTag] == tag)
    }
    #expect(files.response("index.html", request("\"x\"")).status == .ok)
    #expect(files.response("app.js", request(tag)).status == .ok)
  }

  @Test(arguments: ["../Package.swift", "..%2fPackage.swift", "/etc/passwd", "nothing", "styles", "styles/"])
  func `no other file is there`(path: String) throws {
    #expect(try StaticFiles(folder: Self.folder).response(path, request()).status == .notFound)
  }

  @Test func `a folder without a page is an error`() {
    #expect(throws: SettingError.self) { try StaticFiles(folder: "/nowhere") }
  }
}
