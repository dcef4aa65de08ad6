// Members by name (§ 5.3.1, § 5.4.1): constant time however many members an owner has.

extension Schema {
  /// A field of a composite type, the meta fields included: `__typename` everywhere, `__schema` and
  /// `__type` on the query root type (§ 4.1, § 4.2).
  public func field(named name: SyntaxName, in type: TypeID) -> FieldID? {
    symbols.symbol(name).flatMap { field(named: $0, in: type) }
  }

  /// A field of a composite type, the meta fields included.
  public func field(named name: String, in type: TypeID) -> FieldID? {
    symbols.symbol(name).flatMap { field(named: $0, in: type) }
  }

  /// A field of a composite type, the meta fields included.
  public func field(named name: Symbol, in type: TypeID) -> FieldID? {
    if let found = declaredField(named: name, in: type) { return found }
    guard self[type].kind.isComposite else { return nil }
    if name == self[wellKnown.typenameField].name { return wellKnown.typenameField }
    guard type == queryType else { return nil }
    if name == self[wellKnown.schemaField].name { return wellKnown.schemaField }
    return name == self[wellKnown.typeField].name ? wellKnown.typeField : nil
  }

  /// A field that the type itself defines.
  func declaredField(named name: Symbol, in type: TypeID) -> FieldID? {
    memberIndex.field(name, in: self[type].fields, of: fields).map { FieldID(rawValue: UInt32($0)) }
  }

  /// An argument of a field.
  public func argument(named name: SyntaxName, of field: FieldID) -> InputValueID? {
    inputValue(named: name, in: self[field].arguments)
  }

  /// An argument of a directive.
  public func argument(named name: SyntaxName, of directive: DirectiveID) -> InputValueID? {
    inputValue(named: name, in: self[directive].arguments)
  }

  /// A field of an input object type.
  public func inputField(named name: SyntaxName, in type: TypeID) -> InputValueID? {
    inputValue(named: name, in: self[type].inputFields)
  }

  /// An argument or input field with a name, among those of one owner.
  public func inputValue(named name: SyntaxName, in range: TableRange) -> InputValueID? {
    symbols.symbol(name).flatMap { inputValue(named: $0, in: range) }
  }

  /// An argument or input field with a name, among those of one owner.
  public func inputValue(named name: String, in range: TableRange) -> InputValueID? {
    symbols.symbol(name).flatMap { inputValue(named: $0, in: range) }
  }

  func inputValue(named name: Symbol, in range: TableRange) -> InputValueID? {
    memberIndex.inputValue(name, in: range, of: inputValues).map { InputValueID(rawValue: UInt32($0)) }
  }

  /// A value of an enum type.
  public func enumValue(named name: SyntaxName, in type: TypeID) -> EnumValueID? {
    symbols.symbol(name).flatMap { enumValue(named: $0, in: type) }
  }

  /// A value of an enum type.
  public func enumValue(named name: String, in type: TypeID) -> EnumValueID? {
    symbols.symbol(name).flatMap { enumValue(named: $0, in: type) }
  }

  private func enumValue(named name: Symbol, in type: TypeID) -> EnumValueID? {
    memberIndex.enumValue(name, in: self[type].enumValues, of: enumValues)
      .map { EnumValueID(rawValue: UInt32($0)) }
  }

  /// The ids of a type's own fields, in the order of the source.
  public func fieldIDs(of type: TypeID) -> some Sequence<FieldID> {
    self[type].fields.indices.lazy.map { FieldID(rawValue: UInt32($0)) }
  }

  /// The ids of a field's arguments, in the order of the source.
  public func argumentIDs(of field: FieldID) -> some Sequence<InputValueID> {
    self[field].arguments.indices.lazy.map { InputValueID(rawValue: UInt32($0)) }
  }

  /// The ids of a directive's arguments, in the order of the source.
  public func argumentIDs(of directive: DirectiveID) -> some Sequence<InputValueID> {
    self[directive].arguments.indices.lazy.map { InputValueID(rawValue: UInt32($0)) }
  }

  /// The ids of an input object's fields, in the order of the source.
  public func inputFieldIDs(of type: TypeID) -> some Sequence<InputValueID> {
    self[type].inputFields.indices.lazy.map { InputValueID(rawValue: UInt32($0)) }
  }

  /// The ids of an enum's values, in the order of the source.
  public func enumValueIDs(of type: TypeID) -> some Sequence<EnumValueID> {
    self[type].enumValues.indices.lazy.map { EnumValueID(rawValue: UInt32($0)) }
  }
}
