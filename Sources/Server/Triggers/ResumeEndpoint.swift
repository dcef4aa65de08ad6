import Flows
import HTTPTypes
import Hummingbird
import Logging
import Postgres
import Secrets
import Storage

/// `POST /resume/…`: what a waiting node of a run goes on with. Answered after it is stored.
struct ResumeEndpoint: Sendable {
  static let prefix = "/resume/"

  let executions: ExecutionStore
  let secrets: SecretBox
  let notifier: RunNotifier
  let identifiers: UUIDv7Generator
  let logger: Logger

  func answer(_ request: Request) async -> Hummingbird.Response {
    do {
      return try await served(request)
    } catch let refusal as HookRefusal {
      return refusal.response
    } catch StorageError.notFound {
      return HookRefusal(.gone, "The run is over, or does not wait any more.").response
    } catch let error as PostgresError where error.code != .server {
      logger.warning("A resumption could not be stored", metadata: ["error": "\(error)"])
      return HookRefusal(.serviceUnavailable, "The database cannot be reached now; send again.").response
    } catch {
      logger.error("A resumption failed", metadata: ["error": "\(error)"])
      return HookRefusal(.internalServerError, "Internal error.").response
    }
  }

  private func served(_ request: Request) async throws -> Hummingbird.Response {
    guard let token = ResumeToken(request.uri.path.dropFirst(ResumeEndpoint.prefix.count), by: secrets),
      let organization = Identifier(bytes: token.organization), let run = Identifier(bytes: token.run),
      let node = Identifier(bytes: token.node)
    else { throw HookRefusal(.notFound, "There is nothing to resume.") }
    let hook = try await HookEndpoint.read(request)
    let body: (value: JSONValue, isBase64: Bool)
    do {
      body = try hook.parsedBody()
    } catch {
      throw HookRefusal(.badRequest, error.message)
    }
    let payload = hook.input(body.value, isBase64: body.isBase64)
    guard payload.encoded().count <= HookEndpoint.maximumBody else { throw HookRefusal.tooLarge }
    let reference = RunReference(organizationID: organization, runID: run)
    try await executions.signal(
      reference,
      NodeSignal(
        id: Identifier(identifiers.next()),
        address: NodeAddress(node, IterationPath(rawValue: token.iteration)), kind: .resume,
        payload: payload))
    notifier.signalled(reference)
    return HookEndpoint.json(.accepted, ["execution": .string(run.text(.execution))])
  }
}

/// The addresses of waiting nodes, as expressions see them.
struct PublicResumeLinks: ResumeLinks {
  let publicURL: String
  let secrets: SecretBox

  func url(for address: NodeAddress, of run: RunReference) -> String {
    let token = ResumeToken(
      organization: run.organizationID.bytes, run: run.runID.bytes, node: address.node.bytes,
      iteration: address.iteration.rawValue)
    return publicURL + ResumeEndpoint.prefix + token.text(by: secrets)
  }
}
