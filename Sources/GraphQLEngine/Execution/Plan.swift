import Synchronization

/// What is planned of one operation for one set of condition values: shared by all executions of a cached
/// document.
final class OperationPlan: Sendable {
  let context: PlanContext
  let root: PlanObject
  /// The size of the largest response so far.
  private let largestSize = Atomic<Int>(1024)

  init(context: PlanContext, root: PlanObject) {
    self.context = context
    self.root = root
  }

  /// Room for the next response.
  var expectedSize: Int { largestSize.load(ordering: .relaxed) + 64 }

  func noteSize(_ count: Int) {
    if count > largestSize.load(ordering: .relaxed) {
      largestSize.store(min(count, 4 << 20), ordering: .relaxed)
    }
  }
}

/// What all parts of a plan need: schema, document, variables, fragments, and the budget of fields.
final class PlanContext: Sendable {
  let executable: ExecutableSchema
  /// Keeps every syntax node of the plan alive.
  let document: Document
  let operation: OperationNode
  let variables: VariableTable
  let fragments: [SyntaxName: FragmentDefinitionNode]
  /// By variable: the value of one that `@skip` or `@include` depends on.
  let conditions: [Bool?]
  /// The variables among them that are no condition.
  let conditionFaults: [Int: ConditionCheck.Fault]
  let hasFaultyLiterals: Bool
  let limits: EngineLimits
  /// Whether `@defer` and `@stream` are heeded.
  let isIncremental: Bool
  private let fieldCount = Mutex(0)
  private let usageCount = Atomic(0)
  private let visitCount = Atomic(0)
  private let heapBytes = Atomic(0)
  private let countedBytes = Atomic(0)

  init(
    _ operation: PreparedOperation, conditions: [Bool?], conditionFaults: [Int: ConditionCheck.Fault],
    limits: EngineLimits, isIncremental: Bool = false
  ) {
    executable = operation.executable
    document = operation.document
    self.operation = operation.operation
    variables = operation.variables
    fragments = operation.fragments
    self.conditions = conditions
    self.conditionFaults = conditionFaults
    hasFaultyLiterals = operation.hasFaultyLiterals
    self.limits = limits
    self.isIncremental = isIncremental
  }

  var schema: Schema { executable.schema }

  /// The heap's bytes that the plan's objects keep, those included that are planned while it is executed.
  var byteCount: Int { heapBytes.load(ordering: .relaxed) }

  func countBytes(_ count: Int) { heapBytes.add(count, ordering: .relaxed) }

  /// Whether the plan has grown since the cache counted it.
  var hasGrown: Bool { byteCount != countedBytes.load(ordering: .relaxed) }

  /// The bytes as the cache counts them from now on.
  func counted() -> Int {
    let count = byteCount
    countedBytes.store(count, ordering: .relaxed)
    return count
  }

  /// The number of the next `@defer` of the plan.
  func nextUsageNumber() -> Int { usageCount.add(1, ordering: .relaxed).oldValue }

  /// Counts a selection that is looked at: deferred fragments are spread each time, so that their number
  /// could double at each step.
  func countVisit() throws(PlanError) {
    guard visitCount.add(1, ordering: .relaxed).newValue <= limits.fields * 10 else {
      throw PlanError(message: "The operation spreads more than \(limits.fields * 10) selections.")
    }
  }

  /// The number of the next field of the plan; throws when the operation has too many.
  func nextFieldNumber() throws(PlanError) -> Int {
    let number = fieldCount.withLock { count in
      count += 1
      return count - 1
    }
    guard number < limits.fields else {
      throw PlanError(message: "The operation has more than \(limits.fields) fields.")
    }
    return number
  }
}

/// An operation that breaks a limit while it is planned.
struct PlanError: Error {
  var message: String
  /// The error, where the execution had begun: `data` is null then (§ 6.4.4).
  var execution: GraphQLError?
}

/// The objects at one response position: their declared type, and what is selected of each concrete type.
final class PlanSelection: @unchecked Sendable {
  // @unchecked: `concrete` is set while the plan is built, before others see it; `objects` is behind its
  // lock.

  let context: PlanContext
  /// The declared type: object, interface or union.
  let type: TypeID
  /// The fields whose selection sets are merged here.
  let nodes: [FieldNode]
  let depth: Int
  /// The `@defer`s around the nodes; nil in a plan without incremental delivery.
  let scope: DeferScope?
  /// What is selected, where the declared type is an object type.
  private(set) var concrete: PlanObject?
  private let objects = Mutex<[TypeID: PlanObject]>([:])
  /// Types whose fields exceed a limit.
  private let forbidden = Mutex<Set<TypeID>>([])

  init(
    context: PlanContext, type: TypeID, nodes: [FieldNode], depth: Int, scope: DeferScope? = nil
  ) {
    self.context = context
    self.type = type
    self.nodes = nodes
    self.depth = depth
    self.scope = scope
    context.countBytes(HeapBytes.object(120) + HeapBytes.array(nodes))
  }

  var schema: Schema { context.schema }

  /// Whether frames must be made for the objects although they are resident: something below is fetched. Of
  /// an abstract type it is not known, so it is assumed.
  var needsFrames: Bool { concrete.map(\.needsFrame) ?? true }

  /// The same of JSON objects that are members of JSON objects; of an abstract type the wiring tells.
  var needsMemberFrames: Bool {
    concrete.map(\.needsFrame) ?? context.executable.fetchingTypes.contains(type)
  }

  func setConcrete(_ object: PlanObject) { concrete = object }

  /// Why the fields of an object cannot be collected; nil where they can.
  func failure(for type: TypeID) -> GraphQLError? {
    guard context.hasFaultyConditions else { return nil }
    return ConditionCheck(context: context, type: type).failure(in: nodes.compactMap(\.selectionSet))
  }

  /// The fields of one concrete type, merged when it is met first. nil when a limit forbids it.
  func object(for type: TypeID) -> PlanObject? {
    if let concrete { return concrete.type == type ? concrete : nil }
    if let known = objects.withLock({ $0[type] }) { return known }
    if forbidden.withLock({ $0.contains(type) }) { return nil }
    guard schema.isPossibleType(type, of: self.type) else { return nil }
    var builder = PlanBuilder(context: context)
    guard let made = try? builder.build(type: type, of: self) else {
      // Remembered: thousands of objects of this type may follow.
      forbidden.withLock { _ = $0.insert(type) }
      return nil
    }
    return objects.withLock { objects in
      let kept = objects[type] ?? made
      objects[type] = kept
      return kept
    }
  }
}

/// One response key of a `PlanObject`: the merged field nodes, how the value is had, and what lies below.
final class PlanField: @unchecked Sendable {
  // @unchecked: `slot`, `isBroken` and `stream` are set while the plan is built, before others see it.

  /// The number of the field in its plan.
  let number: Int
  let id: FieldID
  let parentType: TypeID
  let name: String
  let responseKey: String
  let type: TypeReference
  let node: FieldNode
  /// The further nodes of a merged field.
  private let otherNodes: [FieldNode]
  let binding: FieldBinding?
  let arguments: ArgumentPlan
  /// The arguments, where no variable is involved.
  let constantArguments: ArgumentsBox?
  let child: PlanSelection?
  /// The wiring's checks of directives that are put at it.
  let directiveChecks: [(name: String, check: Wiring.DirectiveCheck)]
  /// Where a fetched field's resolver keeps what it prepares once per plan.
  let memoSlot: MemoSlot?
  /// The position among the columns of a frame; -1 for what never needs one.
  var slot = -1
  let isTypename: Bool
  /// The Swift rows below have another type than their fields are bound to.
  var isBroken = false
  /// The `@stream` that is heeded.
  var stream: StreamUsage?

  init(
    number: Int, id: FieldID, nodes: [FieldNode], parent: PlanObjectHeader, child: PlanSelection?
  ) {
    let context = parent.context
    self.number = number
    self.id = id
    node = nodes[0]
    otherNodes = nodes.count > 1 ? Array(nodes[1...]) : []
    type = context.schema[id].type
    name = context.schema.name(context.schema[id].name)
    responseKey = node.responseKey.description
    parentType = parent.type
    self.child = child
    binding = context.executable.binding(of: id)
    directiveChecks = context.executable.directiveChecks.filter { known in
      nodes.contains { $0.directives.contains { $0.name.description == known.name } }
    }
    let arguments = ArgumentPlan(node, id: id, context: context)
    self.arguments = arguments
    constantArguments = arguments.isEmpty ? ArgumentsBox.empty : arguments.constant.map(ArgumentsBox.init)
    isTypename = id == context.schema.wellKnown.typenameField
    memoSlot = binding?.isFetched == true ? MemoSlot() : nil
    context.countBytes(byteCount)
  }

  /// The field nodes that were merged.
  var nodes: [FieldNode] { [node] + otherNodes }

  /// What it keeps of the heap, its child apart.
  private var byteCount: Int {
    let memo = memoSlot == nil ? 0 : HeapBytes.object(16)
    let constant = constantArguments == nil || arguments.isEmpty ? 0 : HeapBytes.object(24)
    return HeapBytes.object(208) + memo + constant + arguments.byteCount + HeapBytes.array(otherNodes)
      + HeapBytes.string(name) + HeapBytes.string(responseKey)
  }

  /// Whether something is checked before it; `__typename` is always told. Arguments with variables are: even
  /// a field that reads none of them fails where they cannot be coerced (§ 6.4.1).
  var isGuarded: Bool {
    !isTypename
      && (constantArguments == nil || binding?.accessCheck != nil || !directiveChecks.isEmpty)
  }

  /// Whether the value comes from a batch, a loader or a stream.
  var isFetched: Bool { binding?.isFetched ?? false }

  /// Whether resident children get frames: something below is fetched, or is delivered later and must
  /// outlive the output pass.
  var needsFrames: Bool {
    guard let child else { return false }
    return child.needsFrames || stream != nil || child.concrete?.hasParts == true
  }
}

/// Where a field is planned.
struct PlanObjectHeader {
  let context: PlanContext
  let type: TypeID
}

/// The merged fields of one concrete type at one response position, with the steps of the output pass.
final class PlanObject: @unchecked Sendable {
  // @unchecked: `finish` and `setParts` are called while the plan is built, before others see it.

  let context: PlanContext
  let type: TypeID
  let fields: [PlanField]
  /// The fields that are fetched, in the order of the query.
  let fetchedFields: [PlanField]
  /// The number of columns that a frame of these objects has.
  private(set) var slotCount = 0
  /// Fields whose children get frames although they are resident.
  private(set) var framedFields: [PlanField] = []
  /// Whether objects here need a frame: something is fetched at or below them.
  private(set) var needsFrame = false
  /// The Swift type of rows that the resident fields read; nil when none does.
  private(set) var rowType: ObjectIdentifier?
  /// Whether every field is a leaf of a Swift row that may be written in one tight loop.
  private(set) var isFlat = true
  /// The fields that are delivered later.
  private(set) var parts: [DeferredPart] = []
  private(set) var hasParts = false
  private(set) var steps: UnsafeMutablePointer<FieldStep>
  let stepCount: Int
  /// What stands before each value; the steps point into it.
  private var keys: UnsafeMutablePointer<UInt8>?

  init(header: PlanObjectHeader, fields: [PlanField]) {
    context = header.context
    type = header.type
    self.fields = fields
    fetchedFields = fields.filter(\.isFetched)
    stepCount = fields.count
    steps = .allocate(capacity: max(fields.count, 1))
    context.countBytes(
      HeapBytes.object(144) + HeapBytes.array(self.fields) + HeapBytes.array(fetchedFields)
        + HeapBytes.allocation(stepCount * MemoryLayout<FieldStep>.stride))
  }

  deinit {
    steps.deallocate()
    keys?.deallocate()
  }

  /// Objects with deferred parts are never written in a tight loop, so that each is seen.
  func setParts(_ parts: [DeferredPart]) {
    self.parts = parts
    hasParts = !parts.isEmpty
    if hasParts { isFlat = false }
  }

  /// Numbers the columns and lays out the steps, once everything below is planned.
  func finish() {
    for field in fields {
      let kind = FieldStep.Kind(field)
      if !isPlainLeaf(field, kind) { isFlat = false }
      settleRowType(field)
      let isFramed = isFramedResident(field)
      if field.isFetched || isFramed || kind == .same {
        field.slot = slotCount
        slotCount += 1
      }
      if isFramed || kind == .same { framedFields.append(field) }
      if field.isFetched || isFramed { needsFrame = true }
    }
    layOutSteps()
  }

  private func layOutSteps() {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    for (position, field) in fields.enumerated() {
      let start = bytes.count
      bytes.append(position == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      bytes.append(contentsOf: "\"\(field.responseKey)\":".utf8)
      if FieldStep.Kind(field) == .typename {
        bytes.append(contentsOf: "\"\(context.schema.name(type))\"".utf8)
      }
      ranges.append(start..<bytes.count)
    }
    let keys = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + JSONWriter.padding)
    keys.initialize(repeating: 0, count: bytes.count + JSONWriter.padding)
    for (index, byte) in bytes.enumerated() { keys[index] = byte }
    self.keys = keys
    context.countBytes(HeapBytes.allocation(bytes.count + JSONWriter.padding))
    for (position, field) in fields.enumerated() {
      let key = UnsafeBufferPointer(start: keys + ranges[position].lowerBound, count: ranges[position].count)
      (steps + position).initialize(to: FieldStep(field, key: key))
    }
  }

  /// A leaf that a static function writes, or `__typename`, with nothing to check before or behind it.
  private func isPlainLeaf(_ field: PlanField, _ kind: FieldStep.Kind) -> Bool {
    guard !field.isGuarded, !field.type.nullable.isList else { return false }
    if case .leaf = field.binding?.kind { return kind == .leaf }
    return kind == .typename
  }

  private func isFramedResident(_ field: PlanField) -> Bool {
    guard let child = field.child, let binding = field.binding else { return false }
    switch binding.kind {
    case .child: return field.needsFrames
    case .same: return child.needsFrames || child.concrete?.hasParts == true
    case .member: return child.needsMemberFrames
    default: return false
    }
  }

  /// All resident fields must read rows of one Swift type, and children rows of theirs.
  private func settleRowType(_ field: PlanField) {
    var wanted: ObjectIdentifier?
    switch field.binding?.kind {
    case .leaf(let writer): wanted = writer.rowType
    case .child(let reader):
      wanted = reader.rowType
      if let below = field.child?.concrete?.rowType, below != reader.childType { field.isBroken = true }
    case .same: wanted = field.child?.concrete?.rowType
    case .member: wanted = ObjectIdentifier(InputValue.self)
    default: break
    }
    guard let wanted else { return }
    if let rowType, rowType != wanted { field.isBroken = true } else { rowType = wanted }
  }
}

/// What the output pass does for one field: a trivial value, so that walking the steps counts no references.
/// The plan keeps everything it points to alive.
struct FieldStep {
  enum Kind: UInt8 {
    case typename
    /// A leaf of the row.
    case leaf
    /// Resident objects without frames.
    case child
    /// A column of the frame.
    case column
    /// The same row as another type; a column where the frame has one.
    case same
    case member
    /// The wiring is at fault.
    case broken

    init(_ field: PlanField) {
      switch field.binding?.kind {
      case nil: self = field.isTypename ? .typename : .broken
      case .leaf, .cell: self = .leaf
      case .child: self = field.needsFrames ? .column : .child
      case .same: self = .same
      case .member: self = field.child?.needsMemberFrames == true ? .column : .member
      case .batch, .loader, .stream, .roots, .items: self = .column
      }
      if field.isBroken { self = .broken }
    }
  }

  /// What stands before the value: a brace or a comma, the key in quotes, a colon; of `__typename` the value
  /// too. `JSONWriter.padding` bytes behind it may be read.
  let key: UnsafePointer<UInt8>
  let keyCount: Int32
  let kind: Kind
  let isNullable: Bool
  let isList: Bool
  /// Whether an access check stands before it.
  let isGuarded: Bool
  let slot: Int32
  let leaf: (any LeafField.Type)?
  let reader: ChildReader?
  /// The arguments, where no variable is involved.
  let constantArguments: Unmanaged<ArgumentsBox>?
  let field: Unmanaged<PlanField>
  /// What is selected of the children, where their type is an object type.
  let child: Unmanaged<PlanObject>?
  /// The type of a list's items.
  let itemType: TypeReference

  init(_ field: PlanField, key: UnsafeBufferPointer<UInt8>) {
    self.key = key.baseAddress.unsafelyUnwrapped
    keyCount = Int32(key.count)
    kind = Kind(field)
    isNullable = !field.type.isNonNull
    isList = field.type.nullable.isList
    isGuarded = field.isGuarded
    slot = Int32(field.slot)
    if case .leaf(let writer) = field.binding?.kind { leaf = writer.field } else { leaf = nil }
    if case .child(let reader) = field.binding?.kind { self.reader = reader } else { reader = nil }
    constantArguments = field.constantArguments.map { .passUnretained($0) }
    self.field = .passUnretained(field)
    child = field.child?.concrete.map { .passUnretained($0) }
    itemType = field.type.nullable.wrapped
  }
}
