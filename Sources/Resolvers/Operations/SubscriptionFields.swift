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
    // What the transport says came last (`Last-Event-ID`) is newer than what the operation says.
    let after = try EventRow.sequence(after: context.lastEventID ?? arguments.after)
    let run = RunReference(organizationID: viewer.organizationID, runID: id)
    do {
      guard try await context.services.executions.exists(run) else { throw StorageError.notFound }
    } catch {
      throw ServiceError.showing(error, noun: "execution") ?? error
    }
    let schema = call.schema
    let hub = context.services.events
    return NumberedEvents(
      start: after, isCurrent: { hub.isCurrent(run, behind: $0) },
      open: { number in
        ShownEvents(events: hub.events(of: run, after: number)).map { event -> Column in
          let row = EventRow(run: run, event: event)
          guard let type = schema.type(named: row.typeName) else {
            throw WiringFault(description: "The schema has no type \(row.typeName).")
          }
          return .object(Rows.swift([row]).typed(type))
            .identified(as: EventRow.cursor(event.sequence), number: event.sequence)
        }
      })
  }

  func executions(_ call: FieldCall, _ after: String?) async throws -> FieldBinding.EventStream {
    try await StreamSubscriptions(call: call).events(after: after) { ExecutionUpdateRow($0) }
  }

  func flowExecutions(
    _ call: FieldCall, _ arguments: SubscriptionFlowExecutionsArguments
  ) async throws -> FieldBinding.EventStream {
    let flow = try InputID.parse(arguments.flowId, .flow, field: "flowId")
    return try await StreamSubscriptions(call: call).events(of: flow, after: arguments.after) {
      ExecutionUpdateRow($0)
    }
  }

  func flowChanged(
    _ call: FieldCall, _ arguments: SubscriptionFlowChangedArguments
  ) async throws -> FieldBinding.EventStream {
    let flow = try arguments.id.map { try InputID.parse($0, .flow) }
    return try await StreamSubscriptions(call: call).events(after: arguments.after) { event in
      FlowChangeRow(event).flatMap { flow == nil || $0.flowID == flow ? $0 : nil }
    }
  }

  func integrationStatusChanged(
    _ call: FieldCall, _ arguments: SubscriptionIntegrationStatusChangedArguments
  ) async throws -> FieldBinding.EventStream {
    let integration = try arguments.id.map { try InputID.parse($0, .integration) }
    return try await StreamSubscriptions(call: call).events(after: arguments.after) { event in
      IntegrationChangeRow(event).flatMap {
        integration == nil || $0.integrationID == integration ? $0 : nil
      }
    }
  }
}

/// The events of a run, whose errors are those that a client may see.
private struct ShownEvents: AsyncSequence, Sendable {
  let events: RunEvents

  func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator()) }

  struct Iterator: AsyncIteratorProtocol {
    var events: RunEvents.Iterator

    mutating func next() async throws -> NumberedEvent? {
      do {
        return try await events.next()
      } catch {
        throw ServiceError.showing(error, noun: "execution") ?? error
      }
    }
  }
}
