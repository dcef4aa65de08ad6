/// The rules for type system documents, by graphql-js's names and in its order (§ 3).
public enum SDLRule: String, CaseIterable, Sendable {
  case loneSchemaDefinition = "LoneSchemaDefinitionRule"

  static func check(
    _ rules: [SDLRule], _ definitions: SchemaDefinitions, maximumErrors: Int
  ) -> [GraphQLError] { [] }
}
