import Testing

@testable import GraphQLEngine

/// Large and malicious SDL: each case ends, and would take minutes if a step grew with the square of the
/// input.
@Suite("§ 3 Adversarial schemas")
struct AdversarialSchemaTests {
  private let count = 100_000

  @Test func `a hundred thousand types`() throws {
    let types = (0..<count).map { "type T\($0) { a: T\(($0 * 7) % count) }" }.joined(separator: "\n")
    let schema = try Schema.build("type Query { a: T0 }\n\(types)")
    #expect(schema.types.count == schema.builtInTypeCount + count + 1)
  }

  @Test func `a chain of input objects with defaults, and one that closes`() throws {
    let chain = (0..<count).map { "input I\($0) { a: I\($0 + 1) = {} }" }.joined(separator: "\n")
    let schema = try Schema.build("type Query { a: Int }\n\(chain)\ninput I\(count) { a: Int }")
    #expect(schema.type(named: "I99999") != nil)
    let errors = SchemaCase("type Query { a: Int }\n\(chain)\ninput I\(count) { a: I0 = {} }")
      .errorsOfBuilding()
    #expect(errors.count == 1)
  }

  @Test func `a ring of required input objects`() {
    let ring = (0..<count).map { "input I\($0) { a: I\(($0 + 1) % count)! }" }.joined(separator: "\n")
    let errors = SchemaCase("type Query { a: Int }\n\(ring)").errorsOfBuilding()
    #expect(errors.count == 1)
  }

  @Test func `interfaces that all implement each other`() {
    let names = (0..<300).map { "I\($0)" }
    let all = names.joined(separator: " & ")
    let types = names.map { "interface \($0) implements \(all) { a: Int }" }.joined(separator: "\n")
    let errors = SchemaCase("type Query { a: Int }\n\(types)").errorsOfBuilding()
    #expect(errors.count == 101)
  }

  @Test func `a hundred thousand repetitions of a directive, a field, an argument and a value`() {
    let directives = String(repeating: " @a", count: count)
    #expect(
      SchemaCase("type Query\(directives) { a: Int } directive @a on OBJECT").errorsOfBuilding().count == 101)
    let arguments = String(repeating: "b: Int ", count: count)
    #expect(SchemaCase("type Query { a(\(arguments)): Int }").errorsOfBuilding().count == 1)
    let fields = String(repeating: "a: Int ", count: count)
    #expect(SchemaCase("type Query { \(fields) }").errorsOfBuilding().count == 101)
    let values = String(repeating: "A ", count: count)
    #expect(SchemaCase("type Query { a: E } enum E { \(values) }").errorsOfBuilding().count == 101)
    let given = String(repeating: "b: 1 ", count: count)
    #expect(
      SchemaCase("type Query @a(\(given)) { a: Int } directive @a(b: Int) on OBJECT").errorsOfBuilding().count
        == 1)
  }

  @Test func `many unknown names get suggestions within a budget`() {
    let types = (0..<20_000).map { "type Type\($0) { a: Typo\($0) }" }.joined(separator: "\n")
    let errors = SchemaCase("type Query { a: Int }\n\(types)").errorsOfBuilding()
    #expect(errors.count == 101)
    #expect(errors.first?.contains("Did you mean") == true)
  }

  @Test func `directive definitions in a long chain`() {
    let chain = (0..<20_000).map { "directive @d\($0)(a: Int @d\($0 + 1)) on ARGUMENT_DEFINITION" }.joined(
      separator: "\n")
    let end = "directive @d20000(a: Int @d0) on ARGUMENT_DEFINITION"
    let errors = SchemaCase("type Query { a: Int }\n\(chain)\n\(end)").errorsOfBuilding()
    #expect(errors.count == 1)
  }

  @Test func `defaults that close thousands of long cycles are reported up to the limit`() {
    let chain = (0..<5_000).map { "input I\($0) { next: I\($0 + 1) = {} back: I0 = {} }" }.joined(
      separator: "\n")
    let errors = SchemaCase("type Query { a: Int }\n\(chain)\ninput I5000 { a: Int }").errorsOfBuilding()
    #expect(errors.count >= 100)
    #expect(errors.allSatisfy { $0.utf8.count < 21_000 })
  }

  @Test func `a default of thousands of empty objects looks through their type once`() {
    let fields = (0..<5_000).map { "f\($0): J = {}" }.joined(separator: "\n")
    let items = String(repeating: "{} ", count: 5_000)
    let sdl = "input I { \(fields) } input J { a: Int = 1 } type Query { a(i: [I] = [\(items)]): Int }"
    #expect(SchemaCase(sdl).errorsOfBuilding() == [])
  }
}
