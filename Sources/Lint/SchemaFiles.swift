import GraphQLEngine

/// The SDL of a schema in one or more files.
public struct SchemaFiles: Sendable {
  public let files: [TextFile]

  public init(_ files: [TextFile]) { self.files = files }

  /// Reads the files that arguments mean: files, folders, patterns, `-`.
  public static func read(
    _ arguments: [String], limits: LintLimits = LintLimits()
  ) throws(LintFailure) -> SchemaFiles {
    let paths = try FileSearch.paths(
      of: arguments, suffixes: [".graphql", ".graphqls", ".gql"], limits: limits)
    guard !paths.isEmpty else {
      throw LintFailure("\(arguments.joined(separator: " ")): no files of a schema")
    }
    return SchemaFiles(try readFiles(paths, limit: limits.schemaBytes, limits))
  }

  /// The names of the files, for messages.
  public var names: String { files.map(\.name).joined(separator: ", ") }

  /// The schema, or why there is none.
  public func build(_ checks: Schema.Checks) -> Result<LoadedSchema, SchemaFindings> {
    switch joined() {
    case .failure(let findings): return .failure(findings)
    case .success(let joined):
      do throws(SchemaErrors) {
        let options = Schema.Options(checks: checks)
        let schema = try Schema.build(try document(of: joined), options: options)
        return .success(LoadedSchema(schema: schema, files: self, text: joined))
      } catch {
        return .failure(findings(error.findings, in: joined))
      }
    }
  }

  /// What some SDL rules find, or what all checks of the newest edition find.
  public func lint(rules: [SDLRule]?) -> LintReport {
    guard let rules else {
      guard case .failure(let findings) = build(.complete) else { return LintReport(fileCount: files.count) }
      return findings.report
    }
    switch joined() {
    case .failure(let findings): return findings.report
    case .success(let joined):
      do throws(SchemaErrors) {
        return findings(Schema.findings(inSDL: try document(of: joined), rules: rules), in: joined).report
      } catch {
        return findings(error.findings, in: joined).report
      }
    }
  }

  /// All files as one text, once each of them parses: an unclosed string must not swallow the next file.
  private func joined() -> Result<JoinedText, SchemaFindings> {
    var joined = JoinedText()
    var report = LintReport(fileCount: files.count)
    for file in files {
      var alone = JoinedText()
      alone.append(file)
      joined.append(file)
      do throws(SchemaErrors) {
        _ = try document(of: alone)
      } catch {
        for error in error.errors { report.add(alone.diagnostic(error)) }
      }
    }
    return report.diagnostics.isEmpty ? .success(joined) : .failure(SchemaFindings(report: report))
  }

  private func document(of text: JoinedText) throws(SchemaErrors) -> Document {
    do throws(GraphQLError) {
      return try Document.parse(text.source, limits: .schema)
    } catch {
      throw SchemaErrors([error])
    }
  }

  private func findings(_ findings: [SchemaFinding], in text: JoinedText) -> SchemaFindings {
    var report = LintReport(fileCount: files.count)
    for finding in findings { report.add(text.diagnostic(finding.error, rule: finding.rule?.rawValue)) }
    return SchemaFindings(report: report)
  }
}

/// A schema and the files that it was built from.
public struct LoadedSchema: Sendable {
  public let schema: Schema
  public let files: SchemaFiles
  private let text: JoinedText

  init(schema: Schema, files: SchemaFiles, text: JoinedText) {
    self.schema = schema
    self.files = files
    self.text = text
  }

  /// Where a definition stands in the files.
  func place(of place: SchemaChange.Place) -> Diagnostic.Place? { text.place(of: place.location) }
}

/// Why files do not make a schema.
public struct SchemaFindings: Error, Sendable {
  public let report: LintReport
}

/// Reads files one after the other, bounded together.
func readFiles(_ paths: [String], limit: Int, _ limits: LintLimits) throws(LintFailure) -> [TextFile] {
  var files: [TextFile] = []
  var total = 0
  for path in paths {
    let file = try TextFile.read(path, limit: limit)
    total += file.source.count
    guard total <= limits.totalBytes else {
      throw LintFailure("all files together are larger than \(limits.totalBytes) bytes")
    }
    files.append(file)
  }
  return files
}
