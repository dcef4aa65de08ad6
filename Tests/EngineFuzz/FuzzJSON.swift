import GraphQLEngine

/// Writes JSON as strangers do: escapes where none are needed, surrogate pairs, space, odd numbers, keys that
/// stand twice. The engine's own writer never would.
struct FuzzJSON {
  var bytes: [UInt8] = []

  mutating func write(_ value: InputValue, _ random: inout FuzzRandom) {
    if random.once(in: 10) { bytes.append(contentsOf: random.pick([[0x20], [0x0A, 0x09], [0x0D]])) }
    switch value {
    case .null: put("null")
    case .bool(let flag): put(flag ? "true" : "false")
    case .int(let number): put(String(number))
    case .float: bytes.append(contentsOf: FuzzWords.number(&random))
    case .string(let text), .enumValue(let text): write(text: text, &random)
    case .list(let items):
      put("[")
      for (index, item) in items.enumerated() {
        if index > 0 { put(",") }
        write(item, &random)
      }
      put("]")
    case .object(let object):
      put("{")
      for (index, field) in object.fields.enumerated() {
        if index > 0 { put(",") }
        write(text: random.once(in: 20) ? "k0" : field.name, &random)
        put(":")
        write(field.value, &random)
      }
      put("}")
    }
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(text: String, _ random: inout FuzzRandom) {
    put("\"")
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || random.once(in: 8) {
        for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] { escape(unit, &random) }
      } else {
        put(String(scalar))
      }
    }
    put("\"")
  }

  private mutating func escape(_ unit: UInt16, _ random: inout FuzzRandom) {
    let digits = String(unit, radix: 16, uppercase: random.once(in: 2))
    put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
  }
}
