extension SDLValidation {
  /// § 5.4.2: a directive is given each argument at most once.
  mutating func checkUniqueArgumentNames() {
    forEachDirective { validation, directive in
      validation.checkNames(of: directive.node.arguments, in: directive.document)
    }
    for position in definitions.stray.arguments where !report.isFull {
      let tree = node(position).tree
      checkNames(of: SyntaxList(tree: tree, first: position.index), in: position.document)
    }
  }

  private mutating func checkNames(of arguments: SyntaxList<ArgumentNode>, in document: UInt32) {
    guard !arguments.hasFewDifferentNames else { return }
    var places: [SyntaxName: [SDLPlace]] = [:]
    var order: [SyntaxName] = []
    for argument in arguments {
      if places[argument.name] == nil { order.append(argument.name) }
      places[argument.name, default: []].append(SDLPlace(document, name: argument.name))
    }
    for name in order {
      guard let group = places[name], group.count > 1 else { continue }
      report.add("There can be only one argument named \"\(name)\".", group)
    }
  }
}
