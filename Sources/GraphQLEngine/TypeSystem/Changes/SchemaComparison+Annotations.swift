// What definitions say about themselves: descriptions, deprecation (§ 3.13.3) and applied directives.

extension SchemaComparison {
  mutating func compareDescriptions(_ old: String?, _ new: String?, of what: String, _ element: Element) {
    if old != new { add(.descriptionChanged, element, descriptionMessage(what, new)) }
  }

  func descriptionMessage(_ what: String, _ new: String?) -> String {
    new.map { "Description of \(what) has changed to \"\($0)\"." } ?? "Description of \(what) was removed."
  }

  mutating func compareDeprecations(_ old: String?, _ new: String?, of element: Element) {
    switch (old, new) {
    case (nil, nil): break
    case (nil, let reason?):
      add(.deprecationAdded, element, "\(element.coordinate) was deprecated: \"\(reason)\".")
    case (_?, nil): add(.deprecationRemoved, element, "\(element.coordinate) is no longer deprecated.")
    case (let oldReason?, let newReason?):
      guard oldReason != newReason else { break }
      add(
        .deprecationReasonChanged, element,
        "The deprecation reason of \(element.coordinate) changed from \"\(oldReason)\" to \"\(newReason)\".")
    }
  }

  /// Compares directives as they are printed, with their arguments; those with a kind of change of their own
  /// are left out. `element` is nil for the schema.
  mutating func compareApplied(_ old: [DirectiveNode], _ new: [DirectiveNode], to element: Element?) {
    guard !(old.isEmpty && new.isEmpty) else { return }
    var rest: [String: Int] = [:]
    let oldTexts = old.compactMap(text)
    let newTexts = new.compactMap(text)
    for text in oldTexts { rest[text, default: 0] += 1 }
    for text in newTexts { rest[text, default: 0] -= 1 }
    for text in oldTexts {
      guard let count = rest[text], count > 0 else { continue }
      rest[text] = count - 1
      addApplied(.appliedDirectiveRemoved, element, "\(text) was removed from")
    }
    for text in newTexts {
      guard let count = rest[text], count < 0 else { continue }
      rest[text] = count + 1
      addApplied(.appliedDirectiveAdded, element, "\(text) was added to")
    }
  }

  private mutating func addApplied(_ kind: SchemaChange.Kind, _ element: Element?, _ text: String) {
    guard let element else { return add(kind, "\(text) the schema.") }
    add(kind, element, "\(text) \(element.coordinate).")
  }

  private func text(_ directive: DirectiveNode) -> String? {
    if directive.name == "deprecated" || directive.name == "specifiedBy" || directive.name == "oneOf" {
      return nil
    }
    var printer = Printer()
    printer.printDirective(directive)
    return printer.text
  }
}
