extension SDLValidation {
  /// § 3.9: the values of an enum type, of its definition and extensions together, have unique names.
  mutating func checkUniqueEnumValueNames() {
    for index in callersTypes where schema.types[index].enumValues.count > 1 {
      let type = schema.types[index]
      marks.removeAll()
      for value in type.enumValues.indices {
        let record = schema.enumValues[value]
        guard let known = marks.insert(record.name, value) else { continue }
        let name = "\(schema.name(type.name)).\(schema.name(record.name))"
        let first = schema.enumValues[known].syntax
        reportDuplicate("Enum value", name, at: record.syntax, first: first)
      }
    }
  }

  /// Wording shared with the fields of types: what stands in the schema that is extended cannot be defined
  /// again.
  mutating func reportDuplicate(
    _ what: String, _ name: String, at position: SyntaxPosition, first: SyntaxPosition
  ) {
    guard isNew(position) else { return }
    if isNew(first) {
      let places = [namePlace(of: first), namePlace(of: position)].sorted { left, right in
        (left.document, left.offset) < (right.document, right.offset)
      }
      report.add("\(what) \"\(name)\" can only be defined once.", places)
    } else {
      report.add(
        "\(what) \"\(name)\" already exists in the schema. It cannot also be defined in this type extension.",
        [namePlace(of: position)])
    }
  }
}
