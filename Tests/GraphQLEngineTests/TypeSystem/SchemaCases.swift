import Testing

@testable import GraphQLEngine

/// A type system document, and what is wrong with it: "line:column,line:column message", one line an error.
struct SchemaCase: CustomTestStringConvertible, Sendable {
  var sdl: String
  var errors: [String]
  var existing: String?

  init(_ sdl: String, extending existing: String? = nil, _ errors: String...) {
    self.sdl = sdl
    self.existing = existing
    self.errors = errors
  }

  var testDescription: String { sdl }

  /// The errors of one SDL rule.
  func errors(of rule: SDLRule) throws -> [String] {
    let document = try Document.parse(sdl, limits: .schema)
    let schema = try existing.map { try Schema.build($0, options: Schema.Options(checks: .definitions)) }
    return Schema.checkSDL(document, extending: schema, rules: [rule]).map(describe)
  }

  /// The errors of building the schema with every check.
  func errorsOfBuilding() -> [String] {
    do throws(SchemaErrors) {
      _ = try Schema.build(sdl, options: Schema.Options(checks: .complete))
      return []
    } catch {
      return error.errors.map(describe)
    }
  }
}

/// "line:column,line:column message"
func describe(_ error: GraphQLError) -> String {
  let places = error.locations.map { "\($0.line):\($0.column)" }.joined(separator: ",")
  return places.isEmpty ? error.message : "\(places) \(error.message)"
}
