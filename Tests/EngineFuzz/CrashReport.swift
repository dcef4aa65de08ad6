import Foundation

/// The case that runs, for the handler of a signal: a trap ends the process, and what trapped must be known.
///
/// Written by the one thread that fuzzes; read by the handler on the same thread, or, when the alarm rings,
/// on another one, where a torn text would do no harm.
enum CrashReport {
  nonisolated(unsafe) private static var text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 20)
  nonisolated(unsafe) private static var count = 0
  nonisolated(unsafe) private static var head = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
  nonisolated(unsafe) private static var headCount = 0

  /// Seconds that one stretch of rounds may take before it counts as hung.
  static let patience: UInt32 = 120

  /// Notes the case that comes next.
  static func note(_ example: FuzzCase, _ round: UInt64, seed: UInt64) {
    headCount = put(
      "\n\(example.target.rawValue), seed \(seed), round \(round), in the midst of:\n", into: head)
    count = text.update(fromContentsOf: example.bytes.prefix(text.count))
  }

  private static func put(_ text: String, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    buffer.update(fromContentsOf: text.utf8.prefix(buffer.count))
  }

  /// Prints the case when the process is about to end. The handler runs on a stack of its own, for what is
  /// reported may be that the stack is used up. Called on the thread that fuzzes.
  static func install() {
    let size = 64 << 10
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    stack.ss_size = size
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in CrashReport.print(number) }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
  }

  /// Only `write`, which a handler may call.
  private static func print(_ number: Int32) {
    write(2, head.baseAddress, headCount)
    write(2, text.baseAddress, count)
    write(2, "\n", 1)
    if number == SIGALRM { _exit(124) }
    raise(number)
  }
}
