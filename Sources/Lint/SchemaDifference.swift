import GraphQLEngine

/// The changes from one schema to another, told to people or programs.
public struct SchemaDifference: Sendable {
  private let old: LoadedSchema
  private let new: LoadedSchema
  public let changes: [SchemaChange]
  private let listed: ListedChanges?

  /// - Parameter listed: changes that a changelog names; they are told, but count as decided.
  public init(from old: LoadedSchema, to new: LoadedSchema, listed: ListedChanges? = nil) {
    self.old = old
    self.new = new
    self.listed = listed
    changes = old.schema.changes(to: new.schema)
  }

  /// Whether there is a change of this severity or a worse one that is not listed.
  public func contains(atLeast severity: SchemaChange.Severity) -> Bool {
    changes.contains { $0.severity >= severity && !isListed($0) }
  }

  private func isListed(_ change: SchemaChange) -> Bool { listed?.contains(change) ?? false }

  private func count(_ severity: SchemaChange.Severity) -> Int {
    changes.count { $0.severity == severity }
  }

  // MARK: Text

  /// Breaking changes, then dangerous, then safe ones; each with its coordinate, kind and place.
  public func text() -> String {
    guard !changes.isEmpty else { return "No changes.\n" }
    var text = ""
    for severity in SchemaChange.Severity.allCases.reversed() {
      let group = changes.filter { $0.severity == severity }
      if group.isEmpty { continue }
      text += "\(counted(group.count, "\(severity.rawValue) change")):\n"
      for change in group { text += self.text(change) }
      text += "\n"
    }
    let counts = SchemaChange.Severity.allCases.reversed().map { "\(count($0)) \($0.rawValue)" }
    return text + counts.joined(separator: ", ") + ".\n"
  }

  private func text(_ change: SchemaChange) -> String {
    let coordinate = change.coordinate?.description ?? "schema"
    // A removed element is shown where it was.
    let place = change.new.flatMap(new.place) ?? change.old.flatMap(old.place)
    let origin = place.map { " (\($0.text))" } ?? ""
    return """
        \(coordinate)  \(change.kind.rawValue)\(origin)\(isListed(change) ? ", listed" : "")
          \(TerminalText.oneLine(change.message))

      """
  }

  // MARK: JSON

  /// One JSON document on one line. The keys stay as they are; further ones may come.
  public func json() -> String {
    let counts = SchemaChange.Severity.allCases.reversed().map { ($0.rawValue, InputValue.int(count($0))) }
    return JSONText.line(counts + [("changes", .list(changes.map(json)))])
  }

  private func json(_ change: SchemaChange) -> InputValue {
    JSONText.object([
      ("severity", .string(change.severity.rawValue)), ("kind", .string(change.kind.rawValue)),
      ("coordinate", change.coordinate.map { .string($0.description) } ?? .null),
      ("message", .string(change.message)), ("listed", .bool(isListed(change))),
      ("old", change.old.flatMap(old.place)?.json ?? .null),
      ("new", change.new.flatMap(new.place)?.json ?? .null),
    ])
  }
}
