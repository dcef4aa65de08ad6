import Glibc

/// The folder that the workloads' files are read from: that of the peers' comparison, or
/// `Benchmarks/Workloads`.
struct WorkloadFolder: Sendable {
  let path: String

  /// The one file that a folder may lack.
  static let largeSchemaFile = "w4_github.graphql"

  /// The bytes of a file. A large schema that is not there is made by `GeneratedSchema`.
  func bytes(of name: String) throws(UnusableFile) -> [UInt8] {
    let path = "\(path)/\(name)"
    guard let file = fopen(path, "rb") else {
      if name == Self.largeSchemaFile { return [UInt8](GeneratedSchema.sdl.utf8) }
      throw UnusableFile(path: path)
    }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = max(0, ftell(file))
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
  }

  func text(of name: String) throws(UnusableFile) -> String {
    String(decoding: try bytes(of: name), as: UTF8.self)
  }

  /// Writes a file, for comparing answers with the peer's.
  func write(_ bytes: [UInt8], to name: String) throws(UnusableFile) {
    let path = "\(path)/\(name)"
    guard let file = fopen(path, "wb") else { throw UnusableFile(path: path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw UnusableFile(path: path) }
  }
}

/// A file that cannot be read or written.
struct UnusableFile: Error {
  let path: String
}
