import Connectors
import Flows
import Schema

/// The services that the Studio can connect to, read from the manifests in `connectors/` at the start.
public struct ConnectorCatalogue: Sendable {
  /// Manifests that cannot be used; the message names the files and the fields.
  public struct ManifestError: Error, CustomStringConvertible {
    public let description: String
  }

  /// Ordered by type.
  let connectors: [Connector]
  public let manifests: [Manifest]
  private let places: [String: Int]

  /// - Parameter manifests: the files' names and texts.
  public init(manifests files: [(name: String, text: String)]) throws(ManifestError) {
    var manifests: [Manifest] = []
    var problems: [String] = []
    for file in files {
      let name = file.name.hasSuffix(".json") ? String(file.name.dropLast(5)) : file.name
      do {
        manifests.append(try Manifest(parsing: file.text, fileName: name))
      } catch {
        problems += error.problems.map { "\(file.name): \($0)" }
      }
    }
    guard problems.isEmpty else { throw ManifestError(description: problems.joined(separator: "\n")) }
    // A type is its file's name, so that each is there once.
    self.manifests = manifests.sorted { $0.type < $1.type }
    connectors = self.manifests.map(Connector.init)
    places = Dictionary(
      self.manifests.enumerated().map { ($1.type, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The catalogue entry of a type.
  func connector(type: String) -> Connector? { places[type].map { connectors[$0] } }

  public func manifest(_ type: String) -> Manifest? { places[type].map { manifests[$0] } }

  /// What is wrong with credentials for a connector; nil when nothing is.
  func problem(with credentials: JSONValue, for type: String) -> CredentialsProblem? {
    guard let problem = manifest(type)?.credentials.problem(with: credentials) else { return nil }
    let field = problem.path.isEmpty ? "credentials" : "credentials." + problem.path
    return CredentialsProblem(message: "\(field) \(problem.message)", field: field)
  }
}

/// What is wrong with credentials, and where.
struct CredentialsProblem: Equatable, Sendable {
  var message: String
  /// The path below `credentials`.
  var field: String
}
