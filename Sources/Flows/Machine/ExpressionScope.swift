extension RunMachine {
  /// The names that the expressions of a node or of its connections see.
  ///
  /// - `input`: what the node was given; `output`: what it gave, null before it ended.
  /// - `nodes.<key>`: `output` and `state` of every ancestor, and of the node itself in conditions. They
  ///   are sent to the sandbox only when an expression contains the word `nodes`.
  /// - `run`: `id`, `input`, `startedAt`; `flow`: `id`, `name`, `version`; `env`: the organization's named
  ///   values.
  func scope(of place: Int, output: JSONValue?, for expressions: [String]) -> JSONObject {
    var scope: JSONObject = [
      "input": JSONValue(rows[place]?.input), "output": JSONValue(output), "nodes": .object([:]),
      "run": [
        "id": .string(run.runID.text(.execution)), "input": runInput,
        "startedAt": JSONValue(startedAt?.description),
      ],
      "flow": [
        "id": .string(plan.version.flowID.text(.flow)), "name": .string(plan.version.flowName),
        "version": .integer(Int64(plan.version.number)),
      ],
      "env": .object(environment),
    ]
    if expressions.contains(where: ExpressionScope.mentionsNodes) {
      var places = plan.ancestors(of: place)
      if output != nil { places.append(place) }
      let members = places.compactMap { ancestor in
        rows[ancestor].map { row in
          JSONObject.Member(
            key: row.key,
            value: ["output": JSONValue(row.output), "state": .string(publicState(row))])
        }
      }
      scope["nodes"] = .object(JSONObject(members))
    }
    return scope
  }

  /// A node whose connections are being chosen has succeeded, for its own conditions.
  private func publicState(_ row: NodeRun) -> String {
    row.state == .running && row.finishedAt != nil ? NodeState.success.rawValue : row.state.rawValue
  }
}

enum ExpressionScope {
  /// Whether the text contains the word `nodes`.
  static func mentionsNodes(_ expression: String) -> Bool {
    let word = Array("nodes".utf8)
    let bytes = Array(expression.utf8)
    guard bytes.count >= word.count else { return false }
    return (0...bytes.count - word.count).contains { start in
      bytes[start..<start + word.count].elementsEqual(word)
    }
  }
}
