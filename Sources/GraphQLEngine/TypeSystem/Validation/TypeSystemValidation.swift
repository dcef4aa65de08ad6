enum TypeSystemValidation {
  static func validate(_ schema: Schema, maximumErrors: Int) -> [GraphQLError] { [] }
}
