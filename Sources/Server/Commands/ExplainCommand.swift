import ArgumentParser
import Flows
import Foundation
import GraphQLEngine
import Logging
import Resolvers
import Schema
import Storage

/// `studio explain`.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Execute a query and show how: its plan, statements, rows and times.",
    discussion: """
      The query is executed against the database of the settings, as a member of an organization sees it.
      Parameters are shown by their types, or with their values by --values.

      EXAMPLES
        studio explain flows.graphql --user ada@example.com
        studio explain flow.graphql --variables id.json --organization org_01h455vb4pex5vsknk084sn02q
        echo '{ viewer { role } }' | studio explain - --user ada@example.com --format json

      Ends with 0, with 1 when the answer has errors, and with 2 when there is nothing to execute.
      """)

  @Argument(help: "The file with the query; - is standard input.")
  var query: String

  @Option(help: ArgumentHelp("A JSON file with the variables.", valueName: "file"))
  var variables: String?

  @Option(help: ArgumentHelp("Which operation of the document to execute.", valueName: "name"))
  var operation: String?

  @Option(help: "text, or json: the whole response, with the plan in extensions.explain.")
  var format = ReportFormat.text

  @Flag(help: "Show the parameters' values.")
  var values = false

  @Option(
    help: ArgumentHelp("As this user; in the oldest organization unless one is named.", valueName: "email"))
  var user: String?

  @Option(
    help: ArgumentHelp("In this organization; as its oldest owner unless a user is named.", valueName: "id"))
  var organization: String?

  @OptionGroup var settings: SettingsOptions

  func validate() throws {
    if user == nil, organization == nil { throw ValidationError("Name a --user or an --organization.") }
  }

  func run() async throws {
    let request = try readRequest()
    let result = try await failing {
      let reader = try await settings.reader()
      let logger = try settings.startLogging(reader)
      let studio = try await Studio.open(try StudioConfiguration(reader), logger: logger)
      do {
        let viewer = try await viewer(AccountStore(studio.database))
        let result = await explain(request, viewer, studio.service)
        await studio.close()
        return result
      } catch {
        await studio.close()
        throw error
      }
    }
    guard let (response, report) = result else { throw ExitCode(2) }
    FileHandle.standardOutput.write(
      Data((format == .json ? response.text + "\n" : report.text).utf8))
    for error in response.errors where format == .text { complain(error.message) }
    if response.hasErrors { throw ExitCode.failure }
  }

  /// Nil after telling why the query cannot be executed.
  private func explain(
    _ request: GraphQLRequest, _ viewer: Viewer, _ service: GraphQLService
  ) async -> (response: GraphQLEngine.Response, report: ExplainReport)? {
    do throws(RequestErrors) {
      return try await service.explain(request, viewer: viewer, showsValues: values)
    } catch {
      for error in error.errors { complain(error.message) }
      return nil
    }
  }

  private func readRequest() throws -> GraphQLRequest {
    do {
      var object = InputObject()
      object.append("query", .string(try text(of: query)))
      if let operation { object.append("operationName", .string(operation)) }
      if let variables { object.append("variables", try JSONReader.read(try text(of: variables))) }
      return try GraphQLRequest(.object(object))
    } catch let error as GraphQLEngine.JSONError {
      complain("\(variables ?? "") is not JSON: \(error.message)")
    } catch let error as GraphQLRequest.Malformed {
      complain(error.message)
    } catch {
      complain("\(query) cannot be read: \(error.localizedDescription)")
    }
    throw ExitCode(2)
  }

  private func text(of path: String) throws -> String {
    if path == "-" {
      return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    }
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  /// - Throws: `SettingError` when there is no such member.
  private func viewer(_ accounts: AccountStore) async throws -> Viewer {
    var organizationID: Identifier?
    if let organization {
      guard let id = try? TypeID.parse(organization, as: .organization) else {
        throw SettingError(description: "--organization must be an id that begins with org_.")
      }
      organizationID = id
    }
    var userID: Identifier?
    if let user {
      userID = try await accounts.credentials(email: user)?.userID
    } else if let organizationID {
      userID = try await accounts.owner(of: organizationID)
    }
    guard let userID, let membership = try await accounts.membership(of: userID, in: organizationID),
      let role = Role(rawValue: membership.role.uppercased())
    else { throw SettingError(description: "There is no such member.") }
    return Viewer(userID: userID, organizationID: membership.organizationID, role: role)
  }

  private func complain(_ message: String) {
    FileHandle.standardError.write(Data("studio: \(message)\n".utf8))
  }
}
