import GraphQLEngine

/// One finding, with where it is in the files that people wrote.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable {
    case error, warning
  }

  public struct Place: Hashable, Sendable {
    public var file: TextFile
    public var location: SourceLocation

    public static func == (left: Place, right: Place) -> Bool {
      left.file.name == right.file.name && left.location == right.location
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(file.name)
      hasher.combine(location)
    }
  }

  public var severity: Severity
  /// graphql-js's name of the rule, such as `ScalarLeafsRule`; nil where there is none, as for syntax.
  public var rule: String?
  public var message: String
  /// The first is where to look.
  public var places: [Place]

  /// Findings are the same when they say the same about the same places.
  struct Identity: Hashable {
    var message: String
    var places: [Place]
  }

  var identity: Identity { Identity(message: message, places: places) }
}

/// What a check of files found.
public struct LintReport: Sendable {
  public internal(set) var diagnostics: [Diagnostic] = []
  /// How many files were checked.
  public internal(set) var fileCount = 0
  private var known: Set<Diagnostic.Identity> = []

  public init(fileCount: Int = 0) { self.fileCount = fileCount }

  public var errorCount: Int { diagnostics.count { $0.severity == .error } }
  public var warningCount: Int { diagnostics.count { $0.severity == .warning } }

  /// Adds a finding unless it is there already: a fragment is checked wherever it is used.
  mutating func add(_ diagnostic: Diagnostic) {
    if known.insert(diagnostic.identity).inserted { diagnostics.append(diagnostic) }
  }
}
