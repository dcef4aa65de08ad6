import GraphQLEngine

extension SwiftGenerator {
  /// `COPPER_TIDE` → `copperTide`, quoted where it is a word of Swift's.
  func caseName(_ value: String) -> String {
    let words = value.split(separator: "_").map { $0.lowercased() }
    let joined = words.enumerated().map { $0 == 0 ? $1 : $1.prefix(1).uppercased() + $1.dropFirst() }.joined()
    return escaped(joined)
  }

  func escaped(_ word: String) -> String {
    Self.reserved.contains(word) ? "`\(word)`" : word
  }

  func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

  /// The Swift type of an input.
  func inputType(_ type: TypeReference) -> String {
    if type.isNonNull { return bareInputType(type.wrapped) }
    return bareInputType(type) + "?"
  }

  private func bareInputType(_ type: TypeReference) -> String {
    if type.isList { return "[\(inputType(type.wrapped))]" }
    return switch schema.name(type.namedType) {
    case "Int": "Int"
    case "Float": "Double"
    case "Boolean": "Bool"
    case "ID", "String", "Cursor", "EmailAddress": "String"
    case "JSON": "InputValue"
    case let name: name
    }
  }

  /// The Swift type of a plain type's property.
  func outputType(_ type: TypeReference) -> String {
    if type.isNonNull { return bareOutputType(type.wrapped) }
    return bareOutputType(type) + "?"
  }

  private func bareOutputType(_ type: TypeReference) -> String {
    if type.isList { return "[\(outputType(type.wrapped))]" }
    return schema.name(type.namedType) == "JSON" ? "RawJSON" : bareInputType(type)
  }

  /// The description as a doc comment, a line of its own for each line.
  func comment(_ description: String?, indent: String = "") -> String {
    guard let description else { return "" }
    return description.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "\(indent)///\($0.isEmpty ? "" : " ")\($0)\n" }.joined()
  }

  func indented(_ text: String, by width: Int) -> String {
    let space = String(repeating: " ", count: width)
    let lines = (text.hasSuffix("\n") ? text.dropLast() : text[...])
      .split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0.isEmpty ? "\n" : "\(space)\($0)\n" }.joined()
  }

  private static let reserved: Set<String> = [
    "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum",
    "extension",
    "false", "for", "func", "guard", "if", "import", "in", "init", "internal", "is", "let", "nil", "operator",
    "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "super", "switch",
    "throw",
    "throws", "true", "try", "var", "where", "while",
  ]
}
