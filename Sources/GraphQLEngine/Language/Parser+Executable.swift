// Operations, selections, fragments and directives (§ 2.4 to § 2.9, § 2.13).

extension Parser {
  /// `{ … }`, a query without name, variables and directives.
  mutating func parseShorthandQuery() throws(SyntaxFailure) -> UInt32 {
    let node = try open(.operationDefinition, at: lexer.start, slots: 6)
    slab[node, 5] = try parseSelectionSet()
    return node
  }

  /// An operation or a fragment; 0 described definitions are consumed when the keyword is neither.
  mutating func parseExecutableDefinition(
    start: Int, description: UInt32
  ) throws(SyntaxFailure) -> UInt32? {
    if isAt(keyword: "fragment") { return try parseFragment(start: start, description: description) }
    guard let operation = operationTypeAtToken() else { return nil }
    let node = try open(.operationDefinition, at: start, slots: 6)
    slab.setFlags(of: node, to: UInt32(operation.rawValue))
    try lexer.advance()
    if isAt(.name) { try parseName(into: node, slot: 0) }
    slab[node, 2] = description
    if isAt(.openParenthesis) { slab[node, 3] = try parseVariableDefinitions() }
    slab[node, 4] = try parseDirectives(isConstant: false)
    slab[node, 5] = try parseSelectionSet()
    return node
  }

  /// The operation type that the current token names.
  func operationTypeAtToken() -> OperationType? {
    if isAt(keyword: "query") { return .query }
    if isAt(keyword: "mutation") { return .mutation }
    if isAt(keyword: "subscription") { return .subscription }
    return nil
  }

  private mutating func parseFragment(start: Int, description: UInt32) throws(SyntaxFailure) -> UInt32 {
    let node = try open(.fragmentDefinition, at: start, slots: 6)
    try lexer.advance()
    // FragmentName : Name but not `on`
    if isAt(keyword: "on") { throw lexer.unexpectedToken() }
    try parseName(into: node, slot: 0)
    slab[node, 2] = description
    try expect(keyword: "on")
    slab[node, 3] = try parseNamedType()
    slab[node, 4] = try parseDirectives(isConstant: false)
    slab[node, 5] = try parseSelectionSet()
    return node
  }

  private mutating func parseVariableDefinitions() throws(SyntaxFailure) -> UInt32 {
    var definitions = ListBuilder()
    try lexer.advance()
    repeat {
      definitions.append(try parseVariableDefinition(), in: slab)
    } while try !eat(.closeParenthesis)
    return definitions.first
  }

  private mutating func parseVariableDefinition() throws(SyntaxFailure) -> UInt32 {
    let node = try open(.variableDefinition, at: lexer.start, slots: 6)
    slab[node, 2] = try parseDescription()
    try expect(.dollar)
    try parseName(into: node, slot: 0)
    try expect(.colon)
    slab[node, 3] = try parseTypeReference()
    if try eat(.equals) { slab[node, 4] = try parseValue(isConstant: true) }
    slab[node, 5] = try parseDirectives(isConstant: true)
    return node
  }

  // MARK: Selections

  /// Parses a selection set with everything inside, without recursion: they nest deeper than anything else.
  ///
  /// While a set is open, its slot holds the selection that owns it, and the owner's slot for it holds the
  /// set around both: the slab itself is the stack. The first selection lies right behind its set's record.
  mutating func parseSelectionSet() throws(SyntaxFailure) -> UInt32 {
    let outermost = try openSelectionSet(ownedBy: 0)
    var set = outermost
    var last: UInt32 = 0
    while true {
      if isAt(.closeBrace), last != 0 || limits.allowsEmptySelectionSets {
        let owner = slab[set, 0]
        slab[set, 0] = last == 0 ? 0 : set &+ UInt32(Slab.headerCount) &+ 1
        ascend()
        try lexer.advance()
        if set == outermost { return outermost }
        let slot = selectionSetSlot(of: owner)
        let enclosing = slab[owner, slot]
        slab[owner, slot] = set
        set = enclosing
        last = owner
      } else {
        let selection = isAt(.spread) ? try parseSpread() : try parseField()
        if last != 0 { slab.setNext(of: last, to: selection) }
        last = selection
        if isAt(.openBrace), slab.kind(of: selection) != .fragmentSpread {
          slab[selection, selectionSetSlot(of: selection)] = set
          set = try openSelectionSet(ownedBy: selection)
          last = 0
        } else if slab.kind(of: selection) == .inlineFragment {
          throw lexer.expected(.openBrace)
        }
      }
    }
  }

  private mutating func openSelectionSet(ownedBy owner: UInt32) throws(SyntaxFailure) -> UInt32 {
    guard isAt(.openBrace) else { throw lexer.expected(.openBrace) }
    let node = try open(.selectionSet, at: lexer.start, slots: 1)
    slab[node, 0] = owner
    try descend()
    try lexer.advance()
    return node
  }

  /// Where a field or inline fragment keeps its selection set.
  private func selectionSetSlot(of owner: UInt32) -> Int { slab.kind(of: owner) == .field ? 6 : 2 }

  /// A field up to its selection set.
  private mutating func parseField() throws(SyntaxFailure) -> UInt32 {
    guard isAt(.name) else { throw lexer.expected(.name) }
    let start = lexer.start
    let length = lexer.length
    let node = try open(.field, at: start, slots: 7)
    try lexer.advance()
    if isAt(.colon) {
      setText(of: node, slot: 0, start: start, length: length)
      try lexer.advance()
      try parseName(into: node, slot: 2)
    } else {
      setText(of: node, slot: 2, start: start, length: length)
    }
    if isAt(.openParenthesis) { slab[node, 4] = try parseArguments(isConstant: false) }
    if isAt(.atSign) { slab[node, 5] = try parseDirectives(isConstant: false) }
    return node
  }

  /// A fragment spread, or an inline fragment up to its selection set.
  private mutating func parseSpread() throws(SyntaxFailure) -> UInt32 {
    let start = lexer.start
    try lexer.advance()
    if isAt(.name), !isAt(keyword: "on") {
      let node = try open(.fragmentSpread, at: start, slots: 3)
      try parseName(into: node, slot: 0)
      slab[node, 2] = try parseDirectives(isConstant: false)
      return node
    }
    let node = try open(.inlineFragment, at: start, slots: 3)
    if try eat(keyword: "on") { slab[node, 0] = try parseNamedType() }
    slab[node, 1] = try parseDirectives(isConstant: false)
    return node
  }

  // MARK: Arguments and directives

  /// The current token is the opening parenthesis. Returns the first argument.
  mutating func parseArguments(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    var arguments = ListBuilder()
    try lexer.advance()
    repeat {
      let node = try open(.argument, at: lexer.start, slots: 3)
      try parseName(into: node, slot: 0)
      try expect(.colon)
      slab[node, 2] = try parseValue(isConstant: isConstant)
      arguments.append(node, in: slab)
    } while try !eat(.closeParenthesis)
    return arguments.first
  }

  /// Returns the first directive; 0 without one.
  mutating func parseDirectives(isConstant: Bool) throws(SyntaxFailure) -> UInt32 {
    var directives = ListBuilder()
    while isAt(.atSign) {
      let node = try open(.directive, at: lexer.start, slots: 3)
      try lexer.advance()
      try parseName(into: node, slot: 0)
      if isAt(.openParenthesis) { slab[node, 2] = try parseArguments(isConstant: isConstant) }
      directives.append(node, in: slab)
    }
    return directives.first
  }
}
