import GraphQLEngine

/// What a changelog says of the version to come: changes of the schema that are named there were decided.
public struct ListedChanges: Sendable {
  private let section: String

  /// Takes the section whose heading has the word "unreleased", up to the next version's.
  public init(changelog: String) {
    var lines: [Substring] = []
    var isInside = false
    for line in changelog.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") { isInside = line.lowercased().contains("unreleased") }
      if isInside { lines.append(line) }
    }
    section = lines.joined(separator: "\n")
  }

  /// Whether the change's coordinate stands there between backticks.
  public func contains(_ change: SchemaChange) -> Bool {
    guard let coordinate = change.coordinate else { return false }
    return section.contains("`\(coordinate)`")
  }
}
