import GraphQLEngine

/// Reads `@cost`, `@listSize` and `@cacheControl` of a schema.
struct CostDirectives {
  let schema: Schema

  /// How long a list of objects is taken to be that says nothing.
  static let assumedSize = 10.0

  /// `@listSize`.
  struct ListSize {
    var assumedSize: Double?
    var slicingArguments: [String] = []
    var sizedFields: [String] = []
  }

  func weight(of field: FieldID) -> Double? { weight(schema.appliedDirectives(of: field)) }
  func weight(of argument: InputValueID) -> Double? { weight(schema.appliedDirectives(of: argument)) }

  func weight(of type: TypeID) -> Double? {
    schema[type].isBuiltIn ? nil : weight(schema.appliedDirectives(of: type))
  }

  private func weight(_ directives: [DirectiveNode]) -> Double? {
    guard let value = directives.first(where: { $0.name == "cost" })?.value(of: "weight"),
      value.kind == .stringValue
    else { return nil }
    return Double(value.asString.value)
  }

  /// Declared, or what a page's `first` means where nothing is.
  func listSize(of field: FieldID) -> ListSize? {
    guard let directive = schema.appliedDirectives(of: field).first(where: { $0.name == "listSize" }) else {
      return conventional(field)
    }
    return ListSize(
      assumedSize: directive.value(of: "assumedSize").flatMap(CostDirectives.length),
      slicingArguments: directive.texts(of: "slicingArguments"),
      sizedFields: directive.texts(of: "sizedFields"))
  }

  private func conventional(_ field: FieldID) -> ListSize? {
    let record = schema[field]
    guard schema.inputValue(named: "first", in: record.arguments) != nil else { return nil }
    let names = ["edges", "nodes"].filter { schema.field(named: $0, in: record.type.namedType) != nil }
    return names.isEmpty ? nil : ListSize(slicingArguments: ["first"], sizedFields: names)
  }

  /// A number, or how many items a list has.
  static func length(_ value: ValueNode) -> Double? {
    switch value.kind {
    case .intValue: Double(value.text.description).map { max(0, $0) }
    case .listValue: Double(value.items.reduce(0) { count, _ in count + 1 })
    default: nil
    }
  }

  // MARK: @cacheControl

  /// Fields of the root and objects may not be kept unless a hint says so; leaves are kept as long as the
  /// object they belong to.
  func restrict(
    _ policy: inout CachePolicy, _ field: FieldID, _ target: TypeID, isRoot: Bool, isComposite: Bool
  ) {
    let hints = [
      hint(schema.appliedDirectives(of: field)),
      isComposite ? hint(schema.appliedDirectives(of: target)) : nil,
    ].compactMap { $0 }
    if hints.contains(where: { $0.value(of: "scope")?.text.description == "PRIVATE" }) {
      policy.isPrivate = true
    }
    for hint in hints {
      if let age = hint.value(of: "maxAge").flatMap(CostDirectives.length) {
        return policy.restrict(Int(age))
      }
      if hint.value(of: "inheritMaxAge")?.isTrue == true { return }
    }
    if isRoot || isComposite { policy.restrict(0) }
  }

  private func hint(_ directives: [DirectiveNode]) -> DirectiveNode? {
    directives.first { $0.name == "cacheControl" }
  }
}

extension DirectiveNode {
  /// The value of an argument that is given.
  fileprivate func value(of name: StaticString) -> ValueNode? { arguments.first { $0.name == name }?.value }

  fileprivate func texts(of name: StaticString) -> [String] {
    guard let value = value(of: name), value.kind == .listValue else { return [] }
    return value.items.compactMap { $0.kind == .stringValue ? $0.asString.value : nil }
  }
}
