// Definitions and extensions of the type system (§ 3).

extension Parser {
  /// A definition, or nil when the current name begins none. `description` is a node or 0.
  mutating func parseTypeSystemDefinition(
    start: Int, description: UInt32
  ) throws(SyntaxFailure) -> UInt32? {
    if let kind = typeDefinitionKindAtToken() {
      return try parseTypeDefinition(kind, start: start, description: description)
    }
    if isAt(keyword: "schema") {
      return try parseSchemaDefinition(start: start, description: description)
    }
    if isAt(keyword: "directive") {
      return try parseDirectiveDefinition(start: start, description: description)
    }
    return nil
  }

  /// The current token is `extend` (§ 3.3.2, § 3.4.3, § 3.13).
  mutating func parseExtension(start: Int) throws(SyntaxFailure) -> UInt32 {
    try lexer.advance()
    if let kind = typeDefinitionKindAtToken() { return try parseTypeExtension(of: kind, start: start) }
    if isAt(keyword: "schema") { return try parseSchemaExtension(start: start) }
    if isAt(keyword: "directive") { return try parseDirectiveExtension(start: start) }
    throw lexer.unexpectedToken()
  }

  private func typeDefinitionKindAtToken() -> SyntaxKind? {
    if isAt(keyword: "type") { return .objectTypeDefinition }
    if isAt(keyword: "input") { return .inputObjectTypeDefinition }
    if isAt(keyword: "enum") { return .enumTypeDefinition }
    if isAt(keyword: "interface") { return .interfaceTypeDefinition }
    if isAt(keyword: "union") { return .unionTypeDefinition }
    if isAt(keyword: "scalar") { return .scalarTypeDefinition }
    return nil
  }

  // MARK: Schema (§ 3.3)

  private mutating func parseSchemaDefinition(
    start: Int, description: UInt32
  ) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.schemaDefinition, at: start, slots: 3)
    try lexer.advance()
    slab[node, 0] = description
    slab[node, 1] = try parseDirectives(isConstant: true)
    guard isAt(.openBrace) else { throw lexer.expected(.openBrace) }
    slab[node, 2] = try parseOperationTypes()
    return node
  }

  private mutating func parseSchemaExtension(start: Int) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.schemaExtension, at: start, slots: 3)
    try lexer.advance()
    slab[node, 1] = try parseDirectives(isConstant: true)
    if isAt(.openBrace) { slab[node, 2] = try parseOperationTypes() }
    if slab[node, 1] == 0 && slab[node, 2] == 0 { throw lexer.unexpectedToken() }
    return node
  }

  private mutating func parseOperationTypes() throws(SyntaxFailure) -> UInt32 {
    var types = ListBuilder()
    try lexer.advance()
    repeat {
      guard isAt(.name) else { throw lexer.expected(.name) }
      guard let operation = operationTypeAtToken() else { throw try unexpectedName() }
      let node = try open(.operationTypeDefinition, at: lexer.start, slots: 1)
      slab.setFlags(of: node, to: UInt32(operation.rawValue))
      try lexer.advance()
      try expect(.colon)
      slab[node, 0] = try parseNamedType()
      types.append(node, in: slab)
    } while try !eat(.closeBrace)
    return types.first
  }

  // MARK: Types (§ 3.4 to § 3.10)

  private mutating func parseTypeDefinition(
    _ kind: SyntaxKind, start: Int, description: UInt32
  ) throws(SyntaxFailure) -> UInt32 {
    let node = try open(kind, at: start, slots: 6)
    slab[node, 2] = description
    try parseTypeContent(of: node, kind)
    return node
  }

  private mutating func parseTypeExtension(
    of kind: SyntaxKind, start: Int
  ) throws(SyntaxFailure) -> UInt32 {
    let node = try open(extensionKind(of: kind), at: start, slots: 6)
    try parseTypeContent(of: node, kind)
    // An extension adds something.
    if slab[node, 3] == 0 && slab[node, 4] == 0 && slab[node, 5] == 0 { throw lexer.unexpectedToken() }
    return node
  }

  private func extensionKind(of kind: SyntaxKind) -> SyntaxKind {
    switch kind {
    case .objectTypeDefinition: .objectTypeExtension
    case .inputObjectTypeDefinition: .inputObjectTypeExtension
    case .enumTypeDefinition: .enumTypeExtension
    case .interfaceTypeDefinition: .interfaceTypeExtension
    case .unionTypeDefinition: .unionTypeExtension
    default: .scalarTypeExtension
    }
  }

  /// The keyword and everything behind it; `kind` is that of a definition.
  private mutating func parseTypeContent(of node: UInt32, _ kind: SyntaxKind) throws(SyntaxFailure) {
    try lexer.advance()
    try parseName(into: node, slot: 0)
    let hasFields = kind == .objectTypeDefinition || kind == .interfaceTypeDefinition
    if hasFields, try eat(keyword: "implements") { slab[node, 5] = try parseNamedTypes(.ampersand) }
    slab[node, 3] = try parseDirectives(isConstant: true)
    switch kind {
    case .objectTypeDefinition, .interfaceTypeDefinition:
      if isAt(.openBrace) { slab[node, 4] = try parseFields() }
    case .inputObjectTypeDefinition:
      if isAt(.openBrace) { slab[node, 4] = try parseInputValues(until: .closeBrace) }
    case .enumTypeDefinition:
      if isAt(.openBrace) { slab[node, 4] = try parseEnumValues() }
    case .unionTypeDefinition:
      if try eat(.equals) { slab[node, 4] = try parseNamedTypes(.pipe) }
    default: break
    }
  }

  /// Named types with a separator between them and, if one likes, before the first.
  private mutating func parseNamedTypes(_ separator: TokenKind) throws(SyntaxFailure) -> UInt32 {
    var types = ListBuilder()
    _ = try eat(separator)
    repeat {
      types.append(try parseNamedType(), in: slab)
    } while try eat(separator)
    return types.first
  }

  private mutating func parseFields() throws(SyntaxFailure) -> UInt32 {
    var fields = ListBuilder()
    try lexer.advance()
    repeat {
      let node = try open(.fieldDefinition, at: lexer.start, slots: 6)
      slab[node, 2] = try parseDescription()
      try parseName(into: node, slot: 0)
      if isAt(.openParenthesis) { slab[node, 3] = try parseInputValues(until: .closeParenthesis) }
      try expect(.colon)
      slab[node, 4] = try parseTypeReference()
      slab[node, 5] = try parseDirectives(isConstant: true)
      fields.append(node, in: slab)
    } while try !eat(.closeBrace)
    return fields.first
  }

  /// Argument definitions, or the fields of an input object; the current token opens them.
  private mutating func parseInputValues(until close: TokenKind) throws(SyntaxFailure) -> UInt32 {
    var values = ListBuilder()
    try lexer.advance()
    repeat {
      let node = try open(.inputValueDefinition, at: lexer.start, slots: 6)
      slab[node, 2] = try parseDescription()
      try parseName(into: node, slot: 0)
      try expect(.colon)
      slab[node, 3] = try parseTypeReference()
      if try eat(.equals) { slab[node, 4] = try parseValue(isConstant: true) }
      slab[node, 5] = try parseDirectives(isConstant: true)
      values.append(node, in: slab)
    } while try !eat(close)
    return values.first
  }

  private mutating func parseEnumValues() throws(SyntaxFailure) -> UInt32 {
    var values = ListBuilder()
    try lexer.advance()
    repeat {
      let node = try open(.enumValueDefinition, at: lexer.start, slots: 4)
      slab[node, 2] = try parseDescription()
      if isAt(keyword: "true") || isAt(keyword: "false") || isAt(keyword: "null") {
        throw lexer.reservedEnumValue()
      }
      try parseName(into: node, slot: 0)
      slab[node, 3] = try parseDirectives(isConstant: true)
      values.append(node, in: slab)
    } while try !eat(.closeBrace)
    return values.first
  }

  // MARK: Directives (§ 3.13)

  private mutating func parseDirectiveDefinition(
    start: Int, description: UInt32
  ) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.directiveDefinition, at: start, slots: 6)
    try lexer.advance()
    try expect(.atSign)
    try parseName(into: node, slot: 0)
    slab[node, 2] = description
    if isAt(.openParenthesis) { slab[node, 3] = try parseInputValues(until: .closeParenthesis) }
    slab[node, 4] = try parseDirectives(isConstant: true)
    if try eat(keyword: "repeatable") { slab.setFlags(of: node, to: 1) }
    try expect(keyword: "on")
    slab[node, 5] = try parseDirectiveLocations()
    return node
  }

  private mutating func parseDirectiveExtension(start: Int) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.directiveExtension, at: start, slots: 6)
    try lexer.advance()
    try expect(.atSign)
    try parseName(into: node, slot: 0)
    slab[node, 4] = try parseDirectives(isConstant: true)
    if slab[node, 4] == 0 { throw lexer.unexpectedToken() }
    return node
  }

  private mutating func parseDirectiveLocations() throws(SyntaxFailure) -> UInt32 {
    var locations = ListBuilder()
    _ = try eat(.pipe)
    repeat {
      guard isAt(.name) else { throw lexer.expected(.name) }
      guard isAtDirectiveLocation() else { throw try unexpectedName() }
      let node = try open(.directiveLocation, at: lexer.start, slots: 2)
      try parseName(into: node, slot: 0)
      locations.append(node, in: slab)
    } while try eat(.pipe)
    return locations.first
  }

  /// A name that is none of those allowed. As in graphql-js, what the lexer finds behind it comes first.
  private mutating func unexpectedName() throws(SyntaxFailure) -> SyntaxFailure {
    let failure = lexer.unexpectedToken()
    try lexer.advance()
    return failure
  }

  /// Whether the current token is one of § 3.13's locations.
  private func isAtDirectiveLocation() -> Bool {
    let locations: [StaticString] = [
      "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD",
      "INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION",
      "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT",
      "INPUT_FIELD_DEFINITION", "DIRECTIVE_DEFINITION",
    ]
    return locations.contains { isAt(keyword: $0) }
  }
}
