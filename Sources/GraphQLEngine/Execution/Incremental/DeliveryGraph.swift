/// One `@defer` at one place of the response.
final class DeferredFragment {
  let usage: DeferUsage
  let path: [PathSegment]
  let parent: DeferredFragment?
  /// The id of its notice, once it is announced.
  var id: Int?
  var state = State.hidden
  /// Groups that are not executed yet.
  var waitingCount = 0
  var groups: [DeferredGroup] = []
  /// What becomes deliverable once this is delivered.
  var children: [DeliveryGraph.Node] = []
  /// Why it will fail as soon as it is announced.
  var failure: [GraphQLError]?

  enum State {
    /// Not known to those above it.
    case hidden
    /// Waits for those above it.
    case linked
    case announced
    /// Delivered, or without anything of its own.
    case closed
    case failed
  }

  init(usage: DeferUsage, path: [PathSegment], parent: DeferredFragment?) {
    self.usage = usage
    self.path = path
    self.parent = parent
  }

  /// Whether something of its own is still to be delivered.
  var hasContent: Bool {
    failure != nil || waitingCount > 0 || groups.contains { $0.isStarted && !$0.isDelivered }
  }
}

/// What of an incremental response is still to be delivered, and in which order: a fragment is announced when
/// all that encloses it has been delivered, and delivered as a whole (§ 6.3, the work queue).
///
/// Owned by the run of one incremental response. It starts nothing itself: `started` and `released` say what
/// is to be executed, `payload` what is to be sent.
struct DeliveryGraph {
  enum Node {
    case fragment(DeferredFragment)
    case stream(StreamedList)
  }

  private struct Key: Hashable {
    var usage: Int
    var path: ArraySlice<PathSegment>
  }

  private var fragments: [Key: DeferredFragment] = [:]
  /// What is announced and not completed.
  private var open: [Int: Node] = [:]
  private var nextID = 0
  /// Groups to execute, in order.
  private var started: [DeferredGroup] = []
  /// Streams to deliver, in order.
  private var released: [StreamedList] = []
  var payload = PayloadContent()

  /// The number of notices without completion.
  var openCount: Int { open.count }

  mutating func takeStarted() -> [DeferredGroup] {
    defer { started = [] }
    return started
  }

  mutating func takeReleased() -> [StreamedList] {
    defer { released = [] }
    return released
  }
}

// MARK: - What is found

extension DeliveryGraph {
  /// Takes in what an initial result or the items of a stream leave for later.
  mutating func admit(_ items: [DeferredWork.Item]) {
    var nodes: [Node] = []
    for item in items { admit(item, under: nil, &nodes) }
    announce(nodes)
  }

  private mutating func admit(
    _ item: DeferredWork.Item, under parents: [DeferredFragment]?, _ nodes: inout [Node]
  ) {
    switch item {
    case .group(let group):
      group.fragments = group.part.usages.map { fragment($0, at: group.path) }
      for fragment in group.fragments {
        link(fragment, &nodes)
        fragment.waitingCount += 1
        fragment.groups.append(group)
      }
      if group.fragments.contains(where: { $0.state == .announced }) { start(group) }
    case .stream(let list):
      guard let parents else { return nodes.append(.stream(list)) }
      for parent in parents where parent.state != .failed { parent.children.append(.stream(list)) }
    }
  }

  /// The fragment of a usage around a response position.
  private mutating func fragment(_ usage: DeferUsage, at path: [PathSegment]) -> DeferredFragment {
    let key = Key(usage: usage.number, path: path.prefix(usage.pathLength))
    if let known = fragments[key] { return known }
    let parent = usage.parent.map { fragment($0, at: path) }
    let made = DeferredFragment(usage: usage, path: Array(key.path), parent: parent)
    fragments[key] = made
    return made
  }

  /// Makes a fragment and those around it known to those above them.
  private func link(_ fragment: DeferredFragment, _ nodes: inout [Node]) {
    guard fragment.state == .hidden else { return }
    fragment.state = .linked
    guard let parent = fragment.parent else { return nodes.append(.fragment(fragment)) }
    guard parent.state != .failed else { return }
    parent.children.append(.fragment(fragment))
    link(parent, &nodes)
  }

  private mutating func start(_ group: DeferredGroup) {
    guard !group.isStarted else { return }
    group.isStarted = true
    started.append(group)
  }
}

// MARK: - What is announced

extension DeliveryGraph {
  /// Announces what nothing encloses any more: of a fragment without content, what it encloses.
  private mutating func announce(_ nodes: [Node]) {
    var queue = nodes
    var position = 0
    var fragments: [DeferredFragment] = []
    var streams: [StreamedList] = []
    while position < queue.count {
      switch queue[position] {
      case .fragment(let fragment) where fragment.state == .linked:
        if fragment.hasContent {
          fragment.state = .announced
          fragments.append(fragment)
        } else {
          queue += fragment.children
          close(fragment, as: .closed)
        }
      case .stream(let list) where list.id == nil:
        list.id = -1
        streams.append(list)
      default: break
      }
      position += 1
    }
    for fragment in fragments {
      fragment.id = notice(.fragment(fragment), fragment.path, fragment.usage.label)
    }
    for list in streams { list.id = notice(.stream(list), list.path, list.label) }
    released += streams
    for fragment in fragments {
      for group in fragment.groups { start(group) }
      if let failure = fragment.failure {
        fail(fragment, failure)
      } else if fragment.waitingCount == 0 {
        complete(fragment)
      }
    }
  }

  private mutating func notice(_ node: Node, _ path: [PathSegment], _ label: String?) -> Int {
    let id = nextID
    nextID += 1
    open[id] = node
    payload.pending.append(PendingNotice(id: id, path: path, label: label))
    return id
  }

  private mutating func close(_ fragment: DeferredFragment, as state: DeferredFragment.State) {
    fragment.state = state
    fragment.groups = []
    fragment.children = []
    if let id = fragment.id { open[id] = nil }
    // A failed one stays known, so that nothing of it is ever announced again.
    if state == .closed {
      fragments[Key(usage: fragment.usage.number, path: fragment.path[...])] = nil
    }
  }
}

// MARK: - What is done

extension DeliveryGraph {
  /// A group is executed; `items` is what it leaves for later.
  mutating func finish(_ group: DeferredGroup, _ items: [DeferredWork.Item]) {
    var nodes: [Node] = []
    for fragment in group.fragments { fragment.waitingCount -= 1 }
    for item in items { admit(item, under: group.fragments, &nodes) }
    for fragment in group.fragments where fragment.state == .announced && fragment.waitingCount == 0 {
      complete(fragment)
    }
    announce(nodes)
  }

  /// Null has propagated out of a group: its fragments fail, with all that they enclose.
  mutating func fail(_ group: DeferredGroup, _ errors: [GraphQLError]) {
    group.isDelivered = true
    for fragment in group.fragments {
      if fragment.state == .announced {
        fail(fragment, errors)
      } else if fragment.failure == nil {
        fragment.failure = errors
      }
    }
  }

  private mutating func fail(_ fragment: DeferredFragment, _ errors: [GraphQLError]) {
    guard let id = fragment.id, open[id] != nil else { return }
    close(fragment, as: .failed)
    payload.completed.append(CompletionNotice(id: id, errors: errors))
  }

  private mutating func complete(_ fragment: DeferredFragment) {
    guard let id = fragment.id, open[id] != nil else { return }
    for group in fragment.groups where !group.isDelivered {
      group.isDelivered = true
      payload.incremental.append(entry(group, of: fragment, id))
    }
    payload.completed.append(CompletionNotice(id: id, errors: []))
    let children = fragment.children
    close(fragment, as: .closed)
    announce(children)
  }

  /// The data of a group, under the announced fragment with the longest path.
  private func entry(_ group: DeferredGroup, of fragment: DeferredFragment, _ id: Int) -> IncrementalEntry {
    var best = (id: id, length: fragment.path.count)
    for other in group.fragments where other !== fragment {
      if let id = other.id, other.path.count > best.length { best = (id, other.path.count) }
    }
    return IncrementalEntry(
      id: best.id, subPath: Array(group.path.dropFirst(best.length)), key: "data", value: group.data,
      errors: group.errors)
  }

  /// Some items of a stream; `later` is what they leave for later.
  mutating func deliver(
    _ list: StreamedList, _ items: [UInt8], _ errors: [GraphQLError], _ later: [DeferredWork.Item]
  ) {
    guard let id = list.id, open[id] != nil else { return }
    payload.incremental.append(
      IncrementalEntry(id: id, subPath: [], key: "items", value: items, errors: errors))
    admit(later)
  }

  /// A stream has ended, with errors where it failed.
  mutating func end(_ list: StreamedList, _ errors: [GraphQLError] = []) {
    guard let id = list.id, open.removeValue(forKey: id) != nil else { return }
    payload.completed.append(CompletionNotice(id: id, errors: errors))
  }

  /// Ends everything that is open with an error.
  mutating func abort(_ error: GraphQLError) {
    for id in open.keys.sorted() { payload.completed.append(CompletionNotice(id: id, errors: [error])) }
    dissolve()
  }

  /// Lets everything go; groups and fragments hold each other until then.
  mutating func dissolve() {
    for fragment in fragments.values {
      fragment.groups = []
      fragment.children = []
    }
    fragments = [:]
    open = [:]
    started = []
    released = []
  }
}
