import Foundation
import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Rest

/// The endpoints of `rest/`, read and checked once at the start, and the OpenAPI document that tells of them.
struct RestDocuments: Sendable {
  let table: RouteTable
  private let openAPI: ByteBuffer
  private let tag: EntityTag

  /// - Throws: `SettingError` with the file, the line and what is wrong there.
  init(resources: String, schema: Schema) throws {
    do {
      table = try RouteTable(files: RestDocuments.files(in: resources + "/rest"), schema: schema)
    } catch {
      throw SettingError(description: "\(error)")
    }
    let bytes = OpenAPIDocument(table: table, version: StudioCommand.configuration.version).bytes
    openAPI = ByteBuffer(bytes: bytes)
    tag = bytes.withUnsafeBytes { EntityTag(revision: nil, body: $0) }
  }

  /// `/openapi.json`.
  func openAPI(_ request: Request) -> Hummingbird.Response {
    var headers: HTTPFields = [.cacheControl: "public, no-cache", .eTag: tag.text()]
    if tag.isNamed(by: request.headers[.ifNoneMatch]) {
      return Hummingbird.Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = MediaType.json.rawValue
    return Hummingbird.Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: openAPI))
  }

  /// The document as text.
  var openAPIText: String { String(buffer: openAPI) }

  /// All `.graphql` files below a folder, sorted, so that the same ones give the same document.
  private static func files(in folder: String) throws(RestFault) -> [(name: String, text: String)] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let found = names.filter { $0.hasSuffix(".graphql") }.sorted()
    guard !found.isEmpty else { throw RestFault("There are no files in \(folder): set STUDIO_RESOURCES.") }
    var files: [(name: String, text: String)] = []
    for name in found {
      guard let text = try? String(contentsOfFile: folder + "/" + name, encoding: .utf8) else {
        throw RestFault("rest/\(name) cannot be read as UTF-8.")
      }
      files.append((name, text))
    }
    return files
  }
}
