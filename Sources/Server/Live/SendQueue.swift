import NIOCore

/// Messages that wait for a reader, within bounds for the connection and for each of its operations. A value;
/// whoever owns the connection keeps it.
struct SendQueue {
  struct Limits: Sendable {
    /// Of a connection.
    var bytes: Int
    var messages: Int
    /// Of one operation on it.
    var operationBytes: Int
    var operationMessages: Int
    /// How long an operation waits for its reader when it has no room.
    var patience: Duration
  }

  struct Message {
    /// Those who send the same bytes share them.
    var bytes: ByteBuffer
    /// The operation whose result it is.
    var operation: String?
  }

  /// What became of a message.
  enum Verdict: Equatable {
    case queued
    /// Too much of this operation waits already.
    case operationTooSlow
    /// Too much waits already.
    case readerTooSlow
  }

  private struct Share {
    var bytes = 0
    var messages = 0
  }

  /// What a message takes beside its bytes.
  static let overhead = 64

  let limits: Limits
  private var messages: [Message?] = []
  private var head = 0
  private var waiting = Share()
  private var shares: [String: Share] = [:]

  init(limits: Limits) { self.limits = limits }

  var count: Int { waiting.messages }
  var byteCount: Int { waiting.bytes }

  /// Puts a message behind the others, unless a bound is reached already: an answer has a bound of its own,
  /// and is taken whatever its size when there is room.
  ///
  /// - Parameter isLast: the one message that ends an operation, which is always taken.
  mutating func push(_ bytes: ByteBuffer, operation: String?, isLast: Bool = false) -> Verdict {
    guard !isLast else {
      append(bytes, nil)
      return .queued
    }
    guard waiting.bytes < limits.bytes, waiting.messages < limits.messages else { return .readerTooSlow }
    if let operation, let share = shares[operation],
      share.bytes >= limits.operationBytes || share.messages >= limits.operationMessages
    {
      return .operationTooSlow
    }
    append(bytes, operation)
    return .queued
  }

  private mutating func append(_ bytes: ByteBuffer, _ operation: String?) {
    messages.append(Message(bytes: bytes, operation: operation))
    add(bytes.readableBytes + Self.overhead, 1, operation)
  }

  /// The message that has waited longest.
  mutating func pop() -> Message? {
    while head < messages.count {
      let message = messages[head]
      messages[head] = nil
      head += 1
      if head == messages.count {
        messages.removeAll(keepingCapacity: head <= 16)
        head = 0
      } else if head > 64, head * 2 > messages.count {
        messages.removeFirst(head)
        head = 0
      }
      guard let message else { continue }
      add(-(message.bytes.readableBytes + Self.overhead), -1, message.operation)
      return message
    }
    return nil
  }

  /// Takes back what an operation has waiting.
  mutating func drop(operation: String) {
    for index in head..<messages.count {
      guard let message = messages[index], message.operation == operation else { continue }
      add(-(message.bytes.readableBytes + Self.overhead), -1, operation)
      messages[index] = nil
    }
  }

  mutating func removeAll() { self = SendQueue(limits: limits) }

  /// Whether an operation may go on producing: less than half of its share waits.
  func hasRoom(for operation: String) -> Bool {
    guard let share = shares[operation] else { return true }
    return share.bytes * 2 < limits.operationBytes && share.messages * 2 < limits.operationMessages
  }

  private mutating func add(_ bytes: Int, _ count: Int, _ operation: String?) {
    waiting.bytes += bytes
    waiting.messages += count
    guard let operation else { return }
    var share = shares[operation] ?? Share()
    share.bytes += bytes
    share.messages += count
    shares[operation] = share.messages == 0 ? nil : share
  }
}
