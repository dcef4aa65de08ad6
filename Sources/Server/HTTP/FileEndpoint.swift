import Files
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Rest

/// `GET /files/…`: stored avatars. A file never changes under its URL, so it may be kept for ever; who has
/// the URL may see it.
struct FileEndpoint: Sendable {
  static let prefix = "/files/"

  let store: (any FileStore)?
  let logger: Logger

  func response(_ request: Request) async -> Hummingbird.Response {
    let name = request.uri.path.dropFirst(FileEndpoint.prefix.count)
    guard let store, name.hasPrefix("avatars/"), let key = FileKey(name),
      let type = ImageType(fileExtension: key.fileExtension)
    else { return Edge.refusal(.notFound) }
    let tag = "\"\(key.text.split(separator: "/").last ?? "")\""
    var headers: HTTPFields = [
      .cacheControl: "public, max-age=31536000, immutable", .eTag: tag,
      .contentSecurityPolicy: "default-src 'none'; sandbox",
    ]
    headers[FileEndpoint.resourcePolicy] = "cross-origin"
    let known = request.headers[.ifNoneMatch]
    let isAny = known == "*"
    // Who names the tag has the file, which need not be opened for it.
    if !isAny, EntityTag.isAny(of: [tag], namedBy: known) {
      return Hummingbird.Response(status: .notModified, headers: headers)
    }
    do {
      guard let file = try await store.open(key) else { return Edge.refusal(.notFound) }
      if isAny { return Hummingbird.Response(status: .notModified, headers: headers) }
      headers[.contentType] = type.mediaType
      let body = ResponseBody(contentLength: file.size) { writer in
        while let piece = try await file.next() { try await writer.write(piece) }
        try await writer.finish(nil)
      }
      return Hummingbird.Response(status: .ok, headers: headers, body: body)
    } catch {
      logger.error("A file could not be read", metadata: ["error": "\(error)"])
      return Edge.refusal(.serviceUnavailable)
    }
  }

  private static let resourcePolicy = HTTPField.Name("cross-origin-resource-policy") ?? .vary
}
