extension SDLValidation {
  /// § 3.6, § 3.13: the arguments of a field or directive have unique names.
  mutating func checkUniqueArgumentDefinitionNames() {
    for directive in schema.directives where isNew(directive.syntax) && directive.arguments.count > 1 {
      guard hasDuplicates(directive.arguments) else { continue }
      reportDuplicates(directive.arguments, of: "@\(schema.name(directive.name))")
    }
    for index in schema.fields.indices where schema.fields[index].arguments.count > 1 {
      guard isNew(schema.fields[index].syntax), hasDuplicates(schema.fields[index].arguments) else {
        continue
      }
      let field = schema.fields[index]
      let owner = "\(schema.name(field.parent)).\(schema.name(field.name))"
      reportDuplicates(field.arguments, of: owner)
    }
  }

  private mutating func hasDuplicates(_ range: TableRange) -> Bool {
    marks.removeAll()
    return range.indices.contains { marks.insert(schema.inputValues[$0].name, $0) != nil }
  }

  private mutating func reportDuplicates(_ range: TableRange, of owner: String) {
    let groups = Dictionary(grouping: range.indices) { schema.inputValues[$0].name }
    for group in groups.values.sorted(by: { $0[0] < $1[0] }) where group.count > 1 {
      let name = schema.name(schema.inputValues[group[0]].name)
      report.add(
        "Argument \"\(owner)(\(name):)\" can only be defined once.",
        group.map { namePlace(of: schema.inputValues[$0].syntax) })
    }
  }
}
