extension Schema {
  /// The record of an id of this schema. O(1).
  /// The record of an id of this schema. O(1).
  /// The record of an id of this schema. O(1).
  /// The record of an id of this schema. O(1).
  /// The record of an id of this schema. O(1).
  @inlinable public subscript(id: TypeID) -> TypeRecord { types[Int(id.rawValue)] }
  @inlinable public subscript(id: FieldID) -> FieldRecord { fields[Int(id.rawValue)] }
  @inlinable public subscript(id: InputValueID) -> InputValueRecord { inputValues[Int(id.rawValue)] }
  @inlinable public subscript(id: EnumValueID) -> EnumValueRecord { enumValues[Int(id.rawValue)] }
  @inlinable public subscript(id: DirectiveID) -> DirectiveRecord { directives[Int(id.rawValue)] }

  /// The text of a name.
  public func name(_ symbol: Symbol) -> String { symbols.string(symbol) }

  /// The text of a type's name.
  public func name(_ type: TypeID) -> String { name(self[type].name) }

  /// The type with a name, or nil. O(1).
  public func type(named name: SyntaxName) -> TypeID? { symbols.symbol(name).flatMap(symbols.type) }

  /// The type with a name, or nil. O(1).
  public func type(named name: String) -> TypeID? { symbols.symbol(name).flatMap(symbols.type) }

  /// The directive with a name (without the at sign), or nil.
  public func directive(named name: SyntaxName) -> DirectiveID? {
    symbols.symbol(name).flatMap(symbols.directive)
  }

  /// The directive with a name (without the at sign), or nil.
  public func directive(named name: String) -> DirectiveID? {
    symbols.symbol(name).flatMap(symbols.directive)
  }

  /// The interfaces that an object or interface type declares.
  public func interfaces(of type: TypeID) -> ArraySlice<TypeID> { typeLists[self[type].interfaces.indices] }

  /// The object types that a value of a composite type may have (§ 5.5.2.3: GetPossibleTypes).
  public func possibleTypes(of type: TypeID) -> ArraySlice<TypeID> {
    typeLists[self[type].possibleTypes.indices]
  }

  /// The root type of an operation, or nil where the schema has none.
  public func rootType(_ operation: OperationType) -> TypeID? {
    switch operation {
    case .query: queryType
    case .mutation: mutationType
    case .subscription: subscriptionType
    }
  }
}
