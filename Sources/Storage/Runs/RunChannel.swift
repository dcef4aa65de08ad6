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
    var bytes: [UInt8] = []
    bytes.reserveCapacity((wordBytes + 1) * maximumHints)
    for hint in hints {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes += String(hint.verb.rawValue).utf8
      for half in [
        hint.run.organizationID.high, hint.run.organizationID.low, hint.run.runID.high, hint.run.runID.low,
      ] { append(half, to: &bytes) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What cannot be read is left out: another version of the program may say more.
  public static func hints(_ payload: String) -> [Hint] {
    let bytes = Array(payload.utf8)
    return bytes.split(separator: UInt8(ascii: ",")).compactMap { word in
      guard word.count == wordBytes, let first = word.first,
        let verb = Verb(rawValue: Character(UnicodeScalar(first)))
      else { return nil }
      var halves: [UInt64] = []
      for place in 0..<4 {
        guard let half = number(word.dropFirst(1 + 16 * place).prefix(16)) else { return nil }
        halves.append(half)
      }
      return Hint(
        verb: verb,
        run: RunReference(
          organizationID: Identifier(high: halves[0], low: halves[1]),
          runID: Identifier(high: halves[2], low: halves[3])))
    }
  }

  /// A verb and two identifiers.
  private static let wordBytes = 65

  private static func hexadecimal(_ word: UInt64) -> String {
    var bytes: [UInt8] = []
    append(word, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Sixteen digits.
  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// Nil when it is not of hexadecimal digits.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for byte in digits {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      number = number << 4 | UInt64(digit)
    }
    return number
  }
}
