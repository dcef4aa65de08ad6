import GraphQLEngine

/// The pieces of docs/engine.md that are no whole programs, each in a function that gives it what it needs.
enum GuideSnippets {
  static func deliver(
    _ engine: Engine, _ operation: PreparedOperation, _ request: ExecutionRequest,
    _ send: (String) -> Void
  ) async {
    let response = await engine.executeIncrementally(operation, request)
    send(response.initial.text)  // {"data":…,"pending":[…],"hasNext":true}, or an ordinary response
    if let payloads = response.payloads {
      // {"incremental":[…],"completed":[…],"hasNext":…}
      for await payload in payloads { send(payload.text) }
    }
  }

  static func bindLog(_ wiring: inout Wiring, _ lines: [String]) {
    wiring.bind(
      "Query", "log",
      .items { call in
        [
          AsyncThrowingStream<Column, any Error> { continuation in
            for line in lines { continuation.yield(.leaves([line])) }
            continuation.finish()
          }
        ]
      })
  }
}
