/// Finds functions and initializers with their lengths in lines, signature and braces included.
struct FunctionScan {
  struct Function: Equatable {
    /// From 1.
    let line: Int
    let lines: Int
  }

  private(set) var functions: [Function] = []
  private let code: [UInt8]

  init(_ source: SourceText) {
    code = Array(source.codeLines.joined(separator: "\n").utf8)
    var line = 1
    var place = 0
    while place < code.count {
      if code[place] == newline { line += 1 }
      if startsFunction(at: place), let body = bodyStart(after: place) {
        let lines = code[place..<bodyEnd(from: body)].count { $0 == newline } + 1
        functions.append(Function(line: line, lines: lines))
      }
      place += 1
    }
  }

  /// The word `func`, or `init` that is not a call.
  private func startsFunction(at place: Int) -> Bool {
    guard code[place] == UInt8(ascii: "f") || code[place] == UInt8(ascii: "i") else { return false }
    let before = place > 0 ? code[place - 1] : newline
    guard !isNamePart(before), before != UInt8(ascii: ".") else { return false }
    if starts("func ", at: place) { return true }
    return ["init(", "init?(", "init<"].contains { starts($0, at: place) }
  }

  private func starts(_ word: String, at place: Int) -> Bool {
    code[place] == word.utf8.first && code[place...].starts(with: word.utf8)
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "`"), 0x80...:
      true
    default: false
    }
  }

  /// Where the body opens; nil for a requirement of a protocol, behind which the protocol or a declaration
  /// goes on.
  private func bodyStart(after place: Int) -> Int? {
    var depth = 0
    var index = place + 4
    while index < code.count {
      switch code[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return index
      case UInt8(ascii: "}") where depth == 0: return nil
      default:
        if depth == 0, !isNamePart(code[index - 1]), isDeclaration(at: index) { return nil }
      }
      index += 1
    }
    return nil
  }

  private func isDeclaration(at place: Int) -> Bool {
    ["func ", "var ", "let ", "init(", "associatedtype ", "static ", "mutating "].contains {
      starts($0, at: place)
    }
  }

  private func bodyEnd(from body: Int) -> Int {
    var depth = 0
    for index in body..<code.count {
      if code[index] == UInt8(ascii: "{") { depth += 1 }
      if code[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return code.count
  }
}

private let newline = UInt8(ascii: "\n")
