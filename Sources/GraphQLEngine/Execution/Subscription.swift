import Synchronization

/// The responses to the events of one subscription (§ 6.2.3.2).
///
/// Iterated by one task. Ending the iteration, or cancelling the task, ends the source.
public struct ResponseStream: AsyncSequence, Sendable {
  public typealias Element = Response
  public typealias Failure = Never

  let plan: OperationPlan
  let request: ExecutionRequest
  let variables: VariableValues
  let source: SubscriptionSource

  /// Begins the one iteration; it runs what remains of the request.
  public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  /// Hands out one after the other, as they come.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    let stream: ResponseStream
    /// nil at the end, so that the source is let go.
    private var events: EventReader?

    init(stream: ResponseStream) {
      self.stream = stream
      events = EventReader(stream.source)
    }

    /// The response to the next event; nil when the source has ended, or the subscription was cancelled. A
    /// source that fails gives one last response with the error.
    public mutating func next() async -> Response? {
      guard let events else { return nil }
      do {
        if let event = try await events.next(until: stream.request.cancellation) {
          var response = await answer(event)
          response.eventID = event.name
          response.eventNumber = event.number
          if !response.isCancelled { return response }
          // Nobody waits for it any more.
          events.end()
        }
        self.events = nil
        return nil
      } catch {
        self.events = nil
        return error is CancellationError ? nil : stream.failed(error)
      }
    }

    /// The host's answer to the event, if it keeps some, else one's own.
    private func answer(_ event: SubscriptionEvent) async -> Response {
      guard let shared = stream.request.eventResponses, let name = event.name else {
        return await stream.respond(to: event)
      }
      return await shared.response(toEvent: name) { await stream.respond(to: event) }
    }
  }

  /// ExecuteSubscriptionEvent: a root value, or the value of the root field alone.
  private func respond(to event: SubscriptionEvent) async -> Response {
    var executor = Executor(plan: plan, request: request, variables: variables)
    switch event {
    case .value(let column): return await executor.run(event: column)
    case .root(let root):
      executor.request.root = root
      return await executor.run()
    }
  }

  /// A source that ends with an error: the last execution result has no data.
  private func failed(_ error: any Error) -> Response {
    var response = Response(rootErrors: [plan.shown(error, atRoot: request.context)])
    response.isSourceFailure = true
    return response
  }
}

/// The source stream of a subscription.
enum SubscriptionSource: Sendable {
  case values(FieldBinding.EventStream)
  case roots(FieldBinding.RootStream)
}

/// One event of it.
enum SubscriptionEvent: Sendable {
  case value(Column)
  case root(Rows)

  /// The name that its source gave it.
  var name: String? {
    if case .value(let column) = self { column.eventID } else { nil }
  }

  /// The number that its source gave it.
  var number: Int? {
    if case .value(let column) = self { column.eventNumber } else { nil }
  }
}

/// The events of a source. Read by one task at a time.
final class EventReader: @unchecked Sendable {
  // @unchecked: the iterator is used inside of `next` alone, and `isReading` lets one call in.
  private let isReading = Mutex(false)
  private var iterator: Iterator

  private enum Iterator {
    case values(SourceIterator<Column>)
    case roots(SourceIterator<Rows>)
  }

  init(_ source: SubscriptionSource) {
    iterator =
      switch source {
      case .values(let events): .values(SourceIterator(events))
      case .roots(let events): .roots(SourceIterator(events))
      }
  }

  /// The next event; nil at the end, and once it is cancelled.
  func next(until cancellation: Cancellation?) async throws -> SubscriptionEvent? {
    guard let cancellation else { return try await next() }
    let event = try await cancellation.running { try await self.next() }
    return cancellation.isCancelled ? nil : event
  }

  /// Ends the source between two events: asked by a task that is cancelled, it has to end.
  func end() { Task { try await next() }.cancel() }

  private func next() async throws -> SubscriptionEvent? {
    let isFirst = isReading.withLock { isReading in
      defer { isReading = true }
      return !isReading
    }
    guard isFirst else { throw ColumnMismatch(problem: "events that are read twice at once") }
    defer { isReading.withLock { $0 = false } }
    switch iterator {
    case .values(let events): return try await events.next().map(SubscriptionEvent.value)
    case .roots(let events): return try await events.next().map(SubscriptionEvent.root)
    }
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
struct SourceIterator<Element> {
  private let nextElement: () async throws -> Element?

  init(_ elements: any AsyncSequence<Element, any Error>) { self.init(opening: elements) }

  private init<Elements: AsyncSequence<Element, any Error>>(opening elements: Elements) {
    var iterator = elements.makeAsyncIterator()
    nextElement = { try await iterator.next() }
  }

  func next() async throws -> Element? { try await nextElement() }
}

extension Executor {
  /// CreateSourceEventStream (§ 6.2.3.1): the one root field's stream.
  func openSource() async throws(RequestErrors) -> SubscriptionSource {
    try checkRootField()
    do {
      let source = try await start()
      if request.cancellation?.isCancelled == true { throw CancellationError() }
      return source
    } catch is CancellationError {
      throw RequestErrors([.cancelled])
    } catch {
      throw RequestErrors([plan.shown(error, atRoot: request.context)])
    }
  }

  /// There must be exactly one root field after fragments. Validation sees to that; a document that was not
  /// validated may have any number, and fields that do not exist.
  private func checkRootField() throws(RequestErrors) {
    let context = plan.context
    var collector = FieldCollector(context: context, type: plan.root.type)
    collector.collect(context.operation.selectionSet)
    guard !collector.groups.isEmpty else { throw RequestErrors("The subscription selects no field.") }
    guard collector.groups.count == 1 else {
      let name = context.operation.name.description
      let subject = name.isEmpty ? "Anonymous Subscription" : "Subscription \"\(name)\""
      let nodes = collector.groups.dropFirst().joined().prefix(context.limits.validation.locationsPerError)
      throw RequestErrors([
        GraphQLError(
          "\(subject) must select only one top level field.",
          locations: nodes.map { context.document.location(of: $0) })
      ])
    }
  }

  /// ResolveFieldEventStream (§ 6.2.3.1).
  private func start() async throws -> SubscriptionSource {
    let execution = Execution(
      plan: plan, request: request, variables: variables, cancellation: Cancellation())
    guard let field = plan.root.fields.first, let start = field.binding?.sourceFunction else {
      throw ColumnMismatch(problem: "a subscription's field without a stream")
    }
    try execution.checkAccess(field)
    let root = try execution.makeRoot()
    let call = FieldCall(
      schema: execution.schema, field: field.id, arguments: try execution.arguments(of: field).value,
      parents: root.parents, selection: FieldSelection(selections: field.child.map { [$0] } ?? []),
      context: request.context, extensions: request.extensions,
      directives: execution.directives(of: field), memoSlot: field.memoSlot ?? MemoSlot())
    guard let cancellation = request.cancellation else { return try await start(call) }
    return try await cancellation.running { try await start(call) }
  }
}

extension FieldBinding {
  /// What opens the source stream; nil where the field is not bound to one.
  fileprivate var sourceFunction: (@Sendable (FieldCall) async throws -> SubscriptionSource)? {
    switch kind {
    case .stream(let start): { .values(try await start($0)) }
    case .roots(let start, _): { .roots(try await start($0)) }
    default: nil
    }
  }
}

extension OperationPlan {
  /// An error of a subscription's source, at its root field.
  fileprivate func shown(_ error: any Error, atRoot requestContext: any RequestContext) -> GraphQLError {
    let field = root.fields.first
    var shown = GraphQLError(shown: error, at: field?.id, requestContext)
    guard let field else { return shown }
    if shown.locations.isEmpty {
      let limit = context.limits.validation.locationsPerError
      shown.locations = field.nodes.prefix(limit).map { context.document.location(of: $0) }
    }
    shown.path = [.key(field.responseKey)]
    return shown
  }
}
