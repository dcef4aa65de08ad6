import GraphQLEngine

/// How the messages of a stream look to its client.
enum StreamFormat: Sendable {
  /// Server-Sent Events of one operation.
  case events
  /// Server-Sent Events of many operations, which say whose they are.
  case sharedEvents
  /// Apollo's multipart subscription protocol: parts with the results of one subscription.
  case parts

  /// Whether a stream is for one operation alone, with which it ends.
  var isDistinct: Bool { self != .sharedEvents }

  var mediaType: MediaType { self == .parts ? .subscriptionParts : .eventStream }

  /// What is sent with the head, so that proxies send that at once.
  var opening: [UInt8] {
    self == .parts ? MultipartText.subscription.opening + keepAlive : keepAlive
  }

  /// What means nothing and keeps the connection alive.
  var keepAlive: [UInt8] {
    self == .parts ? MultipartText.subscription.part(Array("{}".utf8)) : EventStreamText.keepAlive
  }

  /// A result.
  func next(_ result: [UInt8], operation: String, eventID: String?) -> [UInt8] {
    guard self == .parts else {
      return EventStreamText.next(result, operation: name(operation), eventID: eventID)
    }
    return MultipartText.subscription.part(Array(#"{"payload":"#.utf8) + result + Array("}".utf8))
  }

  /// Why the server ends an operation that would go on.
  func givenUp(_ response: GraphQLEngine.Response, operation: String) -> [UInt8] {
    guard self == .parts else { return next(response.bytes, operation: operation, eventID: nil) }
    return MultipartText.subscription.part(
      Array(#"{"payload":null,"errors":"#.utf8) + response.errorList + Array("}".utf8))
  }

  /// The end of an operation.
  func complete(_ operation: String) -> [UInt8] {
    self == .parts ? MultipartText.end : EventStreamText.complete(operation: name(operation))
  }

  private func name(_ operation: String) -> String? { isDistinct ? nil : operation }
}
