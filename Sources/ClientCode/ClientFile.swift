/// A file of generated code, by its path below the output folder.
public struct ClientFile: Hashable, Sendable {
  public var path: String
  public var text: String

  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// What a generator cannot express, in one line for each problem.
public struct ClientProblems: Error, Hashable, Sendable {
  public let lines: [String]
}

/// Names that a writer gives, each once in its scope.
struct NameScope {
  private var taken: Set<String>

  init(reserved: Set<String>) { taken = reserved }

  /// `name`, or with the suffix, or with a number behind it, whichever is free.
  mutating func claim(_ name: String, suffix: String) -> String {
    if taken.insert(name).inserted { return name }
    var candidate = name + suffix
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(name)\(suffix)\(number)"
      number += 1
    }
    return candidate
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }

  /// Each line with spaces before it; empty lines stay empty.
  func indented(_ width: Int) -> String {
    let space = String(repeating: " ", count: width)
    return split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : space + $0 }.joined(separator: "\n")
  }
}
