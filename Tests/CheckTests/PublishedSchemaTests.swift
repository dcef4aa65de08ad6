import Foundation
import GraphQLEngine
import Testing

/// The schema that the Studio publishes, under all that the newest edition demands.
@Suite struct PublishedSchemaTests {
  @Test func `the published schema passes the complete checks and prints what it means`() throws {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("schema.graphql")
    let sdl = try String(contentsOf: file, encoding: .utf8)
    let schema = try Schema.build(sdl, options: Schema.Options(checks: .complete))
    #expect(try Schema.build(schema.sdl, options: Schema.Options(checks: .complete)).sdl == schema.sdl)
  }
}
