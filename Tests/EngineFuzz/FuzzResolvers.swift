import GraphQLEngine

/// What chooses the values of one execution, so that two runs of one case give the same.
final class FuzzContext: RequestContext {
  let salt: UInt64

  init(salt: UInt64) { self.salt = salt }
}

/// A thrown error that is not meant for clients.
struct FuzzFault: Error {}

/// Resolvers for any schema: members of JSON values, batches of rows and leaves, in shapes and with errors
/// that the salt chooses; right values mostly, wrong ones now and then.
struct FuzzResolvers: Sendable {
  let schema: Schema

  func wiring() -> Wiring {
    var wiring = Wiring()
    wiring.defaultBinding = .member
    for (index, field) in schema.fields.enumerated() where !schema[field.parent].isBuiltIn {
      let id = FieldID(rawValue: UInt32(index))
      // Fields of interfaces and the meta fields are bound by the engine, if at all.
      guard schema[field.parent].kind == .object, field.name != schema[schema.wellKnown.typenameField].name
      else { continue }
      switch index % 5 {
      case 0: continue
      case 1:
        wiring.bind(id, .asyncBatch { call in try resolve(call, field) })
      default:
        wiring.bind(id, .batch { call in .ready(try resolve(call, field)) })
      }
    }
    return wiring
  }

  private func resolve(_ call: FieldCall, _ field: FieldRecord) throws -> Column {
    let salt = try call.context(as: FuzzContext.self).salt
    let place = UInt64(call.field.rawValue) << 20 | UInt64(call.parents.count)
    var random = FuzzRandom(seed: salt, round: place)
    if random.once(in: 60) { throw FuzzFault() }
    let parents = call.parents.count
    var column = try column(field.type, parents, &random)
    if random.once(in: 30), parents > 0 {
      column = column.failing([random.below(parents): GraphQLError("no", extensions: [])])
    }
    return column
  }

  private func column(
    _ type: TypeReference, _ parents: Int, _ random: inout FuzzRandom
  ) throws -> Column {
    let named = type.namedType
    guard schema[named].kind.isComposite, random.below(4) > 0 else {
      let depth = parents > 100 ? 0 : 2
      return .dynamic((0..<parents).map { _ in value(type, depth: depth, &random) })
    }
    var counts: [[Int]] = []
    var entries = parents
    for _ in 0..<listDepth(of: type) {
      let level = (0..<entries).map { _ in
        random.once(in: 20) ? -1 : random.below(entries > 60 ? 2 : 3)
      }
      counts.append(level)
      entries = level.reduce(0) { $0 + max($1, 0) }
    }
    var column = objects(of: named, entries, &random)
    for level in counts.reversed() { column = column.lists(counts: level) }
    return column
  }

  private func objects(of type: TypeID, _ count: Int, _ random: inout FuzzRandom) -> Column {
    let possible = Array(schema.possibleTypes(of: type))
    guard !possible.isEmpty else { return .nulls(count) }
    let shared = random.once(in: 4)
    let rowCount = shared ? min(count, 3) : count
    let types = (0..<rowCount).map { _ in random.pick(possible) }
    let rows = Rows.dynamic(types.map { object($0, depth: count > 60 ? 0 : 1, &random) }).typed(types)
    guard shared, rowCount > 0 else { return .objects(rows) }
    return .objects(rows, at: (0..<count).map { _ in random.below(rowCount + 1) - 1 })
  }

  private func listDepth(of type: TypeReference) -> Int {
    var depth = 0
    var type = type
    while !type.isNamed {
      if type.isList { depth += 1 }
      type = type.wrapped
    }
    return depth
  }

  // MARK: JSON values

  /// A value of a type, or rarely anything else.
  func value(_ type: TypeReference, depth: Int, _ random: inout FuzzRandom) -> InputValue {
    if random.once(in: 24) { return FuzzResolvers.anything(depth: 2, &random) }
    if type.isNonNull { return value(type.wrapped, depth: depth, &random) }
    if random.once(in: 12) { return .null }
    if type.isList {
      return .list((0..<random.below(3)).map { _ in value(type.wrapped, depth: depth, &random) })
    }
    let named = type.namedType
    switch schema[named].kind {
    case .object, .interface, .union:
      let possible = Array(schema.possibleTypes(of: named))
      guard depth > 0, !possible.isEmpty else { return .null }
      return object(random.pick(possible), depth: depth - 1, &random)
    case .inputObject: return inputObject(named, depth: depth, &random)
    case .enum:
      let values = schema.enumValueIDs(of: named).map { schema.name(schema[$0].name) }
      return .string(values.isEmpty ? "X" : random.pick(values))
    case .scalar: return scalar(named, &random)
    }
  }

  private func scalar(_ type: TypeID, _ random: inout FuzzRandom) -> InputValue {
    switch type {
    case schema.wellKnown.int: .int(random.below(100))
    case schema.wellKnown.float: .float(Double(random.below(1_000)) / 8)
    case schema.wellKnown.boolean: .bool(random.once(in: 2))
    case schema.wellKnown.string: .string(FuzzResolvers.text(&random))
    case schema.wellKnown.id: random.once(in: 2) ? .string("id") : .int(random.below(1_000))
    default: FuzzResolvers.anything(depth: 2, &random)
    }
  }

  private func object(_ type: TypeID, depth: Int, _ random: inout FuzzRandom) -> InputValue {
    var object = InputObject([.init(name: "__typename", value: .string(schema.name(type)))])
    if random.once(in: 40) { object.fields[0].value = FuzzResolvers.anything(depth: 1, &random) }
    for id in schema.fieldIDs(of: type).prefix(20) where random.below(8) > 0 {
      object.append(schema.name(schema[id].name), value(schema[id].type, depth: depth, &random))
    }
    if random.once(in: 30), object.fields.count > 1 {
      object.fields[1].value = ["$error": ["message": "no", "extensions": ["code": "X"]]]
    }
    return .object(object)
  }

  private func inputObject(_ type: TypeID, depth: Int, _ random: inout FuzzRandom) -> InputValue {
    var object = InputObject()
    for id in schema.inputFieldIDs(of: type) {
      let isWanted = schema[id].isRequired ? random.below(16) > 0 : depth > 0 && random.once(in: 2)
      if isWanted, depth > -4 {
        object.append(schema.name(schema[id].name), value(schema[id].type, depth: depth - 1, &random))
      }
    }
    return .object(object)
  }

  static func anything(depth: Int, _ random: inout FuzzRandom) -> InputValue {
    switch random.below(depth > 0 ? 10 : 8) {
    case 0: return .null
    case 1: return .bool(random.once(in: 2))
    case 2: return .int(Int(bitPattern: UInt(random.next())) >> random.below(64))
    case 3:
      let number = Double(bitPattern: random.next())
      return .float(number.isFinite ? number : 0.1)
    case 4: return .float(Double(random.below(100_000)) / 1_000)
    case 5...7: return .string(text(&random))
    case 8: return .list((0..<random.below(4)).map { _ in anything(depth: depth - 1, &random) })
    default:
      return .object(
        InputObject(
          (0..<random.below(4)).map { .init(name: "k\($0)", value: anything(depth: depth - 1, &random)) }))
    }
  }

  static func text(_ random: inout FuzzRandom) -> String {
    var text = ""
    for _ in 0..<random.below(random.once(in: 8) ? 40 : 10) {
      let point =
        switch random.below(4) {
        case 0: UInt32(random.below(0x80))
        case 1: UInt32(random.below(0x11_0000))
        default: UInt32(0x61 + random.below(26))
        }
      if let scalar = Unicode.Scalar(point) { text.unicodeScalars.append(scalar) }
    }
    return text
  }
}
