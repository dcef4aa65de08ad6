extension SDLValidation {
  /// § 3.4: every type that is referred to is defined.
  mutating func checkKnownTypeNames() {
    report(unknown: definitions.unknownTypes, among: definedTypeNames)
    guard !definitions.stray.unknownTypes.isEmpty else { return }
    let existing = Set((definitions.existing?.typeOrder ?? []).map { schema[$0].name })
    let names = definedTypeNames.enumerated().filter { index, name in
      index >= schema.builtInTypeCount || existing.contains(name)
    }
    report(unknown: definitions.stray.unknownTypes, among: names.map(\.element))
  }

  private mutating func report(unknown positions: [SyntaxPosition], among names: [Symbol]) {
    for position in positions {
      guard !report.isFull else { return }
      let name = node(position).name(0)
      let suggestion = report.didYouMean(name.description, among: names, in: schema)
      report.add("Unknown type \"\(name)\".\(suggestion)", [place(of: position)])
    }
  }

  /// The names of all types that are defined, built-in ones included.
  var definedTypeNames: [Symbol] { schema.types[..<definitions.definedTypeCount].map(\.name) }
}
