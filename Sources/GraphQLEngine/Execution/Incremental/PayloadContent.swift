/// Announces a deferred fragment or a stream (§ 7.1: an incremental pending notice).
struct PendingNotice {
  var id: Int
  var path: [PathSegment]
  var label: String?
}

/// Data of a deferred fragment, or items of a stream (§ 7.1: an incremental result).
struct IncrementalEntry {
  var id: Int
  var subPath: [PathSegment]
  /// `data` or `items`.
  var key: StaticString
  /// JSON.
  var value: [UInt8]
  var errors: [GraphQLError]
}

/// Ends what was announced (§ 7.1: an incremental completion notice).
struct CompletionNotice {
  var id: Int
  /// Why it failed.
  var errors: [GraphQLError]
}

/// What the next payload of an incremental response will say.
struct PayloadContent {
  var pending: [PendingNotice] = []
  var incremental: [IncrementalEntry] = [] {
    didSet { byteCount += incremental.last?.value.count ?? 0 }
  }
  var completed: [CompletionNotice] = []
  /// A guess at its size.
  private(set) var byteCount = 0

  var isEmpty: Bool { incremental.isEmpty && completed.isEmpty }

  /// The bytes of the update (§ 7.1: an incremental stream update result).
  func payload(hasNext: Bool) -> IncrementalPayload {
    var out = JSONWriter(capacity: byteCount + 256)
    out.put("{")
    if !pending.isEmpty {
      out.write(pending: pending, isFirst: true)
      out.put(",")
    }
    if !incremental.isEmpty {
      out.write(incremental: incremental)
      out.put(",")
    }
    if !completed.isEmpty {
      out.write(completed: completed)
      out.put(",")
    }
    out.put("\"hasNext\":")
    out.write(hasNext)
    out.put("}")
    let errors = incremental.flatMap(\.errors) + completed.flatMap(\.errors)
    return IncrementalPayload(buffer: out.take(), hasNext: hasNext, errors: errors)
  }
}

extension JSONWriter {
  mutating func write(pending: [PendingNotice], isFirst: Bool = false) {
    put(isFirst ? "\"pending\":[" : ",\"pending\":[")
    for (index, notice) in pending.enumerated() {
      put(index > 0 ? ",{\"id\":" : "{\"id\":")
      write(id: notice.id)
      write(path: notice.path)
      if let label = notice.label {
        put(",\"label\":")
        write(label)
      }
      put("}")
    }
    put("]")
  }

  fileprivate mutating func write(incremental: [IncrementalEntry]) {
    put("\"incremental\":[")
    for (index, entry) in incremental.enumerated() {
      put(index > 0 ? ",{\"id\":" : "{\"id\":")
      write(id: entry.id)
      if !entry.subPath.isEmpty {
        put(",\"subPath\":")
        write(steps: entry.subPath)
      }
      put(",\"")
      put(entry.key)
      put("\":")
      entry.value.withUnsafeBufferPointer { put($0) }
      if !entry.errors.isEmpty {
        put(",\"errors\":")
        write(errors: entry.errors)
      }
      put("}")
    }
    put("]")
  }

  fileprivate mutating func write(completed: [CompletionNotice]) {
    put("\"completed\":[")
    for (index, notice) in completed.enumerated() {
      put(index > 0 ? ",{\"id\":" : "{\"id\":")
      write(id: notice.id)
      if !notice.errors.isEmpty {
        put(",\"errors\":")
        write(errors: notice.errors)
      }
      put("}")
    }
    put("]")
  }
}
