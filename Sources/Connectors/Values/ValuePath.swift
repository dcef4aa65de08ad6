import Flows

/// A place inside a value, such as `body.data.0.id`: keys and indices with dots between them. A key with
/// other characters stands in single quotes: `body.'@odata.nextLink'`.
public struct ValuePath: Sendable, Equatable {
  /// The first segment is the root: `input`, `body`, `headers`, …
  public let segments: [String]

  /// The path of a text; nil for what is none.
  public init?(_ text: some StringProtocol) {
    var segments: [String] = []
    var segment = ""
    var isQuoted = false
    var wasQuoted = false
    for character in text {
      switch character {
      case "'":
        guard isQuoted || segment.isEmpty else { return nil }
        isQuoted.toggle()
        wasQuoted = true
      case "." where !isQuoted:
        guard wasQuoted || !segment.isEmpty else { return nil }
        segments.append(segment)
        (segment, wasQuoted) = ("", false)
      default:
        guard isQuoted || !wasQuoted, isQuoted || !"{}|: \t\n".contains(character) else { return nil }
        segment.append(character)
      }
    }
    guard !isQuoted, wasQuoted || !segment.isEmpty else { return nil }
    self.segments = segments + [segment]
  }

  public var root: String { segments[0] }
  /// What follows the root at once; nil when nothing does.
  public var member: String? { segments.count > 1 ? segments[1] : nil }

  /// The value below `value`, whose root is this path's first segment already.
  func value(below value: JSONValue) -> JSONValue? {
    var current = value
    for segment in segments.dropFirst() {
      switch current {
      case .object(let object):
        guard let next = object[segment] else { return nil }
        current = next
      case .array(let elements):
        guard let index = Int(segment), elements.indices.contains(index) else { return nil }
        current = elements[index]
      default: return nil
      }
    }
    return current
  }
}

/// The values that paths and templates can name, by their roots.
public struct ValueScope: Sendable {
  private var roots: [String: JSONValue]

  public init(_ roots: [String: JSONValue] = [:]) { self.roots = roots }

  public subscript(root: String) -> JSONValue? {
    get { roots[root] }
    set { roots[root] = newValue }
  }

  /// The value at a path; nil when there is none.
  public func value(at path: ValuePath) -> JSONValue? {
    roots[path.root].flatMap(path.value(below:))
  }
}
