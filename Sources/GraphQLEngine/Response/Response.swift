/// The bytes of one response, from the executor's buffer without a copy.
final class ResponseBuffer: @unchecked Sendable {
  // @unchecked: the memory is written before this object exists and only read afterwards.
  let base: UnsafeMutablePointer<UInt8>
  let count: Int

  /// Takes ownership of `base`.
  init(base: UnsafeMutablePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  deinit { base.deallocate() }
}

/// The answer to an operation: the bytes of `{"data":…}` or `{"errors":[…]}` (§ 7.1).
public struct Response: Sendable {
  let buffer: ResponseBuffer

  /// The errors that the bytes contain, for logs, metrics and status codes.
  public let errors: [GraphQLError]

  /// Whether execution began: false for a request error, whose bytes have no `data` (§ 7.1.3).
  public let hasData: Bool

  /// Of a subscription: the name that its source gave the event that this answers (`Column.identified`).
  public internal(set) var eventID: String?

  /// Of a subscription: the number that its source gave the event (`ResumableEvents`).
  public internal(set) var eventNumber: Int?

  /// Of a subscription: whether its source has failed, with this as the last that comes of it.
  public internal(set) var isSourceFailure = false

  /// Whether the execution was given up because it was cancelled: `data` is null then.
  public let isCancelled: Bool

  /// Whether there are errors, of the request or of fields.
  public var hasErrors: Bool { !errors.isEmpty }

  /// The number of bytes.
  public var count: Int { buffer.count }

  /// A copy of the bytes.
  public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

  /// The bytes as text.
  public var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

  /// Calls `body` with the bytes, without a copy.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let bytes = UnsafeRawBufferPointer(start: buffer.base, count: buffer.count)
    return try withExtendedLifetime(buffer) { try body(bytes) }
  }

  /// A request error: nothing was executed, so there is no `data` (§ 7.1.3).
  public init(requestErrors errors: [GraphQLError]) {
    var writer = JSONWriter(capacity: 256)
    writer.put("{\"errors\":")
    writer.write(errors: errors)
    writer.put("}")
    buffer = writer.take()
    self.errors = errors
    hasData = false
    isCancelled = false
  }

  /// A cancelled execution: it had begun, so `data` is null (§ 7.1.5). A host may give the error a code.
  public init(cancelledWith error: GraphQLError) { self.init(rootErrors: [error], isCancelled: true) }

  /// Errors that prevented a valid response, those of the root selection set itself: its value is null
  /// (§ 6.4.4, § 7.1.5).
  init(rootErrors errors: [GraphQLError], isCancelled: Bool = false) {
    var writer = JSONWriter(capacity: 256)
    writer.put("{\"data\":null,\"errors\":")
    writer.write(errors: errors)
    writer.put("}")
    self.init(buffer: writer.take(), errors: errors, isCancelled: isCancelled)
  }

  init(buffer: ResponseBuffer, errors: [GraphQLError], isCancelled: Bool = false) {
    self.buffer = buffer
    self.errors = errors
    self.isCancelled = isCancelled
    hasData = true
  }
}

extension JSONWriter {
  /// A list of errors, each with message, locations, path and extensions (§ 7.1.6).
  mutating func write(errors: [GraphQLError]) {
    put(0x5B)
    for (index, error) in errors.enumerated() {
      if index > 0 { put(0x2C) }
      write(error: error)
    }
    put(0x5D)
  }

  private mutating func write(error: GraphQLError) {
    put("{\"message\":")
    write(error.message)
    if !error.locations.isEmpty {
      put(",\"locations\":[")
      for (index, location) in error.locations.enumerated() {
        put(index > 0 ? ",{\"line\":" : "{\"line\":")
        write(integer: location.line)
        put(",\"column\":")
        write(integer: location.column)
        put("}")
      }
      put("]")
    }
    if let path = error.path { write(path: path) }
    if !error.extensions.isEmpty { write(extensions: error.extensions) }
    put("}")
  }

  /// The steps of a path as a list, behind its key.
  mutating func write(path: [PathSegment]) {
    put(",\"path\":")
    write(steps: path)
  }

  /// The steps of a path as a list.
  mutating func write(steps path: [PathSegment]) {
    put("[")
    for (index, segment) in path.enumerated() {
      if index > 0 { put(0x2C) }
      switch segment {
      case .key(let key): write(key)
      case .index(let position): write(integer: position)
      }
    }
    put("]")
  }

  private mutating func write(extensions: [ErrorExtension]) {
    put(",\"extensions\":{")
    for (index, entry) in extensions.enumerated() {
      if index > 0 { put(0x2C) }
      write(entry.key)
      put(0x3A)
      var json = entry.json
      json.withUTF8 { put($0) }
    }
    put("}")
  }
}
