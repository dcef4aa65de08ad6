import Flows

/// How far a trigger that asks has come. Stored as JSON with the trigger.
public struct PollProgress: Sendable, Equatable {
  /// What polls begin at; nil before anything was found, and for services that have no such thing.
  public var cursor: JSONValue?
  /// Whether it is known where the future begins.
  public var isPrimed = false
  /// The page at which the next poll goes on; nil at the first one.
  public var page: String?
  /// The greatest cursor of the pages so far, while a walk through them is not over.
  public var highest: JSONValue?
  /// Items of the pages so far, while a walk without an order is not over.
  public var walked = 0

  public init() {}

  public init(_ json: JSONValue) {
    cursor = PollProgress.value(json["cursor"])
    isPrimed = json["isPrimed"] == .bool(true)
    page = json["page"]?.string
    highest = PollProgress.value(json["highest"])
    walked = json["walked"]?.integer.map { Int(clamping: $0) } ?? 0
  }

  private static func value(_ stored: JSONValue?) -> JSONValue? { stored == .some(.null) ? .none : stored }

  public var json: JSONValue {
    [
      "cursor": cursor ?? .null, "isPrimed": .bool(isPrimed), "page": page.map { .string($0) } ?? .null,
      "highest": highest ?? .null, "walked": .integer(Int64(walked)),
    ]
  }

  /// The same at the first page: the service may have forgotten the one that was next.
  public var atFirstPage: PollProgress {
    var progress = self
    (progress.page, progress.highest, progress.walked) = (nil, nil, 0)
    return progress
  }
}
