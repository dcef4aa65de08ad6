/// The media types that `/graphql` answers with.
enum MediaType: String, Sendable {
  case graphQLResponse = "application/graphql-response+json"
  case json = "application/json"
  /// One JSON object a line: the answer to a batch.
  case jsonLines = "application/jsonl"
  /// Events: GraphQL over Server-Sent Events.
  case eventStream = "text/event-stream"
  /// Parts, a payload each: incremental delivery over HTTP.
  case multipart = "multipart/mixed"
  /// Parts with the results of a subscription: Apollo's multipart protocol.
  case subscriptionParts = "multipart/mixed;subscriptionspec=1.0"
  /// The token of a reserved event stream.
  case plainText = "text/plain"

  /// What `Content-Type` says; everything is UTF-8.
  var contentType: String {
    switch self {
    case .multipart: rawValue + "; boundary=\"\(MultipartText.incremental.boundary)\""
    case .subscriptionParts:
      "multipart/mixed;boundary=\(MultipartText.subscription.boundary);subscriptionSpec=1.0"
    default: rawValue + "; charset=utf-8"
    }
  }
}

/// An `Accept` header (RFC 9110 § 12.5.1): media ranges with weights. Without one everything is accepted.
///
/// Parameters other than `q` and those of `multipart/mixed` are not looked at; a range with a weight that is
/// none is left out.
struct AcceptedTypes: Sendable {
  /// Further ranges are not read.
  static let maximumRanges = 50

  private struct Range {
    var type: Substring
    /// With the parameter that makes `multipart/mixed` the one of subscriptions.
    var subtype: Substring
    var weight: Int

    /// How well it names a type: 2 exactly, 1 by its first half, 0 as `*/*`; nil when it does not.
    func precision(for mediaType: MediaType) -> Int? {
      let parts = mediaType.rawValue.split(separator: "/")
      if type == parts[0], subtype == parts[1] { return 2 }
      guard subtype == "*" else { return nil }
      if type == parts[0] { return 1 }
      return type == "*" ? 0 : nil
    }
  }

  private let ranges: [Range]

  init(_ header: String?) {
    let entries = (header ?? "").lowercased().split(separator: ",", maxSplits: Self.maximumRanges)
    let read = entries.prefix(Self.maximumRanges).compactMap(Self.range)
    // RFC 9110 § 12.5.1: no header is as good as `*/*`; an empty one is taken for none.
    ranges = entries.isEmpty ? [Range(type: "*", subtype: "*", weight: 1000)] : read
  }

  /// The best of the types: with the highest weight, then named most precisely. Among equals that are named
  /// exactly the first wins; among those that only wildcards cover, `application/json`, which any client
  /// understands.
  func best(of offered: [MediaType]) -> MediaType? {
    var best: (type: MediaType, weight: Int, precision: Int)?
    for type in offered {
      guard let (weight, precision) = rating(of: type), weight > 0 else { continue }
      if let known = best {
        let isBetter = (weight, precision) > (known.weight, known.precision)
        let isPlainer =
          (weight, precision) == (known.weight, known.precision) && precision < 2 && type == .json
        guard isBetter || isPlainer else { continue }
      }
      best = (type, weight, precision)
    }
    return best?.type
  }

  /// Whether a type is accepted by its name, not only by a wildcard.
  func names(_ type: MediaType) -> Bool {
    rating(of: type).map { $0.weight > 0 && $0.precision == 2 } ?? false
  }

  /// The weight of the most precise range for a type.
  private func rating(of type: MediaType) -> (weight: Int, precision: Int)? {
    var best: (weight: Int, precision: Int)?
    for range in ranges {
      guard let precision = range.precision(for: type), precision > best?.precision ?? -1 else { continue }
      best = (range.weight, precision)
    }
    return best
  }

  private static func range(_ text: Substring) -> Range? {
    let parts = text.split(separator: ";").map(trimmed)
    guard let name = parts.first else { return nil }
    let halves = name.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
    guard let weight = Weight.parse(parts.dropFirst()) else { return nil }
    // Clients that read another format of parts say so; what they ask for is not offered.
    guard !parts.contains(where: { $0.hasPrefix("deferspec=") }) else { return nil }
    guard
      let version = parts.first(where: { $0.hasPrefix(subscriptionSpec) })?.dropFirst(subscriptionSpec.count)
    else { return Range(type: halves[0], subtype: halves[1], weight: weight) }
    guard name == "multipart/mixed", version == "1.0" || version == "\"1.0\"" else { return nil }
    return Range(type: halves[0], subtype: "mixed;subscriptionspec=1.0", weight: weight)
  }

  private static let subscriptionSpec = "subscriptionspec="

  private static func trimmed(_ text: Substring) -> Substring {
    text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
  }
}

/// A weight of a header's entry (RFC 9110 § 12.4.2), in thousandths.
enum Weight {
  /// The `q` among lower-case parameters, 1000 without one; nil when it is not 0 to 1.
  static func parse(_ parameters: some Sequence<Substring>) -> Int? {
    guard let text = parameters.first(where: { $0.hasPrefix("q=") })?.dropFirst(2) else { return 1000 }
    guard text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
      return nil
    }
    guard let value = Double(text), value <= 1 else { return nil }
    return Int((value * 1000).rounded())
  }
}
