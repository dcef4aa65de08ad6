/// How large default values become once they are coerced (§ 3.10): a default that leaves fields out takes in
/// their defaults, and theirs, so that thirty types of a line each can unfold to a billion values.
///
/// An `ExecutableSchema` is refused where that exceeds a limit; a schema alone is not, for nothing unfolds
/// there.
struct DefaultValueSize {
  private struct Extent {
    var values: Int
    var height: Int
  }

  /// Why a default is too large.
  private struct Excess: Error {
    let what: String
  }

  /// Values that one default may have, the fields that are looked through included.
  static let maximumValues = 10_000
  /// How deep the values of one default may nest. Coercing recurses so deep; 512 KiB of stack hold twice as
  /// much.
  static let maximumDepth = 100

  private let schema: Schema
  private var known: [InputValueID: Extent] = [:]

  /// The problems of a schema's defaults; the search ends with the first.
  static func problems(of schema: Schema) -> [String] {
    var size = DefaultValueSize(schema: schema)
    for index in schema.inputValues.indices where schema.inputValues[index].defaultValue != 0 {
      do throws(Excess) {
        _ = try size.measure(InputValueID(rawValue: UInt32(index)), depth: 0)
      } catch {
        let name = schema.name(schema.inputValues[index].name)
        return ["The default value of \"\(name)\" unfolds to more than \(error.what)."]
      }
    }
    return []
  }

  private init(schema: Schema) { self.schema = schema }

  /// The extent of a field's or argument's default. Recursion ends at the limit of depth, cycles included.
  private mutating func measure(_ id: InputValueID, depth: Int) throws(Excess) -> Extent {
    let extent: Extent
    if let measured = known[id] {
      extent = measured
    } else {
      guard let literal = schema.defaultValue(of: id) else { return Extent(values: 0, height: 0) }
      extent = try measure(literal, type: schema[id].type.namedType, depth: depth)
      known[id] = extent
    }
    try check(extent.values, depth + extent.height)
    return extent
  }

  private mutating func measure(_ value: ValueNode, type: TypeID, depth: Int) throws(Excess) -> Extent {
    try check(0, depth)
    var sum = Extent(values: 1, height: 1)
    if value.kind == .listValue {
      for item in value.items { try add(try measure(item, type: type, depth: depth + 1), to: &sum) }
      return sum
    }
    guard value.kind == .objectValue, schema[type].kind == .inputObject else { return sum }
    var given: Set<InputValueID> = []
    for field in value.fields {
      guard let id = schema.inputField(named: field.name, in: type), given.insert(id).inserted else {
        continue
      }
      try add(try measure(field.value, type: schema[id].type.namedType, depth: depth + 1), to: &sum)
    }
    for id in schema.inputFieldIDs(of: type) where !given.contains(id) {
      try add(try measure(id, depth: depth + 1), to: &sum)
      sum.values += 1
    }
    return sum
  }

  private func add(_ part: Extent, to sum: inout Extent) throws(Excess) {
    sum.values += part.values
    sum.height = max(sum.height, part.height + 1)
    try check(sum.values, 0)
  }

  private func check(_ values: Int, _ depth: Int) throws(Excess) {
    if values > Self.maximumValues { throw Excess(what: "\(Self.maximumValues) values") }
    if depth > Self.maximumDepth { throw Excess(what: "\(Self.maximumDepth) levels") }
  }
}
