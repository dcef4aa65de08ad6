extension SDLValidation {
  /// § 5.4.1: a directive is given only arguments that it defines.
  mutating func checkKnownArgumentNamesOnDirectives() {
    forEachDirective { validation, directive in
      guard let id = validation.directive(named: directive.node.name) else { return }
      for argument in directive.node.arguments
      where validation.schema.argument(named: argument.name, of: id) == nil {
        validation.reportUnknown(argument, of: id, in: directive)
      }
    }
  }

  private mutating func reportUnknown(
    _ argument: ArgumentNode, of id: DirectiveID, in directive: AppliedDirective
  ) {
    guard !report.isFull else { return }
    let known = schema.argumentIDs(of: id).map { schema[$0].name }
    let suggestion = report.didYouMean(argument.name.description, among: known, in: schema)
    report.add(
      "Unknown argument \"\(argument.name)\" on directive \"@\(directive.node.name)\".\(suggestion)",
      [SDLPlace(directive.document, node: argument.node)])
  }
}
