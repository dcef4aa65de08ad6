extension SDLValidation {
  /// § 5.6.3: an input object value has each field at most once; in default values and arguments of
  /// directives.
  mutating func checkUniqueInputFieldNames() {
    for index in schema.inputValues.indices {
      let record = schema.inputValues[index]
      guard record.defaultValue != 0, isNew(record.syntax), !report.isFull else { continue }
      let position = SyntaxPosition(document: record.syntax.document, index: record.defaultValue)
      checkFields(of: ValueNode(node(position)), in: position.document)
    }
    forEachDirective { validation, directive in
      for argument in directive.node.arguments {
        validation.checkFields(of: argument.value, in: directive.document)
      }
    }
    for position in definitions.stray.values where !report.isFull {
      checkFields(of: ValueNode(node(position)), in: position.document)
    }
    for position in definitions.stray.arguments where !report.isFull {
      for argument in SyntaxList<ArgumentNode>(tree: node(position).tree, first: position.index) {
        checkFields(of: argument.value, in: position.document)
      }
    }
  }

  /// The parser bounds how deep values nest.
  private mutating func checkFields(of value: ValueNode, in document: UInt32) {
    if value.kind == .listValue {
      for item in value.items { checkFields(of: item, in: document) }
    } else if value.kind == .objectValue, value.fields.hasFewDifferentNames {
      for field in value.fields { checkFields(of: field.value, in: document) }
    } else if value.kind == .objectValue {
      var seen: [SyntaxName: SDLPlace] = [:]
      for field in value.fields {
        let place = SDLPlace(document, name: field.name)
        if let first = seen[field.name] {
          report.add("There can be only one input field named \"\(field.name)\".", [first, place])
        } else {
          seen[field.name] = place
        }
        checkFields(of: field.value, in: document)
      }
    }
  }
}
