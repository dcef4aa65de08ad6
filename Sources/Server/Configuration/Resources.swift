import Foundation
import Resolvers

/// Finds the folder that holds `playground/`, `connectors/`, `rest/` and `clients/`.
enum Resources {
  /// The configured folder, or the first among the working directory and the executable's ancestors that has
  /// a playground: a build folder lies inside the checkout.
  static func folder(configured: String) throws -> String {
    if !configured.isEmpty { return configured }
    var candidates = [FileManager.default.currentDirectoryPath]
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<6 {
      candidates.append(folder.path)
      candidates.append(folder.appendingPathComponent("share/studio").path)
      folder.deleteLastPathComponent()
    }
    for candidate in candidates
    where FileManager.default.fileExists(atPath: candidate + "/playground/index.html") {
      return candidate
    }
    throw SettingError(description: "playground/, connectors/ and rest/ are not found: set STUDIO_RESOURCES.")
  }

  /// The manifests of `connectors/`, checked.
  static func connectors(in folder: String) throws -> ConnectorCatalogue {
    let path = folder + "/connectors"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let manifests = try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
      (name: name, text: try String(contentsOfFile: path + "/" + name, encoding: .utf8))
    }
    return try ConnectorCatalogue(manifests: manifests)
  }

  /// The files of a folder of resources, for commands that run without a server.
  static func files(in folder: String) throws -> [(name: String, text: String)] {
    let configured = ProcessInfo.processInfo.environment["STUDIO_RESOURCES"] ?? ""
    let path = try self.folder(configured: configured) + "/" + folder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard !names.isEmpty else { throw SettingError(description: "\(path) holds no files.") }
    return try names.sorted().map { ($0, try String(contentsOfFile: path + "/" + $0, encoding: .utf8)) }
  }
}
