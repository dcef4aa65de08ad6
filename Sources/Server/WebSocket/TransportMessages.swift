import GraphQLEngine

/// A message of `graphql-transport-ws` from the client.
enum ClientMessage {
  case connectionInit(payload: InputValue?)
  case ping(payload: InputValue?)
  case pong
  case subscribe(id: String, GraphQLRequest)
  case complete(id: String)

  /// Why a message is invalid: the reason of the close with 4400.
  struct Problem: Error {
    var reason: String
  }

  static func parse(_ text: [UInt8]) -> Result<ClientMessage, Problem> {
    do {
      return .success(try read(text))
    } catch {
      return .failure(error)
    }
  }

  /// A message of any sub-protocol: its type, and the object that it is.
  static func object(_ text: [UInt8]) throws(Problem) -> (type: String, object: InputObject) {
    let message: InputValue
    do {
      message = try JSONReader.read(text)
    } catch {
      throw Problem(reason: "Invalid message: not JSON")
    }
    guard case .object(let object) = message else { throw Problem(reason: "Invalid message: not an object") }
    guard case .string(let type)? = object["type"] else {
      throw Problem(reason: "Invalid message: no \"type\"")
    }
    return (type, object)
  }

  private static func read(_ text: [UInt8]) throws(Problem) -> ClientMessage {
    let (type, object) = try object(text)
    switch type {
    case "connection_init": return .connectionInit(payload: try payload(object))
    case "ping": return .ping(payload: try payload(object))
    case "pong":
      _ = try payload(object)
      return .pong
    case "complete": return .complete(id: try id(object))
    case "subscribe": return try subscribe(object)
    default: throw Problem(reason: "Invalid message: unknown type \"\(type.prefix(40))\"")
    }
  }

  private static func subscribe(_ object: InputObject) throws(Problem) -> ClientMessage {
    let id = try id(object)
    guard let payload = object["payload"] else { throw Problem(reason: "Invalid message: no \"payload\"") }
    do {
      return .subscribe(id: id, try GraphQLRequest(payload))
    } catch {
      throw Problem(reason: "Invalid message: \(error.message)")
    }
  }

  /// A message's operation.
  static func id(_ object: InputObject) throws(Problem) -> String {
    guard case .string(let id)? = object["id"], (1...256).contains(id.utf8.count) else {
      throw Problem(reason: "Invalid message: \"id\" must be a text of 1 to 256 bytes")
    }
    return id
  }

  /// An object, or nothing.
  private static func payload(_ object: InputObject) throws(Problem) -> InputValue? {
    switch object["payload"] {
    case nil, .null: return nil
    case .object(let payload): return .object(payload)
    default: throw Problem(reason: "Invalid message: \"payload\" must be an object")
    }
  }
}

/// The messages of `graphql-transport-ws` to the client.
enum ServerMessage {
  static let resultType = "next"
  static let connectionAcknowledged = Array(#"{"type":"connection_ack"}"#.utf8)

  static func pong(_ payload: InputValue?) -> [UInt8] {
    guard let payload else { return Array(#"{"type":"pong"}"#.utf8) }
    return Array(#"{"type":"pong","payload":"#.utf8) + JSONText.bytes(payload) + Array("}".utf8)
  }

  static func next(_ id: String, _ response: [UInt8]) -> [UInt8] { message(resultType, id, response) }

  static func error(_ id: String, _ errors: [UInt8]) -> [UInt8] { message("error", id, errors) }

  static func complete(_ id: String) -> [UInt8] {
    Array(#"{"type":"complete","id":"#.utf8) + JSONText.bytes(.string(id)) + Array("}".utf8)
  }

  /// A message that belongs to an operation.
  static func message(_ type: String, _ id: String, _ payload: [UInt8]) -> [UInt8] {
    head(type, id) + payload + Array("}".utf8)
  }

  /// What stands before the payload of a message; behind it comes a brace.
  static func head(_ type: String, _ id: String) -> [UInt8] {
    Array(#"{"type":""#.utf8) + Array(type.utf8) + Array(#"","id":"#.utf8) + JSONText.bytes(.string(id))
      + Array(#","payload":"#.utf8)
  }
}

/// Values as JSON text. Their depth was bounded when they were read.
enum JSONText {
  static func bytes(_ value: InputValue) -> [UInt8] {
    switch value {
    case .null: return Array("null".utf8)
    case .bool(let value): return Array((value ? "true" : "false").utf8)
    case .int(let value): return Array(String(value).utf8)
    case .float(let value): return written { $0.write(value) }
    case .string(let text), .enumValue(let text): return written { $0.write(text) }
    case .list(let items): return enclosed("[", items.map(bytes), "]")
    case .object(let object):
      return enclosed("{", object.fields.map { bytes(.string($0.name)) + [0x3A] + bytes($0.value) }, "}")
    }
  }

  private static func written(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    body(&writer)
    return writer.bytes
  }

  private static func enclosed(_ opening: String, _ parts: [[UInt8]], _ closing: String) -> [UInt8] {
    Array(opening.utf8) + Array(parts.joined(separator: [0x2C])) + Array(closing.utf8)
  }
}
