import Synchronization
import Testing

@testable import UVLoop

@Suite struct UVLoopTests {
  @Test func `work runs on the loop's thread in the order it was handed over`() async {
    let loop = UVLoop()
    let seen = Mutex<[Int]>([])
    for number in 0..<1000 { loop.execute { seen.withLock { $0.append(number) } } }
    loop.start()
    let isOnLoop = await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
      loop.execute { [unowned loop] in continuation.resume(returning: loop.isCurrent) }
    }
    #expect(isOnLoop)
    #expect(!loop.isCurrent)
    #expect(seen.withLock { $0 } == Array(0..<1000))
    await loop.stop()
  }
}
