import Glibc

/// What one round gave.
struct Figures: CustomStringConvertible {
  let evaluations: Int
  let seconds: Double
  let processor: ProcessorTimes

  var perSecond: Double { Double(evaluations) / seconds }

  var description: String {
    func microseconds(_ value: Double) -> String {
      "\((value * 1e7 / Double(max(1, evaluations))).rounded() / 10) µs"
    }
    return "\(Int(perSecond)) evaluations/s; processor time of one: "
      + "\(microseconds(processor.own)) here, \(microseconds(processor.child)) in the child"
  }
}

/// Processor time in seconds, of this process and of the child.
struct ProcessorTimes {
  var own: Double
  var child: Double

  init(child process: Int32?) {
    own = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    child = 0
    guard let process else { return }
    var clock = clockid_t()
    if clock_getcpuclockid(process, &clock) == 0 { child = Self.seconds(clock) }
  }

  private init(own: Double, child: Double) {
    self.own = own
    self.child = child
  }

  static func - (one: Self, other: Self) -> Self {
    Self(own: one.own - other.own, child: one.child - other.child)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
