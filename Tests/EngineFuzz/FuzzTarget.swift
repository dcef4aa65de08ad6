/// What a case exercises.
enum FuzzTarget: String, CaseIterable, Sendable {
  case parse, validate, schema, execute, json
}

/// One case: all that is needed to run it again.
struct FuzzCase: Sendable {
  var target: FuzzTarget
  var bytes: [UInt8]
  /// The position of the schema in the corpus that the document is held against.
  var schema: Int
  /// Chooses variables and values.
  var salt: UInt64
}

/// How a case ended: what a report counts.
struct FuzzOutcome: Sendable {
  /// The text was taken: parsed, valid, built, executed.
  var isAccepted = false
  /// What an oracle found wrong; nil is well.
  var complaint: String?
  var parses = 0
  var validations = 0
  var executions = 0

  static func complaint(_ text: String) -> FuzzOutcome { FuzzOutcome(complaint: text) }
}

/// Holds a case against the oracles of its target.
struct FuzzOracles: Sendable {
  let corpus: [FuzzSchema]
  /// A further oracle; tests of the fuzzer itself plant a fault with it.
  var complaint: @Sendable (FuzzCase) -> String? = { _ in nil }

  func check(_ example: FuzzCase) async -> FuzzOutcome {
    if let complaint = complaint(example) { return .complaint(complaint) }
    return switch example.target {
    case .parse: parse(example)
    case .validate: validate(example)
    case .schema: await buildSchema(example)
    case .execute: await execute(example)
    case .json: json(example)
    }
  }
}

extension FuzzOracles {
  /// An oracle that is not kept.
  struct Complaint: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  func outcome(_ body: (inout FuzzOutcome) throws -> Void) -> FuzzOutcome {
    var outcome = FuzzOutcome()
    do {
      try body(&outcome)
    } catch {
      outcome.complaint = (error as? Complaint)?.text ?? "\(error)"
    }
    return outcome
  }

  func demand(_ condition: Bool, _ text: @autoclosure () -> String) throws(Complaint) {
    if !condition { throw Complaint(text()) }
  }
}
