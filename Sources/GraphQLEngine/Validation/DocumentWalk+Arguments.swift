// The walk over arguments and directives.

/// What arguments are given to.
enum ArgumentOwner {
  case field(FieldID, parent: TypeID)
  case directive(DirectiveID)
  /// An unknown field or directive.
  case unknown
}

/// Where directives stand.
struct DirectivePlace {
  let location: DirectiveLocation
  /// The number of the definition.
  let definition: Int
  /// The type of the selection set around, when it is known.
  let parentType: TypeID?
  /// The field that they are on.
  let field: FieldID?
}

extension ValidationContext {
  /// Checks the arguments of a field or directive; `node` is that field or directive.
  mutating func walkArguments(
    _ arguments: SyntaxList<ArgumentNode>, of owner: ArgumentOwner, in node: SyntaxNode
  ) {
    var given = GivenArguments(list: arguments, node: node)
    let defined = definitions(of: owner)
    if !arguments.isEmpty {
      UniqueArgumentNamesRule.check(arguments, in: &self)
      for argument in arguments {
        guard let id = schema.inputValue(named: argument.name, in: defined) else {
          KnownArgumentNamesRule.report(argument, of: owner, in: &self)
          walkValue(ExpectedValue(argument.value.node, type: nil))
          continue
        }
        let offset = UInt64(id.rawValue) - UInt64(defined.start)
        if offset < 64 { given.mask |= 1 << offset }
        NoDeprecatedCustomRule.check(argument, id: id, of: owner, in: &self)
        let record = schema[id]
        walkValue(
          ExpectedValue(argument.value.node, type: record.type, hasDefault: record.defaultValue != 0))
      }
    }
    guard defined.count > 0 else { return }
    ProvidedRequiredArgumentsRule.check(given, defined: defined, owner: owner, in: &self)
  }

  private func definitions(of owner: ArgumentOwner) -> TableRange {
    switch owner {
    case .field(let id, _): schema[id].arguments
    case .directive(let id): schema[id].arguments
    case .unknown: .empty
    }
  }

  /// Checks the directives at one place.
  mutating func walkDirectives(_ directives: SyntaxList<DirectiveNode>, at place: DirectivePlace) {
    guard !directives.isEmpty else { return }
    UniqueDirectivesPerLocationRule.check(directives, in: &self)
    var count = 0
    for directive in directives {
      count += 1
      guard count <= limits.directivesPerLocation else {
        reportExceeded(
          .directivesPerLocation, limit: limits.directivesPerLocation, at: directive.node)
        // Merging fields looks for `@stream` among a field's directives.
        exceedsFragmentLimits = true
        return
      }
      guard let id = walkDirective(directive, at: place.location) else { continue }
      guard id == deferDirective || id == streamDirective else { continue }
      incrementalDirectives.append((directive, place.definition))
      DeferStreamDirectiveOnRootFieldRule.check(directive, id: id, at: place, in: &self)
      StreamDirectiveOnListFieldRule.check(directive, id: id, at: place, in: &self)
    }
  }
}

extension OperationType {
  /// The place of directives on an operation of this kind.
  var directiveLocation: DirectiveLocation {
    switch self {
    case .query: .query
    case .mutation: .mutation
    case .subscription: .subscription
    }
  }
}
