import GraphQLEngine

/// All files of operations of a client as one document: what a generator of code reads. Names of operations
/// and fragments are unique in all of it.
public struct OperationProject: Sendable {
  public let document: Document

  /// Joins the files and checks them against a schema.
  ///
  /// - Returns: the findings where a file does not parse or a rule is broken; the document is valid
  ///   otherwise.
  public static func load(
    _ files: [TextFile], schema: Schema
  ) throws(LintFailure) -> Result<OperationProject, OperationFindings> {
    var joined = JoinedText()
    var report = LintReport(fileCount: files.count)
    for file in files {
      joined.append(file)
      // Alone first: an unclosed brace must not swallow the next file.
      do throws(GraphQLError) {
        _ = try Document.parse(file.source, limits: .schema)
      } catch {
        var alone = JoinedText()
        alone.append(file)
        report.add(alone.diagnostic(error))
      }
    }
    guard report.diagnostics.isEmpty else { return .failure(OperationFindings(report: report)) }
    let document: Document
    do throws(GraphQLError) {
      document = try Document.parse(joined.source, limits: .schema)
    } catch {
      throw LintFailure("the files do not parse together: \(error.message)")
    }
    for error in schema.validate(document) + unnamed(document) { report.add(joined.diagnostic(error)) }
    guard report.diagnostics.isEmpty else { return .failure(OperationFindings(report: report)) }
    return .success(OperationProject(document: document))
  }

  /// Code is named after operations.
  private static func unnamed(_ document: Document) -> [GraphQLError] {
    let lines = LineIndex(document.source)
    return document.definitions.compactMap { definition in
      guard definition.kind == .operationDefinition, OperationNode(definition.node).name.isEmpty else {
        return nil
      }
      let place = lines.location(at: Int(definition.node.start), in: document.source)
      return GraphQLError("An operation needs a name for the code that is made of it.", locations: [place])
    }
  }
}

/// Why files do not make a project.
public struct OperationFindings: Error, Sendable {
  public let report: LintReport
}
