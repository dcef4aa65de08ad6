import Glibc
import Synchronization
import Testing

@testable import UVLoop

@Suite struct UVLoopTests {
  /// Runs the body on a started loop's thread and waits for the value that it hands over.
  private func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (UVLoop, @escaping @Sendable (Value) -> Void) -> Void
  ) async -> Value {
    let loop = UVLoop()
    loop.start()
    let value = await withUnsafeContinuation { (continuation: UnsafeContinuation<Value, Never>) in
      loop.execute { [loop] in body(loop) { continuation.resume(returning: $0) } }
    }
    await loop.stop()
    return value
  }

  @Test func `work runs on the loop's thread in the order it was handed over`() async {
    let loop = UVLoop()
    let seen = Mutex<[Int]>([])
    for number in 0..<1000 { loop.execute { seen.withLock { $0.append(number) } } }
    loop.start()
    loop.start()
    let isOnLoop = await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
      loop.execute { [loop] in continuation.resume(returning: loop.isCurrent) }
    }
    #expect(isOnLoop)
    #expect(!loop.isCurrent)
    #expect(seen.withLock { $0 } == Array(0..<1000))
    await loop.stop()
  }

  @Test func `a stopped loop takes no more work, and stopping again is harmless`() async {
    let loop = UVLoop()
    loop.start()
    let ran = Mutex(false)
    loop.execute { ran.withLock { $0 = true } }
    await loop.stop()
    #expect(ran.withLock { $0 })
    #expect(!loop.execute {})
    await loop.stop()
  }

  /// Whoever handed work over may not have woken the loop yet when it stops: libuv ends the process for a
  /// wake-up of a loop whose descriptors are closed.
  @Test func `work and stops that come while the loop stops end no process`() async {
    final class Count: Sendable { let value = Atomic(0) }
    for _ in 0..<10_000 {
      let loop = UVLoop()
      loop.start()
      let (accepted, ran) = (Count(), Count())
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            while loop.execute({ ran.value.add(1, ordering: .relaxed) }) {
              accepted.value.add(1, ordering: .relaxed)
              await Task.yield()
            }
          }
        }
        for _ in 0..<2 { group.addTask { await loop.stop() } }
      }
      #expect(ran.value.load(ordering: .relaxed) == accepted.value.load(ordering: .relaxed))
    }
  }

  @Test func `a loop that was never started is freed`() async {
    let loop = UVLoop()
    await loop.stop()
    #expect(loop.execute {})
  }

  @Test func `a timer fires once or again and again until it is cancelled`() async {
    let fired: Int = await onLoop { loop, finish in
      nonisolated(unsafe) var count = 0
      nonisolated(unsafe) var periodic: UVTimer?
      periodic = UVTimer(loop) {
        count += 1
        guard count == 3 else { return }
        periodic?.cancel()
        periodic?.close()
        periodic?.schedule(afterMilliseconds: 0)
        let once = UVTimer(loop) { finish(count) }
        once.schedule(afterMilliseconds: 1)
      }
      periodic?.schedule(afterMilliseconds: 0, everyMilliseconds: 1)
    }
    #expect(fired == 3)
  }

  @Test func `work that waits runs in the order of its times, not before them`() async {
    let start = ContinuousClock.now
    let seen: [(Int, Duration)] = await onLoop { loop, finish in
      nonisolated(unsafe) var seen: [(Int, Duration)] = []
      @Sendable func see(_ delay: Int) {
        seen.append((delay, ContinuousClock.now - start))
        if seen.count == 5 { finish(seen) }
      }
      for delay in [40, 1, 20, 20] {
        loop.execute(afterMilliseconds: UInt64(delay)) {
          see(delay)
          // What is added by what runs waits as well, from then on.
          if delay == 1 { loop.execute(afterMilliseconds: 5) { see(5) } }
        }
      }
    }
    #expect(seen.map(\.0).filter { $0 != 5 } == [1, 20, 20, 40])
    for (delay, taken) in seen { #expect(taken >= .milliseconds(delay)) }
  }

  @Test func `what still waits when the loop is stopped runs then`() async {
    let loop = UVLoop()
    loop.start()
    let ran = Mutex(0)
    for _ in 0..<3 { loop.execute(afterMilliseconds: 600_000) { ran.withLock { $0 += 1 } } }
    await loop.stop()
    #expect(ran.withLock { $0 } == 3)
    #expect(!loop.execute(afterMilliseconds: 1) { ran.withLock { $0 += 1 } })
  }

  @Test func `a poll tells when a descriptor can be written and read`() async {
    let seen: [Int32] = await onLoop { loop, finish in
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let (reader, writer) = (ends[0], ends[1])
      nonisolated(unsafe) var seen: [Int32] = []
      nonisolated(unsafe) var writable: UVPoll?
      nonisolated(unsafe) var readable: UVPoll?
      readable = try? UVPoll(loop, fileDescriptor: reader) { events in
        seen.append(events.rawValue)
        readable?.watch([])
        readable?.close()
        readable?.close()
        finish(seen)
      }
      readable?.watch(.readable)
      readable?.watch(.readable)
      writable = try? UVPoll(loop, fileDescriptor: writer) { events in
        seen.append(events.rawValue)
        writable?.close()
        write(writer, "x", 1)
      }
      writable?.watch(.writable)
    }
    #expect(seen == [UVPoll.Events.writable.rawValue, UVPoll.Events.readable.rawValue])
  }

  @Test func `a poll goes on after an error, so that what lies before it can be read`() async {
    let count: Int = await onLoop { loop, finish in
      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      let (mine, theirs) = (ends[0], ends[1])
      write(theirs, "ab", 2)
      write(mine, "unread", 6)
      // Closed with something unread: the other end has its data, and an error.
      close(theirs)
      nonisolated(unsafe) var count = 0
      nonisolated(unsafe) var poll: UVPoll?
      poll = try? UVPoll(loop, fileDescriptor: mine) { events in
        var byte: UInt8 = 0
        if read(mine, &byte, 1) == 1 {
          count += 1
          poll?.watch(.readable)
        } else {
          poll?.close()
          close(mine)
          finish(count)
        }
      }
      poll?.watch(.readable)
    }
    #expect(count == 2)
  }

  @Test func `a descriptor that does not exist cannot be polled`() async {
    let words: String = await onLoop { loop, finish in
      do {
        _ = try UVPoll(loop, fileDescriptor: -1) { _ in }
        finish("")
      } catch {
        finish("\(error)")
      }
    }
    #expect(words == "bad file descriptor")
  }

  @Test func `messages that arrive together are received together and in order`() async {
    let loop = UVLoop()
    let batches = Mutex<[[Int]]>([])
    let inbox = UVInbox<Int>(loop) { messages in batches.withLock { $0.append(messages) } }
    for number in 0..<10 { #expect(inbox.send(number)) }
    loop.start()
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      loop.execute {
        inbox.close()
        continuation.resume()
      }
    }
    #expect(batches.withLock { $0 } == [Array(0..<10)])
    #expect(!inbox.send(10))
    await loop.stop()
  }

  @Test func `an inbox of a stopped loop refuses`() async {
    let loop = UVLoop()
    loop.start()
    let inbox = UVInbox<Int>(loop) { _ in }
    await loop.stop()
    #expect(!inbox.send(1))
    #expect(!inbox.send(2))
  }
}
