import Flows

extension ManifestRules {
  func check(_ trigger: Trigger, _ list: inout ProblemList) {
    let path = "triggers.\(trigger.key)"
    switch trigger.kind {
    case .webhook(let webhook): check(webhook, path, &list)
    case .poll(let poll): check(poll, trigger, path, &list)
    }
  }

  private func check(_ webhook: WebhookTrigger, _ path: String, _ list: inout ProblemList) {
    let scheme = webhook.signature
    if let secret = scheme.secret {
      if !manifest.credentials.properties.contains(where: { $0.key == secret }) {
        list.add(path + ".signature.secret", "\(secret) is no property of credentials")
      }
    } else if scheme.kind != .none, webhook.challenge?.keptSecret == nil {
      list.add(path + ".signature.secret", "must be a text, unless the challenge has keptSecret")
    }
    let request: Set = ["headers", "body", "query"]
    let signed: Set = ["headers", "body", "form", "url", "method"]
    for place in scheme.keyed?.signed.places ?? [] {
      check(place.path, signed, at: path + ".signature.signed", &list)
    }
    for found in [webhook.event, scheme.token, scheme.keyed?.timestamp] {
      if let found { check(found, request, at: path, &list) }
    }
    for found in webhook.deliveryID.joined() { check(found, request, at: path + ".deliveryId", &list) }
    checkEach(webhook, path, &list)
    if !webhook.ignored.isEmpty, webhook.event == nil {
      list.add(path + ".ignored", "needs event, which says which event it is")
    }
    if let challenge = webhook.challenge { check(challenge, path + ".challenge", &list) }
  }

  private func checkEach(_ webhook: WebhookTrigger, _ path: String, _ list: inout ProblemList) {
    for (number, level) in webhook.each.enumerated() {
      for found in level { check(found, [number == 0 ? "body" : "item"], at: path + ".each", &list) }
    }
    // What all events of a request have in common tells none from the other.
    if !webhook.each.isEmpty, webhook.deliveryID.contains(where: { !$0.contains { $0.root == "body" } }) {
      list.add(path + ".deliveryId", "must have a place in the body where a request has several events")
    }
  }

  private func check(_ challenge: WebhookChallenge, _ path: String, _ list: inout ProblemList) {
    let request: Set = ["headers", "body", "query"]
    let answer = challenge.code == nil ? request : request.union(["code"])
    for found in [challenge.path, challenge.keptSecret] {
      if let found { check(found, request, at: path, &list) }
    }
    for place in challenge.code?.of.places ?? [] { check(place.path, request, at: path + ".code.of", &list) }
    for found in challenge.reply?.paths ?? [] { check(found.path, answer, at: path + ".reply", &list) }
    for field in challenge.headers {
      for found in field.value.paths { check(found.path, answer, at: path + ".headers", &list) }
    }
    if challenge.isSecretShown, challenge.keptSecret == nil {
      list.add(path + ".showsSecret", "needs keptSecret")
    }
    if challenge.keptSecret != nil, challenge.isSigned {
      list.add(path + ".signed", "must be false where the secret comes with the challenge")
    }
  }

  private func check(_ poll: PollTrigger, _ trigger: Trigger, _ path: String, _ list: inout ProblemList) {
    if let operation = manifest.operation(poll.operation) {
      if operation.paging == nil {
        list.add(path + ".operation", "\(poll.operation) gives no list: it has no paging")
      }
      if !operation.isRepeatable { list.add(path + ".operation", "\(poll.operation) is not repeatable") }
      for name in poll.inputNames where !operation.input.properties.contains(where: { $0.key == name }) {
        list.add(path + ".input.\(name)", "is no input of \(poll.operation)")
      }
    } else {
      list.add(path + ".operation", "\(poll.operation) is no operation")
    }
    for found in poll.input.paths {
      check(found.path, ["settings", "cursor"], at: path + ".input", &list)
      let isKnown = trigger.settings.properties.contains { $0.key == found.path.member }
      if found.path.root == "settings", !isKnown {
        list.add(path + ".input", "\(found.path.member ?? "") is no property of settings")
      }
    }
    for found in poll.id + [poll.cursor].compactMap({ $0 }) { check(found, ["item"], at: path, &list) }
    if poll.start != nil, poll.cursor == nil { list.add(path + ".start", "needs a cursor") }
    // Without an order the newest is known only when all pages have been read.
    if poll.order == .none, poll.cursor != nil, poll.start == nil {
      list.add(path + ".start", "is needed where order is none and there is a cursor")
    }
    if poll.order == .ascending, poll.cursor == nil { list.add(path + ".order", "ascending needs a cursor") }
  }
}
