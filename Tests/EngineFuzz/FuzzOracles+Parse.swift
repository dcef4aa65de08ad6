import GraphQLEngine

extension FuzzOracles {
  /// An accepted document keeps the limits, and its print parses to the same tree and print; an error lies in
  /// the text and says that it is one of syntax.
  func parse(_ example: FuzzCase) -> FuzzOutcome {
    outcome { outcome in
      let limits: ParseLimits = example.salt & 1 == 0 ? .request : .schema
      outcome.parses += 1
      let document: Document
      do throws(GraphQLError) {
        document = try Document.parse(example.bytes, limits: limits)
      } catch {
        try checkSyntaxError(error, example.bytes)
        return
      }
      outcome.isAccepted = true
      try demand(document.tokenCount <= limits.tokens ?? .max, "more tokens than the limit")
      let printed = document.print()
      outcome.parses += 1
      let again: Document
      do throws(GraphQLError) {
        again = try Document.parse(printed, limits: .schema)
      } catch {
        throw Complaint("the print does not parse: \(error.message)\n\(printed)")
      }
      // The parser appends records in an order that depends on the grammar alone.
      try demand(again.wordCount == document.wordCount, "the print is another tree:\n\(printed)")
      try demand(again.print() == printed, "the print of the print differs:\n\(printed)")
    }
  }

  private func checkSyntaxError(_ error: GraphQLError, _ bytes: [UInt8]) throws(Complaint) {
    try demand(error.message.hasPrefix("Syntax Error: "), "the error does not name its phase: \(error)")
    try demand(error.locations.count == 1, "the error has no place: \(error)")
    let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
    let location = error.locations[0]
    try demand(
      (1...lines).contains(location.line) && (1...bytes.count + 1).contains(location.column),
      "the error lies outside: \(error)")
  }

  /// A document is valid or it is not, however often one asks; messages and places keep their bounds.
  func validate(_ example: FuzzCase) -> FuzzOutcome {
    outcome { outcome in
      outcome.parses += 1
      guard let document = try? Document.parse(example.bytes) else { return }
      let schema = corpus[example.schema].schema
      let errors = schema.validate(document)
      outcome.validations += 2
      outcome.isAccepted = errors.isEmpty
      try demand(schema.validate(document) == errors, "two validations differ")
      let limits = ValidationLimits()
      try demand(errors.count <= limits.maximumErrors + 1, "\(errors.count) errors")
      for error in errors {
        try demand(!error.message.isEmpty, "an error without a message")
        try demand(error.locations.count <= limits.locationsPerError, "too many locations")
      }
      // What is valid stays so when it is printed.
      guard errors.isEmpty, example.salt & 7 == 0 else { return }
      outcome.parses += 1
      outcome.validations += 1
      guard let printed = try? Document.parse(document.print(), limits: .schema) else {
        throw Complaint("the print of a valid document does not parse")
      }
      let later = schema.validate(printed)
      try demand(later.isEmpty, "the print of a valid document is invalid: \(later)")
    }
  }
}
