import NIOCore
import NIOWebSocket

@testable import Server

/// A frame as the server wrote it: read by the rules of RFC 6455 § 5.2, with nothing behind it.
struct WrittenFrame {
  let opcode: WebSocketOpcode
  var data: ByteBuffer

  init?(_ bytes: ByteBuffer) {
    var bytes = bytes
    guard let first = bytes.readInteger(as: UInt8.self), first & 0xF0 == 0x80,
      let opcode = WebSocketOpcode(encodedWebSocketOpcode: first & 0x0F),
      let short = bytes.readInteger(as: UInt8.self), short < 128
    else { return nil }
    let count: Int? =
      switch short {
      case 126: bytes.readInteger(as: UInt16.self).map(Int.init)
      case 127: bytes.readInteger(as: UInt64.self).map(Int.init)
      default: Int(short)
      }
    // The shortest form has to be used.
    guard let count, count == bytes.readableBytes, short != 126 || count > 125,
      short != 127 || count > 0xFFFF
    else { return nil }
    self.opcode = opcode
    data = bytes
  }

  /// What it says.
  var line: String {
    var data = data
    switch opcode {
    case .connectionClose:
      let code = data.readInteger(as: UInt16.self).map(String.init) ?? ""
      return "close \(code) \(String(buffer: data))"
    case .ping: return "ping"
    case .pong: return "pong \(String(buffer: data))"
    default: return "text \(String(buffer: data))"
    }
  }
}
