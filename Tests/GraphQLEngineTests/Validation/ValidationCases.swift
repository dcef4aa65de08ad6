import Testing

@testable import GraphQLEngine

/// The schema of most validation tests.
let petSchema = schema(
  """
  interface Mammal { mother: Mammal }
  interface Pet { name(surname: Boolean): String }
  interface Canine implements Mammal { name(surname: Boolean): String, mother: Canine }
  enum DogCommand { SIT, HEEL, DOWN }
  enum FurColor { BROWN, BLACK, TAN @deprecated(reason: "Too pale.") }
  type Dog implements Pet & Mammal & Canine {
    name(surname: Boolean): String
    nickname: String
    barkVolume: Int
    barks: Boolean
    doesKnowCommand(dogCommand: DogCommand): Boolean
    isHouseTrained(atOtherHomes: Boolean = true): Boolean
    isAtLocation(x: Int, y: Int): Boolean
    mother: Dog
    owner: Human
    oldName: String @deprecated(reason: "Use name.")
  }
  type Cat implements Pet {
    name(surname: Boolean): String
    nickname: String
    meows: Boolean
    meowVolume: Int
    furColor: FurColor
    owner: Human
  }
  union CatOrDog = Cat | Dog
  type Human { name(surname: Boolean): String, pets: [Pet], relatives: [Human]! }
  scalar JSON
  input ComplexInput {
    requiredField: Boolean!
    nonNullField: Boolean! = false
    intField: Int
    stringField: String
    listField: [String]
    nested: ComplexInput
    oldField: Int @deprecated
  }
  input OneOfInput @oneOf { stringField: String, intField: Int }
  type Arguments {
    int(a: Int): String
    nonNullInt(a: Int!): String
    string(a: String): String
    boolean(a: Boolean): String
    color(a: FurColor): String
    float(a: Float): String
    id(a: ID): String
    strings(a: [String]): String
    nonNullStrings(a: [String!]): String
    matrix(a: [[Int!]!]): String
    complex(a: ComplexInput): String
    oneOf(a: OneOfInput!): String
    json(a: JSON): String
    two(a: Int!, b: Int!): String
    withDefault(a: Int! = 0): String
    old(a: Int @deprecated(reason: "Too old.")): String
  }
  type Query {
    human(id: ID): Human
    dog: Dog
    cat: Cat
    pet: Pet
    catOrDog: CatOrDog
    arguments: Arguments
    dogs: [Dog!]!
  }
  type Mutation { rename: Dog }
  type Subscription { barks: Dog, meows: Cat }
  directive @onField on FIELD
  directive @onQuery on QUERY
  directive @onVariable on VARIABLE_DEFINITION
  directive @many(n: Int!, old: Int @deprecated) repeatable on FIELD | QUERY | FRAGMENT_DEFINITION
  """)

/// A schema with one query field and no other operation.
let querySchema = schema("type Query { a: Int }")

/// Builds a schema of a test; a mistake in it stops the tests.
func schema(_ sdl: String, incremental: Bool = false) -> Schema {
  do {
    return try Schema.build(sdl, options: .init(definesIncrementalDelivery: incremental))
  } catch {
    preconditionFailure("\(error.errors)")
  }
}

/// The errors of a document as "message line:column line:column", sorted.
func validationErrors(
  _ text: String, against schema: Schema = petSchema, options: ValidationOptions = .init()
) throws -> [String] {
  let document = try Document.parse(text, limits: .schema)
  return schema.validate(document, options: options).map { error in
    ([error.message] + error.locations.map { "\($0.line):\($0.column)" }).joined(separator: " ")
  }.sorted()
}

/// Expects that a rule, alone, gives exactly these errors for a document.
func expect(
  _ rule: ValidationRule, _ document: String, _ errors: String..., schema: Schema = petSchema,
  at location: Testing.SourceLocation = #_sourceLocation
) throws {
  let options = ValidationOptions(rules: ValidationRules([rule]))
  let found = try validationErrors(document, against: schema, options: options)
  #expect(found == errors.sorted(), sourceLocation: location)
}
