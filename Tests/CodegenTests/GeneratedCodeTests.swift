import Foundation
import GraphQLEngine
import Testing

@testable import Codegen

/// The generator, and that what it wrote is what lies in the repository.
@Suite struct GeneratedCodeTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `the generated code is current`() throws {
    let sdl = try String(contentsOf: Self.root.appending(path: "schema.graphql"), encoding: .utf8)
    let folder = Self.root.appending(path: "Sources/Schema/Generated")
    let files = try SwiftGenerator(schema: try Schema.build(sdl), sdl: sdl).files()
    for file in files {
      let committed = try String(contentsOf: folder.appending(path: file.name), encoding: .utf8)
      #expect(committed == file.text, "\(file.name) is not current: run studio-codegen")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(Set(names) == Set(files.map(\.name)))
  }

  @Test func `every description of the schema is in the generated code or the schema's text`() throws {
    let text = try generated(Self.small)
    #expect(text["Enums.swift"]?.contains("/// How warm.") == true)
    #expect(text["SchemaText.swift"]?.contains("\"How warm.\"") == true)
  }

  @Test func `each kind of type becomes what the resolvers need`() throws {
    let text = try generated(Self.small)
    let protocols = try #require(text["ResolverProtocols.swift"])
    #expect(protocols.contains("public protocol QueryResolvers: Sendable"))
    #expect(protocols.contains("func oven(_ call: FieldCall, _ id: String) throws -> Resolution"))
    #expect(protocols.contains("func bake(_ call: FieldCall, _ input: BakeInput) async throws -> Column"))
    #expect(protocols.contains("var owner: FieldBinding { get }"))
    #expect(protocols.contains("OvenLeaf"))
    #expect(text["PlainTypes.swift"]?.contains("public struct Person: Sendable") == true)
    #expect(text["Inputs.swift"]?.contains("public var heat: Heat?") == true)
    #expect(
      text["SchemaResolvers.swift"]?.contains(
        ".access(policy.check(.requires(.cook, scope: nil), of: \"Mutation.bake\"))") == true)
    #expect(
      text["SchemaResolvers.swift"]?.contains(".access(policy.check(.public, of: \"Query.oven\"))") == true)
  }

  @Test func `a root field that says nothing about access is refused`() throws {
    let sdl = Self.small.replacing(
      "bake(input: BakeInput!): Person! @requires(role: COOK)", with: "bake(input: BakeInput!): Person!")
    do {
      _ = try generated(sdl)
      Issue.record("the field was accepted")
    } catch let problems as GeneratorProblems {
      #expect(problems.lines == ["Mutation.bake has none of @public, @authenticated and @requires(role:)."])
    }
  }

  private func generated(_ sdl: String) throws -> [String: String] {
    let files = try SwiftGenerator(schema: try Schema.build(sdl), sdl: sdl).files()
    return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.text) })
  }

  private static let small = """
    directive @public on FIELD_DEFINITION
    directive @requires(role: Role!) on FIELD_DEFINITION
    enum Role { COOK }
    "How warm."
    enum Heat { LOW HIGH }
    interface Node { id: ID! }
    type Oven implements Node { id: ID! heat: Heat! owner: Person! }
    type Person { name: String! tags: [String!]! }
    input BakeInput { heat: Heat }
    type Query { oven(id: ID!): Oven @public }
    type Mutation { bake(input: BakeInput!): Person! @requires(role: COOK) }

    """
}
