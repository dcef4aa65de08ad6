import Flows

/// More events, or more bytes of them, than one request may bring.
public struct TooManyEvents: Error, Sendable {}

extension WebhookTrigger {
  /// Events that one request may bring.
  public static let maximumEvents = 1_000
  /// Bytes of them all as JSON, each with what it shares with the others.
  public static let maximumEventBytes = 8 << 20

  /// The events of a request, in its order: for each the request as if it held nothing but this one, so that
  /// an event looks alike however many come with it. Lists that say of a request what else happened are
  /// left out of it.
  public func events(in request: ServiceRequest) throws(TooManyEvents) -> [ServiceRequest] {
    guard !each.isEmpty else { return [request] }
    var split = EventSplit(levels: each)
    let bodies = try split.events(of: request.body, level: 0)
    return bodies.map(request.with(body:))
  }
}

/// Takes a body apart. Recursion goes as deep as the manifest's levels.
private struct EventSplit {
  let levels: [[ValuePath]]
  private var count = 0
  private var bytes = 0

  init(levels: [[ValuePath]]) { self.levels = levels }

  /// The values that `value` stands for, each with one event.
  mutating func events(of value: JSONValue, level: Int) throws(TooManyEvents) -> [JSONValue] {
    guard level < levels.count else { return [try counted(value)] }
    let lists = levels[level].compactMap { path in
      path.value(below: value)?.array.map { (path: path, elements: $0) }
    }
    guard !lists.isEmpty else { return [try counted(value)] }
    var found: [JSONValue] = []
    for list in lists {
      var shell = value
      for other in lists where other.path != list.path { shell = shell.replacing(other.path, with: nil) }
      let shellBytes = shell.replacing(list.path, with: []).text().utf8.count
      for element in list.elements {
        for event in try events(of: element, level: level + 1) {
          bytes += shellBytes
          guard bytes <= WebhookTrigger.maximumEventBytes else { throw TooManyEvents() }
          found.append(shell.replacing(list.path, with: [event]))
        }
      }
    }
    return found
  }

  private mutating func counted(_ value: JSONValue) throws(TooManyEvents) -> JSONValue {
    count += 1
    bytes += value.text().utf8.count
    guard count <= WebhookTrigger.maximumEvents, bytes <= WebhookTrigger.maximumEventBytes else {
      throw TooManyEvents()
    }
    return value
  }
}

extension JSONValue {
  /// The value with another one at a path, whose root is the value itself; what is not there stays so. Nil
  /// takes a member away.
  fileprivate func replacing(_ path: ValuePath, with new: JSONValue?) -> JSONValue {
    replacing(path.segments.dropFirst(), with: new)
  }

  private func replacing(_ segments: ArraySlice<String>, with new: JSONValue?) -> JSONValue {
    guard let key = segments.first else { return new ?? .null }
    switch self {
    case .object(var object):
      guard let inner = object[key] else { return self }
      let isLast = segments.count == 1
      object[key] = isLast ? new : inner.replacing(segments.dropFirst(), with: new)
      return .object(object)
    case .array(var elements):
      guard let index = Int(key), elements.indices.contains(index) else { return self }
      elements[index] = elements[index].replacing(segments.dropFirst(), with: new)
      return .array(elements)
    default: return self
    }
  }
}
