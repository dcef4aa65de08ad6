import GraphQLEngine

/// Answers one request after the other. What a line asks for is looked up here; each operation has its function.
struct CheckOperations {
  /// The answer to one line of input.
  func answer(line: [UInt8]) -> [UInt8] {
    let body: JSONValue
    do throws(JSONParser.Failure) {
      body = try JSONParser.parse(line)
    } catch {
      return CheckAnswer.unusable("not JSON: \(error.message) at byte \(error.offset)").line(id: .null)
    }
    let id = body["id"] ?? .null
    do throws(UnusableRequest) {
      return try answer(CheckRequest(body)).line(id: id)
    } catch {
      return CheckAnswer.unusable(error.message).line(id: id)
    }
  }

  private func answer(_ request: CheckRequest) throws(UnusableRequest) -> CheckAnswer {
    switch request.operation {
    case "parse": try parse(request)
    case "print": try printDocument(request)
    default: throw UnusableRequest("unknown op \"\(request.operation)\"")
    }
  }

  private func parse(_ request: CheckRequest) throws(UnusableRequest) -> CheckAnswer {
    try withDocument(request.source("document")) { _ in .succeeded }
  }

  private func printDocument(_ request: CheckRequest) throws(UnusableRequest) -> CheckAnswer {
    try withDocument(request.source("document")) { document in
      .succeeded([("text", JSONValue(document.print()))])
    }
  }

  /// Parses and goes on, or answers with the syntax error.
  private func withDocument(_ source: Source, _ use: (Document) -> CheckAnswer) -> CheckAnswer {
    do throws(GraphQLError) {
      return use(try Document.parse(source, limits: .schema))
    } catch {
      return .refused([error])
    }
  }
}
