import Flows

/// The JSON values of a transition, each of them once: what a node got is mostly what another one, or the
/// run, has given, so most would be written, sent, parsed and compressed several times.
///
/// A statement gets a list of them for each run, and for each place where a value is to be stored its
/// position in that list, or `ofRun`.
struct RunValues {
  /// The position of the run's own input, which the statement has in the run's row.
  static let ofRun: Int32 = -1

  /// Values are looked for among so many that were added last: what is repeated comes from near.
  private static let memory = 8

  private let input: JSONValue?
  private var values: [JSONValue] = []
  private var sizes: [Int] = []
  private lazy var inputSize = input?.approximateBytes ?? 0
  /// About the bytes of all values, each counted as often as it is stored.
  private(set) var storedBytes = 0

  /// - Parameter input: the run's, where it is known.
  init(input: JSONValue?) { self.input = input }

  /// Where the value stands; nil where there is none.
  mutating func position(of value: JSONValue?) -> Int32? {
    guard let value else { return nil }
    if let input, value.isWritten(like: input) {
      storedBytes += inputSize
      return RunValues.ofRun
    }
    let near = values.indices.suffix(RunValues.memory)
    if let known = near.last(where: { values[$0].isWritten(like: value) }) {
      storedBytes += sizes[known]
      return Int32(known)
    }
    values.append(value)
    sizes.append(value.approximateBytes)
    storedBytes += sizes[values.count - 1]
    return Int32(values.count - 1)
  }

  /// The list as JSON; nil when nothing is to be sent.
  var list: String? { values.isEmpty ? nil : JSONValue.array(values).text() }

  /// SQL for the value at a position. The arguments are SQL of this module: the position, the list of a run,
  /// and the run's input.
  static func value(_ position: String, of list: String, input: String) -> String {
    "CASE \(position) WHEN \(ofRun) THEN \(input) ELSE \(list) -> \(position) END"
  }
}
