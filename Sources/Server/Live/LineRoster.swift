import GraphQLEngine
import NIOCore

/// Who takes the results of a subscription from a line, on one event loop for all of its results.
protocol ResultFollower: AnyObject, Sendable {
  var eventLoop: any EventLoop { get }

  // On the event loop:

  /// Results come from a line from now on, until the follower leaves it or is told otherwise. False when the
  /// subscription is over.
  func began(_ following: Following) -> Bool
  /// Takes a result; false when the subscription must wait for its reader.
  func take(_ result: LineResult) -> Bool
  /// Sends off what was taken.
  func flush()
  /// The follower is no longer in the line, for it must wait: it goes on by itself, with `following.rest`.
  func returned(_ following: Following)
  /// The line is over.
  func ended(_ end: EventLine.End)
}

/// A result on its way to the followers of one event loop, with the text that was made of it last: followers
/// who send the same share it.
final class LineResult {
  let response: GraphQLEngine.Response
  let number: Int
  private var kind = ""
  private var id = ""
  private var text: ByteBuffer?

  init?(_ response: GraphQLEngine.Response) {
    guard let number = response.eventNumber else { return nil }
    self.response = response
    self.number = number
  }

  /// What a follower sends: all that it depends on are the result, the kind of message, and the operation's
  /// id.
  func text(_ kind: String, of id: String, _ make: (GraphQLEngine.Response) -> ByteBuffer) -> ByteBuffer {
    if let text, self.id == id, self.kind == kind { return text }
    let text = make(response)
    self.text = text
    (self.kind, self.id) = (kind, id)
    return text
  }
}

/// One subscription that follows a line. Lives on its follower's event loop.
final class Following: @unchecked Sendable {
  // @unchecked: all state is touched on the event loop of its roster only.
  fileprivate let roster: LineRoster
  fileprivate let follower: any ResultFollower
  private let membership: SharedMembership
  /// The number of the last event that the subscription has.
  fileprivate(set) var behind: Int
  /// Its place on the roster; nil when it is not there any more.
  fileprivate var index: Int?

  init(_ roster: LineRoster, _ follower: any ResultFollower, _ membership: SharedMembership, behind: Int) {
    self.roster = roster
    self.follower = follower
    self.membership = membership
    self.behind = behind
  }

  /// Nothing is handed out any more. On the event loop.
  func leave() { roster.remove(self) }

  /// What the subscription has not had yet; nil where it cannot be resumed.
  var rest: SubscriptionRun? {
    roster.line.stream.resumed(behind: behind, sharing: membership).map {
      SubscriptionRun(responses: $0, membership: membership)
    }
  }
}

/// The followers of a line on one event loop.
final class LineRoster: @unchecked Sendable {
  // @unchecked: all state is touched on the event loop only.

  /// Followers who are given a batch before others may use the event loop.
  private static let turn = 256

  let line: EventLine
  private let eventLoop: any EventLoop
  /// nil for those who have left while a batch is handed out.
  private var followings: [Following?] = []
  /// The number of the last event that all but the newest on the roster have, or are being given.
  private var position: Int
  private var results: [LineResult] = []
  private var end: EventLine.End?
  private var isDelivering = false
  private var hasHoles = false

  init(_ eventLoop: any EventLoop, line: EventLine, behind number: Int) {
    self.eventLoop = eventLoop
    self.line = line
    position = number
  }

  /// Puts a subscription on the roster that has everything that was handed out here; false when it has not.
  /// On the event loop.
  func add(_ following: Following) -> Bool {
    guard following.behind >= position, following.follower.began(following) else {
      line.left()
      return false
    }
    following.index = followings.count
    followings.append(following)
    return true
  }

  fileprivate func remove(_ following: Following) {
    guard let index = following.index else { return }
    following.index = nil
    if isDelivering {
      followings[index] = nil
      hasHoles = true
    } else if let last = followings.popLast() ?? nil, last !== following {
      followings[index] = last
      last.index = index
    }
    line.left()
  }

  /// Hands out a batch; told to the line when it is done. From any thread.
  func post(_ batch: EventLine.Batch) {
    eventLoop.execute { self.begin(batch) }
  }

  private func begin(_ batch: EventLine.Batch) {
    results = batch.responses.compactMap { LineResult($0) }
    end = batch.end
    if let last = results.last { position = last.number }
    isDelivering = true
    deliver(from: 0)
  }

  private func deliver(from start: Int) {
    let end = min(start + Self.turn, followings.count)
    for index in start..<end {
      if let following = followings[index] { hand(to: following) }
    }
    if end < followings.count {
      eventLoop.execute { self.deliver(from: end) }
    } else {
      finish()
    }
  }

  private func finish() {
    isDelivering = false
    results = []
    end = nil
    if hasHoles {
      hasHoles = false
      followings.removeAll { $0 == nil }
      for (index, following) in followings.enumerated() { following?.index = index }
    }
    line.delivered()
  }

  private func hand(to following: Following) {
    let follower = following.follower
    var hasRoom = true
    for result in results where result.number > following.behind {
      following.behind = result.number
      hasRoom = follower.take(result)
      // A socket may close, or give up an operation, while something is written to it.
      guard following.index != nil else { return }
      if !hasRoom { break }
    }
    follower.flush()
    guard following.index != nil else { return }
    if !hasRoom {
      remove(following)
      follower.returned(following)
    } else if let end {
      remove(following)
      follower.ended(end)
    }
  }
}
