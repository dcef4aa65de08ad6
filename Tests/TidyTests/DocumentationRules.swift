import Foundation

/// What a machine can tell about documentation: that public declarations have comments, and that what
/// COMPAT.md names exists.
enum DocumentationRules {
  /// Public declarations without a doc comment. Witnesses of well-known protocols need none, nor do
  /// initializers that only store what they are given.
  static func undocumented(_ source: SourceText) -> [String] {
    source.codeLines.indices.compactMap { index in
      let line = String(source.codeLines[index])
      guard let declaration = publicDeclaration(line), !isWitness(declaration) else { return nil }
      if declaration.hasPrefix("init"), storesOnly(source.codeLines[index...]) { return nil }
      var above = index - 1
      while above >= 0, isAttribute(source.codeLines[above]) { above -= 1 }
      guard above < 0 || !source.lines[above].drop(while: { $0 == " " }).hasPrefix("///") else { return nil }
      return "\(index + 1): \(declaration.prefix(60))"
    }
  }

  /// What follows `public` on a line, or nil.
  private static func publicDeclaration(_ line: String) -> String? {
    let pattern = /^\s*(?:@\S+(?:\([^)]*\))?\s+)*public\s+(?!extension)(.*)/
    return line.firstMatch(of: pattern).map { String($0.1) }
  }

  private static func isAttribute(_ line: Substring) -> Bool {
    line.drop { $0 == " " }.hasPrefix("@")
  }

  private static func isWitness(_ declaration: String) -> Bool {
    let witnesses = [
      #"func (==|<)"#, #"func hash\(into"#, #"var description: String"#, #"func makeIterator"#,
      #"func next\(\)"#, #"var (startIndex|endIndex)\b"#, #"typealias (Element|Failure)\b"#,
      #"init\((string|integer|float|boolean|nil|array|dictionary)Literal"#, #"init\(input:"#,
      #"func write\(to out: inout JSONWriter\)"#, #"let node: SyntaxNode$"#,
      #"init\(_ node: SyntaxNode\)"#, #"(let |init\()rawValue"#,
    ]
    return witnesses.contains { declaration.range(of: $0, options: .regularExpression) != nil }
  }

  /// Whether the body that begins on the first line, or a few lines below, consists of plain assignments.
  private static func storesOnly(_ lines: ArraySlice<Substring>) -> Bool {
    guard let first = lines.first else { return false }
    if first.contains("}") { return first.firstMatch(of: /\{\s*((self\.)?\w+ = .*)?\}\s*$/) != nil }
    let indentation = first.prefix { $0 == " " }
    guard let opening = lines.firstIndex(where: { $0.hasSuffix("{") }) else { return false }
    for line in lines[(opening + 1)...] {
      if line == indentation + "}" { return true }
      if line.firstMatch(of: /^\s*(self\.)?\w+ = [\w.!? ]+$/) == nil { return false }
    }
    return false
  }

  // MARK: COMPAT.md

  /// The files and suites that the tables of COMPAT.md name in their second and third columns.
  static func namedInTables(_ text: String) -> Set<String> {
    var names: Set<String> = []
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().prefix(3)
        .dropFirst()
      for cell in cells {
        for match in cell.matches(of: /`([^`]+)`/) where isFileOrSuite(match.1) {
          names.insert(String(match.1))
        }
      }
    }
    return names
  }

  private static func isFileOrSuite(_ name: Substring) -> Bool {
    name.hasSuffix("Tests") || name.hasSuffix("/")
      || [".swift", ".py", ".md", ".sh"].contains { name.hasSuffix($0) }
  }

  /// Those of `names` that no path of the repository ends with; a star stands for any text, and a name without
  /// an ending is one of a suite of tests.
  static func missing(_ names: Set<String>, among paths: [String], suites: Set<String>) -> [String] {
    names.sorted().filter { name in
      if name.hasSuffix("Tests") {
        return !suites.contains(name) && !paths.contains { $0.contains("/\(name)/") }
      }
      let folder = name.hasSuffix("/") ? name : nil
      let pattern = NSRegularExpression.escapedPattern(for: name).replacingOccurrences(of: #"\*"#, with: ".*")
      return !paths.contains { path in
        if let folder { return path.contains("/\(folder)") || path.hasPrefix(folder) }
        return ("/" + path).range(of: "/\(pattern)$", options: .regularExpression) != nil
      }
    }
  }
}
