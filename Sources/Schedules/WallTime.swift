import Dates

/// Seconds of a wall clock since 1970-01-01T00:00:00 on that clock: what a calendar shows, without a zone.
struct WallTime: Hashable, Comparable, Sendable {
  var seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  init(_ day: CivilDay, hour: Int, minute: Int, second: Int) {
    seconds = day.firstSecond + Int64(hour * 3600 + minute * 60 + second)
  }

  static func < (left: WallTime, right: WallTime) -> Bool { left.seconds < right.seconds }

  var day: CivilDay { CivilDay(ofSecond: seconds) }
  private var secondOfDay: Int { Int(seconds - day.firstSecond) }
  var hour: Int { secondOfDay / 3600 }
  var minute: Int { secondOfDay % 3600 / 60 }
  var second: Int { secondOfDay % 60 }
}
