import GraphQLEngine

extension GrowthCase {
  /// Builds with all checks, prints, and compares with itself; what is refused ends there.
  private static func schema(
    _ name: String, _ size: Int = 1_000, _ sdl: @escaping @Sendable (Int) -> String
  ) -> GrowthCase {
    GrowthCase(name: "schema: \(name)", size: size) { count in
      let text = sdl(count)
      return {
        guard let schema = try? Schema.build(text, options: .init(checks: .complete)) else { return }
        _ = schema.sdl
        _ = schema.changes(to: schema)
        var wiring = Wiring()
        wiring.defaultBinding = .member
        _ = try? ExecutableSchema(schema, wiring)
      }
    }
  }

  /// A schema of so many object types that refer to each other.
  static func sdl(ofTypes count: Int) -> String {
    "type Query { t0: T0 } "
      + repeated(count) { "type T\($0) { a: T\(($0 * 7) % count) b(x: Int = 1, y: [String!]): [T\($0)!]! }" }
  }

  private static let root = "type Query { a: Int } "

  static let schemas: [GrowthCase] = [
    schema("types") { sdl(ofTypes: $0) },
    schema("unknown types", 500) { root + repeated($0) { "type T\($0) { a: Typo\($0) }" } },
    schema("fields") { "type Query { \(repeated($0) { "f\($0): Int" }) }" },
    schema("repeated fields") { "type Query { \(repeated($0) { _ in "f: Int" }) }" },
    schema("arguments") { "type Query { a(\(repeated($0) { "x\($0): Int = \($0)" })): Int }" },
    schema("extensions") { root + repeated($0) { "extend type Query { f\($0): Int }" } },
    schema("extensions of the schema") {
      root + "directive @d repeatable on SCHEMA " + repeated($0) { _ in "extend schema @d" }
    },
    schema("values of an enum", 5_000) {
      "type Query { a(e: E = V0): E } enum E { \(repeated($0) { "V\($0)" }) }"
    },
    schema("members of a union") { count in
      "type Query { u: U } union U = \(repeated(count, " | ") { "T\($0)" }) "
        + repeated(count) { "type T\($0) { a: Int }" }
    },
    schema("implementations of an interface") {
      "type Query { i: I } interface I { a: Int b: Int } "
        + repeated($0) { "type T\($0) implements I { a: Int b: Int }" }
    },
    // Each interface names all those before it, so the text itself grows with the square.
    schema("hierarchy of interfaces", 40) { count in
      root
        + repeated(count * count / 40) { index in
          let above = repeated(min(index, 40), " & ") { "I\(index - 1 - $0)" }
          return "interface I\(index) \(index > 0 && index <= 40 ? "implements \(above)" : "") { a: Int }"
        }
    },
    schema("ring of required input objects") { count in
      root + repeated(count) { "input I\($0) { a: I\(($0 + 1) % count)! }" }
    },
    schema("ring of defaults") { count in
      root + repeated(count) { "input I\($0) { a: I\(($0 + 1) % count) = {} }" }
    },
    schema("defaults that close many cycles", 300) { count in
      root + repeated(count) { "input I\($0) { a: I\($0 + 1) = {} b: I0 = {} }" }
        + " input I\(count) { a: Int }"
    },
    // So many that those which are printed up to the limit outweigh the small ones.
    schema("defaults that double", 40) { count in
      root + repeated(count) { "input I\($0) { a: I\($0 + 1) = {} b: I\($0 + 1) = {} }" }
        + " input I\(count) { a: Int }"
    },
    schema("default of many objects", 500) { count in
      "input I { \(repeated(count) { "f\($0): J = {}" }) } input J { a: Int = 1 } "
        + "type Query { a(i: [I] = [\(repeated(count) { _ in "{}" })]): Int }"
    },
    schema("ring of oneOf input objects") { count in
      root + repeated(count) { "input I\($0) @oneOf { a: I\(($0 + 1) % count) }" }
    },
    schema("ring of directives") { count in
      root + repeated(count) { "directive @d\($0)(a: Int @d\(($0 + 1) % count)) on ARGUMENT_DEFINITION" }
    },
    schema("directives at one place") {
      "directive @d repeatable on OBJECT type Query \(repeated($0) { _ in "@d" }) { a: Int }"
    },
    schema("long description", 50_000) {
      "\"\"\"\(repeated($0, "") { _ in "x\n" })\"\"\" type Query { a: Int }"
    },
    schema("long default value", 5_000) { "type Query { a(l: [Int] = [\(repeated($0) { "\($0)" })]): Int }" },
    schema("wrong default values", 500) {
      "type Query { a(\(repeated($0) { "x\($0): [Int] = [\"a\"]" })): Int }"
    },
  ]
}
