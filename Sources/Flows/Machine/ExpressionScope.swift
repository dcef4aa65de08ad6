extension RunMachine {
  /// The names that the expressions of a node or of its connections see; one that none of them mentions is
  /// left out.
  ///
  /// - `input`: what the node was given; `output`: what it gave, null before it ended.
  /// - `nodes.<key>`: `output` and `state` of every ancestor, of the ancestors of the loops around it, and of
  ///   the node itself in conditions.
  /// - `item`, `index`: of the innermost loop; `loops.<key>`: `item`, `index`, `count` of each loop around.
  /// - `run`: `id`, `input`, `startedAt`, `resumeUrls.<key>`; `flow`: `id`, `name`, `version`; `env`: the
  ///   organization's named values.
  func scope(of slot: Int, output: JSONValue?, for expressions: [String]) -> JSONObject {
    let isRoundabout = expressions.contains(where: ExpressionScope.isRoundabout)
    func isMentioned(_ word: String) -> Bool {
      isRoundabout || expressions.contains { ExpressionScope.mentions(word, $0) }
    }
    var scope = JSONObject()
    if isMentioned("input") { scope["input"] = JSONValue(rows[slot]?.input) }
    if isMentioned("output") { scope["output"] = JSONValue(output) }
    if isMentioned("nodes") { scope["nodes"] = nodes(around: slot, hasOutput: output != nil) }
    if isMentioned("run") { scope["run"] = described(slot, withLinks: isMentioned("resumeUrls")) }
    if isMentioned("flow") {
      scope["flow"] = [
        "id": .string(plan.version.flowID.text(.flow)), "name": .string(plan.version.flowName),
        "version": .integer(Int64(plan.version.number)),
      ]
    }
    if isMentioned("env") { scope["env"] = .object(environment) }
    let frame = frames[frameOfSlot[slot]]
    guard frame.loop != nil else { return scope }
    if isMentioned("item") { scope["item"] = item(of: frame) }
    if isMentioned("index") { scope["index"] = .integer(Int64(frame.index)) }
    if isMentioned("loops") { scope["loops"] = loops(around: frame) }
    return scope
  }

  private func described(_ slot: Int, withLinks: Bool) -> JSONValue {
    var object: JSONObject = [
      "id": .string(run.runID.text(.execution)), "input": runInput,
      "startedAt": JSONValue(startedAt?.description),
    ]
    guard withLinks else { return .object(object) }
    var links = JSONObject()
    var number: Int? = frameOfSlot[slot]
    while let frame = number.map({ frames[$0] }) {
      for place in plan.scopes[frame.scope].nodes {
        guard case .success(.wait(let wait)) = plan.nodes[place].config, wait.event == .webhook else {
          continue
        }
        let node = plan.nodes[place].node
        links[node.key] = .string(self.links.url(for: NodeAddress(node.id, frame.path), of: run))
      }
      number = frame.loop.map { frameOfSlot[$0] }
    }
    object["resumeUrls"] = .object(links)
    return .object(object)
  }

  /// Ancestors in the node's own frame, then those of the loops around it.
  private func nodes(around slot: Int, hasOutput: Bool) -> JSONValue {
    var members: [JSONObject.Member] = []
    var next: Int? = slot
    while let inner = next {
      let frame = frames[frameOfSlot[inner]]
      var slots = plan.ancestors(of: place(of: inner)).map { frame.firstSlot + plan.nodes[$0].local }
      if inner == slot, hasOutput { slots.append(inner) }
      for ancestor in slots {
        guard let row = rows[ancestor] else { continue }
        let value: JSONValue = ["output": JSONValue(row.output), "state": .string(publicState(row))]
        members.append(JSONObject.Member(key: row.key, value: value))
      }
      next = frame.loop
    }
    return .object(JSONObject(members))
  }

  func item(of frame: Frame) -> JSONValue {
    guard let loop = frame.loop, let items = loops[loop]?.items, frame.index < items.count else {
      return .null
    }
    return items[frame.index]
  }

  private func loops(around frame: Frame) -> JSONValue {
    var members: [JSONObject.Member] = []
    var next: Frame? = frame
    while let inner = next, let loop = inner.loop {
      let value: JSONValue = [
        "item": item(of: inner), "index": .integer(Int64(inner.index)),
        "count": .integer(Int64(loops[loop]?.items.count ?? 0)),
      ]
      members.append(JSONObject.Member(key: planned(loop).node.key, value: value))
      next = frames[frameOfSlot[loop]]
    }
    return .object(JSONObject(members))
  }

  /// A node whose connections are being chosen has its state already, for its own conditions.
  private func publicState(_ row: NodeRun) -> String {
    guard row.state == .running, row.finishedAt != nil else { return row.state.rawValue }
    return (row.error == nil ? NodeState.success : .failure).rawValue
  }
}

enum ExpressionScope {
  /// Whether a name may be meant that does not stand in the text: by `eval`, `arguments`, or an escape.
  static func isRoundabout(_ expression: String) -> Bool {
    expression.utf8.contains(UInt8(ascii: "\\")) || mentions("eval", expression)
      || mentions("arguments", expression)
  }

  /// Whether the text contains the word.
  static func mentions(_ word: String, _ expression: String) -> Bool {
    let word = Array(word.utf8)
    let bytes = Array(expression.utf8)
    guard bytes.count >= word.count else { return false }
    return (0...bytes.count - word.count).contains { start in
      bytes[start] == word[0] && bytes[start..<start + word.count].elementsEqual(word)
    }
  }
}
