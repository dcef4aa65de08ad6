/// Where an object lies whose remaining fields are delivered later.
struct ObjectPlace {
  /// Its frame, and its row there; nil for a JSON object that has no frame.
  var frame: Frame?
  var index: Int
  var row: UnsafeRawPointer?
}

/// Some fields of one object that are executed and delivered as a whole (§ 6.3.3: an execution group).
///
/// Owned by the run of one incremental response.
final class DeferredGroup {
  let part: DeferredPart
  /// The object's response position.
  let path: [PathSegment]
  let place: ObjectPlace
  /// Keeps the object's row alive.
  let owner: RowOwner
  /// What it belongs to: known once the run has admitted it.
  var fragments: [DeferredFragment] = []
  var isStarted = false
  var isDelivered = false
  /// The bytes of its object, once it is executed.
  var data: [UInt8] = []
  var errors: [GraphQLError] = []

  init(part: DeferredPart, path: [PathSegment], place: ObjectPlace, owner: RowOwner) {
    self.part = part
    self.path = path
    self.place = place
    self.owner = owner
  }
}

/// A list whose later items are delivered by `@stream`.
///
/// Owned by the run of one incremental response.
final class StreamedList {
  enum Source {
    case lists(StreamedLists, parent: Int)
    /// JSON values.
    case items([InputValue])
    case sequence(ItemSource)
  }

  /// The field as it is planned for the items.
  let field: PlanField
  let label: String?
  /// The list's response position.
  let path: [PathSegment]
  let source: Source
  /// Keeps the items' rows alive.
  let owner: RowOwner
  /// The position of the next item.
  var nextIndex: Int
  /// The id of its notice, once it is announced.
  var id: Int?

  init(_ note: StreamNote, path: [PathSegment], owner: RowOwner) {
    field = note.field.streamedItems
    label = note.field.stream?.label
    source = note.source
    nextIndex = note.nextIndex
    self.path = path
    self.owner = owner
  }
}

/// What the output pass knows of a list that goes on later.
struct StreamNote {
  let field: PlanField
  let source: StreamedList.Source
  let nextIndex: Int
}

/// What one output pass leaves for later, in the order in which objects and lists are written.
///
/// Owned by the pass. What null propagation discards is forgotten with its bytes.
final class DeferredWork {
  enum Item {
    case group(DeferredGroup)
    case stream(StreamedList)
  }

  private struct Note {
    /// Where the output was.
    var position: Int
    var item: Item
  }

  /// The response position of what the pass writes.
  var base: [PathSegment] = []
  /// Keeps alive what the pass reads.
  let owner: RowOwner
  private let limit: Int
  private var notes: [Note] = []
  /// Whether there was more than the limit allows.
  private(set) var isOverfull = false

  init(owner: RowOwner, limit: Int) {
    self.owner = owner
    self.limit = limit
  }

  func add(_ item: Item, at position: Int) {
    guard notes.count < limit else {
      isOverfull = true
      return
    }
    notes.append(Note(position: position, item: item))
  }

  /// Null has replaced what was written behind a mark.
  func forget(behind mark: Int) {
    while let last = notes.last, last.position > mark { notes.removeLast() }
  }

  /// The items noted so far.
  func take() -> [Item] {
    defer { notes = [] }
    return notes.map(\.item)
  }
}

/// Keeps the frames and columns of an output pass for those that come later.
final class PassOwner: RowOwner, @unchecked Sendable {
  // @unchecked: what it holds is kept alive and never read.
  private let frames: [Frame]
  private let column: AttachedColumn?
  /// Those that the frames' rows lie in.
  private let owners: [RowOwner]

  init(_ frames: [Frame], _ column: AttachedColumn? = nil, owners: [RowOwner] = []) {
    self.frames = frames
    self.column = column
    self.owners = owners
    super.init()
  }
}

extension OutputPass {
  /// Takes note of the deferred parts of the object on top, which is about to be closed.
  mutating func noteDeferred() {
    guard let later, depth > 0, let object = stack[depth - 1].object?.takeUnretainedValue() else { return }
    let entry = stack[depth - 1]
    let path = later.base + path(levels: depth - 1)
    let place = ObjectPlace(
      frame: entry.frame?.takeUnretainedValue(), index: entry.index, row: entry.row)
    for part in object.parts {
      let group = DeferredGroup(part: part, path: path, place: place, owner: later.owner)
      later.add(.group(group), at: out.count)
    }
  }

  /// Takes note of what follows the list on top, which was just opened.
  mutating func noteStream(_ column: AttachedColumn, _ parent: Int, _ field: PlanField) {
    guard let source = column.streamed?.rest(parent) else { return }
    noteStream(StreamNote(field: field, source: source, nextIndex: stack[depth - 1].end))
  }

  private mutating func noteStream(_ note: StreamNote) {
    guard let later else { return }
    let list = StreamedList(note, path: later.base + path(levels: depth - 1), owner: later.owner)
    later.add(.stream(list), at: out.count)
  }

  /// Whether the number of initial items is wrong; then its error is written.
  mutating func refusesStream(_ field: PlanField, _ isNullable: Bool) -> Bool {
    guard let stream = field.stream else { return false }
    do {
      _ = try execution.initialCount(of: stream)
      return false
    } catch {
      fail(error, at: field, isNullable: isNullable)
      return true
    }
  }

  /// Ends the list of JSON values on top after the initial items.
  mutating func cutStream(_ items: [InputValue], _ field: PlanField) {
    guard later != nil, let stream = field.stream, let count = try? execution.initialCount(of: stream),
      items.count > count
    else { return }
    stack[depth - 1].end = count
    noteStream(StreamNote(field: field, source: .items(Array(items[count...])), nextIndex: count))
  }
}

// MARK: - Delivered values

extension OutputPass {
  /// Writes the object of a deferred part as a value of its own; false when null has propagated out of it.
  mutating func writePart(_ frame: Frame, _ index: Int) -> Bool {
    pushObject(
      .passUnretained(frame.object), row: frame.pointer(index), frame: .passUnretained(frame), index: index,
      isNullable: false)
    return finishValue(isNullable: false)
  }

  /// Writes one item of a streamed list as a value of its own; false when null has propagated out of it.
  mutating func writeItem(
    _ item: Int, ofList list: Int, in column: Unmanaged<AttachedColumn>, _ field: PlanField
  ) -> Bool {
    let type = field.type.nullable.wrapped
    let attached = column.takeUnretainedValue()
    if case .dynamic(let values) = attached.column.content {
      // The items lie in the buffer of the row's array, which nobody changes while the row lives.
      guard case .list(let items) = values[list].pointee, item < items.count else { return false }
      let base = items.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
      complete(base.map { $0 + item * MemoryLayout<InputValue>.stride }, type, field)
    } else {
      let entry = attached.column.lists[0].starts[list] + item
      if attached.column.lists.count > 1 {
        writeList(column, entry, level: 1, type, field)
      } else {
        writeEntry(attached, entry, type, field)
      }
    }
    return finishValue(isNullable: !type.isNonNull)
  }

  private mutating func finishValue(isNullable: Bool) -> Bool {
    run()
    if isDataNull {
      isDataNull = false
      return isNullable && !isTooLarge && !isHalted
    }
    if depth > 0 {
      // The lowest object is left open, as a response's root is.
      if stack[0].object?._withUnsafeGuaranteedRef({ $0.hasParts }) == true { noteDeferred() }
      pop(0x7D)
    }
    return true
  }
}
