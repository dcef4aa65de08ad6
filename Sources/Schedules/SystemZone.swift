import Foundation

/// A zone of the system's time zone database, by its IANA name.
public struct SystemZone: ZoneOffsets, Hashable {
  public let name: String
  private let zone: TimeZone

  /// Nil for a name that the database does not know; abbreviations such as `EST` and offsets such as `GMT+3`
  /// are not taken, but for `UTC`.
  public init?(_ name: String) {
    guard name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
    self.name = name
    self.zone = zone
  }

  public func offset(at instant: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant))))
  }
}
