import Flows

/// What an answer's headers say about a limit.
public struct RateReading: Sendable, Equatable {
  public let limit: Int?
  public let remaining: Int
  /// Until the limit begins anew; nil when the service does not say.
  public let resetInMilliseconds: Int64?

  static func readings(
    _ answer: ConnectorAnswer, _ limits: RateLimits, _ nowMilliseconds: Int64
  ) -> [RateReading] {
    limits.headers.flatMap { headers -> [RateReading] in
      switch headers {
      case .numbers(let limit, let remaining, let reset, let kind):
        guard let remaining = answer.header(remaining).flatMap({ Double($0) }), remaining < 1e9 else {
          return []
        }
        let wait = reset.flatMap { answer.header($0) }
          .flatMap { ResetTime.wait($0, kind, nowMilliseconds) }
        return [
          RateReading(
            limit: limit.flatMap { answer.header($0) }.flatMap { Int($0) },
            remaining: Int(max(0, remaining)), resetInMilliseconds: wait)
        ]
      case .list(let name): return answer.header(name).map { list($0, nowMilliseconds) } ?? []
      case .usage(let name): return answer.header(name).flatMap(usage).map { [$0] } ?? []
      case .used(let name): return answer.header(name).map(used) ?? []
      }
    }
  }

  /// `"api";r=489;t=189, "search";r=0;t=12`: the members that say what remains.
  private static func list(_ text: String, _ nowMilliseconds: Int64) -> [RateReading] {
    text.split(separator: ",").compactMap { member in
      var parameters: [Substring: String] = [:]
      for parameter in member.split(separator: ";") {
        let pair = parameter.split(separator: "=", maxSplits: 1)
        guard pair.count == 2 else { continue }
        parameters[pair[0].drop { $0 == " " }] = String(pair[1])
      }
      guard let remaining = parameters["r"].flatMap({ Int($0) }) else { return nil }
      return RateReading(
        limit: nil, remaining: max(0, remaining),
        resetInMilliseconds: parameters["t"].flatMap { ResetTime.wait($0, .seconds, nowMilliseconds) })
    }
  }

  /// `api-usage=18/5000; api-bursts=1/750`: what is used of what there is.
  private static func used(_ text: String) -> [RateReading] {
    text.split(separator: ";").compactMap { member in
      let numbers = member.split(separator: "=", maxSplits: 1).last?.split(separator: "/") ?? []
      guard numbers.count == 2, let used = Int(numbers[0]), let limit = Int(numbers[1].prefix { $0.isNumber })
      else { return nil }
      return RateReading(limit: limit, remaining: max(0, limit - max(0, used)), resetInMilliseconds: nil)
    }
  }

  /// Percentages of what may be used: of all that are told the greatest counts, and the longest wait.
  private static func usage(_ text: String) -> RateReading? {
    guard let value = try? JSONValue(parsing: text) else { return nil }
    // Of an app an object; of businesses an object whose members are lists of them.
    let groups = [value] + (value.object?.members ?? []).flatMap { $0.value.array ?? [] }
    let percentages = groups.flatMap { group in
      ["call_count", "total_time", "total_cputime"].compactMap { group[$0]?.integer }
    }
    guard let greatest = percentages.max() else { return nil }
    let minutes = groups.compactMap { $0["estimated_time_to_regain_access"]?.integer }.max() ?? 0
    let wait = minutes > 0 ? min(Int64(clamping: minutes), 1440) * 60_000 : nil
    let remaining = wait == nil ? 100 - min(max(0, greatest), 100) : 0
    return RateReading(limit: 100, remaining: Int(remaining), resetInMilliseconds: wait)
  }
}
