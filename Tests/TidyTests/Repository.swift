import Foundation

/// The files of this repository, found from where this file lies.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct File: Sendable {
    /// Relative to the root.
    let path: String
    let text: String
    /// The file's name without its extension.
    var name: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }
    /// The folder below `Sources` or `Tests`.
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    var isGenerated: Bool { path.contains("/Generated/") }
  }

  /// Files with an extension below some folders, or anywhere; folders of builds and hidden ones are left out.
  static func files(_ folders: [String] = [""], withExtension suffix: String) throws -> [File] {
    var files: [File] = []
    for folder in folders {
      let start = root.appendingPathComponent(folder)
      let entries = FileManager.default.enumerator(
        at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
      while let url = entries?.nextObject() as? URL {
        if url.lastPathComponent == "node_modules" { entries?.skipDescendants() }
        guard url.pathExtension == suffix else { continue }
        let path = String(url.resolvingSymlinksInPath().path.dropFirst(root.path.count + 1))
        files.append(File(path: path, text: try String(contentsOf: url, encoding: .utf8)))
      }
    }
    return files.sorted { $0.path < $1.path }
  }
}
