import GraphQLEngine

/// Checks files of operations against a schema.
///
/// Each file is a document of its own, as a client sends it, together with the fragments of other files that
/// it refers to: so do bundlers, and the linters that know a project. A fragment counts as used when an
/// operation of any file reaches it.
public struct OperationLinter: Sendable {
  public struct Options: Sendable {
    /// Only these rules run; all specified ones without.
    public var rules: [ValidationRule]?
    public var hidesSuggestions = false
    /// Warns where something is used that the schema marks `@deprecated`.
    public var warnsOfDeprecated = false
    /// Files do not see the fragments of others.
    public var isolatesFiles = false
    public var limits = LintLimits()

    public init() {}
  }

  private let schema: Schema
  private let options: Options

  public init(schema: Schema, options: Options = Options()) {
    self.schema = schema
    self.options = options
  }

  /// The files that arguments mean: files, folders, patterns, `-`; without those of the schema.
  public static func read(
    _ arguments: [String], except schema: [String] = [], limits: LintLimits = LintLimits()
  ) throws(LintFailure) -> [TextFile] {
    let paths = try FileSearch.paths(
      of: arguments, suffixes: [".graphql", ".gql"], excluding: schema, limits: limits)
    guard !paths.isEmpty else {
      throw LintFailure("\(arguments.joined(separator: " ")): no files with operations")
    }
    return try readFiles(paths, limit: limits.documentBytes, limits)
  }

  /// What is wrong in the files, file by file.
  public func lint(_ texts: [TextFile]) throws(LintFailure) -> LintReport {
    let files = OperationFiles(texts.map(OperationFile.init))
    var report = LintReport(fileCount: texts.count)
    let unused = unusedFragments(of: files)
    for index in files.files.indices {
      try lint(index, of: files, into: &report)
      for reference in unused where reference.file == index { report.add(unusedFragment(reference, files)) }
    }
    return report
  }

  private func lint(
    _ index: Int, of files: OperationFiles, into report: inout LintReport
  ) throws(LintFailure) {
    let file = files.files[index]
    var text = JoinedText()
    text.append(file.file)
    if let error = file.syntaxError { return report.add(text.diagnostic(error)) }
    guard var document = file.document else { return }
    let imports = options.isolatesFiles ? ([], []) : files.imports(of: index)
    if !imports.0.isEmpty {
      document = try join(imports.0, of: files, to: &text)
    }
    for meanings in imports.1 { report.add(ambiguity(meanings, files)) }
    let validation = ValidationOptions(rules: rules, hidesSuggestions: options.hidesSuggestions)
    for finding in schema.findings(in: document, options: validation) {
      report.add(text.diagnostic(finding.error, rule: finding.rule?.name))
    }
    if options.warnsOfDeprecated {
      let deprecated = ValidationOptions(rules: ValidationRules([.noDeprecatedCustom]))
      for finding in schema.findings(in: document, options: deprecated) {
        report.add(text.diagnostic(finding.error, rule: finding.rule?.name, .warning))
      }
    }
  }

  /// The file's text with fragments of other files behind it.
  private func join(
    _ imports: [OperationFiles.Reference], of files: OperationFiles, to text: inout JoinedText
  ) throws(LintFailure) -> Document {
    for reference in imports {
      let definition = files[reference]
      text.append(files.files[reference.file].file, definition.range, from: definition.start)
      guard text.byteCount <= 2 * options.limits.documentBytes else {
        throw LintFailure(
          "a file and its fragments are larger than \(2 * options.limits.documentBytes) bytes")
      }
    }
    do throws(GraphQLError) {
      return try Document.parse(text.source, limits: .schema)
    } catch {
      throw LintFailure("fragments of several files do not parse together: \(error.message)")
    }
  }

  // MARK: Rules

  /// What validation checks file by file: whether a fragment is used is known only with all files.
  private var rules: ValidationRules {
    var rules = options.rules.map { ValidationRules($0) } ?? .specified
    if !options.isolatesFiles { rules.subtract(ValidationRules([.noUnusedFragments])) }
    return rules
  }

  private func unusedFragments(of files: OperationFiles) -> [OperationFiles.Reference] {
    guard !options.isolatesFiles, options.rules?.contains(.noUnusedFragments) ?? true,
      // A file that does not parse may use any of them.
      files.files.allSatisfy({ $0.document != nil })
    else { return [] }
    return files.unusedFragments()
  }

  private func unusedFragment(_ reference: OperationFiles.Reference, _ files: OperationFiles) -> Diagnostic {
    Diagnostic(
      severity: .error, rule: ValidationRule.noUnusedFragments.name,
      message: "Fragment \"\(files[reference].fragment ?? "")\" is never used.",
      places: [place(of: reference, files)])
  }

  private func ambiguity(_ meanings: [OperationFiles.Reference], _ files: OperationFiles) -> Diagnostic {
    let name = meanings.first.flatMap { files[$0].fragment } ?? ""
    return Diagnostic(
      severity: .error, rule: ValidationRule.uniqueFragmentNames.name,
      message: "There can be only one fragment named \"\(name)\".",
      places: meanings.map { place(of: $0, files) })
  }

  private func place(of reference: OperationFiles.Reference, _ files: OperationFiles) -> Diagnostic.Place {
    Diagnostic.Place(file: files.files[reference.file].file, location: files[reference].start)
  }
}
