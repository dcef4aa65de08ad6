import Flows

/// The words that processes say to one another by NOTIFY: hints that runs have changed.
///
/// A payload is a list of `<verb><organization><run>` in hexadecimal, separated by commas: 65 characters
/// each, so a hundred fit into the 8,000 bytes that NOTIFY allows.
public enum RunChannel {
  /// The channel on which processes speak.
  public static let name = "studio_runs"
  /// Hints of one payload at most.
  public static let maximumHints = 100

  /// What is said of a run.
  public enum Verb: Character, Sendable {
    /// The run has new events.
    case events = "e"
    /// The run waits in the queue.
    case queued = "q"
    /// The run is asked to stop.
    case cancel = "c"
    /// Something else has happened in the organization; the run is a made-up one.
    case stream = "s"
    /// Something has come for a waiting node of the run.
    case signal = "w"
  }

  /// One word.
  public struct Hint: Hashable, Sendable {
    public var verb: Verb
    public var run: RunReference

    public init(verb: Verb, run: RunReference) {
      self.verb = verb
      self.run = run
    }
  }

  /// A word that no other process says, to begin one's payloads with: what one hears of oneself is known.
  public static func makeSender() -> String {
    "@" + hexadecimal(UInt64.random(in: .min ... .max))
  }

  /// Whether a payload begins with a sender's word.
  public static func isFrom(_ sender: String, _ payload: String) -> Bool { payload.hasPrefix(sender + ",") }

  /// The text of a sender's at most `maximumHints` words.
  public static func payload(_ hints: some Sequence<Hint>, from sender: String) -> String {
    sender + "," + payload(hints)
  }

  /// The text of at most `maximumHints` words.
  public static func payload(_ hints: some Sequence<Hint>) -> String {
    hints.map { hint in
      String(hint.verb.rawValue) + hexadecimal(hint.run.organizationID) + hexadecimal(hint.run.runID)
    }.joined(separator: ",")
  }

  /// What cannot be read is left out: another version of the program may say more.
  public static func hints(_ payload: String) -> [Hint] {
    payload.split(separator: ",").compactMap { word in
      guard word.utf8.count == 65, let verb = word.first.flatMap(Verb.init(rawValue:)) else { return nil }
      let digits = word.dropFirst()
      guard let organization = identifier(digits.prefix(32)), let run = identifier(digits.dropFirst(32))
      else {
        return nil
      }
      return Hint(verb: verb, run: RunReference(organizationID: organization, runID: run))
    }
  }

  private static func hexadecimal(_ id: Identifier) -> String {
    hexadecimal(id.high) + hexadecimal(id.low)
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func identifier(_ digits: Substring) -> Identifier? {
    guard digits.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.dropFirst(16), radix: 16)
    else { return nil }
    return Identifier(high: high, low: low)
  }
}
