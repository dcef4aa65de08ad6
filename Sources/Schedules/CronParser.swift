/// What is wrong with an expression.
public struct CronSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence for people.
  public let message: String
  /// The character it is about, from 1; nil when it is about all of it.
  public let column: Int?

  public var description: String { column.map { "Column \($0): \(message)" } ?? message }
}

/// Reads a cron expression, field by field.
struct CronParser {
  /// A field of an expression: its name, its numbers and its names.
  private struct Field {
    var name: String
    var range: ClosedRange<Int>
    var names: [String] = []
    /// The number of the first name.
    var firstName = 0
  }

  private struct Word {
    var text: Substring
    var column: Int
  }

  private static let second = Field(name: "second", range: 0...59)
  private static let minute = Field(name: "minute", range: 0...59)
  private static let hour = Field(name: "hour", range: 0...23)
  private static let day = Field(name: "day of month", range: 1...31)
  private static let month = Field(
    name: "month", range: 1...12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstName: 1)
  private static let weekday = Field(
    name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

  private static let macros = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  private let words: [Word]

  init(_ text: String) throws(CronSyntaxError) {
    guard text.count <= CronExpression.maximumLength else {
      throw CronSyntaxError(
        message: "An expression has at most \(CronExpression.maximumLength) characters.", column: nil)
    }
    let words = Self.words(text)
    guard let first = words.first, first.text.hasPrefix("@") else {
      self.words = words
      return
    }
    guard words.count == 1, let meaning = Self.macros[first.text.lowercased()] else {
      let known = "@yearly, @monthly, @weekly, @daily and @hourly"
      let reason =
        first.text.lowercased() == "@reboot"
        ? "@reboot has no meaning here: use \(known)." : "It can be \(known)."
      throw CronSyntaxError(message: reason, column: first.column)
    }
    self.words = Self.words(meaning)
  }

  private static func words(_ text: String) -> [Word] {
    var words: [Word] = []
    var start: String.Index?
    for index in text.indices + [text.endIndex] {
      let isSpace = index == text.endIndex || text[index] == " " || text[index] == "\t"
      if isSpace, let begin = start {
        words.append(
          Word(text: text[begin..<index], column: text.distance(from: text.startIndex, to: begin) + 1))
        start = nil
      } else if !isSpace, start == nil {
        start = index
      }
    }
    return words
  }

  mutating func expression() throws(CronSyntaxError) -> CronExpression {
    guard words.count == 5 || words.count == 6 else {
      throw CronSyntaxError(
        message:
          "An expression has five fields (minute, hour, day of month, month, day of week), or six with seconds first; here are \(words.count).",
        column: nil)
    }
    let hasSeconds = words.count == 6
    let rest = hasSeconds ? Array(words.dropFirst()) : words
    var weekdays = try set(rest[4], Self.weekday)
    if weekdays.has(7) { weekdays = (weekdays | 1) & 0x7F }
    let expression = CronExpression(
      seconds: hasSeconds ? try set(words[0], Self.second) : 1, minutes: try set(rest[0], Self.minute),
      hours: try set(rest[1], Self.hour), days: try set(rest[2], Self.day),
      months: try set(rest[3], Self.month),
      weekdays: weekdays, needsBothDays: rest[2].text.hasPrefix("*") || rest[4].text.hasPrefix("*"),
      isWildcard: rest[0].text.hasPrefix("*") || rest[1].text.hasPrefix("*"))
    try check(expression, rest[2])
    return expression
  }

  /// A day that no chosen month has never comes.
  private func check(_ expression: CronExpression, _ days: Word) throws(CronSyntaxError) {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let longest = (1...12).filter { expression.months.has($0) }.map { lengths[$0 - 1] }.max() ?? 0
    guard expression.needsBothDays, let first = expression.days.first(from: 1), first > longest else {
      return
    }
    throw CronSyntaxError(
      message: "None of the months has a day \(first): it would never be due.", column: days.column)
  }

  // MARK: Fields

  private func set(_ word: Word, _ field: Field) throws(CronSyntaxError) -> UInt64 {
    try refuseForeignSigns(word, field)
    var bits: UInt64 = 0
    var column = word.column
    for item in word.text.split(separator: ",", omittingEmptySubsequences: false) {
      bits |= try self.item(Word(text: item, column: column), field)
      column += item.count + 1
    }
    return bits
  }

  /// `*`, `3`, `1-5`, each but the number alone with a step.
  private func item(_ word: Word, _ field: Field) throws(CronSyntaxError) -> UInt64 {
    let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    var low = field.range.lowerBound
    // A week has seven days, though Sunday has two numbers.
    var high = field.name == Self.weekday.name ? 6 : field.range.upperBound
    if parts[0] != "*" {
      low = try number(ends[0], word, field)
      high = ends.count == 2 ? try number(ends[1], word, field) : low
      guard low <= high else {
        throw fault(
          "The range \(parts[0]) of the \(field.name) ends before it begins: write two, with a comma.", word)
      }
    }
    guard parts.count == 2 else { return bits(low, high, 1) }
    guard parts[0] == "*" || ends.count == 2 else {
      throw fault("A step needs a range: write \(parts[0])-\(field.range.upperBound)/\(parts[1]).", word)
    }
    guard let step = Int(parts[1]), parts[1].allSatisfy(\.isASCIIDigit),
      (1...field.range.upperBound).contains(step)
    else {
      throw fault("The step of the \(field.name) must be 1 to \(field.range.upperBound).", word)
    }
    return bits(low, high, step)
  }

  private func bits(_ low: Int, _ high: Int, _ step: Int) -> UInt64 {
    stride(from: low, through: high, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private func number(_ text: Substring, _ word: Word, _ field: Field) throws(CronSyntaxError) -> Int {
    if let place = field.names.firstIndex(of: text.lowercased()) { return place + field.firstName }
    guard !text.isEmpty, text.count <= 4, text.allSatisfy(\.isASCIIDigit), let number = Int(text) else {
      let names = field.names.isEmpty ? "" : " or a name such as \(field.names[0].uppercased())"
      throw fault("\"\(text)\" is no \(field.name): a number\(names) is expected.", word)
    }
    guard field.range.contains(number) else {
      throw fault(
        "The \(field.name) must be \(field.range.lowerBound) to \(field.range.upperBound), not \(number).",
        word)
    }
    return number
  }

  /// Signs that other schedulers know are explained.
  private func refuseForeignSigns(_ word: Word, _ field: Field) throws(CronSyntaxError) {
    if word.text.contains("?") { throw fault("? is a sign of Quartz: write * for \"any\".", word) }
    if word.text.contains("#") {
      throw fault(
        "# (\"the second Friday\") is a sign of Quartz: choose days of the month, and check the weekday in a filter.",
        word)
    }
    if word.text.contains("~") {
      throw fault("~ (a random time) is not supported: use the schedule's jitter.", word)
    }
    if word.text.contains("%") { throw fault("% has no meaning here.", word) }
    let letters = word.text.uppercased().filter(\.isLetter)
    guard field.name == Self.day.name || field.name == Self.weekday.name, ["L", "W", "LW"].contains(letters)
    else { return }
    throw fault(
      "\(letters) (\"last\", \"nearest workday\") is a sign of Quartz: choose the day, and check it in a filter.",
      word)
  }

  private func fault(_ message: String, _ word: Word) -> CronSyntaxError {
    CronSyntaxError(message: message, column: word.column)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
