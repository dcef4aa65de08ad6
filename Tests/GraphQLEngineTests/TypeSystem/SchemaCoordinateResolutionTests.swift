import GraphQLEngine
import Testing

@Suite("§ 2.14 Resolving a schema coordinate")
struct SchemaCoordinateResolutionTests {
  private static let sdl = """
    type Query { searchBusiness(criteria: SearchCriteria!): [Business], any: Anything }
    input SearchCriteria { name: String, filter: SearchFilter }
    enum SearchFilter { OPEN_NOW, DELIVERS_TAKEOUT, VEGETARIAN_MENU }
    interface Named { name(short: Boolean): String }
    type Business implements Named { id: ID, name(short: Boolean): String, email: String @private(scope: "loggedIn") }
    union Anything = Business
    scalar Time
    directive @private(scope: String!) on FIELD_DEFINITION
    """

  @Test(arguments: [
    "Business", "String", "Anything", "Time", "__Type", "Business.name", "Named.name",
    "SearchCriteria.filter",
    "SearchFilter.OPEN_NOW", "Query.searchBusiness(criteria:)", "Named.name(short:)", "@private",
    "@deprecated",
    "@private(scope:)", "@deprecated(reason:)", "Business.__typename", "Query.__type(name:)",
    "__Directive.name", "__Type.fields(includeDeprecated:)", "__DirectiveLocation.INLINE_FRAGMENT",
  ])
  func `what it names is found, and names itself by it`(_ text: String) throws {
    let schema = try Schema.build(Self.sdl)
    let element = try #require(try schema.resolve(coordinate: text))
    #expect(SchemaCoordinate(of: element, in: schema).description == text)
  }

  @Test func `each kind of element is told apart`() throws {
    let schema = try Schema.build(Self.sdl)
    let business = try #require(schema.type(named: "Business"))
    let name = try #require(schema.field(named: "name", in: business))
    let short = try #require(schema.inputValue(named: "short", in: schema[name].arguments))
    #expect(try schema.resolve(.type("Business")) == .type(business))
    #expect(try schema.resolve(.member(type: "Business", name: "name")) == .field(name, of: business))
    #expect(
      try schema.resolve(.argument(type: "Business", field: "name", name: "short"))
        == .argument(short, of: name, in: business))
    let criteria = try #require(schema.type(named: "SearchCriteria"))
    let filter = try #require(schema.inputValue(named: "filter", in: schema[criteria].inputFields))
    #expect(try schema.resolve(coordinate: "SearchCriteria.filter") == .inputField(filter, of: criteria))
    let values = try #require(schema.type(named: "SearchFilter"))
    let open = try #require(schema.enumValue(named: "OPEN_NOW", in: values))
    #expect(try schema.resolve(coordinate: "SearchFilter.OPEN_NOW") == .enumValue(open, of: values))
    let directive = try #require(schema.directive(named: "private"))
    let scope = try #require(schema.inputValue(named: "scope", in: schema[directive].arguments))
    #expect(try schema.resolve(coordinate: "@private") == .directive(directive))
    #expect(try schema.resolve(coordinate: "@private(scope:)") == .directiveArgument(scope, of: directive))
  }

  @Test(arguments: [
    "Unknown", "private", "Business.unknown", "SearchCriteria.unknown", "SearchFilter.UNKNOWN",
    "Business.name(unknown:)", "@unknown", "@Business", "@private(unknown:)", "Business.__type",
  ])
  func `a leaf that is missing is nothing`(_ text: String) throws {
    #expect(try Schema.build(Self.sdl).resolve(coordinate: text) == nil)
  }

  @Test(arguments: [
    ("Unknown.field", "Expected \"Unknown\" to be defined as a type in the schema."),
    ("String.field", "Expected \"String\" to be an Enum, Input Object, Object or Interface type."),
    ("Anything.Business", "Expected \"Anything\" to be an Enum, Input Object, Object or Interface type."),
    ("Unknown.field(arg:)", "Expected \"Unknown\" to be defined as a type in the schema."),
    (
      "Business.unknown(arg:)", "Expected \"unknown\" to exist as a field of type \"Business\" in the schema."
    ),
    ("SearchCriteria.name(arg:)", "Expected \"SearchCriteria\" to be an object type or interface type."),
    ("@unknown(arg:)", "Expected \"unknown\" to be defined as a directive in the schema."),
  ])
  func `what should contain it must be there`(_ text: String, _ message: String) throws {
    let schema = try Schema.build(Self.sdl)
    #expect(throws: GraphQLError(message)) { try schema.resolve(coordinate: text) }
  }

  @Test func `a text that is no coordinate has a syntax error`() throws {
    let schema = try Schema.build(Self.sdl)
    let error = GraphQLError(
      "Syntax Error: Invalid character: \" \".", locations: [SourceLocation(line: 1, column: 9)])
    #expect(throws: error) { try schema.resolve(coordinate: "Business .name") }
  }

  @Test func `every element of a schema has one coordinate that finds it`() throws {
    let schema = try Schema.build(Self.sdl)
    var seen: Set<String> = []
    func check(_ element: SchemaElement) throws {
      let coordinate = SchemaCoordinate(of: element, in: schema)
      #expect(seen.insert(coordinate.description).inserted)
      #expect(try schema.resolve(coordinate: coordinate.description) == element)
    }
    for type in schema.typeOrder {
      try check(.type(type))
      for field in schema.fieldIDs(of: type) {
        try check(.field(field, of: type))
        for argument in schema.argumentIDs(of: field) { try check(.argument(argument, of: field, in: type)) }
      }
      for field in schema.inputFieldIDs(of: type) { try check(.inputField(field, of: type)) }
      for value in schema.enumValueIDs(of: type) { try check(.enumValue(value, of: type)) }
    }
    for directive in schema.directiveOrder {
      try check(.directive(directive))
      for argument in schema.argumentIDs(of: directive) {
        try check(.directiveArgument(argument, of: directive))
      }
    }
    #expect(seen.count > 100)
  }
}
