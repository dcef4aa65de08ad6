import Flows
import Testing

@testable import Connectors

/// Requests that hold several events, as the services document them, are taken apart: each event looks as if
/// it had come alone, and has an id of its own.
@Suite struct RequestEventsTests {
  /// A request of a service, and the bodies and ids of its events.
  struct Batch: Sendable, CustomTestStringConvertible {
    var connector: String
    var trigger: String
    var body: String
    var events: [String]
    var keys: [String?]
    var testDescription: String { "\(connector): \(events.count) of \(body.prefix(40))" }
  }

  static let batches = [
    Batch(
      connector: "hubspot", trigger: "crm_event",
      body: """
        [{"eventId":7,"subscriptionType":"contact.creation","objectId":1,"occurredAt":100,"attemptNumber":0},\
        {"eventId":7,"subscriptionType":"contact.propertyChange","objectId":1,"occurredAt":100,\
        "propertyName":"email","attemptNumber":2}]
        """,
      events: [
        #"[{"eventId":7,"subscriptionType":"contact.creation","objectId":1,"occurredAt":100,"attemptNumber":0}]"#,
        """
        [{"eventId":7,"subscriptionType":"contact.propertyChange","objectId":1,"occurredAt":100,\
        "propertyName":"email","attemptNumber":2}]
        """,
      ],
      keys: ["7 contact.creation 1 100", "7 contact.propertyChange 1 100 email"]),
    Batch(
      connector: "facebook", trigger: "page_event",
      body: """
        {"object":"page","entry":[{"id":"1","time":5,"changes":[{"field":"feed","value":{"n":1}},\
        {"field":"feed","value":{"n":2}}]},{"id":"2","time":6,"messaging":[{"message":{"mid":"m"}}]},\
        {"id":"3","time":7,"changed_fields":["feed"]}]}
        """,
      events: [
        #"{"object":"page","entry":[{"id":"1","time":5,"changes":[{"field":"feed","value":{"n":1}}]}]}"#,
        #"{"object":"page","entry":[{"id":"1","time":5,"changes":[{"field":"feed","value":{"n":2}}]}]}"#,
        #"{"object":"page","entry":[{"id":"2","time":6,"messaging":[{"message":{"mid":"m"}}]}]}"#,
        #"{"object":"page","entry":[{"id":"3","time":7,"changed_fields":["feed"]}]}"#,
      ],
      keys: [
        #"1 {"field":"feed","value":{"n":1}}"#, #"1 {"field":"feed","value":{"n":2}}"#,
        #"2 {"message":{"mid":"m"}}"#, nil,
      ]),
    Batch(
      connector: "whatsapp", trigger: "message_event",
      body: """
        {"object":"whatsapp_business_account","entry":[{"id":"w","changes":[{"field":"messages","value":\
        {"contacts":[{"wa_id":"9"}],"messages":[{"id":"wamid.1"},{"id":"wamid.2"}],\
        "statuses":[{"id":"wamid.0","status":"read"}]}}]}]}
        """,
      events: [
        """
        {"object":"whatsapp_business_account","entry":[{"id":"w","changes":[{"field":"messages","value":\
        {"contacts":[{"wa_id":"9"}],"messages":[{"id":"wamid.1"}]}}]}]}
        """,
        """
        {"object":"whatsapp_business_account","entry":[{"id":"w","changes":[{"field":"messages","value":\
        {"contacts":[{"wa_id":"9"}],"messages":[{"id":"wamid.2"}]}}]}]}
        """,
        """
        {"object":"whatsapp_business_account","entry":[{"id":"w","changes":[{"field":"messages","value":\
        {"contacts":[{"wa_id":"9"}],"statuses":[{"id":"wamid.0","status":"read"}]}}]}]}
        """,
      ],
      keys: ["wamid.1", "wamid.2", "wamid.0 read"]),
    Batch(
      connector: "xero", trigger: "xero_event",
      body: """
        {"events":[{"resourceId":"r1","eventDateUtc":"2026-01-01T00:00:00.1","eventType":"CREATE",\
        "eventCategory":"CONTACT","tenantId":"t"},{"resourceId":"r2","eventCategory":"INVOICE"}],"entropy":"S"}
        """,
      events: [
        """
        {"events":[{"resourceId":"r1","eventDateUtc":"2026-01-01T00:00:00.1","eventType":"CREATE",\
        "eventCategory":"CONTACT","tenantId":"t"}],"entropy":"S"}
        """,
        #"{"events":[{"resourceId":"r2","eventCategory":"INVOICE"}],"entropy":"S"}"#,
      ],
      keys: ["t r1 CREATE 2026-01-01T00:00:00.1", nil]),
    // What Asana sends to see whether somebody is there is no event.
    Batch(connector: "asana", trigger: "resource_event", body: #"{"events":[]}"#, events: [], keys: []),
    Batch(
      connector: "dropbox", trigger: "files_changed", body: #"{"list_folder":{"accounts":["a","b"]}}"#,
      events: [#"{"list_folder":{"accounts":["a"]}}"#, #"{"list_folder":{"accounts":["b"]}}"#],
      keys: [nil, nil]),
    // What the documentation does not know is an event as it is.
    Batch(
      connector: "quickbooks", trigger: "entity_changed", body: #"{"eventNotifications":[1,2]}"#,
      events: [#"{"eventNotifications":[1,2]}"#], keys: [nil]),
    Batch(
      connector: "sharepoint", trigger: "list_changed",
      body: #"{"value":[{"id":"n1","changeType":"updated"},{"changeType":"updated"}]}"#,
      events: [
        #"{"value":[{"id":"n1","changeType":"updated"}]}"#, #"{"value":[{"changeType":"updated"}]}"#,
      ],
      keys: ["n1", nil]),
    // A service that sends one event in a request.
    Batch(
      connector: "stripe", trigger: "account_event", body: #"{"id":"evt_1","data":[1,2]}"#,
      events: [#"{"id":"evt_1","data":[1,2]}"#], keys: ["evt_1"]),
  ]

  @Test(arguments: batches) func `each event of a request is one of its own`(_ batch: Batch) throws {
    let webhook = try Self.webhook(batch.connector, batch.trigger)
    let events = try webhook.events(in: Self.request(JSONValue(parsing: Array(batch.body.utf8))))
    #expect(events.map { $0.body.text() } == batch.events)
    #expect(events.map { webhook.deliveryKey(in: $0) } == batch.keys)
  }

  @Test func `every event of a batch has its own name`() throws {
    let webhook = try Self.webhook("hubspot", "crm_event")
    let body = try JSONValue(parsing: Array(Self.batches[0].body.utf8))
    let names = try webhook.events(in: Self.request(body)).map { webhook.eventName(in: $0) }
    #expect(names == ["contact.creation", "contact.propertyChange"])
  }

  @Test func `more events than one request may bring are refused`() throws {
    let webhook = try Self.webhook("hubspot", "crm_event")
    let most = JSONValue.array(Array(repeating: ["eventId": 1], count: WebhookTrigger.maximumEvents))
    #expect(try webhook.events(in: Self.request(most)).count == WebhookTrigger.maximumEvents)
    let more = JSONValue.array(Array(repeating: ["eventId": 1], count: WebhookTrigger.maximumEvents + 1))
    #expect(throws: TooManyEvents.self) { try webhook.events(in: Self.request(more)) }
  }

  @Test func `what events share counts for each of them`() throws {
    let webhook = try Self.webhook("whatsapp", "message_event")
    let shared = JSONValue.string(String(repeating: "x", count: 100_000))
    func body(_ count: Int) -> JSONValue {
      let messages = JSONValue.array((0..<count).map { ["id": .integer(Int64($0))] })
      return ["entry": [["changes": [["value": ["contacts": shared, "messages": messages]]]]]]
    }
    #expect(try webhook.events(in: Self.request(body(20))).count == 20)
    #expect(throws: TooManyEvents.self) { try webhook.events(in: Self.request(body(100))) }
  }

  @Test func `a manifest's levels are checked`() throws {
    let file = try #require(ConnectorFiles.manifests.first { $0.name == "hubspot" })
    func problems(_ each: String) -> [String] {
      Manifest.check(
        file.text.replacing(#""each": ["body"]"#, with: #""each": \#(each)"#), fileName: "hubspot"
      ).map(\.path)
    }
    #expect(problems(#"["body"]"#).isEmpty)
    #expect(problems(#"["item"]"#) == ["triggers.crm_event.each"])
    #expect(problems(#"["body", ["item.a", "body.b"]]"#) == ["triggers.crm_event.each"])
    #expect(problems(#"["body", []]"#) == ["triggers.crm_event.each"])
    #expect(problems(#""body""#) == ["triggers.crm_event.each"])
  }

  private static func webhook(_ connector: String, _ key: String) throws -> Connectors.WebhookTrigger {
    let trigger = try #require(ConnectorFiles.manifest(connector).trigger(key))
    guard case .webhook(let webhook) = trigger.kind else { throw TooManyEvents() }
    return webhook
  }

  private static func request(_ body: JSONValue) -> ServiceRequest {
    ServiceRequest(
      method: "POST", url: "https://studio.test/hooks/x", headers: [], query: [],
      body: ServiceRequestBody(bytes: [], value: body))
  }
}
