/// Makes new texts of the corpus: tokens and nodes are swapped, doubled, deleted, renamed, nested, spliced in
/// from other documents; values, types, directives and raw bytes are put in.
struct Mutator {
  var pool = LexemePool()
  /// Names, values, types and directives that are put in.
  let words: FuzzWords

  init() {
    var pool = LexemePool()
    words = FuzzWords(&pool)
    self.pool = pool
  }

  /// A text that comes of `document`, with pieces of `donor` and names out of `names`.
  mutating func mutate(
    _ document: FuzzDocument, donor: FuzzDocument, names: [Lexeme], _ random: inout FuzzRandom
  ) -> [UInt8] {
    pool.rewind()
    var result = document
    let changes = random.once(in: 16) ? 0 : random.once(in: 4) ? 1 + random.below(8) : 1 + random.below(2)
    // Most texts for a schema shall parse: what breaks brackets is rare there.
    let kinds = names.isEmpty || random.once(in: 4) ? 20 : 15
    for _ in 0..<changes where result.lexemes.count < 40_000 {
      change(&result, donor, names, random.below(kinds), &random)
    }
    var bytes = result.render(pool, &random)
    if random.once(in: names.isEmpty ? 8 : 32) {
      for _ in 0..<1 + random.below(3) { Mutator.changeBytes(&bytes, &random) }
    }
    return bytes
  }

  /// Bytes of no meaning at all, or a row of tokens.
  mutating func noise(_ random: inout FuzzRandom) -> [UInt8] {
    if random.once(in: 2) {
      return (0..<random.below(64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let count = random.below(24)
    let lexemes = (0..<count).flatMap { _ in random.pick(words.all) }
    return FuzzDocument(lexemes: lexemes).render(pool, &random)
  }

  /// The changes before 15 mostly keep a text well-formed.
  private mutating func change(
    _ document: inout FuzzDocument, _ donor: FuzzDocument, _ names: [Lexeme], _ kind: Int,
    _ random: inout FuzzRandom
  ) {
    switch kind {
    case 0: repeatUnit(&document, &random)
    case 1: deleteUnit(&document, &random)
    case 2...4: splice(&document, donor, &random, replaces: true)
    case 5: splice(&document, donor, &random, replaces: false)
    case 6...9: rename(&document, names, &random)
    case 10, 11: insert(random.pick(words.directives), behind: [.name, .close], &document, &random)
    case 12: replaceEverywhere(&document, names, &random)
    case 13, 14: replaceValue(&document, &random)
    case 15: swapTokens(&document, &random)
    case 16: deepen(&document, &random)
    case 17: insert(random.pick(words.types), behind: [.colon], &document, &random)
    case 18: random.once(in: 2) ? deleteToken(&document, &random) : moveUnit(&document, &random)
    default: insert(random.pick(words.all), behind: nil, &document, &random)
    }
  }

  private func swapTokens(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    guard document.lexemes.count > 1 else { return }
    let other = random.below(document.lexemes.count)
    document.lexemes.swapAt(random.below(document.lexemes.count), other)
  }

  private func repeatUnit(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    let unit = document.unit(at: random.below(document.lexemes.count))
    let copy = Array(document.lexemes[unit])
    let times = min(random.repetitions(), 20_000 / max(copy.count, 1))
    let copies = (0..<times).flatMap { _ in copy }
    document.lexemes.insert(contentsOf: copies, at: unit.upperBound)
  }

  private func deleteUnit(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    document.lexemes.removeSubrange(document.unit(at: random.below(document.lexemes.count)))
  }

  private func deleteToken(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    guard !document.lexemes.isEmpty else { return }
    document.lexemes.remove(at: random.below(document.lexemes.count))
  }

  private func moveUnit(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    let unit = document.unit(at: random.below(document.lexemes.count))
    let moved = Array(document.lexemes[unit])
    document.lexemes.removeSubrange(unit)
    document.lexemes.insert(contentsOf: moved, at: random.below(document.lexemes.count + 1))
  }

  /// Puts a node of another document beside or in the place of one that begins alike.
  private func splice(
    _ document: inout FuzzDocument, _ donor: FuzzDocument, _ random: inout FuzzRandom, replaces: Bool
  ) {
    guard !donor.lexemes.isEmpty else { return }
    let start = random.below(donor.lexemes.count)
    let piece = Array(donor.lexemes[donor.unit(at: start)].prefix(2_000))
    let place = document.position(of: [donor.lexemes[start].kind], &random) ?? document.lexemes.count
    let unit = document.unit(at: place)
    document.lexemes.replaceSubrange(replaces ? unit : unit.lowerBound..<unit.lowerBound, with: piece)
  }

  /// Nests a node a few times or very often, with the brackets closed or not.
  private func deepen(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    let unit = document.unit(at: random.below(document.lexemes.count))
    let (open, close) = random.pick(words.brackets)
    let times = random.once(in: 4) ? 150 + random.below(120) : 1 + random.below(6)
    let isClosed = !random.once(in: 8)
    let before = (0..<times).flatMap { _ in open }
    let behind = (0..<times).flatMap { _ in isClosed ? close : [] }
    document.lexemes.insert(contentsOf: behind, at: unit.upperBound)
    document.lexemes.insert(contentsOf: before, at: unit.lowerBound)
  }

  private func rename(_ document: inout FuzzDocument, _ names: [Lexeme], _ random: inout FuzzRandom) {
    guard let place = document.position(of: [.name], &random) else { return }
    document.lexemes[place] = name(names, document, &random)
  }

  private func replaceEverywhere(
    _ document: inout FuzzDocument, _ names: [Lexeme], _ random: inout FuzzRandom
  ) {
    guard let place = document.position(of: [.name], &random) else { return }
    let old = pool.text(document.lexemes[place])
    let new = name(names, document, &random)
    for index in document.lexemes.indices
    where document.lexemes[index].kind == .name && pool.text(document.lexemes[index]) == old {
      document.lexemes[index] = new
    }
  }

  /// A name of the schema, of the document or of the dictionary.
  private func name(_ names: [Lexeme], _ document: FuzzDocument, _ random: inout FuzzRandom) -> Lexeme {
    if !names.isEmpty, !random.once(in: 3) { return random.pick(names) }
    if random.once(in: 2), let own = document.position(of: [.name], &random) { return document.lexemes[own] }
    return random.pick(words.names)
  }

  private func insert(
    _ tokens: [Lexeme], behind kinds: Set<Lexeme.Kind>?, _ document: inout FuzzDocument,
    _ random: inout FuzzRandom
  ) {
    let place =
      kinds.map { document.position(of: $0, &random).map { $0 + 1 } ?? document.lexemes.count }
      ?? random.below(document.lexemes.count + 1)
    document.lexemes.insert(contentsOf: tokens, at: place)
  }

  private mutating func replaceValue(_ document: inout FuzzDocument, _ random: inout FuzzRandom) {
    let value = random.once(in: 3) ? pool.lexemes(of: FuzzWords.number(&random)) : random.pick(words.values)
    if let place = document.position(of: [.number, .string], &random), !random.once(in: 3) {
      document.lexemes.replaceSubrange(place...place, with: value)
    } else {
      insert(value, behind: [.colon], &document, &random)
    }
  }

  static func changeBytes(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    let position = random.below(bytes.count + 1)
    let end = min(bytes.count, position + random.below(8))
    switch random.below(6) {
    case 0: bytes.removeSubrange(position..<end)
    case 1: bytes.removeSubrange(position...)
    case 2: bytes.insert(contentsOf: random.pick(FuzzWords.bytes), at: position)
    case 3: bytes.insert(contentsOf: Array(bytes[position..<end]), at: position)
    default: if position < bytes.count { bytes[position] = UInt8(truncatingIfNeeded: random.next()) }
    }
  }
}
