import Flows

extension Trigger {
  private enum KindName: String, CaseIterable { case webhook, poll }

  init(_ member: JSONObject.Member, _ list: inout ProblemList) {
    let path = "triggers.\(member.key)"
    var reader = FieldReader(member.value, path, &list)
    key = member.key
    name = reader.text("name", &list)
    description = reader.text("description", &list)
    documentation = reader.optionalText("documentation", &list)
    output = reader.schema("output", &list)
    settings =
      reader.object["settings"] == nil
      ? JSONSchema(["type": "object", "properties": [:], "additionalProperties": false])
      : reader.schema("settings", &list)
    let kindName: KindName? = reader.choice("kind", nil, &list)
    kind =
      kindName == .poll
      ? .poll(PollTrigger(&reader, &list)) : .webhook(WebhookTrigger(&reader, path, &list))
    reader.finish(&list)
  }
}

extension WebhookTrigger {
  fileprivate init(_ reader: inout FieldReader, _ path: String, _ list: inout ProblemList) {
    setup = reader.text("setup", &list)
    signature = WebhookSignatureScheme(reader.value("signature"), path + ".signature", &list)
    event = reader.optionalPath("event", &list)
    events = (reader.value("events")?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
    for event in events where event.description.isEmpty {
      list.add(reader.place("events.\(event.name)"), "must be a description")
    }
    ignored = reader.texts("ignored", &list)
    deliveryID = reader.deliveryID(&list)
    each = reader.levels("each", &list)
    challenge = reader.value("challenge").map { WebhookChallenge($0, path + ".challenge", &list) }
  }
}

extension FieldReader {
  /// A path, a list of paths that count together, or a list of such lists that are tried in their order.
  fileprivate mutating func deliveryID(_ list: inout ProblemList) -> [[ValuePath]] {
    if object["deliveryId"]?.array?.first?.array != nil { return levels("deliveryId", &list) }
    let paths = paths("deliveryId", &list)
    return paths.isEmpty ? [] : [paths]
  }

  /// A list whose elements are paths or lists of paths.
  fileprivate mutating func levels(_ key: String, _ list: inout ProblemList) -> [[ValuePath]] {
    guard let value = value(key) else { return [] }
    let levels = (value.array ?? []).map { level -> [ValuePath] in
      let texts = level.string.map { [$0] } ?? level.array?.compactMap(\.string) ?? []
      let paths = texts.compactMap { ValuePath($0) }
      return paths.count == max(1, level.array?.count ?? 1) ? paths : []
    }
    if levels.isEmpty || levels.contains(where: \.isEmpty) {
      list.add(place(key), "must be a list of paths, such as body.items, or of lists of them")
      return []
    }
    return levels
  }
}

extension WebhookChallenge {
  fileprivate init(_ value: JSONValue, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    self.path = reader.path("path", &list)
    equals = reader.value("equals")
    isSigned = reader.flag("signed", true, &list)
    status = reader.optionalInteger("status", 200...299, &list) ?? 200
    reply = reader.optionalValueTemplate("reply", &list)
    headers = reader.fields("headers", &list)
    code = reader.value("code").map { value in
      var reader = FieldReader(value, path + ".code", &list)
      defer { reader.finish(&list) }
      return Code(
        of: reader.template("of", &list), algorithm: reader.choice("algorithm", .sha256, &list) ?? .sha256,
        encoding: reader.choice("encoding", .hex, &list) ?? .hex)
    }
    keptSecret = reader.optionalPath("keptSecret", &list)
    isSecretShown = reader.flag("showsSecret", false, &list)
    reader.finish(&list)
  }
}

extension WebhookSignatureScheme {
  fileprivate init(_ value: JSONValue?, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    let kind = reader.choice("kind", Optional<Kind>.none, &list) ?? Kind.none
    self.kind = kind
    secret = kind == .none ? nil : reader.optionalText("secret", &list)
    keyed = kind == .hmac || kind == .ed25519 ? Keyed(&reader, &list) : nil
    token = kind == .token ? reader.path("token", &list) : nil
    reader.finish(&list)
  }
}

extension WebhookSignatureScheme.Keyed {
  fileprivate init(_ reader: inout FieldReader, _ list: inout ProblemList) {
    header = reader.text("header", &list).lowercased()
    algorithm = reader.choice("algorithm", .sha256, &list) ?? .sha256
    encoding = reader.choice("encoding", .hex, &list) ?? .hex
    prefix = reader.optionalText("prefix", &list) ?? ""
    signed = reader.optionalTemplate("signed", &list) ?? TextTemplate(place: "body")
    timestamp = reader.optionalPath("timestamp", &list)
    timestampKind = reader.choice("timestampKind", .epoch, &list) ?? .epoch
    toleranceSeconds = reader.optionalInteger("toleranceSeconds", 30...3_600, &list) ?? 300
  }
}

extension PollTrigger {
  fileprivate init(_ reader: inout FieldReader, _ list: inout ProblemList) {
    operation = reader.text("operation", &list)
    input = reader.optionalValueTemplate("input", &list) ?? .constant([:])
    id = reader.paths("id", &list)
    if id.isEmpty { list.add(reader.place("id"), "must be a path, such as item.id, or a list of them") }
    let cursor = reader.optionalPath("cursor", &list)
    self.cursor = cursor
    // Without a cursor only the newest can tell where to end.
    order = reader.choice("order", cursor == nil ? .descending : nil, &list) ?? .descending
    start = reader.object["start"] == nil ? nil : reader.choice("start", nil, &list)
    _ = reader.value("start")
    intervalSeconds = reader.optionalInteger("intervalSeconds", 30...86_400, &list) ?? 300
  }
}
