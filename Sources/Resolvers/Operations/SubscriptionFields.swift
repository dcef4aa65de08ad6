import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Subscription`.
struct SubscriptionFields: SubscriptionResolvers {
  func executionUpdated(
    _ call: FieldCall, _ arguments: SubscriptionExecutionUpdatedArguments
  ) async throws -> FieldBinding.EventStream {
    let context = try call.studio
    let viewer = try context.requireViewer()
    let id = try InputID.parse(arguments.id, .execution)
    let after = try EventRow.sequence(after: arguments.after)
    let run = RunReference(organizationID: viewer.organizationID, runID: id)
    guard try await context.services.executions.exists(run) else { throw ServiceError.notFound("execution") }
    let schema = call.schema
    return context.services.events.events(of: run, after: after).map { event in
      let row = EventRow(run: run, event: event)
      guard let type = schema.type(named: row.typeName) else {
        throw WiringFault(description: "The schema has no type \(row.typeName).")
      }
      return .object(Rows.swift([row]).typed(type))
    }
  }
}
