import GraphQLEngine

/// A message of `subscriptions-transport-ws` from the client.
enum LegacyClientMessage {
  case connectionInit(payload: InputValue?)
  case start(id: String, GraphQLRequest)
  /// A `start` whose payload is no request.
  case malformed(id: String, reason: String)
  case stop(id: String)
  case connectionTerminate

  static func parse(_ text: [UInt8]) -> Result<LegacyClientMessage, ClientMessage.Problem> {
    do {
      return .success(try read(text))
    } catch {
      return .failure(error)
    }
  }

  private static func read(_ text: [UInt8]) throws(ClientMessage.Problem) -> LegacyClientMessage {
    let (type, object) = try ClientMessage.object(text)
    switch type {
    case "connection_init":
      guard case .object(let payload)? = object["payload"] else { return .connectionInit(payload: nil) }
      return .connectionInit(payload: .object(payload))
    case "connection_terminate": return .connectionTerminate
    case "stop": return .stop(id: try ClientMessage.id(object))
    case "start":
      let id = try ClientMessage.id(object)
      do {
        return .start(id: id, try GraphQLRequest(object["payload"] ?? .null))
      } catch {
        return .malformed(id: id, reason: error.message)
      }
    default: throw ClientMessage.Problem(reason: "Invalid message: unknown type \"\(type.prefix(40))\"")
    }
  }
}

/// The messages of `subscriptions-transport-ws` to the client.
enum LegacyServerMessage {
  static let connectionAcknowledged = ServerMessage.connectionAcknowledged
  static let resultType = "data"
  static let keepAlive = Array(#"{"type":"ka"}"#.utf8)

  static func connectionError(_ reason: String) -> [UInt8] {
    Array(#"{"type":"connection_error","payload":"#.utf8) + payload(reason) + Array("}".utf8)
  }

  static func data(_ id: String, _ response: [UInt8]) -> [UInt8] {
    ServerMessage.message(resultType, id, response)
  }

  static func complete(_ id: String) -> [UInt8] { ServerMessage.complete(id) }

  static func error(_ id: String, _ reason: String) -> [UInt8] {
    ServerMessage.message("error", id, payload(reason))
  }

  /// - Parameter errors: the JSON of a list.
  static func error(_ id: String, firstOf errors: [UInt8]) -> [UInt8] {
    guard case .list(let list)? = try? JSONReader.read(errors), let first = list.first else {
      return error(id, "The operation has failed.")
    }
    return ServerMessage.message("error", id, JSONText.bytes(first))
  }

  private static func payload(_ reason: String) -> [UInt8] {
    JSONText.bytes(.object(InputObject([.init(name: "message", value: .string(reason))])))
  }
}
