import GraphQLEngine

extension LintReport {
  /// As compilers write it: `file:line:column: error: message`, the line, a caret; then a summary.
  public func text() -> String {
    var text = ""
    for diagnostic in diagnostics { text += diagnostic.text() }
    return text + summary + "\n"
  }

  /// How much was found in how much.
  public var summary: String {
    let checked = counted(fileCount, "file")
    guard !diagnostics.isEmpty else { return "\(checked): no problems." }
    var found: [String] = []
    if errorCount > 0 { found.append(counted(errorCount, "error")) }
    if warningCount > 0 { found.append(counted(warningCount, "warning")) }
    let affected = Set(diagnostics.flatMap { $0.places.prefix(1).map(\.file.name) }).count
    let place = fileCount > 1 ? " in \(affected) of \(checked)" : ""
    return found.joined(separator: ", ") + place + "."
  }

  /// One JSON document on one line. The keys stay as they are; further ones may come.
  public func json() -> String {
    JSONText.line([
      ("files", .int(fileCount)), ("errors", .int(errorCount)), ("warnings", .int(warningCount)),
      ("diagnostics", .list(diagnostics.map(\.json))),
    ])
  }
}

extension Diagnostic {
  private static let maximumNotes = 5

  func text() -> String {
    let name = rule.map { " [\($0)]" } ?? ""
    let line = "\(severity.rawValue): \(TerminalText.oneLine(message))\(name)"
    guard let first = places.first else { return line + "\n" }
    var text = Diagnostic.text(first, line)
    for place in places.dropFirst().prefix(Diagnostic.maximumNotes) {
      text += Diagnostic.text(place, "note: and here")
    }
    let more = places.count - 1 - Diagnostic.maximumNotes
    if more > 0 { text += "note: and at \(counted(more, "more place"))\n" }
    return text
  }

  private static func text(_ place: Place, _ message: String) -> String {
    let excerpt = SourceExcerpt(place)
    let number = String(place.location.line)
    let margin = String(repeating: " ", count: number.count)
    return """
      \(place.text): \(message)
        \(number) | \(excerpt.text)
        \(margin) | \(excerpt.indentation)^

      """
  }

  var json: InputValue {
    JSONText.object([
      ("severity", .string(severity.rawValue)), ("rule", rule.map(InputValue.string) ?? .null),
      ("message", .string(message)),
      ("locations", .list(places.map(\.json))),
    ])
  }
}

extension Diagnostic.Place {
  var text: String { "\(TerminalText.oneLine(file.name)):\(location.line):\(location.column)" }

  var json: InputValue {
    JSONText.object([
      ("file", .string(file.name)), ("line", .int(location.line)), ("column", .int(location.column)),
    ])
  }
}

/// Such as `1 file` or `3 files`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// JSON documents of reports.
enum JSONText {
  static func object(_ members: [(String, InputValue)]) -> InputValue {
    .object(InputObject(members.map { InputObject.Field(name: $0.0, value: $0.1) }))
  }

  /// An object on one line, with its end.
  static func line(_ members: [(String, InputValue)]) -> String {
    var writer = JSONWriter()
    writer.write(json: object(members))
    return writer.text + "\n"
  }
}
