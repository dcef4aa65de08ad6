import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Resolvers

/// Executes the entries of a batch: queries side by side, but one after the other as soon as one of them
/// changes something, in the order in which they were sent.
///
/// The entries were counted when they were read, so the tasks are bounded.
struct BatchExecution: Sendable {
  let service: GraphQLService
  let entries: [BatchEntry]
  let viewer: Viewer?
  /// The lines of an answer are written when its request is behind the task that knew it.
  private let origin = RequestOrigin.current

  init(service: GraphQLService, entries: [BatchEntry], viewer: Viewer?) {
    self.service = service
    self.entries = entries
    self.viewer = viewer
  }

  /// An entry that was prepared, or the response that refuses it.
  private enum Step: Sendable {
    case execute(PreparedOperation, GraphQLRequest)
    case refuse(GraphQLEngine.Response)
  }

  /// A list in the order of the entries, or lines as they are done.
  ///
  /// - Parameter isReadOnly: whether the method may only ask; then each entry that changes something is
  ///   refused.
  func response(_ type: MediaType, _ reply: Reply, isReadOnly: Bool) async -> Hummingbird.Response {
    let steps = entries.map { step($0, isReadOnly: isReadOnly) }
    let isSerial = steps.contains { step in
      if case .execute(let operation, _) = step { operation.operationType != .query } else { false }
    }
    guard type == .jsonLines else {
      var answers = [[UInt8]](repeating: [], count: entries.count)
      await each(steps, isSerial: isSerial) { answers[$0] = $1 }
      let list = [UInt8(ascii: "[")] + answers.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
      return reply.list(list, type)
    }
    let body = ResponseBody { writer in
      try await each(steps, isSerial: isSerial) { try await writer.write(ByteBuffer(bytes: $1 + [0x0A])) }
      try await writer.finish(nil)
    }
    return Hummingbird.Response(status: .ok, headers: Reply.headers(type), body: body)
  }

  private func step(_ entry: BatchEntry, isReadOnly: Bool) -> Step {
    switch entry.request {
    case .failure(let fault): return .refuse(GraphQLService.refusal(fault.message))
    case .success(let request):
      do {
        let operation = try service.prepare(request)
        guard isReadOnly, operation.operationType != .query else { return .execute(operation, request) }
        return .refuse(GraphQLService.refusal("Only queries may be sent with QUERY; use POST."))
      } catch {
        return .refuse(error.response)
      }
    }
  }

  /// Hands over the answer of each entry with its position.
  private func each(
    _ steps: [Step], isSerial: Bool, _ body: (Int, [UInt8]) async throws -> Void
  ) async rethrows {
    if isSerial {
      for (index, step) in steps.enumerated() { try await body(index, await answer(step, entries[index])) }
      return
    }
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for (index, step) in steps.enumerated() {
        group.addTask { (index, await answer(step, entries[index])) }
      }
      while let (index, answer) = try await group.next() { try await body(index, answer) }
    }
  }

  private func answer(_ step: Step, _ entry: BatchEntry) async -> [UInt8] {
    switch step {
    case .refuse(let response): entry.numbered(response)
    case .execute(let operation, let request):
      entry.numbered(
        await RequestOrigin.$current.withValue(origin) {
          await service.execute(operation, request, viewer: viewer)
        })
    }
  }
}
