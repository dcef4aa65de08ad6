import GraphQLEngine

/// What the schema says that the generator cannot bind.
struct GeneratorProblems: Error {
  let lines: [String]
}

/// Makes Swift of a schema. Object types come in three kinds:
///
/// - *table types* implement `Node`: their rows lie in the database. Leaves without arguments become cases of
///   an enum, for which the resolvers name a column; all other fields are requirements of the protocol.
/// - *plain types* have leaves without arguments only: they become structs, bound without any resolver.
/// - all others are protocols with a requirement for each field.
struct SwiftGenerator {
  let schema: Schema
  let sdl: String

  func files() throws -> [GeneratedFile] {
    let problems = accessProblems()
    if !problems.isEmpty { throw GeneratorProblems(lines: problems) }
    return [
      file("Enums", enums()),
      file("Inputs", inputs()),
      file("PlainTypes", plainTypes()),
      file("ResolverProtocols", protocols()),
      file("SchemaResolvers", schemaResolvers()),
      file("SchemaText", schemaText()),
    ]
  }

  private func file(_ name: String, _ body: [String]) -> GeneratedFile {
    let head = """
      // Written by studio-codegen from schema.graphql; do not edit.
      // swift-format-ignore-file

      import GraphQLEngine


      """
    return GeneratedFile(name: "\(name).swift", text: head + body.joined(separator: "\n\n") + "\n")
  }

  private func schemaText() -> [String] {
    // Two number signs: the SDL has block strings and backslashes of its own.
    ["/// The published schema.\npublic let schemaText = ##\"\"\"\n" + indented(sdl, by: 2) + "  \"\"\"##"]
  }

  // MARK: Kinds of types

  /// The types of one kind that the schema's author wrote, in order.
  func types(_ kind: TypeKind) -> [TypeID] {
    schema.types.indices.map { TypeID(rawValue: UInt32($0)) }.filter {
      schema[$0].kind == kind && !schema[$0].isBuiltIn
    }
  }

  func isRoot(_ type: TypeID) -> Bool {
    type == schema.queryType || type == schema.mutationType || type == schema.subscriptionType
  }

  func isTableType(_ type: TypeID) -> Bool {
    schema.interfaces(of: type).contains { schema.name($0) == "Node" }
  }

  func isPlainType(_ type: TypeID) -> Bool {
    !isRoot(type) && !isTableType(type) && fields(of: type).allSatisfy(isPlainLeaf)
  }

  func fields(of type: TypeID) -> [FieldID] {
    schema[type].fields.indices.map { FieldID(rawValue: UInt32($0)) }
  }

  /// A leaf, or list of leaves, without arguments.
  func isPlainLeaf(_ field: FieldID) -> Bool {
    schema[field].arguments.isEmpty && schema[schema[field].type.namedType].kind.isLeaf
  }

  func name(_ field: FieldID) -> String { schema.name(schema[field].name) }

  // MARK: Access

  /// Every root field says who may use it.
  private func accessProblems() -> [String] {
    [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap { $0 }.flatMap { type in
      fields(of: type).filter { access(of: $0) == nil }.map {
        "\(schema.name(type)).\(name($0)) has none of @public, @authenticated and @requires(role:)."
      }
    }
  }

  /// The Swift expression for the access that a field demands.
  func access(of field: FieldID) -> String? {
    for directive in schema.appliedDirectives(of: field) {
      if directive.name == "public" { return ".public" }
      if directive.name == "authenticated" { return ".authenticated" }
      if directive.name == "requires" {
        let values = directive.arguments.map { ($0.name, caseName($0.value.text.description)) }
        guard let role = values.first(where: { $0.0 == "role" })?.1 else { continue }
        let scope = values.first { $0.0 == "scope" }?.1 ?? standardScope(of: field)
        return ".requires(.\(role), scope: \(scope.map { ".\($0)" } ?? "nil"))"
      }
    }
    return nil
  }

  /// What an API key needs for a field that names no scope: nothing is enough for a mutation.
  private func standardScope(of field: FieldID) -> String? {
    schema[field].parent == schema.mutationType ? nil : "read"
  }
}
