extension SDLValidation {
  /// § 3.3: "There must be at most one schema definition."
  mutating func checkLoneSchemaDefinition() {
    let isDefined = definitions.existing?.hasRootTypesOrDefinition ?? false
    var isFirst = true
    for position in schema.schemaSites where isNew(position) && node(position).kind == .schemaDefinition {
      if isDefined {
        report.add("Cannot define a new schema within a schema extension.", [place(of: position)])
      } else if !isFirst {
        report.add("Must provide only one schema definition.", [place(of: position)])
      }
      isFirst = false
    }
  }
}

extension Schema {
  fileprivate var hasRootTypesOrDefinition: Bool {
    queryType != nil || mutationType != nil || subscriptionType != nil
      || schemaSites.contains { node(at: $0).kind == .schemaDefinition }
  }
}
