import Foundation

/// The house rules that a machine can hold, each over one file. A finding begins with the line's number.
enum TidyRules {
  static let fileLines = 600
  static let functionLines = 70
  static let lineCharacters = 110

  // MARK: Words

  /// Casts and tries that crash, crashes, and notes to oneself.
  static func forbiddenWords(_ source: SourceText) -> [String] {
    let inCode = [#"\bas!"#, #"\btry!"#, #"\bfatalError\("#]
    let anywhere = [#"\bTODO\b"#, #"\bFIXME\b"#]
    return findings(source.codeLines, inCode) + findings(source.lines, anywhere)
  }

  /// Statements of SQL, in strings.
  static func statements(_ source: SourceText) -> [String] {
    findings(
      source.uncommentedLines,
      [
        #"\bSELECT\s[^"]*\sFROM\b"#, #"\bINSERT INTO\b"#, #"\bUPDATE \w+ (\w+ )?SET\b"#, #"\bDELETE FROM\b"#,
        #"\b(CREATE|ALTER|DROP|TRUNCATE|LOCK) TABLE\b"#, #""(SELECT|INSERT|UPDATE|DELETE) "#,
        #""(BEGIN|COMMIT|ROLLBACK)\b"#,
      ])
  }

  private static func findings(_ lines: [Substring], _ patterns: [String]) -> [String] {
    lines.enumerated().flatMap { number, line in
      patterns.compactMap { pattern in
        line.range(of: pattern, options: .regularExpression).map { "\(number + 1): \(line[$0])" }
      }
    }
  }

  // MARK: Sizes

  static func longFile(_ source: SourceText) -> [String] {
    let count = source.lines.count - (source.lines.last?.isEmpty == true ? 1 : 0)
    return count > fileLines ? ["\(count): more than \(fileLines) lines"] : []
  }

  /// The text of strings does not count: queries, expected answers and sentences stand as they are.
  static func longLines(_ source: SourceText) -> [String] {
    source.lines.enumerated().compactMap { number, line in
      guard line.count > lineCharacters else { return nil }
      let isCommented = source.uncommentedLines[number].utf8.last == UInt8(ascii: " ")
      let words = source.codeLines[number].split(separator: " ").joined(separator: " ")
      let length = line.prefix { $0 == " " }.count + words.count
      return isCommented || length > lineCharacters ? "\(number + 1): \(line.count) characters" : nil
    }
  }

  static func longFunctions(_ source: SourceText) -> [String] {
    FunctionScan(source).functions.compactMap { function in
      function.lines > functionLines ? "\(function.line): a function of \(function.lines) lines" : nil
    }
  }

  // MARK: Concurrency

  /// A comment on the same line, the next one or one of the three above must say what makes it safe.
  static func unexplainedSendable(_ source: SourceText) -> [String] {
    source.codeLines.enumerated().compactMap { number, line in
      guard line.contains("@unchecked Sendable") else { return nil }
      let reasons = source.lines[max(0, number - 3)..<min(number + 2, source.lines.count)].filter { line in
        line.contains("//") && (line.split(separator: "//", maxSplits: 1).last?.count ?? 0) > 15
      }
      return reasons.isEmpty ? "\(number + 1): @unchecked Sendable without a reason" : nil
    }
  }

  // MARK: Imports

  /// The modules that a file imports.
  static func imports(_ source: SourceText) -> Set<String> {
    Set(
      source.codeLines.compactMap { line in
        let words = line.split(separator: " ").filter {
          !$0.hasPrefix("@") && !accessLevels.contains(String($0))
        }
        guard words.count >= 2, words[0] == "import" else { return nil }
        // `import struct Module.Type` names its kind first.
        let name = words.count > 2 ? words[2] : words[1]
        return name.split(separator: ".").first.map(String.init)
      })
  }

  private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]

  // MARK: Links

  /// Relative links of a Markdown text, without their anchors; what stands in code is left out.
  static func relativeLinks(_ markdown: String) -> [String] {
    var isFenced = false
    var links: [String] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isFenced.toggle()
        continue
      }
      if isFenced { continue }
      // Every second part stands between backticks.
      let prose = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .map { $0.isMultiple(of: 2) ? String($1) : "code" }.joined()
      for match in prose.matches(of: /\]\(\s*<?([^)>\s]+)/) { links.append(String(match.1)) }
    }
    return links.filter { !$0.hasPrefix("#") && $0.firstMatch(of: /^[a-z][a-z0-9+.-]*:/) == nil }
      .map { String($0.prefix { $0 != "#" }) }
  }
}
