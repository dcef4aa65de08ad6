import NIOCore
import Testing

@testable import Server

@Suite("What waits for a reader")
struct SendQueueTests {
  private static let limits = SendQueue.Limits(
    bytes: 1000, messages: 6, operationBytes: 400, operationMessages: 3, patience: .seconds(1))

  private func message(_ size: Int) -> ByteBuffer {
    ByteBuffer(repeating: 0x78, count: size - SendQueue.overhead)
  }

  private func drained(_ queue: inout SendQueue) -> [String] {
    var texts: [String] = []
    while let message = queue.pop() { texts.append(String(buffer: message.bytes)) }
    return texts
  }

  @Test func `messages come out in their order and count as long as they wait`() {
    var queue = SendQueue(limits: Self.limits)
    for word in ["a", "b", "c"] { #expect(queue.push(ByteBuffer(string: word), operation: word) == .queued) }
    #expect(queue.count == 3)
    #expect(queue.byteCount == 3 * (1 + SendQueue.overhead))
    #expect(drained(&queue) == ["a", "b", "c"])
    #expect(queue.count == 0 && queue.byteCount == 0)
  }

  @Test func `a queue stays small however much passes through it`() {
    var queue = SendQueue(limits: Self.limits)
    for number in 0..<10_000 {
      #expect(queue.push(ByteBuffer(string: "\(number)"), operation: "o") == .queued)
      if number > 0 { #expect(queue.pop().map { String(buffer: $0.bytes) } == "\(number - 1)") }
    }
    #expect(queue.count == 1)
  }

  @Test func `a bound that is reached refuses, one that is not takes any size`() {
    var queue = SendQueue(limits: Self.limits)
    #expect(queue.push(message(999), operation: nil) == .queued)
    #expect(queue.push(message(5000), operation: nil) == .queued)
    #expect(queue.push(message(100), operation: nil) == .readerTooSlow)
    _ = drained(&queue)
    #expect(queue.push(message(100), operation: nil) == .queued)
  }

  @Test func `messages are bounded by number too`() {
    var queue = SendQueue(limits: Self.limits)
    for _ in 0..<6 { #expect(queue.push(ByteBuffer(), operation: nil) == .queued) }
    #expect(queue.push(ByteBuffer(), operation: nil) == .readerTooSlow)
  }

  @Test func `an operation has a share of its own, in bytes and messages`() {
    var queue = SendQueue(limits: Self.limits)
    #expect(queue.push(message(400), operation: "a") == .queued)
    #expect(queue.push(message(100), operation: "a") == .operationTooSlow)
    for _ in 0..<3 { #expect(queue.push(ByteBuffer(string: "b"), operation: "b") == .queued) }
    #expect(queue.push(ByteBuffer(string: "b"), operation: "b") == .operationTooSlow)
    #expect(queue.push(ByteBuffer(string: "c"), operation: "c") == .queued)
  }

  @Test func `what an operation has waiting can be taken back`() {
    var queue = SendQueue(limits: Self.limits)
    for word in ["a", "b", "a", "c", "a"] { _ = queue.push(ByteBuffer(string: word), operation: word) }
    queue.drop(operation: "a")
    #expect(queue.count == 2)
    #expect(queue.hasRoom(for: "a"))
    #expect(drained(&queue) == ["b", "c"])
    #expect(queue.byteCount == 0)
  }

  @Test func `an operation has room while less than half of its share waits`() {
    var queue = SendQueue(limits: Self.limits)
    #expect(queue.hasRoom(for: "a"))
    _ = queue.push(ByteBuffer(string: "a"), operation: "a")
    #expect(queue.hasRoom(for: "a"))
    _ = queue.push(ByteBuffer(string: "a"), operation: "a")
    #expect(!queue.hasRoom(for: "a"))
    _ = queue.pop()
    #expect(queue.hasRoom(for: "a"))
    _ = queue.push(message(200), operation: "b")
    #expect(!queue.hasRoom(for: "b"))
  }

  @Test func `the last message of an operation is always taken`() {
    var queue = SendQueue(limits: Self.limits)
    for _ in 0..<6 { _ = queue.push(ByteBuffer(string: "x"), operation: nil) }
    #expect(queue.push(ByteBuffer(string: "last"), operation: "a", isLast: true) == .queued)
    #expect(drained(&queue).last == "last")
  }
}
