// What a leaf leaves behind that is no ordinary value: a null, a failure, or a list written as a whole with
// such items (§ 6.4.3, CompleteValue of lists; § 6.4.4).

extension OutputPass {
  /// Completes what a leaf of a type left behind. `mark` is where it began.
  mutating func settleLeaf(_ mark: Int, at field: PlanField, as type: TypeReference) {
    let outcome = out.outcome
    out.outcome = .value
    switch outcome {
    case .value: break
    case .null:
      if type.isNonNull {
        recordNull(at: field)
        // The leaf has written the null that `ErrorBehavior.null` leaves.
        if errorBehavior != .null { writeNull(isNullable: false) }
      }
    case .failure:
      out.truncate(to: mark)
      fail(GraphQLError(out.failureMessage), at: field, isNullable: !type.isNonNull)
    case .items: settleItems(mark, at: field, as: type)
    }
  }

  /// Completes the items of a list that a leaf wrote as a whole, those that are no ordinary values.
  private mutating func settleItems(_ mark: Int, at field: PlanField, as type: TypeReference) {
    // By what the bytes have grown; and the end, as it was, of the last list that became null.
    var shift = 0
    var discarded = mark
    for item in out.takeUnusualItems() where item.place.start >= discarded {
      let places = item.outer + [item.place]
      var types = [type]
      while types.count <= places.count, types[types.count - 1].nullable.isList {
        types.append(types[types.count - 1].nullable.wrapped)
      }
      // Below the type's lists it is a part of one custom scalar, where null is a value like any other.
      var level = types.count - 1
      if item.failure == nil && (level < places.count || !types[level].isNonNull) { continue }
      let position = places[..<level].map(\.index)
      if let failure = item.failure {
        record(GraphQLError(failure), at: field, items: position)
      } else {
        recordNull(at: field, items: position)
      }
      if isHalted { return }
      if errorBehavior != .null {
        while level > 0 && types[level].isNonNull { level -= 1 }
      }
      guard level > 0 else {
        out.truncate(to: mark)
        return writeNull(isNullable: !type.isNonNull)
      }
      let place = places[level - 1]
      out.replaceWithNull(from: place.start + shift, to: place.end + shift)
      shift += 4 - (place.end - place.start)
      discarded = place.end
    }
  }
}
