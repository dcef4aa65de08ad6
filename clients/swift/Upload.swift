import Foundation

/// A file that goes with an operation. Sent as the multipart request specification says, beside the JSON.
public struct Upload: Encodable, Hashable, Sendable {
  public var data: Data
  public var filename: String
  /// Such as `image/png`.
  public var contentType: String

  public init(_ data: Data, filename: String, contentType: String) {
    self.data = data
    self.filename = filename
    self.contentType = contentType
  }

  /// Null in the JSON; the file is remembered with its place.
  public func encode(to encoder: any Encoder) throws {
    let uploads = encoder.userInfo[Uploads.key] as? Uploads
    uploads?.add(self, at: encoder.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue })
    var container = encoder.singleValueContainer()
    try container.encodeNil()
  }
}

/// The files that were met while an operation was encoded.
///
/// @unchecked Sendable: filled by one encoder and read after it, in one task.
final class Uploads: @unchecked Sendable {
  static let key = CodingUserInfoKey(rawValue: "graphql.uploads")!

  private(set) var files: [(upload: Upload, path: String)] = []

  func add(_ upload: Upload, at path: [String]) { files.append((upload, path.joined(separator: "."))) }

  /// The body of a multipart request: the operations, the map, the files.
  func body(operations: Data, boundary: String) throws -> Data {
    let map = Dictionary(uniqueKeysWithValues: files.enumerated().map { (String($0), [$1.path]) })
    var body = Data()
    func part(_ disposition: String, _ type: String?, _ content: Data) {
      body += Data("--\(boundary)\r\nContent-Disposition: form-data; \(disposition)\r\n".utf8)
      if let type { body += Data("Content-Type: \(type)\r\n".utf8) }
      body += Data("\r\n".utf8) + content + Data("\r\n".utf8)
    }
    part("name=\"operations\"", nil, operations)
    part("name=\"map\"", nil, try JSONEncoder().encode(map))
    for (index, file) in files.enumerated() {
      let name = String(file.upload.filename.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })
      part("name=\"\(index)\"; filename=\"\(name)\"", file.upload.contentType, file.upload.data)
    }
    return body + Data("--\(boundary)--\r\n".utf8)
  }
}
