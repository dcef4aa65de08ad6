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
      if !type.fields.isEmpty, !type.inputFields.isEmpty {
        checkFieldsTogether(of: type)
        continue
      }
      for field in type.inputFields.indices {
        guard let known = marks.insert(schema.inputValues[field].name, field) else { continue }
        let record = schema.inputValues[field]
        reportDuplicate(
          "Field", name(record.name, of: type), at: record.syntax, first: schema.inputValues[known].syntax)
      }
    }
  }

  /// Only a type that is defined twice, as an input object and as something else, has both kinds of fields.
  /// Those of input objects are compared with all that stand before them.
  private mutating func checkFieldsTogether(of type: TypeRecord) {
    var members = type.fields.indices.map { (name: schema.fields[$0].name, syntax: schema.fields[$0].syntax) }
    let outputCount = members.count
    for index in type.inputFields.indices {
      members.append((name: schema.inputValues[index].name, syntax: schema.inputValues[index].syntax))
    }
    var first: [Symbol: Int] = [:]
    for (index, member) in members.enumerated() {
      guard let known = first[member.name] else {
        first[member.name] = index
        continue
      }
      guard index >= outputCount else { continue }
      reportDuplicate("Field", name(member.name, of: type), at: member.syntax, first: members[known].syntax)
    }
  }

  private func name(_ member: Symbol, of type: TypeRecord) -> String {
    "\(schema.name(type.name)).\(schema.name(member))"
  }
}
