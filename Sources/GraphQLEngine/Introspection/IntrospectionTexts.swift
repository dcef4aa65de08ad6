/// Collects the texts of a schema as JSON values, equal ones once: half of the descriptions of GitHub's
/// schema repeat another.
struct IntrospectionTexts: ~Copyable {
  private let schema: Schema
  private var out: JSONWriter
  /// By hash; of texts with equal hashes only the first is found again.
  private var known: [UInt64: JSONSpan] = [:]
  private var decoded: [UInt8] = []

  init(_ schema: Schema) {
    self.schema = schema
    out = JSONWriter(capacity: 64 << 10)
  }

  mutating func texts(of type: TypeID) -> JSONTexts {
    JSONTexts(
      name: name(schema[type].name), description: text(schema.descriptionNode(of: type)),
      detail: text(schema.specifiedByURL(of: type)))
  }

  mutating func texts(of field: FieldID) -> JSONTexts {
    JSONTexts(
      name: name(schema[field].name), description: text(schema.definition(of: field).descriptionNode),
      deprecationReason: text(schema.deprecationReason(of: field)))
  }

  mutating func texts(of value: InputValueID) -> JSONTexts {
    JSONTexts(
      name: name(schema[value].name), description: text(schema.definition(of: value).descriptionNode),
      deprecationReason: text(schema.deprecationReason(of: value)),
      detail: text(schema.printedDefaultValue(of: value)))
  }

  mutating func texts(of value: EnumValueID) -> JSONTexts {
    JSONTexts(
      name: name(schema[value].name), description: text(schema.definition(of: value).descriptionNode),
      deprecationReason: text(schema.deprecationReason(of: value)))
  }

  mutating func texts(of directive: DirectiveID) -> JSONTexts {
    JSONTexts(
      name: name(schema[directive].name),
      description: text(schema.definition(of: directive).descriptionNode),
      deprecationReason: text(schema.deprecationReason(of: directive)), detail: locations(of: directive))
  }

  mutating func text(_ value: String?) -> JSONSpan {
    guard let value else { return .null }
    let start = out.count
    out.write(value)
    return span(from: start)
  }

  /// Copies the collected bytes to memory of just their size, which the caller frees.
  consuming func finish() -> UnsafeMutablePointer<UInt8> {
    let count = out.count
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count + JSONWriter.padding)
    memory.initialize(repeating: 0, count: count + JSONWriter.padding)
    out.withBytes { source in
      if let first = source.baseAddress { memory.update(from: first, count: count) }
    }
    return memory
  }

  /// A name; names need no escaping (§ 2.1.9).
  private mutating func name(_ symbol: Symbol) -> JSONSpan {
    let start = out.count
    out.put(UInt8(ascii: "\""))
    schema.symbols.withBytes(symbol) { out.put($0) }
    out.put(UInt8(ascii: "\""))
    return span(from: start)
  }

  /// The value of a string literal, straight from the source where it has no escapes.
  private mutating func text(_ node: StringNode?) -> JSONSpan {
    guard let node else { return .null }
    let start = out.count
    if node.needsDecoding {
      decoded.removeAll(keepingCapacity: true)
      node.appendValue(to: &decoded)
      decoded.withUnsafeBufferPointer { out.write(text: $0) }
    } else {
      out.write(text: node.raw.bytes)
    }
    return span(from: start)
  }

  /// A list of enum values, in the order of the definition.
  private mutating func locations(of directive: DirectiveID) -> JSONSpan {
    let start = out.count
    var separator = UInt8(ascii: "[")
    for location in schema.definition(of: directive).locations {
      out.put(separator)
      separator = UInt8(ascii: ",")
      out.put(UInt8(ascii: "\""))
      out.put(location.name.bytes)
      out.put(UInt8(ascii: "\""))
    }
    out.put(UInt8(ascii: "]"))
    return span(from: start)
  }

  /// What was written since `start`, or the same bytes where they stand already.
  private mutating func span(from start: Int) -> JSONSpan {
    let count = out.count - start
    let hash = out.withBytes { IntrospectionTexts.hash($0[start...]) }
    if let earlier = known[hash], earlier.count == count {
      let isSame = out.withBytes { bytes in
        bytes[start...].elementsEqual(bytes[Int(earlier.start)..<Int(earlier.start) + count])
      }
      if isSame {
        out.truncate(to: start)
        return earlier
      }
    }
    let span = JSONSpan(start: UInt32(start), count: UInt32(count))
    known[hash] = span
    return span
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}
