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

  public init() {}

  public init(_ json: JSONValue) {
    cursor = json["cursor"].flatMap { $0 == .null ? nil : $0 }
    isPrimed = json["isPrimed"] == .bool(true)
    page = json["page"]?.string
    highest = json["highest"].flatMap { $0 == .null ? nil : $0 }
  }

  public var json: JSONValue {
    [
      "cursor": cursor ?? .null, "isPrimed": .bool(isPrimed), "page": page.map { .string($0) } ?? .null,
      "highest": highest ?? .null,
    ]
  }

  /// The same at the first page: the service may have forgotten the one that was next.
  public var atFirstPage: PollProgress {
    var progress = self
    (progress.page, progress.highest) = (nil, nil)
    return progress
  }
}
