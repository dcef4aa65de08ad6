// What values look like when they are written, without writing them.
extension JSONValue {
  /// Whether both are written alike, byte for byte. Unlike `==`, for which members come in any order and text
  /// in any of Unicode's equivalent forms. Where one is a copy of the other nothing is read.
  public func isWritten(like other: JSONValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
    case (.string(let left), .string(let right)): left.hasBytes(of: right)
    case (.array(let left), .array(let right)):
      left.isCopy(of: right)
        || left.count == right.count && zip(left, right).allSatisfy { $0.isWritten(like: $1) }
    case (.object(let left), .object(let right)):
      left.members.isCopy(of: right.members)
        || left.count == right.count
          && zip(left.members, right.members).allSatisfy {
            $0.key.hasBytes(of: $1.key) && $0.value.isWritten(like: $1.value)
          }
    default: false
    }
  }

  /// About the bytes of its text: signs that have to be escaped count once.
  public var approximateBytes: Int {
    switch self {
    case .null, .bool: 5
    case .integer, .number: 10
    case .string(let text): text.utf8.count + 2
    case .array(let items): items.reduce(2) { $0 + $1.approximateBytes + 1 }
    case .object(let object):
      object.members.reduce(2) { $0 + $1.key.utf8.count + $1.value.approximateBytes + 4 }
    }
  }
}

extension String {
  fileprivate func hasBytes(of other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let areSame = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        left.baseAddress == right.baseAddress || left.elementsEqual(right)
      }
    }
    return (areSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}

extension Array {
  /// Whether both are the same storage.
  fileprivate func isCopy(of other: [Element]) -> Bool {
    count == other.count
      && withUnsafeBufferPointer { left in
        other.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress }
      }
  }
}
