import NIOCore
import NIOWebSocket

/// Whole frames of the server's, as they go over the wire (RFC 6455 § 5.2): unfragmented and, for a server
/// masks nothing, unmasked. A frame is one piece of memory that all sockets share that send the same.
enum ServerFrame {
  /// An opcode and the length of the longest kind.
  private static let maximumHeadBytes = 10

  static func text(_ bytes: [UInt8]) -> ByteBuffer {
    frame(.text, bytes.count) { $0.writeBytes(bytes) }
  }

  /// A text of three parts.
  static func text(_ head: [UInt8], _ payload: UnsafeRawBufferPointer, _ end: StaticString) -> ByteBuffer {
    frame(.text, head.count + payload.count + end.utf8CodeUnitCount) { frame in
      frame.writeBytes(head)
      frame.writeBytes(payload)
      frame.writeStaticString(end)
    }
  }

  static func control(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> ByteBuffer {
    frame(opcode, data.readableBytes) { $0.writeImmutableBuffer(data) }
  }

  static let ping = control(.ping, ByteBuffer())

  private static func frame(
    _ opcode: WebSocketOpcode, _ count: Int, _ write: (inout ByteBuffer) -> Void
  ) -> ByteBuffer {
    var frame = ByteBufferAllocator().buffer(capacity: maximumHeadBytes + count)
    // FIN, no reserved bits.
    frame.writeInteger(UInt8(0x80) | UInt8(webSocketOpcode: opcode))
    // "If 126, the following 2 bytes … If 127, the following 8 bytes … are the payload length."
    switch count {
    case ...125: frame.writeInteger(UInt8(count))
    case ...0xFFFF: frame.writeMultipleIntegers(UInt8(126), UInt16(count))
    default: frame.writeMultipleIntegers(UInt8(127), UInt64(count))
    }
    write(&frame)
    return frame
  }
}
