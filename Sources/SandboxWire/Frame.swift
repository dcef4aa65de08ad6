/// The frames between the studio and its JavaScript process. A frame is a length (4 bytes, little-endian) and
/// that many bytes. Integers are little-endian; a text is its length (4 bytes) and UTF-8. Both ends are built
/// from this module, so there is one version only; the child's greeting carries it all the same.
public enum SandboxWire {
  public static let version: UInt8 = 1
  /// Longest frame either side accepts, in bytes.
  public static let maximumFrameBytes = 64 << 20
}

/// The values that an expression may name, in the order of the function's parameters.
public enum SandboxSlot: UInt8, CaseIterable, Sendable {
  case input, output, nodes, run, flow, env, item, index, loops

  /// The name in JavaScript.
  public var name: String {
    switch self {
    case .input: "input"
    case .output: "output"
    case .nodes: "nodes"
    case .run: "run"
    case .flow: "flow"
    case .env: "env"
    case .item: "item"
    case .index: "index"
    case .loops: "loops"
    }
  }
}

/// Studio to child.
public struct SandboxRequest: Sendable, Equatable {
  public enum Work: Sendable, Equatable {
    /// Does each expression parse?
    case check
    /// Evaluate each expression over the scope, each with fresh values.
    case evaluate(timeLimitMicroseconds: UInt64, maximumResultBytes: UInt32)
  }

  public var id: UInt64
  public var work: Work
  public var expressions: [[UInt8]]
  /// JSON texts; what is absent is `undefined`.
  public var scope: [SandboxSlot: [UInt8]]

  public init(id: UInt64, work: Work, expressions: [[UInt8]], scope: [SandboxSlot: [UInt8]] = [:]) {
    self.id = id
    self.work = work
    self.expressions = expressions
    self.scope = scope
  }

  /// The whole frame.
  public func encoded() -> [UInt8] {
    var writer = FrameWriter()
    writer.integer(id)
    switch work {
    case .check: writer.integer(1 as UInt8)
    case .evaluate(let limit, let maximum):
      writer.integer(2 as UInt8)
      writer.integer(limit)
      writer.integer(maximum)
    }
    writer.integer(UInt16(expressions.count))
    for expression in expressions { writer.text(expression) }
    writer.integer(UInt8(scope.count))
    for (slot, text) in scope {
      writer.integer(slot.rawValue)
      writer.text(text)
    }
    return writer.frame()
  }

  /// Reads a frame's payload; nil when it is malformed.
  public init?(payload: ArraySlice<UInt8>) {
    var reader = FrameReader(payload)
    guard let id = reader.integer(UInt64.self), let kind = reader.integer(UInt8.self) else { return nil }
    switch kind {
    case 1: work = .check
    case 2:
      guard let limit = reader.integer(UInt64.self), let maximum = reader.integer(UInt32.self) else {
        return nil
      }
      work = .evaluate(timeLimitMicroseconds: limit, maximumResultBytes: maximum)
    default: return nil
    }
    self.id = id
    expressions = []
    scope = [:]
    guard let count = reader.integer(UInt16.self) else { return nil }
    for _ in 0..<count {
      guard let text = reader.text() else { return nil }
      expressions.append(text)
    }
    guard let slots = reader.integer(UInt8.self) else { return nil }
    for _ in 0..<slots {
      guard let slot = reader.integer(UInt8.self).flatMap(SandboxSlot.init), let text = reader.text() else {
        return nil
      }
      scope[slot] = text
    }
    guard reader.isAtEnd else { return nil }
  }
}

/// What came of one expression.
public enum SandboxOutcome: Sendable, Equatable {
  /// JSON text; empty for a check that passed.
  case value([UInt8])
  case syntaxError(message: String, line: UInt32, column: UInt32)
  /// A thrown exception; line and column are 0 when unknown.
  case thrown(message: String, line: UInt32, column: UInt32)
  case timedOut
  case resultTooLarge
  case notSerializable(message: String)
  /// A scope text is no JSON; the slot's name.
  case invalidScope(name: String)
}

/// Child to studio.
public enum SandboxReply: Sendable, Equatable {
  /// Sent once, when the interpreter is ready.
  case ready(version: UInt8)
  /// One outcome per expression, in order. `wantsReplacement`: the child's memory stays high after
  /// collecting.
  case answer(id: UInt64, outcomes: [SandboxOutcome], wantsReplacement: Bool)

  /// The whole frame.
  public func encoded() -> [UInt8] {
    var writer = FrameWriter()
    switch self {
    case .ready(let version):
      writer.integer(0 as UInt8)
      writer.integer(version)
    case .answer(let id, let outcomes, let wantsReplacement):
      writer.integer(1 as UInt8)
      writer.integer(id)
      writer.integer(wantsReplacement ? 1 as UInt8 : 0)
      writer.integer(UInt16(outcomes.count))
      for outcome in outcomes { writer.outcome(outcome) }
    }
    return writer.frame()
  }

  /// Reads a frame's payload; nil when it is malformed.
  public init?(payload: ArraySlice<UInt8>) {
    var reader = FrameReader(payload)
    switch reader.integer(UInt8.self) {
    case 0:
      guard let version = reader.integer(UInt8.self) else { return nil }
      self = .ready(version: version)
    case 1:
      guard let id = reader.integer(UInt64.self), let flag = reader.integer(UInt8.self),
        let count = reader.integer(UInt16.self)
      else { return nil }
      var outcomes: [SandboxOutcome] = []
      for _ in 0..<count {
        guard let outcome = reader.outcome() else { return nil }
        outcomes.append(outcome)
      }
      self = .answer(id: id, outcomes: outcomes, wantsReplacement: flag != 0)
    default: return nil
    }
    guard reader.isAtEnd else { return nil }
  }
}
