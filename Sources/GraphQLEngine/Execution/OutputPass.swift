/// Writes the response's data in one pass over frames and resident rows (§ 6.4.3, CompleteValue; § 6.4.4).
///
/// A stack of its own holds one entry for each open object and list, so the machine's stack does not grow
/// with the data. An entry knows where its value begins in the output: null propagation cuts the output
/// there. The path of an error is read off the stack. Owned by one execution; its entries are trivial values
/// that count no references, what they point to is kept alive by the plan and the frames.
struct OutputPass: ~Copyable {
  /// An object or list that is being written.
  struct Entry {
    enum Kind: UInt8 {
      case object
      /// A list of resident rows at equal strides.
      case segment
      /// A list in a column.
      case column
      /// A list of JSON values.
      case dynamic
    }

    var kind = Kind.object
    /// Whether null may stand here.
    var isNullable = false
    /// Where the value begins in the output.
    var mark = 0
    /// The next step or item, and the end of them.
    var next = 0
    var end = 0
    /// The object's plan; of a segment, what is selected of the items, where that is known.
    var object: Unmanaged<PlanObject>?
    /// The steps of an object's plan.
    var steps: UnsafeMutablePointer<FieldStep>?
    /// The object's row, or the first of a list.
    var row: UnsafeRawPointer?
    /// The object's frame, and its row there.
    var frame: Unmanaged<Frame>?
    var index = 0
    /// Of a row of a table: the cells by step, and the source's row.
    var cells: UnsafeMutablePointer<CellStep>?
    var tableRow = 0
    /// Of a segment.
    var stride = 0
    /// The field that the list is the value of, and the type of the items.
    var field: Unmanaged<PlanField>?
    var itemType = TypeReference(rawValue: 0)
    /// Of a list in a column: the entry or list where it starts, and the level of lists that its items are
    /// on.
    var column: Unmanaged<AttachedColumn>?
    var start = 0
    var level = 0
    var arenaMark = RowArena.Mark(next: nil, chunk: -1)
  }

  let execution: Execution
  var out: JSONWriter
  var errors: [GraphQLError] = []
  /// Whether the response outgrew its bound.
  var isTooLarge = false
  /// Whether null has propagated to the root.
  var isDataNull = false
  /// Takes note of what is delivered later; nil without incremental delivery.
  var later: DeferredWork?
  let errorBehavior: ErrorBehavior
  /// Whether the first error has ended the response.
  private(set) var isHalted = false

  private(set) var stack: UnsafeMutablePointer<Entry>
  private(set) var depth = 0
  private var capacity = 32
  var arena = RowArena()
  let byteLimit: Int
  private let errorLimit: Int
  private var locations: [Int: [SourceLocation]] = [:]

  init(execution: Execution) {
    self.execution = execution
    let plan = execution.plan
    out = JSONWriter(capacity: plan.expectedSize)
    byteLimit = plan.context.limits.responseBytes
    errorLimit = plan.context.limits.errors
    errorBehavior = execution.request.onError ?? .propagate
    stack = .allocate(capacity: capacity)
    stack.initialize(repeating: Entry(), count: capacity)
  }

  deinit { stack.deallocate() }

  /// Begins the root object. Its fields follow by `writeRoot`.
  mutating func begin(_ root: Frame) {
    out.put("{\"data\":")
    pushObject(
      .passUnretained(root.object), row: root.pointer(0), frame: .passUnretained(root), index: 0,
      isNullable: true)
    stack[0].end = 0
  }

  /// Writes the root's fields up to `end`; false when null has propagated to the root.
  mutating func writeRoot(upTo end: Int) -> Bool {
    guard !isDataNull, depth > 0 else { return false }
    stack[0].end = end
    run()
    return !isDataNull
  }

  /// Ends the response, with what is announced for later, and hands its bytes over.
  mutating func finish(announcing pending: [PendingNotice] = []) -> Response {
    if !isDataNull { out.put(0x7D) }
    if isTooLarge || isHalted {
      out.truncate(to: 0)
      out.put("{\"data\":null")
    }
    if !errors.isEmpty {
      out.put(",\"errors\":")
      out.write(errors: errors)
    }
    let extensions = execution.request.context.responseExtensions
    if !extensions.isEmpty {
      out.put(",\"extensions\":")
      out.write(json: .object(extensions))
    }
    if !pending.isEmpty {
      out.write(pending: pending)
      out.put(",\"hasNext\":true")
    }
    out.put(0x7D)
    execution.plan.noteSize(out.count)
    return Response(buffer: out.take(), errors: errors)
  }

  /// Goes on until the root's present end is reached.
  mutating func run() {
    while depth > 0 {
      let entry = stack + (depth - 1)
      if out.count > byteLimit { return overflow() }
      switch entry.pointee.kind {
      case .object:
        if depth == 1 && entry.pointee.next == entry.pointee.end { return }
        writeFields()
      case .segment: writeSegment(entry)
      case .column: writeColumnItem(entry)
      case .dynamic: writeDynamicItem(entry)
      }
    }
  }

  /// Gives the response up where it outgrew its bound: nothing of it is sent, so this is its only error.
  private mutating func overflow() {
    // An object or list of which nothing is written yet has no position of its own to tell.
    var levels = depth
    while levels > 0 && stack[levels - 1].next == 0 { levels -= 1 }
    var error = GraphQLError(
      "The response is larger than \(byteLimit) bytes.", extensions: sizeErrorExtensions)
    if levels > 0 { error.path = path(levels: levels) }
    if let field = field(levels: levels) { error.locations = locations(of: field) }
    errors = [error]
    isTooLarge = true
    isDataNull = true
    depth = 0
  }
}

// MARK: - The stack

extension OutputPass {
  /// A new entry on top, whose value begins here. It still holds what an entry left there: the caller sets
  /// what its kind needs.
  @inline(__always)
  mutating func open(_ kind: Entry.Kind, end: Int, isNullable: Bool) -> UnsafeMutablePointer<Entry> {
    if depth == capacity { growStack() }
    let entry = stack + depth
    depth &+= 1
    entry.pointee.kind = kind
    entry.pointee.isNullable = isNullable
    entry.pointee.mark = out.count
    entry.pointee.next = 0
    entry.pointee.end = end
    entry.pointee.arenaMark = arena.mark
    return entry
  }

  @inline(never)
  private mutating func growStack() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: stack, count: depth)
    (larger + depth).initialize(repeating: Entry(), count: capacity * 2 - depth)
    stack.deallocate()
    stack = larger
    capacity *= 2
  }

  /// Opens an object; its brace is written with the first key.
  @inline(__always)
  mutating func pushObject(
    _ object: Unmanaged<PlanObject>, row: UnsafeRawPointer?, frame: Unmanaged<Frame>?, index: Int,
    isNullable: Bool
  ) {
    let (steps, count) = object._withUnsafeGuaranteedRef { ($0.steps, $0.stepCount) }
    let entry = open(.object, end: count, isNullable: isNullable)
    entry.pointee.object = object
    entry.pointee.steps = steps
    entry.pointee.row = row
    entry.pointee.frame = frame
    entry.pointee.index = index
    entry.pointee.cells = nil
    if let frame, frame._withUnsafeGuaranteedRef({ $0.isTable }) { enterTable(entry, frame, index) }
    if count == 0 { out.put(0x7B) }
  }

  @inline(never)
  private mutating func enterTable(
    _ entry: UnsafeMutablePointer<Entry>, _ frame: Unmanaged<Frame>, _ index: Int
  ) {
    frame._withUnsafeGuaranteedRef { frame in
      entry.pointee.cells = frame.cells ?? frame.prepareCells(execution.cells)
      entry.pointee.tableRow = frame.tableRow(index)
    }
  }

  /// Closes the list or object on top.
  @inline(__always)
  mutating func pop(_ closing: UInt8) {
    out.put(closing)
    depth &-= 1
    arena.release(to: stack[depth].arenaMark)
  }

  /// Null in a position that may be null, else propagation to the nearest one that may (§ 6.4.4), unless the
  /// request wants null where the error is.
  mutating func writeNull(isNullable: Bool) {
    if isNullable || errorBehavior == .null { return out.put("null") }
    while depth > 0 {
      depth -= 1
      let entry = stack[depth]
      out.truncate(to: entry.mark)
      arena.release(to: entry.arenaMark)
      if entry.isNullable {
        later?.forget(behind: entry.mark)
        out.put("null")
        break
      }
    }
    if depth == 0 { isDataNull = true }
  }
}

// MARK: - Errors

extension OutputPass {
  /// Records an error at the present position, or at an item of the list that is written there as a whole;
  /// the caller writes the null.
  mutating func record(_ error: any Error, at field: PlanField, items: [Int] = []) {
    guard errors.count <= errorLimit else { return }
    var shown: GraphQLError
    if errors.count == errorLimit {
      // The last one stands for all that follow, so that nobody takes their nulls for values.
      shown = GraphQLError(
        "Too many errors: further ones than the first \(errorLimit) are left out.",
        extensions: sizeErrorExtensions)
    } else if let known = error as? GraphQLError {
      shown = known
    } else if let known = error as? any ClientVisibleError {
      shown = known.graphQLError
    } else {
      execution.request.context.report(error, at: field.id)
      shown = GraphQLError(
        "Internal error", extensions: [ErrorExtension(key: "code", json: "\"INTERNAL\"")])
    }
    if shown.locations.isEmpty { shown.locations = locations(of: field) }
    shown.path = path + items.map(PathSegment.index)
    errors.append(shown)
    if errorBehavior == .halt { return halt() }
    for further in (error as? any ClientVisibleError)?.furtherErrors ?? [] {
      record(further, at: field, items: items)
    }
  }

  /// Ends the response at its first error; what is written by now is thrown away.
  private mutating func halt() {
    isHalted = true
    isDataNull = true
    depth = 0
  }

  private var sizeErrorExtensions: [ErrorExtension] { execution.plan.context.executable.sizeErrorExtensions }

  mutating func recordNull(at field: PlanField, items: [Int] = []) {
    let schema = execution.schema
    let place = "\(schema.name(field.parentType)).\(schema.name(schema[field.id].name))"
    let error = GraphQLError(
      "Cannot return null for non-nullable field \(place).",
      extensions: execution.plan.context.executable.nullErrorExtensions)
    record(error, at: field, items: items)
  }

  /// An error instead of a value.
  mutating func fail(_ error: any Error, at field: PlanField, isNullable: Bool) {
    record(error, at: field)
    writeNull(isNullable: isNullable)
  }

  /// A null as a value: an error where it must not be.
  mutating func writeNullValue(at field: PlanField, isNullable: Bool) {
    if !isNullable { recordNull(at: field) }
    writeNull(isNullable: isNullable)
  }

  /// The response position that is being written (§ 7.1.4).
  private var path: [PathSegment] { path(levels: depth) }

  /// The position of what the lowest entries of the stack are writing.
  func path(levels: Int) -> [PathSegment] {
    (0..<levels).map { level in
      let entry = stack[level]
      guard entry.kind == .object, let object = entry.object?.takeUnretainedValue() else {
        return .index(entry.next - 1)
      }
      return .key(object.fields[entry.next - 1].responseKey)
    }
  }

  /// The field that the lowest entries of the stack are writing.
  private func field(levels: Int) -> PlanField? {
    for level in (0..<levels).reversed() where stack[level].kind == .object {
      let entry = stack[level]
      return entry.object?.takeUnretainedValue().fields[entry.next - 1]
    }
    return nil
  }

  /// All places of a merged field, a bounded number of them.
  private mutating func locations(of field: PlanField) -> [SourceLocation] {
    if let known = locations[field.number] { return known }
    let document = execution.plan.context.document
    let limit = execution.plan.context.limits.validation.locationsPerError
    let made = field.nodes.prefix(limit).map { document.location(of: $0) }
    locations[field.number] = made
    return made
  }
}
