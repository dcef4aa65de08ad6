import GraphQLEngine
import Postgres
import Secrets
import Storage
import Testing

@testable import Resolvers

/// What a client is told of the errors of the layers below.
@Suite struct ServiceErrorTests {
  static let shown:
    [(error: any Error & Sendable, code: ServiceError.Code, message: String, field: String?)] = [
      (StorageError.notFound, .notFound, "There is no flow with this id.", "id"),
      (
        StorageError.revisionConflict(current: 7), .conflict,
        "The flow was changed by somebody else: it is at revision 7 now.", "expectedRevision"
      ),
      (StorageError.taken(field: "email"), .conflict, "This email is already taken.", "email"),
      (StorageError.inUse(by: ["A", "B"]), .conflict, "The flow is in use by: A, B.", nil),
      (
        StorageError.unknownReference(field: "integrationId"), .badUserInput,
        "integrationId names something that does not exist.", "integrationId"
      ),
      (
        PasswordError.overloaded, .unavailable,
        "Too many people are signing in at once. Try again in a moment.", nil
      ),
      (
        PasswordError.containsNull, .badUserInput, "A password must not contain the character NUL.",
        "password"
      ),
      (
        PostgresError(.unavailable), .unavailable,
        "The database cannot be reached now. Try again in a moment.", nil
      ),
      (
        PostgresError(.outcomeUnknown), .unavailable,
        "The connection to the database broke: the change may or may not have been made.", nil
      ),
      (PostgresError(.timeout), .timeout, "The database did not answer in time.", nil),
      (PostgresError(.cancelled), .timeout, "The request was cancelled.", nil),
    ]

  @Test func `what is foreseen is said in words`() throws {
    for (error, code, message, field) in Self.shown {
      let found = try #require(ServiceError.showing(error, noun: "flow"), "\(error)")
      #expect(found.code == code && found.message == message && found.field == field, "\(error)")
    }
  }

  @Test func `what nobody foresaw is not shown`() {
    #expect(ServiceError.showing(PostgresError(.server, message: "SELECT secret"), noun: "flow") == nil)
    #expect(ServiceError.showing(PostgresError(.invalidUse), noun: "flow") == nil)
    #expect(ServiceError.showing(CancellationError(), noun: "flow") == nil)
  }

  @Test func `code and field are the extensions of the error`() {
    let error = ServiceError(.badUserInput, "No.", field: "nodes.\"0\"").graphQLError
    #expect(error.message == "No.")
    #expect(
      error.extensions == [
        ErrorExtension(key: "code", json: "\"BAD_USER_INPUT\""),
        ErrorExtension(key: "field", json: #""nodes.\"0\"""#),
      ])
    #expect(ServiceError(.conflict, "No.").graphQLError.extensions.map(\.key) == ["code"])
  }
}
