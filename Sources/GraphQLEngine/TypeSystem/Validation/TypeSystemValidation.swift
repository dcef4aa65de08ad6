/// The "Type Validation" parts of § 3, worded as graphql-js's `validateSchema`. Lives for one check of a
/// schema whose SDL rules hold.
///
/// Built-in types are valid by construction; everything else is looked at once.
struct TypeSystemValidation {
  let schema: Schema
  var report: SchemaErrorReport
  /// Marks of types and members, reset for each owner.
  var marks: SymbolMarks
  /// Comparisons between interfaces that remain, see `maximumInterfaceChecks`.
  var interfaceChecksLeft = TypeSystemValidation.maximumInterfaceChecks

  /// How often an interface or a field of one is compared to a type that implements it. Each type is
  /// compared to each of its interfaces, and each of these to theirs, which grows with the third power
  /// where all implement all.
  static let maximumInterfaceChecks = 20_000_000

  /// See `Schema.Checks.compatible`.
  let checksDeprecationOfImplementations: Bool

  private let trees: [SyntaxTree]

  /// The errors of a schema, at most `maximumErrors` and one that says so.
  static func validate(_ schema: Schema, _ options: Schema.Options) -> [SchemaFinding] {
    var validation = TypeSystemValidation(schema: schema, options)
    validation.checkRootTypes()
    validation.checkDirectives()
    validation.checkTypes()
    if options.checks == .complete { validation.checkBuiltInTypes() }
    validation.checkFiniteValues()
    validation.checkDefaultValueCycles()
    return validation.report.located(in: schema.documents)
  }

  private init(schema: Schema, _ options: Schema.Options) {
    self.schema = schema
    report = SchemaErrorReport(maximumErrors: options.maximumErrors)
    checksDeprecationOfImplementations = options.checks == .complete
    marks = SymbolMarks(count: schema.symbols.count)
    trees = schema.documents.map(\.tree)
  }

  func node(_ position: SyntaxPosition) -> SyntaxNode {
    SyntaxNode(tree: trees[Int(position.document)], index: position.index)
  }

  /// Where a definition begins.
  func place(of position: SyntaxPosition) -> SDLPlace { SDLPlace(position.document, node: node(position)) }

  /// Where the definition and the extensions of a type begin.
  func places(of type: TypeRecord) -> [SDLPlace] { schema.sites[type.sites.indices].map(place) }

  private mutating func checkTypes() {
    for index in schema.builtInTypeCount..<schema.types.count where !report.isFull {
      let id = TypeID(rawValue: UInt32(index))
      checkName(schema.types[index].name, at: schema.types[index].syntax)
      switch schema.types[index].kind {
      case .scalar: break
      case .object, .interface:
        checkFields(of: id)
        checkInterfaces(of: id)
      case .union: checkMembers(of: id)
      case .enum: checkEnumValues(of: id)
      case .inputObject: checkInputFields(of: id)
      }
    }
  }

  /// § 2.1.9: names that begin with two underscores are reserved.
  @inline(__always)
  mutating func checkName(_ name: Symbol, at position: SyntaxPosition) {
    if schema.symbols.isReserved(name) { reportReserved(name, at: position) }
  }

  @inline(never)
  private mutating func reportReserved(_ name: Symbol, at position: SyntaxPosition) {
    report.add(
      "Name \"\(schema.name(name))\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      [place(of: position)])
  }

  /// What holds for every argument and input field; `name` words its coordinate where something is wrong.
  mutating func checkInputValue(_ value: InputValueRecord, _ what: String, _ name: (Schema) -> String) {
    if value.isDeprecated, value.isRequired { reportDeprecation(of: value, "\(what) \(name(schema))") }
    guard value.defaultValue != 0, !report.isFull else { return }
    let document = value.syntax.document
    let literal = ValueNode(node(SyntaxPosition(document: document, index: value.defaultValue)))
    // § 3.6.1, § 3.10: a default value must be coercible to the type.
    guard !LiteralValidation.accepts(literal, type: value.type, in: schema) else { return }
    LiteralValidation(
      schema: schema, document: document, subject: "\(name(schema)) has invalid default value"
    )
    .check(literal, type: value.type, report: &report)
  }

  /// § 3.13.3: what must be given cannot be deprecated.
  private mutating func reportDeprecation(of value: InputValueRecord, _ name: String) {
    let node = InputValueDefinitionNode(node(value.syntax))
    let document = value.syntax.document
    let directive = node.directives.first { $0.name == "deprecated" }
    let places = directive.map { [SDLPlace(document, node: $0.node)] } ?? []
    report.add("Required \(name) cannot be deprecated.", places + [SDLPlace(document, node: node.type.node)])
  }
}

extension Schema {
  /// `Type.field`
  func coordinate(of field: FieldRecord) -> String { "\(name(field.parent)).\(name(field.name))" }

  /// `Type.field(argument:)`
  func coordinate(of argument: InputValueRecord, _ field: FieldRecord) -> String {
    "\(coordinate(of: field))(\(name(argument.name)):)"
  }

  /// `Type.field`
  func coordinate(of field: InputValueRecord, in type: TypeRecord) -> String {
    "\(name(type.name)).\(name(field.name))"
  }

  /// `@directive(argument:)`
  func coordinate(of argument: InputValueRecord, in directive: DirectiveRecord) -> String {
    "@\(name(directive.name))(\(name(argument.name)):)"
  }
}
