import CHiredis

/// What Redis answered (RESP 2).
public indirect enum RedisReply: Sendable, Equatable {
  case null
  case integer(Int)
  case string(String)
  /// A refusal; its first word is the kind, `NOSCRIPT` for instance.
  case error(String)
  case array([RedisReply])

  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var array: [RedisReply]? { if case .array(let items) = self { items } else { nil } }

  /// Copies a reply of hiredis, which frees its own. hiredis bounds the nesting by 7 levels.
  init(_ reply: redisReply) {
    switch reply.type {
    case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .string(Self.text(reply))
    case REDIS_REPLY_ERROR: self = .error(Self.text(reply))
    case REDIS_REPLY_ARRAY:
      self = .array(
        (0..<reply.elements).map { index in
          reply.element[index].map { RedisReply($0.pointee) } ?? .null
        })
    default: self = .null
    }
  }

  private static func text(_ reply: redisReply) -> String {
    guard let start = reply.str else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: reply.len), as: UTF8.self)
  }
}

/// Takes what comes from Redis apart into replies: hiredis's reader.
final class RedisReader {
  private let reader: UnsafeMutablePointer<redisReader>?

  init() { reader = redisReaderCreate() }

  deinit { redisReaderFree(reader) }

  /// Takes further bytes, which may end within a reply. What is wrong with them `next` tells.
  func feed(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      _ = redisReaderFeed(
        reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }

  /// The next reply; nil until all of it is there.
  func next() throws(RedisFault) -> RedisReply? {
    var reply: UnsafeMutableRawPointer?
    guard let reader, redisReaderGetReply(reader, &reply) == REDIS_OK else {
      throw RedisFault("what comes is not from a Redis server")
    }
    guard let reply else { return nil }
    defer { freeReplyObject(reply) }
    return RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee)
  }
}

/// Why a command has no reply.
public enum RedisError: Error, Sendable, Equatable {
  /// There is no connection, or it broke before the reply; the command may have been executed.
  case unavailable(String)
  /// No reply within the bound.
  case timedOut
  /// More commands wait than may.
  case tooManyCommands
}
