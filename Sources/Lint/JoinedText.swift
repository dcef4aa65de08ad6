import GraphQLEngine

/// Pieces of files as one text, with the way back from its lines to theirs. Each piece begins on a line of
/// its own.
struct JoinedText: Sendable {
  private struct Piece: Sendable {
    var file: TextFile
    /// The line of the joined text where the piece begins, and the place in the file.
    var firstLine: Int
    var start: SourceLocation
  }

  private var pieces: [Piece] = []
  private var bytes: [UInt8] = []
  private var lineCount = 1

  var byteCount: Int { bytes.count }

  mutating func append(_ file: TextFile) {
    append(file, 0..<file.source.count, from: SourceLocation(line: 1, column: 1))
  }

  /// Appends a range of a file's bytes; `start` is where it begins.
  mutating func append(_ file: TextFile, _ range: Range<Int>, from start: SourceLocation) {
    if let last = bytes.last, last != 0x0A {
      // Behind CR it is the same line end still, so that the next piece cannot complete it.
      if last != 0x0D { lineCount += 1 }
      bytes.append(0x0A)
    }
    pieces.append(Piece(file: file, firstLine: lineCount, start: start))
    let text = file.bytes(range)
    bytes.append(contentsOf: text)
    for index in text.indices {
      let next = index + 1 < text.count ? text[index + 1] : 0
      if text[index] == 0x0A || (text[index] == 0x0D && next != 0x0A) { lineCount += 1 }
    }
  }

  var source: Source { Source(bytes) }

  /// Where a location of the joined text is in the files.
  func place(of location: SourceLocation) -> Diagnostic.Place? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].firstLine <= location.line { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let piece = pieces[low - 1]
    let line = location.line - piece.firstLine
    return Diagnostic.Place(
      file: piece.file,
      location: SourceLocation(
        line: piece.start.line + line,
        column: line == 0 ? piece.start.column + location.column - 1 : location.column))
  }

  /// An error of the joined text as a finding in the files; one without a place is about the first file.
  func diagnostic(
    _ error: GraphQLError, rule: String? = nil, _ severity: Diagnostic.Severity = .error
  ) -> Diagnostic {
    let start = SourceLocation(line: 1, column: 1)
    let places = (error.locations.isEmpty ? [start] : error.locations).compactMap(place)
    return Diagnostic(severity: severity, rule: rule, message: error.message, places: places)
  }
}
