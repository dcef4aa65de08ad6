extension SDLValidation {
  /// § 3.4: every type that is referred to is defined.
  mutating func checkKnownTypeNames() {
    for position in definitions.unknownTypes {
      guard !report.isFull else { return }
      let name = node(position).name(0)
      let suggestion = report.didYouMean(name.description, among: definedTypeNames, in: schema)
      report.add("Unknown type \"\(name)\".\(suggestion)", [place(of: position)])
    }
  }

  /// The names of all types that are defined, built-in ones included.
  var definedTypeNames: [Symbol] { schema.types[..<definitions.definedTypeCount].map(\.name) }
}
