import Files
import Flows
import GraphQLEngine
import Resolvers
import Schema
import Testing

/// What flows have beside their graph, when they are duplicated, exported, imported and restored: triggers,
/// error flow, flows that nodes call, settings.
@Suite struct FlowTriggerCopyTests {
  private static let triggers = """
    id kind nodeKey isEnabled nextFireAt sourceStates sourceFlow { name }
    schedule { cron timeZone overlap catchUp catchUpWindowSeconds jitterSeconds daylightSaving }
    webhook { url signature toleranceSeconds deliveryHeader answer answerNodeKey answerTimeoutMs }
    """
  private static let settings = "metrics { notes } runPriority maximumConcurrentRuns errorFlow { id name }"
  private static let flow = "query ($id: ID!) { flow(id: $id) { id \(settings) triggers { \(triggers) } } }"
  private static let copied = """
    flow { id name \(settings) triggers { \(triggers) } nodes { key config } }
    triggers { secret trigger { id kind } } warnings { code field message }
    """
  private static let add = """
    mutation ($input: AddTriggerInput!) { addTrigger(input: $input) { secret trigger { id webhook { url } } } }
    """
  private static let change = """
    mutation ($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { revision } } }
    """
  private static let limit = """
    mutation ($input: SetRunLimitInput!) { setRunLimit(input: $input) { flow { id } } }
    """
  private static let duplicate = """
    mutation ($input: DuplicateFlowInput!) { duplicateFlow(input: $input) { \(copied) } }
    """
  static let export = "mutation ($id: ID!) { exportFlow(input: { id: $id }) { document } }"
  static let load = """
    mutation ($input: ImportFlowInput!) { importFlow(input: $input) { \(copied)
      missingIntegrations { nodeKey } } }
    """
  private static let enable = """
    mutation ($id: ID!) { enableTrigger(input: { id: $id }) { trigger { isEnabled nextFireAt } } }
    """
  private static let orders: InputValue = .string(StudioData.text(.flow, 1))
  private static let digest: InputValue = .string(StudioData.text(.flow, 2))

  /// Gives Alpha's "Orders" everything that a flow can have; it has a webhook without a signature already.
  /// - Returns: the secrets and URLs that no document may have.
  private func furnish(_ studio: Studio) async throws -> [String] {
    let wanted: [InputValue] = [
      [
        "nodeKey": "start",
        "schedule": [
          "cron": "0 9 * * mon", "timeZone": "Europe/Vienna", "overlap": "QUEUE", "catchUp": "ALL",
          "catchUpWindowSeconds": 3_600, "jitterSeconds": 60, "daylightSaving": "BOTH",
        ],
      ],
      [
        "webhook": [
          "signature": "STANDARD", "toleranceSeconds": 60, "deliveryHeader": "X-Delivery", "answer": "NODE",
          "answerNodeKey": "tell", "answerTimeoutMs": 5_000,
        ]
      ],
      ["webhook": ["signature": "STRIPE", "secret": "whsec_of_stripe"]],
      ["flowEvent": ["flowId": Self.orders, "states": ["FAILURE", "CANCELLED"]], "isEnabled": false],
      ["flowEvent": ["flowId": Self.digest]],
    ]
    var secrets = ["whsec_of_stripe", "intg_", "flow_", "node_", "trig_", "/hooks/"]
    for var input in wanted {
      input = .object(InputObject([.init(name: "flowId", value: Self.orders)] + (input.object?.fields ?? [])))
      let added = try await studio.run(Self.add, ["input": input], as: StudioData.eve)
      #expect(added.errors.isEmpty, "\(added.text)")
      secrets.append(added.string("data.addTrigger.secret") ?? "")
    }
    let change: InputValue = [
      "id": Self.orders, "errorFlowId": Self.digest, "runPriority": "HIGH", "notes": "Mind the gap",
    ]
    let changed = try await studio.run(Self.change, ["input": change], as: StudioData.eve)
    let limited = try await studio.run(
      Self.limit, ["input": ["flowId": Self.orders, "maximumConcurrentRuns": 2]], as: StudioData.ada)
    #expect(changed.errors.isEmpty && limited.errors.isEmpty, "\(changed.text) \(limited.text)")
    return secrets.filter { !$0.isEmpty }
  }

  /// The triggers without what every one has for itself.
  private func common(_ triggers: InputValue?, without names: Set<String> = []) -> [InputValue] {
    (triggers?.list ?? []).map { trigger in
      .object(
        InputObject(
          (trigger.object?.fields ?? []).compactMap { field in
            if ["id", "nextFireAt"].contains(field.name) || names.contains(field.name) { return nil }
            guard field.name == "webhook", var webhook = field.value.object else { return field }
            webhook.fields.removeAll { $0.name == "url" }
            return .init(name: field.name, value: .object(webhook))
          }))
    }
  }

  @Test func `a copy has all triggers, switched off, with secrets and addresses of their own`() async throws {
    try await Studio.with(StudioData.all) { studio in
      _ = try await furnish(studio)
      let original = try await studio.run(Self.flow, ["id": Self.orders], as: StudioData.eve)
      let copy = try await studio.run(Self.duplicate, ["input": ["id": Self.orders]], as: StudioData.eve)
      let made = "data.duplicateFlow"
      #expect(copy.errors.isEmpty, "\(copy.text)")
      #expect(copy["\(made).flow.metrics.notes"] == "Mind the gap")
      #expect(copy["\(made).flow.runPriority"] == "HIGH")
      #expect(copy["\(made).flow.maximumConcurrentRuns"] == 2)
      #expect(copy["\(made).flow.errorFlow.name"] == "Digest")
      let before = original["data.flow.triggers"]
      let after = copy["\(made).flow.triggers"]
      #expect(before?.list?.count == 6)
      let apart: Set = ["isEnabled", "sourceFlow"]
      #expect(common(after, without: apart) == common(before, without: apart), "\(copy.text)")
      #expect(after?.list?.allSatisfy { $0["isEnabled"] == false && $0["nextFireAt"] == .null } == true)
      // What waited for itself waits for itself.
      #expect(copy.strings("\(made).flow.triggers", "id").count == 6)
      #expect(after?.list?[4]["sourceFlow"] == ["name": "Orders (copy)"])
      #expect(after?.list?[5]["sourceFlow"] == ["name": "Digest"])
      let urls = Set(
        [before, after].flatMap { ($0?.list ?? []).compactMap { $0["webhook"]?["url"]?.string } })
      // Three of the copy, two of the original: one of the test's data has no URL.
      #expect(urls.count == 5, "\(urls)")
      let secrets = copy[made + ".triggers"]?.list?.map { $0["secret"]?.string ?? "" } ?? []
      #expect(secrets.map(\.isEmpty) == [true, true, false, true, true, true])
      #expect(
        copy["\(made).triggers"]?.list?.map { $0["trigger"]?["id"] } == after?.list?.map { $0["id"] })
      #expect(copy.strings("\(made).warnings", "code") == ["MISSING_SECRET"])
      #expect(copy.strings("\(made).warnings", "field") == ["triggers.3.webhook"])
      // The limit is as many slots.
      let slots = try await studio.text(
        "SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM run_slots GROUP BY scope) s")
      #expect(slots == "2 2")
    }
  }

  @Test func `a copy's triggers are on as they were where that is asked for`() async throws {
    try await Studio.with(StudioData.all) { studio in
      _ = try await furnish(studio)
      let input: InputValue = ["id": Self.orders, "enablesTriggers": true]
      let copy = try await studio.run(Self.duplicate, ["input": input], as: StudioData.eve)
      let triggers = copy["data.duplicateFlow.flow.triggers"]?.list ?? []
      // Stripe's secret is missing, and one was off.
      #expect(
        triggers.map { $0["isEnabled"] } == [true, true, true, false, false, true], "\(copy.text)")
      #expect(triggers[1]["nextFireAt"]?.string?.isEmpty == false)
      // The same answer comes again, secrets and all.
      let keyed: InputValue = ["id": Self.orders, "idempotencyKey": "once"]
      let once = try await studio.run(Self.duplicate, ["input": keyed], as: StudioData.eve)
      let again = try await studio.run(Self.duplicate, ["input": keyed], as: StudioData.eve)
      #expect(again.text == once.text && again["data.duplicateFlow.triggers"]?.list?.count == 6)
    }
  }

  @Test func `a document has everything but secrets, and becomes the same flow`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let secrets = try await furnish(studio)
      let exported = try await studio.run(Self.export, ["id": Self.orders], as: StudioData.vera)
      for secret in secrets { #expect(!exported.text.contains(secret), "the document has \(secret)") }
      let document = exported["data.exportFlow.document"] ?? .null
      #expect(document["errorFlow"] == ["name": "Digest"], "\(exported.text)")
      #expect(document["triggers"]?.list?[4]["flowEvent"]?["flow"] == ["itself": true])

      let original = try await studio.run(Self.flow, ["id": Self.orders], as: StudioData.eve)
      let input: InputValue = ["document": document, "name": "Moved"]
      let here = try await studio.run(Self.load, ["input": input], as: StudioData.eve)
      let made = "data.importFlow"
      #expect(here.errors.isEmpty, "\(here.text)")
      for field in ["metrics", "runPriority", "maximumConcurrentRuns", "errorFlow"] {
        #expect(here["\(made).flow.\(field)"] == original["data.flow.\(field)"], "\(here.text)")
      }
      let triggers = here["\(made).flow.triggers"]
      let apart: Set = ["isEnabled", "sourceFlow"]
      #expect(
        common(triggers, without: apart) == common(original["data.flow.triggers"], without: apart))
      #expect(
        triggers?.list?.map { $0["isEnabled"] } == [true, true, true, false, false, true], "\(here.text)")
      #expect(triggers?.list?[4]["sourceFlow"] == ["name": "Moved"])
      #expect(triggers?.list?[1]["nextFireAt"]?.string?.isEmpty == false)
      #expect(here.strings("\(made).warnings", "code") == ["MISSING_SECRET"])
      // What is exported again is the same document.
      let again = try await studio.run(
        Self.export, ["id": here["\(made).flow.id"] ?? .null], as: StudioData.eve)
      for field in ["nodes", "connections", "errorFlow", "notes", "runPriority", "maximumConcurrentRuns"] {
        #expect(again["data.exportFlow.document.\(field)"] == document[field], "\(field)")
      }
      #expect(
        again["data.exportFlow.document.triggers"]?.list?[1] == document["triggers"]?.list?[1])
    }
  }

  @Test func `what another organization lacks is off and named, and can be given`() async throws {
    try await Studio.with(StudioData.all) { studio in
      _ = try await furnish(studio)
      let exported = try await studio.run(Self.export, ["id": Self.orders], as: StudioData.eve)
      let input: InputValue = ["document": exported["data.exportFlow.document"] ?? .null]
      let there = try await studio.run(Self.load, ["input": input], as: StudioData.bob)
      let made = "data.importFlow"
      #expect(there.errors.isEmpty && there["\(made).flow.errorFlow"] == .null, "\(there.text)")
      #expect(
        there.strings("\(made).warnings", "field") == [
          "errorFlow", "triggers.3.webhook", "triggers.5.flowEvent.flow",
        ], "\(there.text)")
      let ids = there.strings("\(made).flow.triggers", "id").map { InputValue.string($0) }
      let refused = try await studio.run(Self.enable, ["id": ids[5]], as: StudioData.bob)
      #expect(refused.code == "CONFLICT" && refused.field == "id", "\(refused.text)")
      let update = """
        mutation ($input: UpdateTriggerInput!) { updateTrigger(input: $input) { trigger { sourceStates
          sourceFlow { name } } } }
        """
      let own: InputValue = .string(StudioData.text(.flow, 9))
      let event: InputValue = ["flowId": own, "states": ["FAILURE"]]
      let both = try await studio.run(
        update, ["input": ["id": ids[5], "flowEvent": event, "sourceStates": ["SUCCESS"]]], as: StudioData.bob
      )
      #expect(both.code == "BAD_USER_INPUT" && both.field == "flowEvent", "\(both.text)")
      let foreign = try await studio.run(
        update, ["input": ["id": ids[5], "flowEvent": ["flowId": Self.digest]]], as: StudioData.bob)
      #expect(foreign.code == "NOT_FOUND" && foreign.field == "flowEvent.flowId", "\(foreign.text)")
      let given = try await studio.run(
        update, ["input": ["id": ids[5], "flowEvent": event]], as: StudioData.bob)
      #expect(
        given["data.updateTrigger.trigger"] == [
          "sourceStates": ["FAILURE"], "sourceFlow": ["name": "Own flow"],
        ], "\(given.text)")
      let enabled = try await studio.run(Self.enable, ["id": ids[5]], as: StudioData.bob)
      #expect(enabled["data.enableTrigger.trigger.isEnabled"] == true, "\(enabled.text)")

      let stripe = try await studio.run(Self.enable, ["id": ids[3]], as: StudioData.bob)
      #expect(stripe.code == "CONFLICT", "\(stripe.text)")
      let rotate = """
        mutation ($id: ID!) { rotateTriggerSecret(input: { id: $id, secret: "whsec_other" }) { secret } }
        """
      #expect(try await studio.run(rotate, ["id": ids[3]], as: StudioData.bob).errors.isEmpty)
      let signed = try await studio.run(Self.enable, ["id": ids[3]], as: StudioData.bob)
      #expect(signed["data.enableTrigger.trigger.isEnabled"] == true, "\(signed.text)")
    }
  }

  @Test func `a name that several flows have means none of them`() async throws {
    try await Studio.with(StudioData.all) { studio in
      _ = try await furnish(studio)
      let exported = try await studio.run(Self.export, ["id": Self.orders], as: StudioData.eve)
      try await studio.script("UPDATE automation_flows SET name = 'Digest' WHERE id = id(4, 3)")
      let input: InputValue = ["document": exported["data.exportFlow.document"] ?? .null]
      let here = try await studio.run(Self.load, ["input": input], as: StudioData.eve)
      #expect(
        here.strings("data.importFlow.warnings", "code") == [
          "MISSING_FLOW", "MISSING_SECRET", "MISSING_FLOW",
        ],
        "\(here.text)")
    }
  }

  @Test func `nodes call the flow of the same name, or themselves, or nothing that there is`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let call = { (key: String, flow: InputValue) -> InputValue in
        ["key": .string(key), "title": "T", "kind": "ACTION", "config": ["type": "flow", "flowId": flow]]
      }
      let create = """
        mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id nodes { id } } } }
        """
      let nodes: InputValue = [
        ["key": "start", "title": "S", "kind": "TRIGGER"], call("other", Self.digest),
        call("gone", .string(StudioData.text(.flow, 77))), call("own", Self.digest),
      ]
      let created = try await studio.run(
        create, ["input": ["name": "Caller", "intention": "I", "nodes": nodes]], as: StudioData.eve)
      let id = created["data.createFlow.flow.id"] ?? .null
      let text = try #require(id.string)
      let update = """
        mutation ($id: ID!, $config: JSON!) { updateNode(input: { id: $id, config: $config }) { node { id } } }
        """
      let own = created["data.createFlow.flow.nodes.3.id"] ?? .null
      let updated = try await studio.run(
        update, ["id": own, "config": ["type": "flow", "flowId": id, "wait": false]], as: StudioData.eve)
      #expect(updated.errors.isEmpty, "\(updated.text)")
      let exported = try await studio.run(Self.export, ["id": id], as: StudioData.eve)
      #expect(!exported.text.contains("flow_"), "\(exported.text)")
      let document = exported["data.exportFlow.document"] ?? .null
      let here = try await studio.run(Self.load, ["input": ["document": document]], as: StudioData.eve)
      let made = here["data.importFlow.flow"] ?? .null
      let called = made["nodes"]?.list?.map { $0["config"]?["flowId"]?.string ?? "" } ?? []
      #expect(called.count == 4 && called[1] == Self.digest.string && called[3] == made["id"]?.string)
      #expect(called[2].hasPrefix("flow_") && made["nodes"]?.list?[3]["config"]?["wait"] == false)
      #expect(here.strings("data.importFlow.warnings", "field") == ["nodes.2.flow"], "\(here.text)")
      let copy = try await studio.run(Self.duplicate, ["input": ["id": id]], as: StudioData.eve)
      let copied = copy["data.duplicateFlow.flow"] ?? .null
      #expect(
        copied["nodes"]?.list?[3]["config"]?["flowId"] == copied["id"] && !copy.text.contains(text),
        "\(copy.text)")
    }
  }

  @Test func `a flow that is still being drawn is carried as it is`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script(
        "UPDATE automation_nodes SET kind = 'delay', config = '{\"seconds\": 1}' WHERE id = id(5, 8)")
      try await studio.script(
        "UPDATE flow_triggers SET node_key = 'gone', flow_id = id(4, 2) WHERE id = id(18, 1)")
      let exported = try await studio.run(Self.export, ["id": Self.digest], as: StudioData.eve)
      let document = exported["data.exportFlow.document"] ?? .null
      let here = try await studio.run(Self.load, ["input": ["document": document]], as: StudioData.eve)
      #expect(here.strings("data.importFlow.warnings", "code") == ["MISSING_NODE"], "\(here.text)")
      #expect(here["data.importFlow.flow.triggers.0.isEnabled"] == false)
    }
  }

  private static func document(_ triggers: InputValue, _ more: [InputObject.Field] = []) -> InputValue {
    .object(
      InputObject(
        [
          .init(name: "studio", value: "flow"), .init(name: "format", value: 2),
          .init(name: "name", value: "N"), .init(name: "intention", value: "I"),
          .init(name: "nodes", value: [["key": "start", "title": "Start", "kind": "TRIGGER"]]),
          .init(name: "connections", value: []), .init(name: "triggers", value: triggers),
        ] + more))
  }

  private static let event: InputValue = [
    "kind": "INTEGRATION",
    "integrationEvent": [
      "connector": "nowhere", "integration": ["type": "nowhere", "name": "N"], "trigger": "t", "mode": "POLL",
      "settings": ["a": 1], "intervalSeconds": 60, "start": "BEGINNING",
    ],
  ]

  @Test func `events of integrations that are not here are kept, switched off`() async throws {
    let shown = """
      query ($id: ID!) { flow(id: $id) { triggers { isEnabled integration { id } integrationEvent {
        connector trigger mode settings intervalSeconds start nextPollAt } } } }
      """
    try await Studio.with { studio in
      let made = try await studio.run(
        Self.load, ["input": ["document": Self.document([Self.event])]], as: StudioData.eve)
      #expect(made.strings("data.importFlow.warnings", "code") == ["MISSING_INTEGRATION"], "\(made.text)")
      let id = made["data.importFlow.flow.id"] ?? .null
      let flow = try await studio.run(shown, ["id": id], as: StudioData.eve)
      #expect(
        flow["data.flow.triggers"] == [
          [
            "isEnabled": false, "integration": .null,
            "integrationEvent": [
              "connector": "nowhere", "trigger": "t", "mode": "POLL", "settings": ["a": 1],
              "intervalSeconds": 60, "start": "BEGINNING", "nextPollAt": .null,
            ],
          ]
        ], "\(flow.text)")
      let trigger = made["data.importFlow.flow.triggers.0.id"] ?? .null
      let refused = try await studio.run(Self.enable, ["id": trigger], as: StudioData.eve)
      #expect(refused.code == "CONFLICT", "\(refused.text)")
      let exported = try await studio.run(Self.export, ["id": id], as: StudioData.eve)
      let again = try await studio.run(
        Self.load, ["input": ["document": exported["data.exportFlow.document"] ?? .null]], as: StudioData.eve)
      #expect(again.strings("data.importFlow.warnings", "code") == ["MISSING_INTEGRATION"], "\(again.text)")
      // The account's name goes with it until it is given one.
      let name = "data.exportFlow.document.triggers.0.integrationEvent.integration"
      #expect(exported[name] == ["type": "nowhere", "name": "N"], "\(exported.text)")
      let copy = again["data.importFlow.flow.id"] ?? .null
      let twice = try await studio.run(Self.export, ["id": copy], as: StudioData.eve)
      #expect(twice[name] == ["type": "nowhere", "name": "N"], "\(twice.text)")
    }
  }

  private static let refused: [(InputValue, String)] = [
    (document("none"), "document.triggers"), (document([1]), "document.triggers.0"),
    (document([["kind": "CLOCK"]]), "document.triggers.0.kind"),
    (document([["kind": "SCHEDULE"]]), "document.triggers.0.schedule"),
    (
      document([["kind": "SCHEDULE", "schedule": ["cron": "nonsense"]]]), "document.triggers.0.schedule.cron"
    ),
    (
      document([["kind": "SCHEDULE", "schedule": ["cron": "@daily", "overlap": "never"]]]),
      "document.triggers.0.schedule.overlap"
    ),
    (
      document([["kind": "SCHEDULE", "schedule": ["cron": "@daily", "jitterSeconds": 9_999]]]),
      "document.triggers.0.schedule.jitterSeconds"
    ),
    (
      document([["kind": "WEBHOOK", "webhook": ["signature": "MINE"]]]),
      "document.triggers.0.webhook.signature"
    ),
    (
      document([["kind": "WEBHOOK", "webhook": ["answer": "NODE"]]]),
      "document.triggers.0.webhook.answerNodeKey"
    ),
    (
      document([["kind": "FLOW_EVENT", "flowEvent": ["states": ["DONE"]]]]),
      "document.triggers.0.flowEvent.states"
    ),
    (
      document([["kind": "INTEGRATION", "integrationEvent": ["mode": "GUESS"]]]),
      "document.triggers.0.integrationEvent.mode"
    ),
    (
      document([
        [
          "kind": "INTEGRATION",
          "integrationEvent": ["connector": "github", "trigger": "t", "mode": "POLL", "start": "LATER"],
        ]
      ]), "document.triggers.0.integrationEvent.start"
    ),
    (
      document([
        [
          "kind": "INTEGRATION",
          "integrationEvent": ["connector": "github", "trigger": "t", "mode": "WEBHOOK", "events": "push"],
        ]
      ]), "document.triggers.0.integrationEvent.events"
    ),
    (document([], [.init(name: "errorFlow", value: "Alarm")]), "document.errorFlow"),
    (document([], [.init(name: "runPriority", value: "URGENT")]), "document.runPriority"),
    (document([], [.init(name: "maximumConcurrentRuns", value: 0)]), "document.maximumConcurrentRuns"),
    (document(.list(Array(repeating: event, count: 21))), "document.triggers"),
  ]

  @Test func `triggers that cannot be are refused with the path of what is wrong`() async throws {
    try await Studio.with { studio in
      for (document, field) in Self.refused {
        let answer = try await studio.run(Self.load, ["input": ["document": document]], as: StudioData.eve)
        #expect(Set(answer.codes) == ["BAD_USER_INPUT"], "\(answer.text)")
        #expect(answer.field == field, "\(answer.text)")
      }
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  @Test func `going back to a version brings its error flow back, unless that is gone`() async throws {
    let publish = "mutation ($id: ID!) { publishFlow(input: { id: $id }) { version { id } } }"
    let restore = """
      mutation ($id: ID!) { restoreFlowVersion(input: { id: $id }) { flow { errorFlow { name } triggers { id } }
        warnings { code field } } }
      """
    try await Studio.with(StudioData.all) { studio in
      _ = try await furnish(studio)
      let published = try await studio.run(publish, ["id": Self.orders], as: StudioData.eve)
      let version = published["data.publishFlow.version.id"] ?? .null
      let change: InputValue = ["id": Self.orders, "errorFlowId": .null]
      _ = try await studio.run(Self.change, ["input": change], as: StudioData.eve)
      let back = try await studio.run(restore, ["id": version], as: StudioData.eve)
      let made = "data.restoreFlowVersion"
      #expect(
        back["\(made).flow.errorFlow.name"] == "Digest" && back["\(made).warnings"] == [], "\(back.text)")
      #expect(back["\(made).flow.triggers"]?.list?.count == 6)
      let remove = "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }"
      _ = try await studio.run(remove, ["id": Self.digest], as: StudioData.eve)
      let without = try await studio.run(restore, ["id": version], as: StudioData.eve)
      #expect(without["\(made).flow.errorFlow"] == .null, "\(without.text)")
      #expect(without["\(made).warnings"] == [["code": "MISSING_FLOW", "field": "errorFlow"]])
    }
  }
}
