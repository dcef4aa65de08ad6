import Foundation
import GraphQLEngine
import Secrets

/// Reads the documents that the operator trusts: a folder of `*.graphql` files, or a JSON manifest as
/// generators of clients write it.
enum TrustedDocuments {
  static let maximumBytes = 64 << 20

  /// By id, each document also by `sha256:` and its hash.
  ///
  /// - Throws: `SettingError` when nothing can be read, or a hash is not its document's.
  static func read(_ path: String) throws -> [String: String] {
    guard !path.isEmpty else { return [:] }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw fault("\(path) is neither a folder nor a file.")
    }
    let documents = isFolder.boolValue ? try folder(path) : try manifest(path)
    guard !documents.isEmpty else { throw fault("\(path) holds no document.") }
    return documents
  }

  private static func folder(_ path: String) throws -> [String: String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var documents: [String: String] = [:]
    for name in names.sorted() where name.hasSuffix(".graphql") || name.hasSuffix(".gql") {
      let text = try text(path + "/" + name)
      documents[PersistedDocuments.prefix + ContentHash.sha256(of: text)] = text
    }
    return documents
  }

  /// `{"<id>": "<document>"}`, or Apollo's `{"operations": [{"id", "body"}]}`.
  private static func manifest(_ path: String) throws -> [String: String] {
    let value: InputValue
    do {
      value = try JSONReader.read(try text(path))
    } catch let error as JSONError {
      throw fault("\(path) is not JSON: \(error.message)")
    }
    var documents: [String: String] = [:]
    for (id, text) in try entries(value, path) {
      let hash = ContentHash.sha256(of: text)
      let claimed =
        id.hasPrefix(PersistedDocuments.prefix) ? id.dropFirst(PersistedDocuments.prefix.count) : id[...]
      let isHash = claimed.count == 64 && claimed.allSatisfy(\.isHexDigit)
      if isHash, claimed.lowercased() != hash {
        throw fault("the hash \(claimed) in \(path) is not its document's.")
      }
      if !isHash { documents[id] = text }
      documents[PersistedDocuments.prefix + hash] = text
    }
    return documents
  }

  private static func entries(_ value: InputValue, _ path: String) throws -> [(id: String, text: String)] {
    let shape = fault("\(path) must map ids to documents.")
    if case .list(let operations)? = value["operations"] {
      return try operations.map { operation in
        guard let id = operation["id"]?.string, let body = operation["body"]?.string else { throw shape }
        return (id, body)
      }
    }
    guard case .object(let object) = value else { throw shape }
    return try object.fields.map { field in
      guard case .string(let text) = field.value else { throw shape }
      return (field.name, text)
    }
  }

  private static func text(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path), data.count <= maximumBytes,
      let text = String(data: data, encoding: .utf8)
    else { throw fault("\(path) cannot be read as text.") }
    return text
  }

  private static func fault(_ message: String) -> SettingError {
    SettingError(description: "\(Settings.trustedDocuments.environmentName): \(message)")
  }
}
