import Glibc
import SandboxWire

/// `studio-sandbox`: evaluates JavaScript expressions that arrive as frames on standard input and answers on
/// standard output, one after the other, on one thread. The studio starts it, watches its time and memory,
/// and kills it.
@main
enum SandboxProcess {
  static func main() {
    let limits = Limits(arguments: CommandLine.arguments)
    Confinement.enterBeforeInterpreter()
    guard let interpreter = Interpreter() else { exit(70) }
    interpreter.warmUp()
    let memory = ResidentMemory()
    Confinement.enterAfterInterpreter()
    if CommandLine.arguments.dropFirst().first == ConfinementCheck.argument {
      write([UInt8](ConfinementCheck.report().utf8))
      exit(0)
    }
    write(SandboxReply.ready(version: SandboxWire.version).encoded())

    var splitter = FrameSplitter()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      switch splitter.next() {
      case .payload(let payload):
        guard let request = SandboxRequest(payload: payload) else { exit(65) }
        let outcomes = interpreter.perform(request)
        let isHigh = memory.bytes > limits.highWaterBytes
        if isHigh { interpreter.collectGarbage() }
        let wantsReplacement = isHigh && memory.bytes > limits.highWaterBytes
        write(
          SandboxReply.answer(id: request.id, outcomes: outcomes, wantsReplacement: wantsReplacement)
            .encoded())
      case .incomplete:
        interpreter.prepareContext()
        let count = chunk.withUnsafeMutableBytes { read(0, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { exit(0) }  // the studio closed the connection
        splitter.append(chunk[0..<count])
      case .tooLong: exit(65)
      }
    }
  }

  /// Writes everything or ends the process: without its reader it has no purpose.
  private static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { exit(0) }
      rest = rest.dropFirst(count)
    }
  }
}

/// What the studio passes on the command line.
struct Limits {
  /// Resident bytes above which the child collects its garbage, and asks to be replaced if that does not
  /// help.
  let highWaterBytes: Int

  /// `studio-sandbox BYTES`: the memory limit at which the studio kills; three quarters of it are the mark.
  init(arguments: [String]) {
    let limit = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 0
    highWaterBytes = max(limit, 64 << 20) / 4 * 3
  }
}

/// The process's own resident memory, through a descriptor that stays open (the filter refuses to open
/// another).
struct ResidentMemory {
  private let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)

  /// Bytes, 0 when unknown. proc(5): `statm` counts pages; the second number is the resident set.
  var bytes: Int {
    var text = [UInt8](repeating: 0, count: 128)
    let count = text.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return 0 }
    let fields = text[0..<count].split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
    return pages * Int(getpagesize())
  }
}
