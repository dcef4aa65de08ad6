import GraphQLEngine

/// Input that would be expensive for a careless engine, in any size: the work must grow like the input.
///
/// `scripts/growth` counts the instructions of each at one size and at twice that size.
struct GrowthCase: Sendable {
  let name: String
  /// The smaller of the two sizes.
  let size: Int
  /// Makes the input of a size; what it returns is counted.
  let prepare: @Sendable (Int) throws -> @Sendable () async -> Void

  static var all: [GrowthCase] { documents + executions + schemas + values }
}

/// The schema of the cases on documents.
enum GrowthSchema {
  static let sdl = """
    directive @many(n: Int) repeatable on FIELD | QUERY
    scalar Any
    enum E { RED GREEN }
    input I { a: Int b: String i: I l: [Int] }
    interface N { id: ID n: N }
    type A implements N { id: ID n: N q: Query }
    type B implements N { id: ID n: N }
    union U = A | B
    type Query {
      q: Query n: N u: U id: ID name: String value(x: Any, i: I, l: [Int], s: String, e: E): Int
      list: [Query] ns: [N] numbers: [Int]
    }
    type Subscription { s: Query }
    """

  static func schema(_ sdl: String) throws -> Schema { try Schema.build(sdl) }

  static func engine(_ sdl: String = sdl) throws -> Engine {
    var wiring = Wiring()
    wiring.defaultBinding = .member
    var limits = EngineLimits()
    limits.planCacheBytes = 1 << 20
    return Engine(try ExecutableSchema(try Schema.build(sdl), wiring), limits: limits)
  }
}

extension GrowthCase {
  static func repeated(_ count: Int, _ separator: String = " ", _ unit: (Int) -> String) -> String {
    (0..<count).map(unit).joined(separator: separator)
  }

  /// Parses without a limit of tokens, validates and prints.
  static func document(
    _ name: String, _ size: Int = 1_000, sdl: String = GrowthSchema.sdl,
    _ text: @escaping @Sendable (Int) -> String
  ) -> GrowthCase {
    GrowthCase(name: name, size: size) { count in
      let schema = try GrowthSchema.schema(sdl)
      let bytes = Array(text(count).utf8)
      return {
        guard let document = try? Document.parse(bytes, limits: .schema) else { return }
        _ = schema.validate(document)
        _ = document.print()
      }
    }
  }

  static let documents: [GrowthCase] = [
    document("identical fields") { "{ \(repeated($0) { _ in "q { id }" }) }" },
    document("conflicting aliases") { "{ \(repeated($0) { "x: value(x: \($0))" }) }" },
    document("conflicts below fields") { "{ \(repeated($0) { "q { x: value(x: \($0)) }" }) }" },
    document("fields under two types") {
      "{ u { \(repeated($0) { "... on \($0 % 2 == 0 ? "A" : "B") { id n { id } }" }) } }"
    },
    document("chain of fragments") { count in
      "{ ...F0 } \(repeated(count) { "fragment F\($0) on Query { id ...F\($0 + 1) }" })"
        + " fragment F\(count) on Query { id }"
    },
    document("fan-out of fragments", 200) { count in
      "{ ...F0 } "
        + repeated(count) { index in
          "fragment F\(index) on Query { id \(repeated(10) { "...F\(min(count, index + 1 + $0))" }) }"
        } + " fragment F\(count) on Query { id }"
    },
    document("fragments that double") { count in
      "{ ...F0 } "
        + repeated(count) { "fragment F\($0) on Query { a: q { ...F\($0 + 1) } b: q { ...F\($0 + 1) } }" }
        + " fragment F\(count) on Query { id }"
    },
    document("cycles of fragments") { count in
      "{ ...F0 } \(repeated(count) { "fragment F\($0) on Query { id ...F\(($0 + 1) % count) ...F0 }" })"
    },
    document("fragments of operations", 300) { count in
      repeated(count) { "query Q\($0) { ...F0 }" } + " "
        + repeated(count) { "fragment F\($0) on Query { id ...F\($0 + 1) }" }
        + " fragment F\(count) on Query { id }"
    },
    document("fragments of subscriptions", 300) { count in
      repeated(count) { "subscription Q\($0) { ...F0 }" } + " "
        + repeated(count) { "fragment F\($0) on Subscription { ...F\($0 + 1) }" }
        + " fragment F\(count) on Subscription { s { id } }"
    },
    document("directives at one place") { "{ id \(repeated($0) { _ in "@many" }) }" },
    document("directives at many places") { "{ \(repeated($0) { "f\($0): id @many(n: 1) @many(n: 2)" }) }" },
    document("list values") { "{ value(l: [\(repeated($0) { "\($0)" })]) }" },
    document("wrong list values") { "{ value(l: [\(repeated($0) { "\"\($0)\"" })]) }" },
    document("fields of objects") { "{ value(x: {\(repeated($0) { "f\($0): 1" })}) }" },
    document("repeated fields of objects") { "{ value(i: {\(repeated($0) { _ in "a: 1" })}) }" },
    document("unknown fields of objects") { "{ value(i: {\(repeated($0) { "f\($0): 1" })}) }" },
    document("objects in both orders") { count in
      "{ value(x: {\(repeated(count) { "f\($0): 1" })}) "
        + "value(x: {\(repeated(count) { "f\(count - 1 - $0): 1" })}) }"
    },
    document("uses of one variable") { "query($v: Int) { \(repeated($0) { "f\($0): value(l: [$v])" }) }" },
    document("variables") { count in
      "query(\(repeated(count) { "$v\($0): Int" })) { value(l: [\(repeated(count) { "$v\($0)" })]) }"
    },
    document("unknown variables") { "{ value(l: [\(repeated($0) { "$v\($0)" })]) }" },
    document("operations") { "\(repeated($0) { "query Q\($0) { id }" })" },
    document("operations without names") { "\(repeated($0) { _ in "{ id }" })" },
    document("arguments") { "{ value(\(repeated($0) { _ in "s: \"\"" })) }" },
    document("unknown names") { "{ \(repeated($0) { "nome\($0)" }) }" },
    document("introspection") {
      "{ \(repeated($0) { "t\($0): __type(name: \"A\") { fields { type { fields { name } } } }" }) }"
    },
    document("introspection in fragments") { count in
      "{ __schema { types { ...F0 } } } "
        + repeated(count) { "fragment F\($0) on __Type { ofType { ...F\($0 + 1) } }" }
        + " fragment F\(count) on __Type { fields { name } }"
    },
    document("names that end alike") {
      "{ \(repeated($0) { "name\(10_000 + $0)x: id" }) }"
    },
    document("long string", 50_000) { "{ value(s: \"\(repeated($0, "") { _ in "é\\n" })\") }" },
    document("long block string", 50_000) {
      "{ value(s: \"\"\"\(repeated($0, "") { _ in " \\\"\"\"\n" })\"\"\") }"
    },
    document("long name", 50_000) { "{ \(repeated($0, "") { _ in "n" }) }" },
    document("comments", 10_000) { "\(repeated($0, "") { _ in "#\n" }){ id ?" },
    document("open brackets", 5_000) { "{ value(l: \(repeated($0, "") { _ in "[" })" },
    document("open selections", 5_000) { repeated($0, "") { _ in "{ q" } },
  ]
}
