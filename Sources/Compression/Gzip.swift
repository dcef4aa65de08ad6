import CZlib

/// gzip (RFC 1952) of whole buffers, by zlib. Nothing is kept between calls; any thread may call.
public enum Gzip {
  /// Why a body cannot be decompressed.
  public enum Fault: Error, Sendable {
    /// Not gzip or zlib, cut off, or followed by something else.
    case corrupt
    /// More bytes than the limit would come out.
    case tooLarge
  }

  /// Output grows by pieces of this size.
  private static let pieceBytes = 64 << 10

  /// zlib.h, `deflateInit2`: "Add 16 to windowBits to write a simple gzip header and trailer".
  private static let gzipWindow = 15 + 16
  /// zlib.h, `inflateInit2`: "Add 32 to windowBits to enable zlib and gzip decoding with automatic header
  /// detection".
  private static let anyWindow = 15 + 32

  /// The bytes as gzip; nil when zlib has no memory.
  ///
  /// - Parameter level: 1, fast, to 9, small.
  public static func compress(_ bytes: UnsafeRawBufferPointer, level: Int = 4) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        &stream, Int32(level), Z_DEFLATED, Int32(gzipWindow), 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    // zlib.h: enough for one call of `deflate` with Z_FINISH.
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    var isDone = false
    let result = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      stream.next_in = input(bytes)
      stream.avail_in = UInt32(bytes.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(bound)
      isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
      count = bound - Int(stream.avail_out)
    }
    return isDone ? result : nil
  }

  /// What a gzip or zlib body holds.
  ///
  /// - Parameter limit: the most bytes that may come out; more is never written anywhere.
  public static func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Fault) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, Int32(anyWindow), ZLIB_VERSION, size) == Z_OK else { throw .corrupt }
    defer { inflateEnd(&stream) }
    stream.next_in = input(bytes)
    stream.avail_in = UInt32(bytes.count)
    var result: [UInt8] = []
    while true {
      // One byte more than allowed tells that there is more.
      let room = min(pieceBytes, limit - result.count + 1)
      var status = Z_OK
      let piece = [UInt8](unsafeUninitializedCapacity: room) { output, count in
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(room)
        status = inflate(&stream, Z_NO_FLUSH)
        count = room - Int(stream.avail_out)
      }
      result += piece
      guard result.count <= limit else { throw .tooLarge }
      if status == Z_STREAM_END { break }
      // Without progress the rest is missing.
      guard status == Z_OK, !piece.isEmpty || stream.avail_in > 0 else { throw .corrupt }
    }
    guard stream.avail_in == 0 else { throw .corrupt }
    return result
  }

  /// zlib does not write there, it only lacks the word `const`.
  private static func input(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutablePointer<Bytef>? {
    UnsafeMutablePointer(mutating: bytes.bindMemory(to: Bytef.self).baseAddress)
  }
}
