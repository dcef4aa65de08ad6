/// Writes cells of one format. Made with a `TableLayout`, immutable, shared by all threads.
///
/// The layouts are those of Postgres's binary protocol. A cell of the wrong length fails as a leaf does.
final class CellWriter: Sendable {
  let format: CellFormat
  /// The TypeID's prefix with its underscore.
  private let prefix: [UInt8]
  private let names: EnumNames?
  /// The format without what it carries, so that a cell's switch copies nothing.
  private let kind: Kind

  private enum Kind: UInt8 {
    case text, json, jsonb, bool, uuid, typeID, timestamptz, enumName
    case int2, int4, int8, int8Number, int8String, float4, float8
  }

  init(_ format: CellFormat) {
    self.format = format
    if case .typeID(let prefix) = format {
      self.prefix = [UInt8](prefix.utf8) + (prefix.isEmpty ? [] : [0x5F])
    } else {
      prefix = []
    }
    if case .enumName(let names) = format { self.names = names } else { names = nil }
    kind =
      switch format {
      case .text: .text
      case .json: .json
      case .jsonb: .jsonb
      case .bool: .bool
      case .uuid: .uuid
      case .typeID: .typeID
      case .timestamptz: .timestamptz
      case .enumName: .enumName
      case .int2: .int2
      case .int4: .int4
      case .int8: .int8
      case .int8Number: .int8Number
      case .int8String: .int8String
      case .float4: .float4
      case .float8: .float8
      }
  }

  /// Whether the cells are JSON text.
  var isJSON: Bool { kind == .json || kind == .jsonb }

  /// The JSON value of a cell, to be completed by the type of its field; nil where it cannot be read.
  func value(_ cell: Cell) -> InputValue? {
    guard let bytes = cell.bytes else { return .null }
    let isVersioned = kind == .jsonb
    guard isJSON, !isVersioned || (cell.count > 1 && bytes[0] == 1) else { return nil }
    let start = isVersioned ? 1 : 0
    return try? JSONReader.read(UnsafeBufferPointer(start: bytes + start, count: cell.count - start))
  }

  func write(_ cell: Cell, _ out: inout JSONWriter) {
    guard let bytes = cell.bytes else { return out.writeNull() }
    let count = cell.count
    switch kind {
    case .text: out.write(text: UnsafeBufferPointer(start: bytes, count: count))
    case .json: out.write(json: UnsafeBufferPointer(start: bytes, count: count))
    case .jsonb:
      // The first byte is the version of the layout, 1.
      guard count > 1, bytes[0] == 1 else { return fail(&out) }
      out.write(json: UnsafeBufferPointer(start: bytes + 1, count: count - 1))
    case .bool:
      guard count == 1 else { return fail(&out) }
      out.write(bytes[0] != 0)
    case .uuid:
      guard count == 16 else { return fail(&out) }
      CellWriter.writeUUID(bytes, &out)
    case .typeID:
      guard count == 16 else { return fail(&out) }
      writeTypeID(bytes, &out)
    case .timestamptz:
      guard count == 8 else { return fail(&out) }
      out.write(timestampSince2000: Int64(bitPattern: CellWriter.load(bytes)))
    case .enumName: writeEnumName(bytes, count, &out)
    default: writeNumber(bytes, count, &out)
    }
  }

  private func writeNumber(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ out: inout JSONWriter) {
    switch (kind, count) {
    case (.int2, 2): out.write(integer: Int(Int16(bitPattern: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))))
    case (.int4, 4): out.write(integer: Int(Int32(bitPattern: CellWriter.load32(bytes))))
    case (.int8, 8): out.write(Int(Int64(bitPattern: CellWriter.load(bytes))))
    case (.int8Number, 8): out.write(integer: Int(Int64(bitPattern: CellWriter.load(bytes))))
    case (.int8String, 8): out.write(id: Int(Int64(bitPattern: CellWriter.load(bytes))))
    case (.float4, 4): out.write(Double(Float(bitPattern: CellWriter.load32(bytes)).description) ?? .nan)
    case (.float8, 8): out.write(Double(bitPattern: CellWriter.load(bytes)))
    default: fail(&out)
    }
  }

  private func fail(_ out: inout JSONWriter) { out.fail(CellWriter.unreadable) }

  /// What the client is told of a cell that is not what its format says.
  static let unreadable = "A stored value does not have the expected form."

  private func writeEnumName(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ out: inout JSONWriter) {
    guard let names else { return fail(&out) }
    for (index, stored) in names.stored.enumerated() where stored.count == count {
      if (0..<count).allSatisfy({ stored[$0] == bytes[$0] }) {
        return names.names[index].withUnsafeBufferPointer { out.put($0) }
      }
    }
    fail(&out)
  }

  /// A big-endian word.
  private static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }

  private static func load32(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
  }

  /// RFC 9562 § 4: 8-4-4-4-12 lower-case hexadecimal digits.
  private static func writeUUID(_ bytes: UnsafePointer<UInt8>, _ out: inout JSONWriter) {
    out.reserve(38)
    var end = out.end
    end[0] = 0x22
    end += 1
    for index in 0..<16 {
      if index == 4 || index == 6 || index == 8 || index == 10 {
        end[0] = 0x2D
        end += 1
      }
      end[0] = JSONWriter.hexDigit(bytes[index] >> 4)
      end[1] = JSONWriter.hexDigit(bytes[index] & 0xF)
      end += 2
    }
    end[0] = 0x22
    out.end = end + 1
  }

  /// Crockford's alphabet in lower case: no i, l, o, u.
  private static let crockford: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

  /// TypeID 0.3: the prefix, an underscore, and the 128 bits in 26 digits of 5 bits, the first of 3.
  private func writeTypeID(_ bytes: UnsafePointer<UInt8>, _ out: inout JSONWriter) {
    let alphabet = CellWriter.crockford.utf8Start
    let high = CellWriter.load(bytes)
    let low = CellWriter.load(bytes + 8)
    out.reserve(prefix.count + 28)
    out.put(0x22)
    prefix.withUnsafeBufferPointer { out.put($0) }
    let end = out.end
    // 8 bits in the first two digits, then three times 40 bits in eight.
    end[0] = alphabet[Int(high >> 61)]
    end[1] = alphabet[Int(high >> 56 & 31)]
    let digits = UnsafeMutableRawPointer(end + 2)
    digits.storeBytes(of: CellWriter.digits(high >> 16), as: UInt64.self)
    digits.storeBytes(of: CellWriter.digits(high << 24 | low >> 40), toByteOffset: 8, as: UInt64.self)
    digits.storeBytes(of: CellWriter.digits(low), toByteOffset: 16, as: UInt64.self)
    end[26] = 0x22
    out.end = end + 27
  }

  /// The lower 40 bits as eight digits of 5 bits, the first of them at the lowest address: all at once, in
  /// the bytes of one word.
  private static func digits(_ bits: UInt64) -> UInt64 {
    // Halves of 20 bits, then quarters of 10, then digits.
    var word = (bits & 0xFF_FFF0_0000) << 12 | bits & 0xF_FFFF
    word = (word & 0x000F_FC00_000F_FC00) << 6 | word & 0x0000_03FF_0000_03FF
    word = (word & 0x03E0_03E0_03E0_03E0) << 3 | word & 0x001F_001F_001F_001F
    // "0" and the value; from 10 on "a" follows "9", and each letter that is left out moves the rest by one.
    let letters = atLeast(10, word) &* 39 &+ atLeast(18, word) &+ atLeast(20, word)
    let text = word &+ 0x3030_3030_3030_3030 &+ letters &+ atLeast(22, word) &+ atLeast(27, word)
    return text.bigEndian
  }

  /// 1 in each byte that is at least `bound`, 0 in the others; no byte is over 127.
  @inline(__always)
  private static func atLeast(_ bound: UInt64, _ word: UInt64) -> UInt64 {
    (word &+ (0x80 &- bound) &* 0x0101_0101_0101_0101) >> 7 & 0x0101_0101_0101_0101
  }
}
