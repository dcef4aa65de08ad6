/// A pattern over paths: `*` and `?` within a name, `[a-z]`, `**` for any folders, `{a,b}` for either.
///
/// Hidden names match only where the pattern has the dot; `\` takes the next character as it is.
struct Glob: Equatable {
  enum Segment: Equatable {
    case literal(String)
    case wildcard([Token])
    /// `**`: any number of folders, none too.
    case folders
  }

  enum Token: Equatable {
    case scalar(Unicode.Scalar)
    case anyScalar
    case anyText
    case oneOf([ClosedRange<UInt32>], isNegated: Bool)
  }

  let isAbsolute: Bool
  let segments: [Segment]

  /// A pattern without braces.
  init(_ pattern: String) {
    isAbsolute = pattern.hasPrefix("/")
    var segments: [Segment] = []
    for part in pattern.split(separator: "/") where part != "." {
      let segment = part == "**" ? Segment.folders : Glob.segment(part)
      if segment == .folders, segments.last == .folders { continue }
      segments.append(segment)
    }
    self.segments = segments
  }

  /// Whether a text means more than itself.
  static func isPattern(_ text: String) -> Bool { text.contains { "*?[{\\".contains($0) } }

  private static func segment(_ text: Substring) -> Segment {
    let scalars = Array(text.unicodeScalars)
    var tokens: [Token] = []
    var literal: String? = ""
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*": if tokens.last != .anyText { tokens.append(.anyText) }
      case "?": tokens.append(.anyScalar)
      case "[":
        if let (token, end) = set(scalars, from: index) {
          tokens.append(token)
          index = end
        } else {
          tokens.append(.scalar(scalar))
          literal?.unicodeScalars.append(scalar)
          continue
        }
      case "\\" where index < scalars.count:
        tokens.append(.scalar(scalars[index]))
        literal?.unicodeScalars.append(scalars[index])
        index += 1
        continue
      default:
        tokens.append(.scalar(scalar))
        literal?.unicodeScalars.append(scalar)
        continue
      }
      literal = nil
    }
    return literal.map(Segment.literal) ?? .wildcard(tokens)
  }

  /// The set behind an opening bracket and the index behind its end; nil where it is never closed.
  private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Token, Int)? {
    var index = start
    let isNegated = index < scalars.count && (scalars[index] == "!" || scalars[index] == "^")
    if isNegated { index += 1 }
    var ranges: [ClosedRange<UInt32>] = []
    let first = index
    while index < scalars.count {
      // A closing bracket in the first place stands for itself.
      if scalars[index] == "]", index > first { return (.oneOf(ranges, isNegated: isNegated), index + 1) }
      let low = scalars[index].value
      var high = low
      if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
        high = scalars[index + 2].value
        index += 2
      }
      if low <= high { ranges.append(low...high) }
      index += 1
    }
    return nil
  }

  // MARK: Matching

  /// Whether a name matches one segment. Only the last `*` is tried again, so the work is at most the
  /// product of the lengths.
  static func matches(_ name: String, _ tokens: [Token]) -> Bool {
    let scalars = Array(name.unicodeScalars)
    if scalars.first == ".", tokens.first != .scalar(".") { return false }
    var token = 0
    var place = 0
    var retry: (token: Int, place: Int)?
    while place < scalars.count {
      if token < tokens.count, tokens[token] == .anyText {
        token += 1
        retry = (token, place)
      } else if token < tokens.count, matches(scalars[place], tokens[token]) {
        token += 1
        place += 1
      } else if let (star, start) = retry {
        token = star
        place = start + 1
        retry = (star, place)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyText }
  }

  private static func matches(_ scalar: Unicode.Scalar, _ token: Token) -> Bool {
    switch token {
    case .scalar(let expected): scalar == expected
    case .anyScalar: true
    case .anyText: false
    case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }

  // MARK: Braces

  static let maximumAlternatives = 1_000

  /// The patterns that braces stand for, in their order; braces without a comma stand for themselves.
  static func expandingBraces(_ pattern: String) throws(LintFailure) -> [String] {
    var finished: [String] = []
    var open = [pattern]
    while let next = open.popLast() {
      guard let (prefix, choices, suffix) = firstBraces(in: next) else {
        finished.append(next)
        continue
      }
      for choice in choices.reversed() { open.append(prefix + choice + suffix) }
      if open.count + finished.count > maximumAlternatives {
        throw LintFailure("\(pattern): more than \(maximumAlternatives) alternatives in braces")
      }
    }
    return finished
  }

  /// The first braces with a comma at their own level, what they list, and what stands around them.
  private static func firstBraces(in pattern: String) -> (String, [String], String)? {
    let characters = Array(pattern)
    for start in characters.indices where characters[start] == "{" && !isEscaped(characters, start) {
      var depth = 0
      var commas: [Int] = []
      for index in start..<characters.count where !isEscaped(characters, index) {
        switch characters[index] {
        case "{": depth += 1
        case "}": depth -= 1
        case "," where depth == 1: commas.append(index)
        default: break
        }
        guard depth == 0 else { continue }
        if commas.isEmpty { break }
        let edges = [start] + commas + [index]
        let choices = zip(edges, edges.dropFirst()).map { String(characters[($0 + 1)..<$1]) }
        return (String(characters[..<start]), choices, String(characters[(index + 1)...]))
      }
    }
    return nil
  }

  private static func isEscaped(_ characters: [Character], _ index: Int) -> Bool {
    index > 0 && characters[index - 1] == "\\"
  }
}
