/// The responses to the events of one subscription (§ 6.2.3.2).
///
/// Iterated by one task. Ending the iteration, or cancelling the task, ends the source.
public struct ResponseStream: AsyncSequence, Sendable {
  public typealias Element = Response
  public typealias Failure = Never

  let plan: OperationPlan
  let request: ExecutionRequest
  let variables: VariableValues
  let events: FieldBinding.EventStream

  /// Begins the one iteration; it runs what remains of the request.
  public func makeAsyncIterator() -> Iterator { Iterator(stream: self, events: SourceIterator(events)) }

  /// Hands out one after the other, as they come.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: ResponseStream
    var events: SourceIterator
    private var isEnded = false

    init(stream: ResponseStream, events: SourceIterator) {
      self.stream = stream
      self.events = events
    }

    /// The response to the next event; nil when the source has ended. A source that fails gives one last
    /// response with the error.
    public mutating func next() async -> Response? {
      guard !isEnded else { return nil }
      do {
        guard let column = try await events.next() else {
          isEnded = true
          return nil
        }
        var response = await answer(column)
        response.eventID = column.eventID
        // The reader has gone while its event was executed.
        if !response.hasData && Task.isCancelled {
          isEnded = true
          return nil
        }
        return response
      } catch is CancellationError {
        isEnded = true
        return nil
      } catch {
        isEnded = true
        return Response(requestErrors: [stream.shown(error)])
      }
    }

    /// The host's answer to the event, if it keeps some, else one's own.
    private func answer(_ column: Column) async -> Response {
      guard let shared = stream.request.eventResponses, let name = column.eventID else {
        return await stream.respond(to: column)
      }
      return await shared.response(toEvent: name) { await stream.respond(to: column) }
    }
  }

  /// ExecuteSubscriptionEvent: the root field's value is the event's.
  private func respond(to column: Column) async -> Response {
    await Executor(plan: plan, request: request, variables: variables).run(event: column)
  }

  private func shown(_ error: any Error) -> GraphQLError {
    let field = plan.root.fields.first
    return GraphQLError(shown: error, at: field?.id, request.context)
  }
}

/// Answers the same event of several equal subscriptions once. A host that knows that subscriptions are equal
/// (one operation, equal variables, one viewer) gives their requests the same value.
public protocol EventResponses: Sendable {
  /// The response to the event of that name: a known one, or what `respond` makes. Called by the task that
  /// iterates the subscription.
  func response(toEvent name: String, _ respond: () async -> Response) async -> Response
}

/// An iterator of an erased sequence.
struct SourceIterator {
  private var nextEvent: () async throws -> Column?

  init(_ events: FieldBinding.EventStream) { self.init(opening: events) }

  private init<Events: AsyncSequence<Column, any Error>>(opening events: Events) {
    var iterator = events.makeAsyncIterator()
    nextEvent = { try await iterator.next() }
  }

  mutating func next() async throws -> Column? { try await nextEvent() }
}

extension Executor {
  /// CreateSourceEventStream (§ 6.2.3.1): the one root field's stream.
  func openSource() async throws(RequestErrors) -> FieldBinding.EventStream {
    let execution = Execution(
      plan: plan, request: request, variables: variables, cancellation: Cancellation())
    guard let field = plan.root.fields.first else {
      throw RequestErrors("The subscription selects no field.")
    }
    do {
      guard let binding = field.binding, case .stream(let start) = binding.kind else {
        throw ColumnMismatch(problem: "a subscription's field without a stream")
      }
      try execution.checkAccess(field)
      let root = try execution.makeRoot()
      let call = FieldCall(
        schema: execution.schema, field: field.id, arguments: try execution.arguments(of: field).value,
        parents: root.parents, selection: FieldSelection(selections: field.child.map { [$0] } ?? []),
        context: request.context, extensions: request.extensions,
        directives: execution.directives(of: field), memoSlot: field.memoSlot ?? MemoSlot())
      return try await start(call)
    } catch is CancellationError {
      throw RequestErrors(Engine.cancelledMessage)
    } catch {
      var shown = GraphQLError(shown: error, at: field.id, request.context)
      let document = plan.context.document
      if shown.locations.isEmpty {
        let limit = plan.context.limits.validation.locationsPerError
        shown.locations = field.nodes.prefix(limit).map { document.location(of: $0) }
      }
      shown.path = [.key(field.responseKey)]
      throw RequestErrors([shown])
    }
  }
}
