extension JSONValue {
  /// The value with the members of its objects in the order in which Postgres's `jsonb` keeps them: shorter
  /// keys first, those of one length by their bytes. So a run that goes on with what it was given sees the
  /// same as one that reads it.
  public func inStoredOrder() -> JSONValue {
    switch self {
    case .null, .bool, .integer, .number, .string: self
    case .array(let items): .array(items.map { $0.inStoredOrder() })
    case .object(let object):
      .object(
        JSONObject(
          object.members
            .map { JSONObject.Member(key: $0.key, value: $0.value.inStoredOrder()) }
            .sorted { JSONValue.isStoredBefore($0.key.utf8, $1.key.utf8) }))
    }
  }

  private static func isStoredBefore(_ left: String.UTF8View, _ right: String.UTF8View) -> Bool {
    let (leftCount, rightCount) = (left.count, right.count)
    return leftCount == rightCount ? left.lexicographicallyPrecedes(right) : leftCount < rightCount
  }
}
