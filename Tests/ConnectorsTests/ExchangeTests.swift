import Base64Text
import Connectors
import Flows
import Foundation
import Testing

/// Plays the documented exchanges of `Exchanges/` against the real executor, over real sockets.
@Suite struct ExchangeTests {
  @Test(arguments: ConnectorFiles.exchanges)
  func `each documented exchange is had as it is documented`(_ file: ConnectorFiles.File) async throws {
    let exchanges = try Exchanges(file)
    let manifest = try ConnectorFiles.manifest(exchanges.connector)
    for exchange in exchanges.all {
      let problems = await exchange.play(manifest)
      let text = problems.joined(separator: "\n")
      #expect(problems.isEmpty, "\(file.name), \(exchange.name):\n\(text)")
    }
  }

  @Test(arguments: ConnectorFiles.manifests)
  func `each operation, a page sequence, a refusal and a limit are played`(_ file: ConnectorFiles.File) throws
  {
    let manifest = try Manifest(parsing: file.text, fileName: file.name)
    guard !manifest.operations.isEmpty else { return }
    let exchangeFile = try #require(
      ConnectorFiles.exchanges.first { $0.name == file.name }, "there is no Exchanges/\(file.name).json")
    let all = try Exchanges(exchangeFile).all
    for operation in manifest.operations {
      let isPlayed = all.contains { $0.operation == operation.key && $0.output != nil }
      #expect(isPlayed, "\(file.name): \(operation.key) is not played")
    }
    if manifest.operations.contains(where: { $0.paging != nil }) {
      let goesOn = all.contains { $0.steps.count > 1 || $0.input["cursor"] != nil }
      #expect(goesOn, "\(file.name): no sequence of pages is played")
    }
    for expected in ["AUTHENTICATION", "RATE_LIMITED"] {
      let isPlayed = all.contains { $0.error?["class"]?.string == expected }
      #expect(isPlayed, "\(file.name): no exchange ends with \(expected)")
    }
  }
}

/// What becomes of a call without an answer that is taken: whoever may repeat it does, where it may help.
@Suite struct TransportFailureTests {
  private struct FailingTransport: ConnectorTransport {
    let failure: TransportFailure

    func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer { throw failure }
  }

  @Test(arguments: [
    (TransportFailure.notSent("no"), "UNAVAILABLE", "UNAVAILABLE"),
    (.unknown("no"), "UNAVAILABLE", "UNKNOWN_OUTCOME"),
    (.unreadable("no"), "FAILED", "UNKNOWN_OUTCOME"), (.refused("no"), "INVALID", "INVALID"),
  ])
  func `a call may be repeated, or what became of it is not known`(
    _ failure: TransportFailure, _ repeatable: String, _ other: String
  ) async throws {
    let executor = OperationExecutor(
      try ConnectorFiles.manifest("slack"), transport: FailingTransport(failure: failure),
      nowMilliseconds: { Exchange.now })
    let message: JSONValue = ["channel": "C1", "text": "Hi"]
    let change: JSONValue = ["channel": "C1", "text": "Hi", "ts": "1.2"]
    for (operation, input, expected) in [
      ("update_message", change, repeatable), ("send_message", message, other),
    ] {
      let error = await #expect(throws: ConnectorFailure.self) {
        _ = try await executor.perform(
          operation, input: input, credentials: ["botToken": "x"], idempotencyKey: "test-key")
      }
      #expect(error?.failureClass.rawValue == expected, "\(operation)")
    }
  }
}

/// A file of exchanges.
struct Exchanges {
  let connector: String
  let all: [Exchange]

  init(_ file: ConnectorFiles.File) throws {
    let value = try JSONValue(parsing: file.text)
    connector = try #require(value["connector"]?.string)
    let credentials = value["credentials"] ?? [:]
    let exchanges = try #require(value["exchanges"]?.array)
    all = exchanges.map { Exchange($0, credentials: credentials) }
  }
}

/// An operation's call, the requests that it must lead to, their answers, and what comes of them.
struct Exchange {
  /// The instant at which exchanges are played, in milliseconds: 2026-01-01T00:00:00Z.
  static let now: Int64 = 1_767_225_600_000

  let name, operation: String
  let input, credentials: JSONValue
  let steps: [JSONValue]
  let output, error: JSONValue?

  init(_ value: JSONValue, credentials: JSONValue) {
    name = value["name"]?.string ?? "?"
    operation = value["operation"]?.string ?? ""
    input = value["input"] ?? [:]
    self.credentials = value["credentials"] ?? credentials
    steps = value["steps"]?.array ?? []
    output = value["output"]
    error = value["error"]
  }

  /// What was otherwise than documented.
  func play(_ manifest: Manifest) async -> [String] {
    guard let service = try? PlayedService(steps.map(Exchange.answer)) else { return ["no port is free"] }
    defer { service.stop() }
    let executor = OperationExecutor(
      manifest, transport: PlayedTransport(port: service.port), nowMilliseconds: { Exchange.now })
    var problems: [String] = []
    do {
      let found = try await executor.perform(
        operation, input: input, credentials: credentials, idempotencyKey: "test-key")
      problems += differences(found, output, "output")
      let schema = manifest.operation(operation)?.output
      if let problem = schema?.problem(with: found) {
        problems.append("the output does not satisfy its schema: \(problem.path) \(problem.message)")
      }
    } catch {
      problems += errorProblems(error)
    }
    let requests = service.requests
    if requests.count != steps.count { problems.append("\(requests.count) requests, not \(steps.count)") }
    for (index, (step, request)) in zip(steps, requests).enumerated() {
      problems += requestProblems(step["request"] ?? [:], request).map { "request \(index + 1): \($0)" }
    }
    return problems
  }

  private static func answer(_ step: JSONValue) -> PlayedService.Answer {
    let answer = step["answer"] ?? [:]
    var headers = (answer["headers"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
    var body: [UInt8] = []
    if let text = answer["text"]?.string {
      body = Array(text.utf8)
    } else if let base64 = answer["base64"]?.string {
      body = Base64.decode(base64) ?? []
    } else if let value = answer["body"] {
      body = value.encoded()
      headers.append(("Content-Type", "application/json"))
    }
    return PlayedService.Answer(
      status: answer["status"]?.integer.map { Int($0) } ?? 200, headers: headers, body: body)
  }

  private func errorProblems(_ failure: ConnectorFailure) -> [String] {
    guard let error else { return ["failed: \(failure.failureClass.rawValue) \(failure.message)"] }
    var problems: [String] = []
    func compare(_ key: String, _ found: JSONValue?) {
      if let expected = error[key] { problems += differences(found, expected, key) }
    }
    compare("class", .string(failure.failureClass.rawValue))
    compare("message", .string(failure.message))
    compare("code", failure.code.map { .string($0) })
    compare("status", failure.status.map { .integer(Int64($0)) })
    compare("retryable", .bool(failure.isRetryable))
    compare("retryAfterSeconds", failure.retryAfterMilliseconds.map { .integer($0 / 1000) })
    return problems
  }

  private func requestProblems(_ expected: JSONValue, _ request: PlayedService.Request) -> [String] {
    var problems = differences(.string(request.method), expected["method"], "method")
    let parts = request.url.split(separator: "?", maxSplits: 1).map(String.init)
    problems += differences(.string(parts.first ?? ""), expected["url"], "url")
    let query = Exchange.fields(parts.count > 1 ? parts[1] : "")
    problems += differences(query, expected["query"] ?? [:], "query")
    for header in expected["headers"]?.object?.members ?? [] {
      let found = request.headers[header.key.lowercased()].map { JSONValue.string($0) }
      problems += differences(found, header.value, "header \(header.key)")
    }
    if let parts = expected["parts"] {
      return problems + differences(MultipartText.parts(request), parts, "parts")
    }
    return problems + bodyProblems(expected, request.body)
  }

  private func bodyProblems(_ expected: JSONValue, _ body: [UInt8]) -> [String] {
    if let form = expected["form"] {
      return differences(Exchange.fields(String(decoding: body, as: UTF8.self)), form, "form")
    }
    if let text = expected["text"] {
      return differences(.string(String(decoding: body, as: UTF8.self)), text, "text")
    }
    if let base64 = expected["base64"] {
      return differences(.string(Base64.encode(body)), base64, "base64")
    }
    let value = body.isEmpty ? JSONValue?.none : (try? JSONValue(parsing: body)) ?? .string("no JSON")
    return differences(value, expected["body"], "body")
  }

  /// Decoded names and values; of a name that comes several times a list.
  private static func fields(_ text: String) -> JSONValue {
    var object = JSONObject()
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts[0].removingPercentEncoding ?? ""
      let value = JSONValue.string((parts.count > 1 ? parts[1] : "").removingPercentEncoding ?? "")
      if let former = object[name] {
        object[name] = .array((former.array ?? [former]) + [value])
      } else {
        object[name] = value
      }
    }
    return .object(object)
  }

  private func differences(_ found: JSONValue?, _ expected: JSONValue?, _ what: String) -> [String] {
    if found == expected { return [] }
    return ["\(what) is \(found?.text() ?? "missing"), not \(expected?.text() ?? "missing")"]
  }
}
