/// An error of any phase, in the shape that a response shows (§ 7.1.6).
public struct GraphQLError: Error, Hashable, Sendable {
  /// For people; graphql-js's wording where it has one.
  public var message: String

  /// Where in the document; empty when it has no place.
  public var locations: [SourceLocation]

  /// The response position (§ 7.1.4); nil for errors that are raised before execution begins.
  public var path: [PathSegment]?

  /// Further entries, `code` above all; JSON text by key, so that the engine needs no value tree.
  public var extensions: [ErrorExtension]

  public init(
    _ message: String, locations: [SourceLocation] = [], path: [PathSegment]? = nil,
    extensions: [ErrorExtension] = []
  ) {
    self.message = message
    self.locations = locations
    self.path = path
    self.extensions = extensions
  }
}

/// A step of a response path: a response key or a 0-based list index.
public enum PathSegment: Hashable, Sendable {
  case key(String)
  case index(Int)
}

/// One entry of an error's `extensions`.
public struct ErrorExtension: Hashable, Sendable {
  /// The key in `extensions`.
  public var key: String
  /// The value as JSON text.
  public var json: String

  public init(key: String, json: String) {
    self.key = key
    self.json = json
  }
}
