import Flows
import Testing

@testable import Connectors

/// Every trigger of every manifest can be executed: what it asks is a right input, and what it looks for is
/// where the service's documented answers have it.
@Suite struct TriggerTests {
  struct Declared: Sendable, CustomTestStringConvertible {
    let manifest: Manifest
    let trigger: Trigger
    var testDescription: String { "\(manifest.type).\(trigger.key)" }
  }

  static let all: [Declared] = ConnectorFiles.manifests.flatMap { file -> [Declared] in
    guard let manifest = try? Manifest(parsing: file.text, fileName: file.name) else { return [] }
    return manifest.triggers.map { Declared(manifest: manifest, trigger: $0) }
  }
  static let polls = all.filter { if case .poll = $0.trigger.kind { true } else { false } }
  static let webhooks = all.filter { if case .webhook = $0.trigger.kind { true } else { false } }

  @Test func `polls and webhooks are declared by many services`() {
    #expect(Self.polls.count >= 25 && Self.webhooks.count >= 30)
  }

  @Test(arguments: polls) func `a poll finds what the documented answer shows`(_ declared: Declared) throws {
    guard case .poll(let poll) = declared.trigger.kind else { return }
    let example = try #require(
      try Self.example(of: poll.operation, declared.manifest), "no answer is documented")
    #expect(example["items"]?.array?.isEmpty == false, "the documented answer shows nothing")
    let settings = try Self.sample(of: declared.trigger.settings)
    let limits = PollLimits(
      items: 100, startsAtBeginning: false, now: Instant(microseconds: 1_767_225_600_000_000))
    let key = declared.trigger.key
    // The first poll starts nothing of what was there, unless it knows where now begins.
    var progress = PollProgress()
    var known: Set<String> = []
    for number in 1...2 {
      var round = try #require(
        PollRound(key, of: declared.manifest, settings: settings, progress: progress, limits: limits))
      let call = try #require(round.call)
      try Self.checkInput(call, declared)
      let keys = try round.keys(of: example)
      try round.take(example, known: known)
      let finding = round.finding
      if poll.start == nil || number == 2 { #expect(finding.items.isEmpty, "poll \(number)") }
      #expect(finding.progress.isPrimed && Set(finding.shown) == Set(keys))
      if poll.cursor != nil { #expect(finding.progress.cursor != nil, "no item has the cursor") }
      known.formUnion(keys)
      progress = finding.progress
    }
    // What was not there before starts a run, also of a service that shows its newest alone.
    var beginning = PollLimits(items: 100, startsAtBeginning: true, now: limits.now)
    beginning.items = 100
    var round = try #require(
      PollRound(key, of: declared.manifest, settings: settings, progress: PollProgress(), limits: beginning))
    try round.take(example, known: [])
    #expect(round.finding.items.count == Set(try round.keys(of: example)).count)
    for item in round.finding.items {
      #expect(declared.trigger.output.problem(with: item.value) == nil, "the event has another schema")
    }
  }

  @Test(arguments: webhooks) func `a webhook's places can be read of a request`(_ declared: Declared) throws {
    guard case .webhook(let webhook) = declared.trigger.kind else { return }
    #expect(declared.trigger.documentation != nil, "it names no documentation")
    let body = declared.trigger.output.value
    let paths = [webhook.event].compactMap { $0 } + webhook.deliveryID.joined() + (webhook.each.first ?? [])
    for path in paths where path.root == "body" {
      #expect(
        Self.mayExist(path.segments.dropFirst(), in: body), "the event's schema has no \(path.segments)")
    }
    let headers = Self.headers(of: webhook).map { ($0, "1767225600") }
    let request = ServiceRequest(
      method: "POST", url: "https://studio.test/hooks/x?a=b", headers: headers, query: [("a", "b")],
      body: ServiceRequestBody(bytes: Array("{}".utf8), value: [:]))
    if let keyed = webhook.signature.keyed {
      let signed = try #require(keyed.signedBytes(in: request), "a place of what is signed has no value")
      #expect(!signed.isEmpty)
    }
    for name in webhook.ignored { #expect(webhook.event != nil, "\(name) cannot be known") }
  }

  // MARK: Samples

  /// The longest documented output of an operation.
  private static func example(of operation: String, _ manifest: Manifest) throws -> JSONValue? {
    guard let file = ConnectorFiles.exchanges.first(where: { $0.name == manifest.type }) else { return nil }
    return try Exchanges(file).all.filter { $0.operation == operation }.compactMap(\.output)
      .max { ($0["items"]?.array?.count ?? 0) < ($1["items"]?.array?.count ?? 0) }
  }

  private static func checkInput(_ call: ConnectorCall, _ declared: Declared) throws {
    let operation = try #require(declared.manifest.operation(call.operation))
    let problem = operation.input.problem(with: operation.input.completed(call.input))
    #expect(problem == nil, "\(call.input.text())")
  }

  /// A value that satisfies the settings' schema.
  private static func sample(of schema: JSONSchema) throws -> JSONValue {
    var object = JSONObject()
    for property in schema.properties where schema.required.contains(property.key) {
      let candidates: [JSONValue] = ["sample", "123", "urn:li:person:1", 1, true]
      object[property.key] = candidates.first { JSONSchema(property.value).problem(with: $0) == nil }
    }
    let settings = schema.completed(.object(object))
    #expect(schema.problem(with: settings) == nil)
    return settings
  }

  /// Whether a path may have a value: its first keys are declared, what is below open objects may be.
  private static func mayExist(_ path: ArraySlice<String>, in schema: JSONValue) -> Bool {
    guard let key = path.first else { return true }
    if schema["type"] == "array" {
      return Int(key) != nil && mayExist(path.dropFirst(), in: schema["items"] ?? [:])
    }
    guard let properties = schema["properties"]?.object else { return true }
    guard let next = properties[key] else { return false }
    return mayExist(path.dropFirst(), in: next)
  }

  private static func headers(of webhook: Connectors.WebhookTrigger) -> [String] {
    let places = webhook.signature.keyed?.signed.places.map(\.path) ?? []
    return places.filter { $0.root == "headers" }.compactMap(\.member)
  }
}
