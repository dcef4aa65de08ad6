extension SDLValidation {
  /// § 5.4.2: a directive is given each argument at most once.
  mutating func checkUniqueArgumentNames() {
    forEachDirective { validation, directive in
      guard !directive.node.arguments.hasFewDifferentNames else { return }
      var places: [SyntaxName: [SDLPlace]] = [:]
      var order: [SyntaxName] = []
      for argument in directive.node.arguments {
        if places[argument.name] == nil { order.append(argument.name) }
        let place = SDLPlace(directive.document, name: argument.name)
        places[argument.name, default: []].append(place)
      }
      for name in order {
        guard let group = places[name], group.count > 1 else { continue }
        validation.report.add("There can be only one argument named \"\(name)\".", group)
      }
    }
  }
}
