import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Rest

/// The files of the playground, read once at the start: a handful of small texts.
struct StaticFiles: Sendable {
  private struct File: Sendable {
    let type: String
    let body: ByteBuffer
    let tag: String
  }

  private let files: [String: File]

  /// - Throws: `SettingError` when the folder has no `index.html`.
  init(folder: String) throws {
    var files: [String: File] = [:]
    let root = URL(fileURLWithPath: folder, isDirectory: true).resolvingSymlinksInPath()
    let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let url = walker?.nextObject() as? URL {
      guard let type = StaticFiles.types[url.pathExtension], let data = try? Data(contentsOf: url) else {
        continue
      }
      let path = url.resolvingSymlinksInPath().path.dropFirst(root.path.count).drop { $0 == "/" }
      files[String(path)] = File(type: type, body: ByteBuffer(bytes: data), tag: StaticFiles.tag(data))
    }
    guard files["index.html"] != nil else {
      throw SettingError(description: "The playground is not at \(folder): set STUDIO_RESOURCES.")
    }
    self.files = files
  }

  /// The file at a path below the folder; paths come from the table, so none can lead out of it.
  func response(_ path: String, _ request: Request) -> Hummingbird.Response {
    guard let file = files[path.isEmpty ? "index.html" : path] else {
      return Edge.refusal(.notFound)
    }
    var headers: HTTPFields = [
      .contentType: file.type, .cacheControl: "no-cache", .eTag: file.tag,
      .contentSecurityPolicy: StaticFiles.policy,
    ]
    if EntityTag.isAny(of: [file.tag], namedBy: request.headers[.ifNoneMatch]) {
      headers[.contentType] = nil
      return Hummingbird.Response(status: .notModified, headers: headers)
    }
    return Hummingbird.Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
  }

  /// Scripts, styles and connections of our own only, and no page may frame this one.
  private static let policy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

  /// FNV-1a of the content: only to tell versions apart.
  private static func tag(_ data: Data) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in data { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return "\"\(String(hash, radix: 36))\""
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "json": "application/json",
  ]
}
