import GraphQLEngine

/// The schemas of the last requests: whoever checks a thousand documents sends the same schema a thousand
/// times.
///
/// Owned by `CheckOperations`. Holds at most `capacity` schemas; the one unused for longest goes first.
struct SchemaCache {
  static let capacity = 8

  private var entries: [(sdl: [UInt8], checks: Schema.Checks, result: Result<Schema, SchemaErrors>)] = []

  /// The schema that `sdl` describes, or the errors that `checks` find.
  mutating func schema(_ sdl: [UInt8], _ checks: Schema.Checks) throws(SchemaErrors) -> Schema {
    if let index = entries.firstIndex(where: { $0.checks == checks && $0.sdl == sdl }) {
      entries.append(entries.remove(at: index))
    } else {
      if entries.count == SchemaCache.capacity { entries.removeFirst() }
      entries.append((sdl, checks, SchemaCache.build(sdl, checks)))
    }
    return try entries[entries.count - 1].result.get()
  }

  private static func build(_ sdl: [UInt8], _ checks: Schema.Checks) -> Result<Schema, SchemaErrors> {
    do throws(SchemaErrors) {
      return .success(try Schema.build(try parse(sdl), options: Schema.Options(checks: checks)))
    } catch {
      return .failure(error)
    }
  }

  /// Parses a type system document.
  static func parse(_ sdl: [UInt8]) throws(SchemaErrors) -> Document {
    do throws(GraphQLError) {
      return try Document.parse(Source(sdl), limits: .check)
    } catch {
      throw SchemaErrors([error])
    }
  }
}

extension ParseLimits {
  /// For documents of any kind in a request: some thirty times the largest schemas there are, so that no line
  /// takes all memory.
  static let check = ParseLimits(tokens: 10_000_000)
}
