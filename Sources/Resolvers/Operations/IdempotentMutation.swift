import Flows
import GraphQLEngine
import Postgres
import Schema
import Secrets
import Storage

/// The answer of a mutation that can be given again: what it takes to show its payload anew.
protocol RepeatableAnswer: Sendable {
  var stored: JSONValue { get }
  /// What the payload shows.
  var objects: [(noun: IdentifierPrefix, id: Identifier)] { get }
  /// Nil when the text is not of this form: another version of the program has written it.
  init?(stored: JSONValue)
}

/// What clients are told of a key.
public enum IdempotencyKeyFault {
  /// It stands for another input.
  public static let usedElsewhere = "This idempotencyKey was used for something else."
}

/// Executes a mutation once for each `idempotencyKey` that its input gives: the key, the change and the
/// answer are stored in one transaction, so a crash leaves all of them or none.
///
/// Works for any mutation whose input has such a field. The payload of a repetition shows the objects of the
/// first answer as they are then.
struct IdempotentMutation {
  static let field = "idempotencyKey"

  let call: FieldCall

  func run<Row: RepeatableAnswer>(_ body: () async throws -> Row) async throws -> Row {
    let context = try call.studio
    guard let key = try key(context) else { return try await body() }
    let store = IdempotencyStore(context.services.database)
    let secrets = context.services.secrets
    return try await context.services.database.joined { transaction in
      switch try await take(key, store, transaction) {
      case .differs:
        throw ServiceError(
          .conflict, IdempotencyKeyFault.usedElsewhere, field: IdempotentMutation.field)
      case .answered(let blob):
        let text = try secrets.open(blob, for: .idempotency(key))
        guard let row = Row(stored: try JSONValue(parsing: text)) else {
          throw ServiceError(
            .conflict, "This idempotencyKey was used by another version of the Studio.",
            field: IdempotentMutation.field)
        }
        for (noun, id) in row.objects
        where try await !store.isThere(noun, id, of: key.organizationID, in: transaction) {
          throw ServiceError(
            .conflict, "What this idempotencyKey has made was deleted; use another key to make it anew.",
            field: IdempotentMutation.field)
        }
        // Nothing was done this time: the audit log has the first.
        context.trail?.forget()
        return row
      case .fresh:
        let row = try await body()
        let blob = try secrets.seal(row.stored.encoded(), for: .idempotency(key))
        try await store.answer(key, with: blob, in: transaction)
        return row
      }
    }
  }

  private func take(
    _ key: IdempotencyStore.Key, _ store: IdempotencyStore, _ transaction: Transaction
  ) async throws -> IdempotencyStore.Finding {
    do {
      return try await store.take(key, in: transaction)
    } catch let error as PostgresError where error.code == .timeout {
      throw ServiceError(
        .conflict, "The same mutation is still being executed; ask again in a moment.",
        field: IdempotentMutation.field)
    }
  }

  /// Nil without a key.
  private func key(_ context: StudioContext) throws -> IdempotencyStore.Key? {
    let input: InputValue = try call.arguments.decode(at: 0)
    guard let object = input.object, let text = object[IdempotentMutation.field]?.string else { return nil }
    try InputCheck.text(text, 1...255, field: IdempotentMutation.field)
    let viewer = try context.requireViewer()
    let rest = object.fields.filter { $0.name != IdempotentMutation.field }
    // A file is the same when its content is; its name in the request is another each time.
    let members = rest.map { field in
      let file = (try? Upload(input: field.value)).flatMap { context.uploads[$0.token] }
      return JSONObject.Member(
        key: field.name, value: file.map { .string(HexText.encode($0.sha256)) } ?? JSONValue(field.value))
    }
    let canonical = JSONValue.object(JSONObject(members)).sorted
    return IdempotencyStore.Key(
      organizationID: viewer.organizationID, userID: viewer.userID, text: text,
      mutation: call.schema.name(call.schema[call.field].name),
      inputHash: ContentHash.sha256(of: canonical.text()))
  }
}

extension JSONValue {
  /// The same value with the members of all objects in the order of their keys. The coercion of the input has
  /// bounded the depth.
  fileprivate var sorted: JSONValue {
    switch self {
    case .array(let items): .array(items.map(\.sorted))
    case .object(let object):
      .object(
        JSONObject(
          object.members.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.sorted) }))
    case .null, .bool, .integer, .number, .string: self
    }
  }
}

extension SecretContext {
  /// Answers may hold secrets that are shown once.
  fileprivate static func idempotency(_ key: IdempotencyStore.Key) -> SecretContext {
    SecretContext(
      purpose: "idempotency." + key.mutation, organization: key.organizationID.uuidv7,
      row: key.userID.uuidv7)
  }
}

extension Change: RepeatableAnswer {
  private struct Place {
    /// In what is stored.
    var key: String
    /// Nil for a membership, which may be in another organization.
    var noun: IdentifierPrefix?
    var path: WritableKeyPath<Change, Identifier?> & Sendable

    init(
      _ key: String, _ noun: IdentifierPrefix?, _ path: WritableKeyPath<Change, Identifier?> & Sendable
    ) {
      (self.key, self.noun, self.path) = (key, noun, path)
    }
  }

  private static let identifiers = [
    Place("flow", .flow, \.flowID), Place("node", .node, \.nodeID),
    Place("connection", .connection, \.connectionID), Place("integration", .integration, \.integrationID),
    Place("execution", .execution, \.executionID), Place("workbench", .workbench, \.workbenchID),
    Place("webhook", .webhook, \.webhookID), Place("delivery", .webhookDelivery, \.deliveryID),
    Place("trigger", .trigger, \.triggerID),
    Place("triggerDelivery", .triggerDelivery, \.triggerDeliveryID), Place("apiKey", .apiKey, \.apiKeyID),
    Place("organization", .organization, \.organizationID), Place("membership", nil, \.membershipID),
  ]

  var objects: [(noun: IdentifierPrefix, id: Identifier)] {
    Change.identifiers.compactMap { place in
      guard let noun = place.noun, let id = self[keyPath: place.path] else { return nil }
      return (noun, id)
    }
  }

  var stored: JSONValue {
    var members = Change.identifiers.compactMap { entry in
      self[keyPath: entry.path].map { JSONObject.Member(key: entry.key, value: .string($0.description)) }
    }
    members.append(.init(key: "deleted", value: .string(deletedID)))
    members.append(.init(key: "secret", value: .string(secret)))
    return .object(JSONObject(members))
  }

  init?(stored: JSONValue) {
    guard let deleted = stored["deleted"]?.string, let secret = stored["secret"]?.string else { return nil }
    self.init(secret: secret, deletedID: deleted)
    for entry in Change.identifiers {
      guard let text = stored[entry.key]?.string else { continue }
      guard let id = UUIDv7(text) else { return nil }
      self[keyPath: entry.path] = Identifier(id)
    }
  }
}

extension CopiedFlow: RepeatableAnswer {
  var objects: [(noun: IdentifierPrefix, id: Identifier)] { [(.flow, flowID)] }

  var stored: JSONValue {
    let missing = missing.map { entry -> JSONValue in
      ["nodeKey": .string(entry.nodeKey), "type": .string(entry.type), "name": .string(entry.name)]
    }
    let triggers = triggers.map { entry -> JSONValue in
      ["id": .string(entry.id.description), "secret": .string(entry.secret)]
    }
    let warnings = warnings.map { entry -> JSONValue in
      [
        "code": .string(entry.code.rawValue), "message": .string(entry.message),
        "field": .string(entry.field),
      ]
    }
    return [
      "flow": .string(flowID.description), "missing": .array(missing), "triggers": .array(triggers),
      "warnings": .array(warnings),
    ]
  }

  /// Lists that an earlier version did not write are empty.
  init?(stored: JSONValue) {
    guard let flow = stored["flow"]?.string.flatMap({ UUIDv7($0) }) else { return nil }
    self.init(flowID: Identifier(flow))
    missing = (stored["missing"]?.array ?? []).compactMap { entry in
      guard let key = entry["nodeKey"]?.string, let type = entry["type"]?.string,
        let name = entry["name"]?.string
      else { return nil }
      return MissingIntegration(nodeKey: key, type: type, name: name)
    }
    triggers = (stored["triggers"]?.array ?? []).compactMap { entry in
      guard let id = entry["id"]?.string.flatMap({ UUIDv7($0) }), let secret = entry["secret"]?.string else {
        return nil
      }
      return TriggerCopies.Made(id: Identifier(id), secret: secret)
    }
    warnings = (stored["warnings"]?.array ?? []).compactMap { entry in
      guard let code = entry["code"]?.string.flatMap(CopyWarningCode.init(rawValue:)),
        let message = entry["message"]?.string, let field = entry["field"]?.string
      else { return nil }
      return CopyWarning(code: code, message: message, field: field)
    }
  }
}

extension IssuedKey: RepeatableAnswer {
  var objects: [(noun: IdentifierPrefix, id: Identifier)] { [(.apiKey, id)] }

  var stored: JSONValue { ["id": .string(id.description), "secret": .string(secret)] }

  init?(stored: JSONValue) {
    guard let id = stored["id"]?.string.flatMap({ UUIDv7($0) }), let secret = stored["secret"]?.string else {
      return nil
    }
    self.init(id: Identifier(id), secret: secret)
  }
}

extension IssuedInvitation: RepeatableAnswer {
  var objects: [(noun: IdentifierPrefix, id: Identifier)] { [(.invitation, id)] }

  var stored: JSONValue { ["id": .string(id.description), "token": .string(token)] }

  init?(stored: JSONValue) {
    guard let id = stored["id"]?.string.flatMap({ UUIDv7($0) }), let token = stored["token"]?.string else {
      return nil
    }
    self.init(id: Identifier(id), token: token)
  }
}
