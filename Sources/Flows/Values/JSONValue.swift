/// A JSON value: configs, inputs and outputs of nodes.
///
/// Integers that fit in 64 bits stay integers. Values come from `JSONParser`, which bounds their depth, so
/// code may walk them recursively.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The integer, also of a number without a fraction.
  public var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  public var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  public subscript(key: String) -> JSONValue? { object?[key] }

  /// JavaScript's idea of truth (ECMA-262 § 7.1.2 ToBoolean); `undefined` and NaN arrive as null.
  public var isTruthy: Bool {
    switch self {
    case .null: false
    case .bool(let value): value
    case .integer(let value): value != 0
    case .number(let value): !(value.isZero || value.isNaN)
    case .string(let value): !value.isEmpty
    case .array, .object: true
    }
  }

  /// The English name of the kind of value, for messages.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// The members of a JSON object in their order; each key is there once.
///
/// Two objects are equal when they have the same members in any order, because `jsonb` does not keep the
/// order.
public struct JSONObject: Sendable, Equatable {
  public struct Member: Sendable {
    public let key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init() { members = [] }

  /// The members in their order; of a key that comes twice the last value stays, at the place of the first.
  public init(_ pairs: some Sequence<Member>) {
    members = []
    members.reserveCapacity(pairs.underestimatedCount)
    var rest = pairs.makeIterator()
    while members.count < JSONObject.fewMembers, let pair = rest.next() { self[pair.key] = pair.value }
    var places: [WrittenKey: Int] = [:]
    while let pair = rest.next() {
      if places.isEmpty {
        places = Dictionary(uniqueKeysWithValues: zip(members.map { WrittenKey(text: $0.key) }, 0...))
      }
      let key = WrittenKey(text: pair.key)
      if let place = places[key] {
        members[place].value = pair.value
      } else {
        places[key] = members.count
        members.append(pair)
      }
    }
  }

  /// Among so many members a look at each costs less than a table.
  private static let fewMembers = 16

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }

  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key.isWritten(like: key) }?.value }
    set {
      let place = members.firstIndex { $0.key.isWritten(like: key) }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    // Mostly the order is the same; only when it is not a table of the other side is made.
    if zip(left.members, right.members).allSatisfy({ $0.key.isWritten(like: $1.key) }) {
      return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
    }
    let others = Dictionary(
      right.members.map { (WrittenKey(text: $0.key), $0.value) }, uniquingKeysWith: { $1 })
    return left.members.allSatisfy { others[WrittenKey(text: $0.key)] == $0.value }
  }
}

/// A key by its bytes. Two texts that Swift holds equal, since one is the other's normal form ("é" as one
/// scalar and as two), are two keys in JSON (RFC 8259 § 8.3).
private struct WrittenKey: Hashable {
  let text: String

  /// Equal bytes have equal hashes.
  func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }

  static func == (left: WrittenKey, right: WrittenKey) -> Bool { left.text.isWritten(like: right.text) }
}

extension String {
  /// Whether the bytes are the same.
  fileprivate func isWritten(like other: String) -> Bool {
    self == other && utf8.elementsEqual(other.utf8)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.lazy.map { JSONObject.Member(key: $0.0, value: $0.1) }))
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.lazy.map { Member(key: $0.0, value: $0.1) })
  }
}

extension JSONValue {
  /// The value or JSON null.
  init(_ value: JSONValue?) { self = value ?? .null }
  /// The text or JSON null.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}
