extension SDLValidation {
  /// § 3.6, § 3.7, § 3.10: the fields of a type, of its definition and extensions together, have unique
  /// names.
  mutating func checkUniqueFieldDefinitionNames() {
    for index in callersTypes
    where schema.types[index].fields.count + schema.types[index].inputFields.count > 1 {
      let type = schema.types[index]
      marks.removeAll()
      for field in type.fields.indices {
        guard let known = marks.insert(schema.fields[field].name, field) else { continue }
        let record = schema.fields[field]
        reportDuplicate(
          "Field", name(record.name, of: type), at: record.syntax, first: schema.fields[known].syntax)
      }
      // Only a type that is defined twice, as an input object and as something else, has both.
      if !type.fields.isEmpty { marks.removeAll() }
      for field in type.inputFields.indices {
        guard let known = marks.insert(schema.inputValues[field].name, field) else { continue }
        let record = schema.inputValues[field]
        reportDuplicate(
          "Field", name(record.name, of: type), at: record.syntax, first: schema.inputValues[known].syntax)
      }
    }
  }

  private func name(_ member: Symbol, of type: TypeRecord) -> String {
    "\(schema.name(type.name)).\(schema.name(member))"
  }
}
