import Connectors
import Flows
import Foundation
import Testing

/// The repository's manifests and exchanges, found from where this file lies.
enum ConnectorFiles {
  struct File: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var testDescription: String { name }
  }

  private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let manifests = files("connectors")
  static let exchanges = files("Tests/ConnectorsTests/Exchanges")

  static func manifest(_ type: String) throws -> Manifest {
    let file = manifests.first { $0.name == type }
    return try Manifest(parsing: file?.text ?? "", fileName: type)
  }

  private static func files(_ folder: String) -> [File] {
    let folder = root.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)).map {
        File(name: String(name.dropLast(5)), text: $0)
      }
    }
  }
}
