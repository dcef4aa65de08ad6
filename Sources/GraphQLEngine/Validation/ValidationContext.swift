/// The state of one validation: the schema and document, and flat tables that the walk fills and the rules
/// read.
///
/// A value on the stack of `Schema.validate`; rules are static functions that take it `inout`, so that
/// nothing is dispatched dynamically and nothing is allocated for a node.
struct ValidationContext {
  let schema: Schema
  let document: Document
  let tree: SyntaxTree
  let rules: ValidationRules
  let hidesSuggestions: Bool
  let limits: ValidationLimits

  /// `@defer` and `@stream`, where the schema defines them.
  let deferDirective: DirectiveID?
  let streamDirective: DirectiveID?

  var errors: ErrorReport

  /// The memory of the lists below; it lives as long as this context, and they are used only through it.
  let arena: ScratchArena

  /// The type system definitions of the document, if it has any.
  var own: OwnDefinitions?

  /// The operations and fragment definitions, in the order of the source.
  var definitions: ScratchList<DefinitionRecord>
  var operationCount = 0

  /// The fragment definitions; a name that is defined twice leads to the last.
  var fragments: ScratchList<FragmentRecord>
  var fragmentNames = NameTable()

  /// Fragment spreads, variable definitions and usages; a definition has a range of each.
  var spreads: ScratchList<SpreadRecord>
  var variables: ScratchList<VariableRecord>
  var usages: ScratchList<VariableUsage>

  /// Every selection set with the type it selects from, in the order of the source.
  var selectionSets: ScratchList<TypedSelectionSet>

  /// Every `@defer` and `@stream`, with the number of its definition.
  var incrementalDirectives: [(directive: DirectiveNode, definition: Int)] = []

  /// The fields `__schema` and `__type` that the document selects.
  var introspectionFields: ScratchList<FieldNode>

  /// Set when a fragment's name is defined twice.
  var hasRepeatedFragment = false
  /// Set by `measureFragments` when fragments spread themselves.
  var hasFragmentCycle = false
  /// Set when a document is too large after fragments: then not all fragments were followed, nor are fields
  /// merged.
  var exceedsFragmentLimits = false

  // Scratch, reused by one walk or rule after the other.
  var names = NameTable()
  var frames: ScratchList<SelectionFrame>
  var values: ScratchList<ExpectedValue>
  /// Fields and depth of the definition that is being walked; see `DefinitionRecord`.
  var fieldCount = 0
  var depth = 0
  /// Raised for each search over fragments; see `FragmentRecord.visit`.
  var visit: UInt32 = 0
  var suggestionCellsLeft: Int
  /// Spreads that may still be followed to find the root fields of subscriptions.
  var subscriptionVisitsLeft: Int

  init(schema: Schema, document: Document, options: ValidationOptions) {
    self.schema = schema
    self.document = document
    tree = document.tree
    rules = options.rules
    hidesSuggestions = options.hidesSuggestions
    limits = options.limits
    deferDirective = schema.deferDirective
    streamDirective = schema.streamDirective
    errors = ErrorReport(limits: options.limits)
    suggestionCellsLeft = options.limits.suggestionCells
    subscriptionVisitsLeft = options.limits.fragmentVisits
    let arena = ScratchArena()
    self.arena = arena
    definitions = ScratchList(in: arena)
    fragments = ScratchList(in: arena)
    spreads = ScratchList(in: arena, capacity: 16)
    variables = ScratchList(in: arena)
    usages = ScratchList(in: arena, capacity: 16)
    selectionSets = ScratchList(in: arena, capacity: 32)
    introspectionFields = ScratchList(in: arena, capacity: 2)
    frames = ScratchList(in: arena, capacity: 16)
    values = ScratchList(in: arena)
  }

  /// Adds an error of a rule that points at nodes.
  @inline(never)
  mutating func report(_ rule: ValidationRule, _ message: String, at nodes: SyntaxNode...) {
    errors.add(message, at: nodes.map(\.start), rule)
  }

  /// Adds an error of a rule that points at byte offsets of the source.
  @inline(never)
  mutating func report(_ rule: ValidationRule, _ message: String, atOffsets offsets: [UInt32]) {
    errors.add(message, at: offsets, rule)
  }

  /// Adds the error of an exceeded budget.
  @inline(never)
  mutating func reportExceeded(_ budget: ValidationBudget, limit: Int, at node: SyntaxNode?) {
    errors.add(budget.message(limit: limit), at: node.map { [$0.start] } ?? [], nil)
  }

  @inline(__always)
  func node(_ index: UInt32) -> SyntaxNode { SyntaxNode(tree: tree, index: index) }

  /// The number of the fragment with a name, or nil.
  func fragment(named name: SyntaxName) -> Int? {
    guard fragments.count > 8 else {
      var index = fragments.count - 1
      while index >= 0, !fragments[index].name.equals(name) { index -= 1 }
      return index < 0 ? nil : index
    }
    return fragmentNames.value(of: name).map(Int.init)
  }
}

/// An operation or fragment definition, and what the walk found in it.
struct DefinitionRecord {
  let node: SyntaxNode
  /// The number of the fragment, or nil for an operation.
  let fragment: Int?
  var spreads = ScratchRange()
  var variables = ScratchRange()
  var usages = ScratchRange()
  /// Fields in all its selection sets, spreads not followed.
  var fieldCount = 0
  /// The nesting of its selection sets, spreads not followed; 1 for a set without subselections.
  var depth = 0

  var operation: OperationNode { OperationNode(node) }
}

/// A fragment definition.
struct FragmentRecord {
  let node: FragmentDefinitionNode
  let name: SyntaxName
  /// The type of its condition, when it exists and is composite.
  let type: TypeID?
  /// Its place in `ValidationContext.definitions`.
  let definition: Int
  /// The last search that came here: equal to `ValidationContext.visit` when the current one did.
  var visit: UInt32 = 0
  var isUsed = false
  var isUsedBySubscription = false
  /// Fields and depth with all spreads followed; `measureFragments` computes them.
  var fieldsAfterFragments = 0
  var depthAfterFragments = 0
}

/// `...name`, and the fragment it names.
struct SpreadRecord {
  let node: FragmentSpreadNode
  let fragment: Int?
  /// The nesting of the selection set it stands in, counted from 1.
  let depth: Int
}

/// A variable definition of an operation.
struct VariableRecord {
  let node: VariableDefinitionNode
  let name: SyntaxName
  let type: TypeReference?
  var isUsed = false
}

/// A variable in a value, with what its place expects (§ 5.8.5).
struct VariableUsage {
  let node: SyntaxNode
  let type: TypeReference?
  /// Whether the argument or input field has a default value.
  let hasDefault: Bool
  /// The oneOf input object whose field it is.
  let oneOf: OneOfPlace?
}

/// A value of a oneOf input object type (§ 3.10.1).
struct OneOfPlace {
  let type: TypeID
  /// The record of the object value.
  let object: UInt32
}

/// A selection set and the composite type it selects from.
struct TypedSelectionSet {
  let node: UInt32
  let type: TypeID?
  /// The fragment whose outermost set it is.
  var fragment: Int?
  var isInlineFragment = false
}
