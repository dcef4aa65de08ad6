/// The errors in SDL, held as byte offsets until the end. Owned by one validation.
struct SchemaErrorReport {
  private struct Entry {
    var rule: SDLRule?
    var message: String
    var places: [SDLPlace]
  }

  /// The rule that is being checked; nil for what is no SDL rule.
  var rule: SDLRule?

  private var entries: [Entry] = []
  private let maximumErrors: Int

  var isEmpty: Bool { entries.isEmpty }

  /// Whether the limit of errors is exceeded; looking for further ones is pointless.
  private(set) var isFull = false

  /// Cells of edit-distance tables that may still be spent on "Did you mean …".
  var suggestionCellsLeft = 2_000_000

  /// An error that concerns thousands of definitions names the first of them.
  private static let maximumPlaces = 50

  /// Bytes of a message: a hundred errors may all show one value as long as the document.
  private static let maximumMessageLength = 20_000

  init(maximumErrors: Int) { self.maximumErrors = max(1, maximumErrors) }

  mutating func add(_ message: String, _ places: [SDLPlace]) {
    guard entries.count < maximumErrors else {
      isFull = true
      return
    }
    entries.append(
      Entry(
        rule: rule, message: message.cut(toBytes: Self.maximumMessageLength),
        places: Array(places.prefix(Self.maximumPlaces))))
  }

  /// The text for names that are similar to `name`; empty when there are none, or the cells are spent.
  mutating func didYouMean(
    _ name: String, among symbols: [Symbol], in schema: Schema, kind: String = ""
  ) -> String {
    guard name.utf8.count <= NameDistance.maximumLength else { return "" }
    var distance = NameDistance(from: Array(name.utf8))
    var found: [(name: String, distance: Int)] = []
    for symbol in symbols where suggestionCellsLeft > 0 {
      suggestionCellsLeft -= 1
      let measured = schema.symbols.withBytes(symbol) {
        distance.measure(to: $0, cellsLeft: &suggestionCellsLeft)
      }
      if let measured { found.append((name: schema.name(symbol), distance: measured)) }
    }
    found.sort { left, right in
      left.distance != right.distance
        ? left.distance < right.distance : precedesNaturally(left.name, right.name)
    }
    return GraphQLEngine.didYouMean(found.map(\.name), kind)
  }

  /// The errors with lines and columns. Each document is read once.
  func located(in documents: [Document]) -> [SchemaFinding] {
    var locations: [SDLPlace: SourceLocation] = [:]
    let places = entries.flatMap(\.places)
    for document in Set(places.map(\.document)) {
      let offsets = places.lazy.filter { $0.document == document }.map(\.offset).sorted()
      for (offset, location) in documents[Int(document)].source.locations(ascending: offsets) {
        locations[SDLPlace(document: document, offset: offset)] = location
      }
    }
    var findings = entries.map { entry in
      let places = entry.places.compactMap { locations[$0] }
      return SchemaFinding(rule: entry.rule, error: GraphQLError(entry.message, locations: places))
    }
    if isFull {
      let message = "Too many validation errors, error limit reached. Validation aborted."
      findings.append(SchemaFinding(rule: nil, error: GraphQLError(message)))
    }
    return findings
  }
}

/// A byte of one of the schema's documents.
struct SDLPlace: Hashable {
  var document: UInt32
  var offset: UInt32

  init(document: UInt32, offset: UInt32) {
    self.document = document
    self.offset = offset
  }

  /// Where a node begins.
  init(_ document: UInt32, node: SyntaxNode) {
    self.init(document: document, offset: node.start)
  }

  /// Where a name begins.
  init(_ document: UInt32, name: SyntaxName) {
    self.init(document: document, offset: name.start)
  }
}

extension Source {
  /// The locations of byte offsets that are given in ascending order, each found from the one before.
  fileprivate func locations(ascending offsets: [UInt32]) -> [UInt32: SourceLocation] {
    var result: [UInt32: SourceLocation] = [:]
    var line = 1
    var column = 1
    var index = 0
    for offset in offsets {
      while index < min(Int(offset), count) {
        let byte = bytes[index]
        index += 1
        if byte == 0x0A || (byte == 0x0D && bytes[index] != 0x0A) {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80 {
          column += byte >= 0xF0 ? 2 : 1
        }
      }
      result[offset] = SourceLocation(line: line, column: column)
    }
    return result
  }
}
