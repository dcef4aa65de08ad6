// Changes between two schemas, as graphql-js's `findSchemaChanges` and beyond it.

extension Schema {
  /// What changes for clients when this schema is replaced by another: breaking, dangerous and safe changes.
  ///
  /// In the order of graphql-js: root types, removed and added types, what persists in the order of this
  /// schema, then directives. Linear in the size of both schemas. Both must be valid.
  public func changes(to new: Schema) -> [SchemaChange] {
    var comparison = SchemaComparison(old: self, new: new)
    comparison.compareRootTypes()
    comparison.compareTypes()
    comparison.compareDirectives()
    return comparison.changes
  }
}

/// Collects the changes between two schemas. Lives for one call of `Schema.changes(to:)`.
///
/// Ids and symbols of one schema mean nothing in the other; `names` leads from one to the other.
struct SchemaComparison {
  let old: Schema
  let new: Schema
  let names: NamePairs
  private(set) var changes: [SchemaChange] = []
  private var oldPlaces: DefinitionPlaces
  private var newPlaces: DefinitionPlaces

  init(old: Schema, new: Schema) {
    self.old = old
    self.new = new
    names = NamePairs(old: old.symbols, new: new.symbols)
    oldPlaces = DefinitionPlaces(old)
    newPlaces = DefinitionPlaces(new)
  }

  /// What a change is about: its coordinate and where it stands in the two schemas.
  struct Element {
    var coordinate: SchemaCoordinate
    var old: SyntaxPosition?
    var new: SyntaxPosition?
  }

  mutating func add(_ kind: SchemaChange.Kind, _ element: Element, _ message: String) {
    changes.append(
      SchemaChange(
        kind: kind, coordinate: element.coordinate, message: message,
        old: element.old.flatMap { oldPlaces.place(of: $0) },
        new: element.new.flatMap { newPlaces.place(of: $0) }))
  }

  /// Adds a change of the schema itself.
  mutating func add(_ kind: SchemaChange.Kind, _ message: String) {
    changes.append(SchemaChange(kind: kind, coordinate: nil, message: message, old: nil, new: nil))
  }

  // MARK: Type references

  /// Whether a type of the old schema and one of the new are written the same.
  func areSame(_ oldType: TypeReference, _ newType: TypeReference) -> Bool {
    oldType.rawValue & 0xFF_FFFF_FFFF == newType.rawValue & 0xFF_FFFF_FFFF
      && areSame(oldType.namedType, newType.namedType)
  }

  func areSame(_ oldType: TypeID, _ newType: TypeID) -> Bool {
    names.inNew(old[oldType].name) == new[newType].name
  }

  /// Whether every value of a field's new type is one of its old type; wrappers are bounded, so is the depth.
  func isSafeForOutput(_ oldType: TypeReference, _ newType: TypeReference) -> Bool {
    if oldType.isNonNull { return newType.isNonNull && isSafeForOutput(oldType.wrapped, newType.wrapped) }
    if newType.isNonNull { return isSafeForOutput(oldType, newType.wrapped) }
    if oldType.isList { return newType.isList && isSafeForOutput(oldType.wrapped, newType.wrapped) }
    return newType.isNamed && areSame(oldType.namedType, newType.namedType)
  }

  /// Whether every value of an argument's old type is one of its new type.
  func isSafeForInput(_ oldType: TypeReference, _ newType: TypeReference) -> Bool {
    if oldType.isNonNull { return isSafeForInput(oldType.wrapped, newType.nullable) }
    if oldType.isList { return newType.isList && isSafeForInput(oldType.wrapped, newType.wrapped) }
    return newType.isNamed && areSame(oldType.namedType, newType.namedType)
  }
}

/// The symbols of two schemas that stand for the same name.
struct NamePairs {
  /// The other schema's symbol + 1 by symbol; 0 is none.
  private let newByOld: [UInt32]
  private let oldByNew: [UInt32]

  init(old: SymbolTable, new: SymbolTable) {
    newByOld = NamePairs.pairs(of: old, in: new)
    oldByNew = NamePairs.pairs(of: new, in: old)
  }

  private static func pairs(of table: SymbolTable, in other: SymbolTable) -> [UInt32] {
    (0..<UInt32(table.count)).map { symbol in
      table.withBytes(Symbol(rawValue: symbol)) { bytes in
        guard let base = bytes.baseAddress else { return 0 }
        let name = SyntaxName(source: base, start: 0, length: UInt32(bytes.count))
        return other.symbol(name).map { $0.rawValue + 1 } ?? 0
      }
    }
  }

  /// The new schema's symbol of a name of the old one.
  func inNew(_ symbol: Symbol) -> Symbol? { NamePairs.pair(newByOld[Int(symbol.rawValue)]) }

  /// The old schema's symbol of a name of the new one.
  func inOld(_ symbol: Symbol) -> Symbol? { NamePairs.pair(oldByNew[Int(symbol.rawValue)]) }

  private static func pair(_ entry: UInt32) -> Symbol? { entry == 0 ? nil : Symbol(rawValue: entry - 1) }
}

/// Finds lines and columns of definitions; each document's lines are counted once.
private struct DefinitionPlaces {
  private let schema: Schema
  private var lines: [LineIndex?]

  init(_ schema: Schema) {
    self.schema = schema
    lines = Array(repeating: nil, count: schema.documents.count)
  }

  /// Where the name of a definition stands; nil for what is built in.
  mutating func place(of position: SyntaxPosition) -> SchemaChange.Place? {
    let document = Int(position.document)
    guard document > 0 else { return nil }
    let source = schema.documents[document].source
    let index = lines[document] ?? LineIndex(source)
    lines[document] = index
    let offset = Int(schema.node(at: position).name(0).start)
    return SchemaChange.Place(document: document, location: index.location(at: offset, in: source))
  }
}
