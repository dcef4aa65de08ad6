// Values and type references (§ 2.10 to § 2.12).

extension Parser {
  /// A value; a constant one holds no variables.
  mutating func parseValue(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    switch lexer.kind {
    case .openBracket: try parseList(isConstant: isConstant)
    case .openBrace: try parseObject(isConstant: isConstant)
    case .int: try parseLiteral(.intValue)
    case .float: try parseLiteral(.floatValue)
    case .string, .blockString: try parseString()
    case .name: try parseNamedValue()
    case .dollar: try parseVariable(isConstant: isConstant)
    default: throw lexer.unexpectedToken()
    }
  }

  /// A description, if there is one; else 0.
  @inline(__always)
  mutating func parseDescription() throws(SyntaxFailure) -> UInt32 {
    isAt(.string) || isAt(.blockString) ? try parseString() : 0
  }

  /// The current token is a string of either form.
  mutating func parseString() throws(SyntaxFailure) -> UInt32 {
    let isBlock = isAt(.blockString)
    let quotes = isBlock ? 3 : 1
    let node = try open(.stringValue, at: lexer.start, slots: 2)
    slab.setFlags(of: node, to: (isBlock ? 1 : 0) | (lexer.hasEscapes ? 2 : 0))
    setText(
      of: node, slot: 0, start: lexer.start &+ quotes, length: lexer.length &- 2 &* quotes)
    try lexer.advance()
    return node
  }

  /// A node that keeps the token's text.
  private mutating func parseLiteral(_ kind: SyntaxKind) throws(SyntaxFailure) -> UInt32 {
    let node = try open(kind, at: lexer.start, slots: 2)
    setText(of: node, slot: 0, start: lexer.start, length: lexer.length)
    try lexer.advance()
    return node
  }

  /// `true`, `false`, `null` or an enum value.
  private mutating func parseNamedValue() throws(SyntaxFailure) -> UInt32 {
    let isTrue = isAt(keyword: "true")
    if isTrue || isAt(keyword: "false") {
      let node = try parseLiteral(.booleanValue)
      slab.setFlags(of: node, to: isTrue ? 1 : 0)
      return node
    }
    return try parseLiteral(isAt(keyword: "null") ? .nullValue : .enumValue)
  }

  private mutating func parseVariable(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    let start = lexer.start
    let node = try open(.variable, at: start, slots: 2)
    try lexer.advance()
    guard !isConstant else {
      guard isAt(.name) else { throw SyntaxFailure(start, "Unexpected \"$\".") }
      let name = lexer.text(from: lexer.start, to: lexer.end)
      throw SyntaxFailure(start, "Unexpected variable \"$\(name)\" in constant value.")
    }
    try parseName(into: node, slot: 0)
    return node
  }

  private mutating func parseList(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.listValue, at: lexer.start, slots: 1)
    try descend()
    try lexer.advance()
    var items = ListBuilder()
    while !isAt(.closeBracket) {
      items.append(try parseValue(isConstant: isConstant), in: slab)
    }
    ascend()
    slab[node, 0] = items.first
    try lexer.advance()
    return node
  }

  private mutating func parseObject(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.objectValue, at: lexer.start, slots: 1)
    try descend()
    try lexer.advance()
    var fields = ListBuilder()
    while !isAt(.closeBrace) {
      let field = try open(.objectField, at: lexer.start, slots: 3)
      try parseName(into: field, slot: 0)
      try expect(.colon)
      slab[field, 2] = try parseValue(isConstant: isConstant)
      fields.append(field, in: slab)
    }
    ascend()
    slab[node, 0] = fields.first
    try lexer.advance()
    return node
  }

  // MARK: Types

  mutating func parseTypeReference() throws(SyntaxFailure) -> UInt32 {
    let start = lexer.start
    let node: UInt32
    if isAt(.openBracket) {
      node = try open(.listType, at: start, slots: 1)
      try descend()
      try lexer.advance()
      slab[node, 0] = try parseTypeReference()
      ascend()
      try expect(.closeBracket)
    } else {
      node = try parseNamedType()
    }
    guard isAt(.bang) else { return node }
    let nonNull = try open(.nonNullType, at: start, slots: 1)
    slab[nonNull, 0] = node
    try lexer.advance()
    return nonNull
  }

  mutating func parseNamedType() throws(SyntaxFailure) -> UInt32 {
    let node = try open(.namedType, at: lexer.start, slots: 2)
    try parseName(into: node, slot: 0)
    return node
  }
}
