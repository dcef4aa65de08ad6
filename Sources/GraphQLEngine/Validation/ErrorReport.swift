/// The errors of one validation, held as byte offsets until the end: lines are counted once for all of them.
///
/// Owned by a `ValidationContext`.
struct ErrorReport {
  private struct Entry {
    /// Nil for the error of an exceeded budget.
    var rule: ValidationRule?
    var message: String
    /// Byte offsets in the source, in the order of the locations.
    var offsets: [UInt32]
  }

  /// Bytes of a message: a hundred errors may all show one name as long as the document.
  private static let maximumMessageLength = 20_000

  private var entries: [Entry] = []
  private let maximumErrors: Int
  private let locationsPerError: Int

  /// Whether the limit of errors is exceeded; validation stops then.
  private(set) var isFull = false

  init(limits: ValidationLimits) {
    maximumErrors = max(1, limits.maximumErrors)
    locationsPerError = max(1, limits.locationsPerError)
  }

  var count: Int { entries.count }

  /// How many errors fit before validation stops.
  var room: Int { isFull ? 0 : maximumErrors - entries.count + 1 }

  /// Adds an error with locations at byte offsets of the source.
  mutating func add(_ message: String, at offsets: [UInt32], _ rule: ValidationRule?) {
    guard !isFull else { return }
    guard entries.count < maximumErrors else {
      isFull = true
      return
    }
    entries.append(
      Entry(
        rule: rule, message: message.cut(toBytes: Self.maximumMessageLength),
        offsets: Array(offsets.prefix(locationsPerError))))
  }

  /// The errors with lines and columns, in the order of their first location.
  func located(in source: Source) -> [ValidationFinding] {
    guard !entries.isEmpty else { return [] }
    let offsets = entries.flatMap(\.offsets).sorted()
    let locations = source.locations(at: offsets)
    let order = entries.indices.sorted { left, right in
      let leftOffset = entries[left].offsets.first ?? .max
      let rightOffset = entries[right].offsets.first ?? .max
      return leftOffset != rightOffset ? leftOffset < rightOffset : left < right
    }
    var result = order.map { index in
      let entry = entries[index]
      let places = entry.offsets.compactMap { locations[$0] }
      return ValidationFinding(rule: entry.rule, error: GraphQLError(entry.message, locations: places))
    }
    if isFull {
      let message = "Too many validation errors, error limit reached. Validation aborted."
      result.append(ValidationFinding(rule: nil, error: GraphQLError(message)))
    }
    return result
  }
}

extension Source {
  /// The lines and columns of sorted byte offsets, in one pass over the text.
  fileprivate func locations(at offsets: [UInt32]) -> [UInt32: SourceLocation] {
    var result: [UInt32: SourceLocation] = [:]
    var location = SourceLocation(line: 1, column: 1)
    var index = 0
    for offset in offsets {
      let end = min(Int(offset), count)
      while index < end {
        advance(&location, over: index)
        index += 1
      }
      result[offset] = location
    }
    return result
  }

  /// Moves `location` over one byte. Lines end at LF, CR or CRLF (§ 2.1.2); columns count UTF-16 units.
  private func advance(_ location: inout SourceLocation, over index: Int) {
    let byte = bytes[index]
    if byte == 0x0A || (byte == 0x0D && bytes[index + 1] != 0x0A) {
      location = SourceLocation(line: location.line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      location.column += byte >= 0xF0 ? 2 : 1
    }
  }
}
