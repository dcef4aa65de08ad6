// Relations between types (§ 3.4, § 3.6, § 5.5.2.3), without allocation.

extension Schema {
  /// Whether an object type is a possible type of a composite type. O(log n).
  public func isPossibleType(_ object: TypeID, of type: TypeID) -> Bool {
    let range = self[type].sortedPossibleTypes
    guard range.count > 1 else { return range.count == 1 && typeLists[Int(range.start)] == object }
    var low = Int(range.start)
    var high = low + Int(range.count)
    while low < high {
      let middle = (low + high) / 2
      if typeLists[middle].rawValue < object.rawValue { low = middle + 1 } else { high = middle }
    }
    return low < Int(range.start + range.count) && typeLists[low] == object
  }

  /// Whether a value of one named type is always a value of the other: itself, a possible type, or an
  /// interface that implements it (§ 3.6: IsSubType).
  public func isSubtype(_ type: TypeID, of supertype: TypeID) -> Bool {
    if type == supertype { return true }
    guard self[supertype].kind.isAbstract else { return false }
    switch self[type].kind {
    case .object: return isPossibleType(type, of: supertype)
    case .interface: return self[supertype].kind == .interface && interfaces(of: type).contains(supertype)
    default: return false
    }
  }

  /// Whether a type may stand where another is expected: the same, covariant in lists, non-null where
  /// nullable is expected (§ 3.6: IsValidImplementationFieldType).
  public func isSubtype(_ type: TypeReference, of supertype: TypeReference) -> Bool {
    var type = type
    var supertype = supertype
    while true {
      if type == supertype { return true }
      if type.isNonNull {
        type = type.wrapped
        if supertype.isNonNull { supertype = supertype.wrapped }
      } else if type.isList, supertype.isList {
        type = type.wrapped
        supertype = supertype.wrapped
      } else {
        return type.isNamed && supertype.isNamed && isSubtype(type.namedType, of: supertype.namedType)
      }
    }
  }

  /// Whether two composite types have a possible type in common (§ 5.5.2.3). One binary search where one of
  /// them is an object type, else one walk over both lists.
  public func doTypesOverlap(_ left: TypeID, _ right: TypeID) -> Bool {
    if left == right { return true }
    if self[left].kind == .object { return isPossibleType(left, of: right) }
    if self[right].kind == .object { return isPossibleType(right, of: left) }
    var leftSlots = self[left].sortedPossibleTypes.indices
    var rightSlots = self[right].sortedPossibleTypes.indices
    while let first = leftSlots.first, let second = rightSlots.first {
      let leftType = typeLists[first].rawValue
      let rightType = typeLists[second].rawValue
      if leftType == rightType { return true }
      if leftType < rightType { leftSlots.removeFirst() } else { rightSlots.removeFirst() }
    }
    return false
  }

  /// Resolves a type written in a document (a variable's, say); nil when the named type is unknown or it
  /// has more than `TypeReference.maximumWrappers` wrappers.
  public func typeReference(from type: TypeNode) -> TypeReference? {
    var node = type
    var wrappers: UInt64 = 0
    var depth: UInt64 = 0
    while node.kind != .namedType {
      guard depth < UInt64(TypeReference.maximumWrappers) else { return nil }
      wrappers |= (node.kind == .nonNullType ? 1 : 2) << (depth * 2)
      depth += 1
      node = node.wrapped
    }
    return self.type(named: node.name).map { TypeReference(rawValue: UInt64($0.rawValue) << 40 | wrappers) }
  }

  /// The type as SDL writes it, such as `[User!]!`.
  public func string(of type: TypeReference) -> String {
    var prefix = ""
    var suffix: [Character] = []
    var rest = type
    while !rest.isNamed {
      if rest.isNonNull {
        suffix.append("!")
      } else {
        prefix.append("[")
        suffix.append("]")
      }
      rest = rest.wrapped
    }
    return prefix + name(rest.namedType) + String(suffix.reversed())
  }
}
