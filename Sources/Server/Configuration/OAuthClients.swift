import Connectors
import Flows
import Foundation

/// The Studio as an OAuth client of services: a JSON file with an id and a secret for each connector,
/// `{"github": {"clientId": "…", "clientSecret": "…"}}`.
enum OAuthClients {
  /// - Parameter path: of the file; empty for none.
  static func read(_ path: String) throws -> [String: OAuthClient] {
    guard !path.isEmpty else { return [:] }
    let key = Settings.oauthClients.key
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw SettingError(description: "\(key): \(path) cannot be read.")
    }
    guard let members = (try? JSONValue(parsing: text))?.object?.members else {
      throw SettingError(description: "\(key): \(path) is not a JSON object.")
    }
    var clients: [String: OAuthClient] = [:]
    for member in members {
      guard let id = member.value["clientId"]?.string, !id.isEmpty else {
        throw SettingError(description: "\(key): \(member.key) in \(path) needs a clientId.")
      }
      clients[member.key] = OAuthClient(id: id, secret: member.value["clientSecret"]?.string ?? "")
    }
    return clients
  }

  /// Addresses with an origin and a path: `https://app.example/` allows all below it.
  static func returns(_ urls: [String]) throws -> [String] {
    for url in urls {
      let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      let isAddress = parts.count == 4 && ["https:", "http:"].contains(parts[0]) && !parts[2].isEmpty
      guard isAddress, !url.contains(where: { "?#@\\ ".contains($0) }) else {
        throw SettingError(
          description: "\(Settings.signInReturns.key): \(url) must be like https://app.example/path.")
      }
    }
    return urls
  }
}
