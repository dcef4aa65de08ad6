/// When a trigger starts runs by the clock, and what happens when that cannot be so. A value; stored as JSON
/// with its trigger. What the words of `daylightSaving` and `catchUp` mean is for `Schedules` to say.
public struct ScheduleTrigger: Sendable, Equatable {
  /// What happens when an instant is due while a run of the schedule is not over.
  public enum Overlap: String, CaseIterable, Sendable {
    /// Runs go on side by side.
    case allow
    /// The instant is left out.
    case skip
    /// The run begins when the ones before it are over.
    case queue
    /// The runs before it are asked to stop.
    case cancel
  }

  /// Instants that wait for a run to end, at most; further ones are left out.
  public static let maximumQueue = 100

  public var cron: String
  public var timeZone: String
  public var overlap = Overlap.allow
  public var catchUp = "last"
  public var catchUpWindowSeconds = 86_400
  public var jitterSeconds = 0
  public var daylightSaving = "vixie"

  public init(cron: String, timeZone: String) {
    self.cron = cron
    self.timeZone = timeZone
  }

  /// What is stored; nil for what another version has written.
  public init?(_ json: JSONValue) {
    guard let cron = json["cron"]?.string, let zone = json["timeZone"]?.string,
      let overlap = json["overlap"]?.string.flatMap(Overlap.init(rawValue:)),
      let catchUp = json["catchUp"]?.string, let daylightSaving = json["daylightSaving"]?.string
    else { return nil }
    self.init(cron: cron, timeZone: zone)
    self.overlap = overlap
    self.catchUp = catchUp
    self.daylightSaving = daylightSaving
    catchUpWindowSeconds =
      json["catchUpWindowSeconds"]?.integer.map { Int(clamping: $0) } ?? catchUpWindowSeconds
    jitterSeconds = json["jitterSeconds"]?.integer.map { Int(clamping: $0) } ?? jitterSeconds
  }

  public var json: JSONValue {
    [
      "cron": .string(cron), "timeZone": .string(timeZone), "overlap": .string(overlap.rawValue),
      "catchUp": .string(catchUp), "catchUpWindowSeconds": .integer(Int64(catchUpWindowSeconds)),
      "jitterSeconds": .integer(Int64(jitterSeconds)), "daylightSaving": .string(daylightSaving),
    ]
  }
}
