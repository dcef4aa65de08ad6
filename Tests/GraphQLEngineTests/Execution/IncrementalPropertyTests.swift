import GraphQLEngine
import Testing

/// Makes the same numbers from the same seed.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) ^ (state << 17)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Writes queries with `@defer` and `@stream` at random places.
private struct QueryMaker {
  struct Field {
    var name: String
    /// The type whose fields are selected of it.
    var type: String?
    var isList = false
  }

  var dice: Dice
  let types: [String: [Field]]
  /// The same field is streamed alike everywhere, as merging demands.
  private var streams: [String: String] = [:]
  private var labels = 0

  init(seed: UInt64, types: [String: [Field]]) {
    dice = Dice(state: seed &* 7919 &+ 17)
    self.types = types
  }

  mutating func query(_ root: String, depth: Int) -> String { selections(of: root, depth: depth) }

  private mutating func selections(of type: String, depth: Int) -> String {
    var parts: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      if dice.chance(40) && depth > 0 {
        let label = dice.chance(30) ? "(label: \"l\(nextLabel())\")" : ""
        let directive = dice.chance(85) ? " @defer\(label)" : ""
        let condition = dice.chance(30) ? " on \(type)" : ""
        parts.append("...\(condition)\(directive) \(selections(of: type, depth: depth - 1))")
      } else {
        parts.append(field(of: type, depth: depth))
      }
    }
    return "{ \(parts.joined(separator: " ")) }"
  }

  private mutating func nextLabel() -> Int {
    labels += 1
    return labels
  }

  private mutating func field(of type: String, depth: Int) -> String {
    let fields = types[type] ?? []
    let usable = depth > 0 ? fields : fields.filter { $0.type == nil }
    guard let field = usable.randomElement(using: &dice) else { return "__typename" }
    var text = field.name
    if field.isList { text += stream(type, field.name) }
    if let below = field.type { text += " " + selections(of: below, depth: depth - 1) }
    return text
  }

  private mutating func stream(_ type: String, _ name: String) -> String {
    let key = "\(type).\(name)"
    if let known = streams[key] { return known }
    let made = dice.chance(60) ? " @stream(initialCount: \(Int.random(in: 0...2, using: &dice)))" : ""
    streams[key] = made
    return made
  }
}

@Suite("Incremental delivery: merged payloads are the plain result")
struct IncrementalPropertyTests {
  private func check(_ engine: IncrementalEngine, _ query: String, root: InputValue?) async throws {
    let texts = try await engine.run(query, root: root)
    let merged = try PayloadMerger(texts)
    let prepared = try engine.engine.prepare(query)
    let request = ExecutionRequest(root: root.map { Rows.dynamic([$0]) })
    let plain = try JSONReader.read(await engine.engine.execute(prepared, request).text)
    #expect(merged.data.sorted == (plain["data"] ?? .null).sorted, "\(query)\n\(texts)")
    var expected: [InputValue] = []
    if case .list(let errors)? = plain["errors"] { expected = errors }
    func inspected(_ errors: [InputValue]) -> [String] {
      errors.map { "\($0["path"] ?? .null) \($0["message"] ?? .null)" }.sorted()
    }
    #expect(inspected(merged.errors) == inspected(expected), "\(query)\n\(texts)")
  }

  @Test(arguments: 0..<300)
  func `over rows batches and loaders`(_ seed: Int) async throws {
    let types: [String: [QueryMaker.Field]] = [
      "Query": [.init(name: "authors", type: "Author", isList: true), .init(name: "failing")],
      "Author": [
        .init(name: "id"), .init(name: "name"), .init(name: "nick"), .init(name: "bookCount"),
        .init(name: "books", type: "Book", isList: true), .init(name: "favourite", type: "Book"),
        .init(name: "same", type: "Author"), .init(name: "numbers", type: "Number", isList: true),
        .init(name: "friends", type: "Author", isList: true), .init(name: "editor", type: "Editor"),
      ],
      "Book": [
        .init(name: "title"), .init(name: "price"), .init(name: "authorName"),
        .init(name: "publisher", type: "Editor"),
      ],
      "Number": [.init(name: "value"), .init(name: "double"), .init(name: "next", type: "Number")],
      "Editor": [.init(name: "id"), .init(name: "name")],
    ]
    var maker = QueryMaker(seed: UInt64(seed), types: types)
    let engine = try IncrementalEngine(Library.sdl, limits: Self.limits, isDynamic: false, Library.bind)
    try await check(engine, maker.query("Query", depth: 5), root: nil)
  }

  @Test(arguments: 0..<300)
  func `over JSON values and sequences`(_ seed: Int) async throws {
    let node: [QueryMaker.Field] = [
      .init(name: "a"), .init(name: "b"), .init(name: "bad"), .init(name: "slow"),
      .init(name: "child", type: "Node"), .init(name: "kids", type: "Node", isList: true),
      .init(name: "tags", isList: true), .init(name: "grid", isList: true),
      .init(name: "rows", type: "Node", isList: true), .init(name: "feed", type: "Node", isList: true),
      .init(name: "ticks", isList: true), .init(name: "pet", type: "Pet"),
      .init(name: "pets", type: "Pet", isList: true),
    ]
    let types = [
      "Query": node, "Node": node,
      "Pet": [QueryMaker.Field(name: "name"), .init(name: "owner", type: "Node"), .init(name: "__typename")],
    ]
    var maker = QueryMaker(seed: UInt64(seed), types: types)
    var dice = Dice(state: UInt64(seed))
    try await check(
      Self.dynamicEngine(), maker.query("Query", depth: 4), root: Self.value(depth: 3, &dice))
  }

  @Test(arguments: 0..<300)
  func `nulls that propagate leave nothing open or out of place`(_ seed: Int) async throws {
    let node: [QueryMaker.Field] = [
      .init(name: "a"), .init(name: "must"), .init(name: "slow"), .init(name: "child", type: "Node"),
      .init(name: "sure", type: "Node"), .init(name: "kids", type: "Node", isList: true),
      .init(name: "all", type: "Node", isList: true), .init(name: "feed", type: "Node", isList: true),
    ]
    let fields =
      "a: Int, must: Int!, slow: Int!, child: Node, sure: Node!, kids: [Node], all: [Node!]!, feed: [Node!]"
    let sdl = "type Query { \(fields) } type Node { \(fields) }"
    let engine = try IncrementalEngine(sdl) { wiring, _ in
      for type in ["Query", "Node"] {
        wiring.bind(
          type, "slow",
          .asyncBatch { call in
            .leaves(try call.parents.rows(of: InputValue.self).map { $0["must"]?.int })
          })
        wiring.bind(
          type, "feed",
          .items { call in
            try call.parents.rows(of: InputValue.self).map { parent in
              Self.pieces(parent["kids"]).map { Column.objects(.dynamic($0)) }.stream
            }
          })
      }
    }
    var maker = QueryMaker(seed: UInt64(seed), types: ["Query": node, "Node": node])
    let query = maker.query("Query", depth: 4)
    var dice = Dice(state: UInt64(seed))
    let root = Self.strictValue(depth: 4, &dice)
    let texts = try await engine.run(query, root: root)
    let merged = try PayloadMerger(texts)
    let prepared = try engine.engine.prepare(query)
    let plain = await engine.engine.execute(prepared, ExecutionRequest(root: .dynamic([root])))
    // What fails is not the same: a fragment that fails leaves its object. Whether something fails is.
    #expect(merged.errors.isEmpty == plain.errors.isEmpty, "\(query)\n\(texts)")
    if plain.errors.isEmpty {
      #expect(merged.data.sorted == (try JSONReader.read(plain.text)["data"] ?? .null).sorted)
    }
  }

  /// Objects of which one in ten lacks what it must have.
  private static func strictValue(depth: Int, _ dice: inout Dice) -> InputValue {
    let must: InputValue = dice.chance(10) ? .null : 1
    guard depth > 0 else { return ["a": 0, "must": must, "all": []] }
    let kids = (0..<Int.random(in: 0...2, using: &dice)).map { _ in strictValue(depth: depth - 1, &dice) }
    let some = kids.first ?? .null
    let sure = strictValue(depth: depth - 1, &dice)
    return [
      "a": .int(depth), "must": must, "child": some, "sure": sure, "kids": .list(kids + [.null]),
      "all": .list(kids),
    ]
  }

  /// No error is left out.
  private static var limits: EngineLimits {
    var limits = EngineLimits()
    limits.errors = 1 << 20
    return limits
  }

  private static func dynamicEngine() throws -> IncrementalEngine {
    let fields = """
      a: Int, b: String, bad: Int, slow: Int, child: Node, kids: [Node], tags: [String], grid: [[Int]]
      rows: [[Node]], feed: [Node], ticks: [Int], pet: Pet, pets: [Pet]
      """
    let sdl = """
      type Query { \(fields) } type Node { \(fields) }
      interface Pet { name: String, owner: Node }
      type Dog implements Pet { name: String, owner: Node }
      type Cat implements Pet { name: String, owner: Node }
      """
    return try IncrementalEngine(sdl, limits: limits) { wiring, _ in
      for type in ["Query", "Node"] {
        wiring.bind(
          type, "slow",
          .asyncBatch { call in
            .leaves(try call.parents.rows(of: InputValue.self).map { $0["a"]?.int.map { $0 * 10 } })
          })
        wiring.bind(
          type, "feed",
          .items { call in
            try call.parents.rows(of: InputValue.self).map { parent in
              parent["a"] == nil ? nil : pieces(parent["kids"]).map { Column.objects(.dynamic($0)) }.stream
            }
          })
        wiring.bind(
          type, "ticks",
          .items { call in
            try call.parents.rows(of: InputValue.self).map { parent in
              pieces(parent["kids"]).map { Column.leaves($0.map { $0["a"]?.int }) }.stream
            }
          })
      }
    }
  }

  /// The objects of a list, by one and by two.
  private static func pieces(_ value: InputValue?) -> [[InputValue]] {
    guard case .list(let items)? = value else { return [] }
    var rest = items.filter { $0["a"] != nil }[...]
    var pieces: [[InputValue]] = []
    while !rest.isEmpty {
      let count = min(pieces.count % 2 + 1, rest.count)
      pieces.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return pieces
  }

  private static func value(depth: Int, _ dice: inout Dice) -> InputValue {
    guard depth > 0 else { return ["a": 0] }
    let child = dice.chance(20) ? InputValue.null : value(depth: depth - 1, &dice)
    let kids = (0..<Int.random(in: 0...2, using: &dice)).map { _ in
      dice.chance(15) ? InputValue.null : value(depth: depth - 1, &dice)
    }
    let pets = kids.enumerated().map { index, kid -> InputValue in
      ["__typename": index % 2 == 0 ? "Dog" : "Cat", "name": .string("p\(index)"), "owner": kid]
    }
    return [
      "a": .int(depth), "b": .string("b\(depth)"), "bad": ["$error": "bad"], "child": child,
      "kids": .list(kids), "tags": .list((0..<kids.count).map { .string("t\($0)") }),
      "grid": [[1, 2], nil, [.int(depth)]], "rows": [.list(kids), nil, .list(kids)],
      "pet": pets.first ?? .null, "pets": .list(pets),
    ]
  }
}

extension [Column] {
  /// A sequence of these.
  var stream: FieldBinding.ItemStream {
    AsyncThrowingStream<Column, any Error> { continuation in
      for column in self { continuation.yield(column) }
      continuation.finish()
    }
  }
}
