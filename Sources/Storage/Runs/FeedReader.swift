/// Events behind a number are not stored any more: who wants to go on reads the present state first.
public struct StreamExpired: Error {}

/// Keeps a feed open while a reader lives.
final class FeedRegistration<Source: FeedSource>: Sendable {
  let feed: EventFeed<Source>
  private let leave: @Sendable () -> Void

  init(_ feed: EventFeed<Source>, leave: @escaping @Sendable () -> Void) {
    self.feed = feed
    self.leave = leave
  }

  deinit { leave() }
}

/// Reads a feed from a number on: from its window, or for itself where that is ahead.
struct FeedReader<Source: FeedSource> {
  private let registration: FeedRegistration<Source>
  private var last: Int
  private var buffer: ArraySlice<Source.Event> = []
  private var limit = 8

  init(_ registration: FeedRegistration<Source>, behind last: Int) {
    self.registration = registration
    self.last = last
  }

  /// Nil when the feed is over.
  mutating func next() async throws -> Source.Event? {
    while true {
      // Who is ahead of the run waits for what he does not have.
      if let event = buffer.popFirst() { return event }
      switch registration.feed.look(behind: last) {
      case .events(let events, let upTo):
        buffer = events
        last = upTo
      case .outside(let base):
        let stretch = try await registration.feed.source.stretch(behind: last, limit: limit)
        let isGone = stretch.floor != nil || stretch.tail == last
        // What is not there any more cannot be read.
        if isGone, !Source.canEnd { throw StreamExpired() }
        buffer = stretch.events[...]
        last = stretch.tail > last ? stretch.tail : base
        limit = Self.limit(behind: stretch)
      case .over: return nil
      case .nothing: try await registration.feed.wait(behind: last)
      }
    }
  }

  /// How many events a reader who catches up reads next: about a quarter of a megabyte, for he holds them as
  /// long as his client reads.
  private static func limit(behind stretch: FeedStretch<Source.Event>) -> Int {
    let size = stretch.sizes.reduce(0, +) / Swift.max(1, stretch.sizes.count)
    return Swift.max(1, Swift.min(200, (256 << 10) / Swift.max(1, size)))
  }
}
