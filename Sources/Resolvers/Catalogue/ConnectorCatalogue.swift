import Flows
import GraphQLEngine
import Schema

/// The services that the Studio can connect to, read from the manifests in `connectors/` at the start.
public struct ConnectorCatalogue: Sendable {
  /// A manifest that cannot be used; the message names the file and the field.
  public struct ManifestError: Error, CustomStringConvertible {
    public let description: String
  }

  /// Ordered by type.
  let connectors: [Connector]
  private let schemas: [String: JSONValue]
  /// What connectors ask their services, by type.
  private let checks: [String: ConnectorCheck]

  /// - Parameter manifests: the files' names and texts.
  public init(manifests: [(name: String, text: String)]) throws(ManifestError) {
    var connectors: [Connector] = []
    var schemas: [String: JSONValue] = [:]
    var checks: [String: ConnectorCheck] = [:]
    for manifest in manifests {
      let (connector, schema, check) = try ConnectorCatalogue.read(manifest.text, file: manifest.name)
      guard schemas[connector.type] == nil else {
        throw ManifestError(description: "\(manifest.name): the type \(connector.type) is defined twice")
      }
      connectors.append(connector)
      schemas[connector.type] = schema
      checks[connector.type] = check
    }
    self.connectors = connectors.sorted { $0.type < $1.type }
    self.schemas = schemas
    self.checks = checks
  }

  /// The catalogue entry of a type.
  func connector(type: String) -> Connector? { connectors.first { $0.type == type } }

  /// What a connector asks its service; nil when it has nothing to ask.
  func check(of type: String) -> ConnectorCheck? { checks[type] }

  /// What is wrong with credentials for a connector; nil when nothing is.
  func problem(with credentials: JSONValue, for type: String) -> CredentialsProblem? {
    guard let schema = schemas[type] else { return nil }
    return CredentialsCheck(schema: schema).problem(with: credentials)
  }

  private static func read(
    _ text: String, file: String
  ) throws(ManifestError) -> (Connector, JSONValue, ConnectorCheck?) {
    let manifest: JSONValue
    do {
      manifest = try JSONValue(parsing: text)
    } catch {
      throw ManifestError(description: "\(file): \(error.message) at byte \(error.offset)")
    }
    func required(_ key: String) throws(ManifestError) -> String {
      guard let value = manifest[key]?.string, !value.isEmpty else {
        throw ManifestError(description: "\(file): \(key) must be a text")
      }
      return value
    }
    let categoryName = try required("category")
    guard let category = ConnectorCategory(rawValue: categoryName.uppercased()) else {
      throw ManifestError(description: "\(file): category \(categoryName) is unknown")
    }
    guard let schema = manifest["credentials"], schema["type"]?.string == "object" else {
      throw ManifestError(description: "\(file): credentials must be a JSON Schema of type object")
    }
    let connector = Connector(
      type: try required("type"), name: try required("name"), category: category,
      description: try required("description"),
      capabilities: manifest["capabilities"]?.array?.compactMap(\.string)
        ?? manifest["operations"]?.object?.members.map(\.key) ?? [],
      credentialsSchema: RawJSON(schema.encoded()))
    let check = manifest["check"].map(ConnectorCheck.init)
    if case .some(nil) = check { throw ManifestError(description: "\(file): check cannot be understood") }
    return (connector, schema, check ?? nil)
  }
}

/// What is wrong with credentials, and where.
struct CredentialsProblem: Equatable, Sendable {
  var message: String
  /// The path below `credentials`.
  var field: String
}

/// Checks credentials against the part of JSON Schema 2020-12 that manifests use: an object with typed
/// properties,
/// `required`, `minLength`, `maxLength`, `enum`, and `additionalProperties: false`.
struct CredentialsCheck {
  let schema: JSONValue

  func problem(with credentials: JSONValue) -> CredentialsProblem? {
    guard let object = credentials.object else {
      return CredentialsProblem(message: "credentials must be an object", field: "credentials")
    }
    for key in schema["required"]?.array?.compactMap(\.string) ?? [] where object[key] == nil {
      return CredentialsProblem(message: "credentials.\(key) is required", field: "credentials.\(key)")
    }
    for member in object.members {
      if let problem = problem(with: member) { return problem }
    }
    return nil
  }

  private func problem(with member: JSONObject.Member) -> CredentialsProblem? {
    let path = "credentials.\(member.key)"
    guard let property = schema["properties"]?[member.key] else {
      guard schema["additionalProperties"] == .bool(false) else { return nil }
      return CredentialsProblem(message: "\(path) is unknown to this connector", field: path)
    }
    if let type = property["type"]?.string, !matches(member.value, type) {
      return CredentialsProblem(message: "\(path) must be of type \(type)", field: path)
    }
    if let choices = property["enum"]?.array, !choices.contains(member.value) {
      return CredentialsProblem(message: "\(path) is none of the allowed values", field: path)
    }
    guard let text = member.value.string else { return nil }
    let shortest = property["minLength"]?.integer.map { Int(clamping: $0) } ?? 0
    let longest = property["maxLength"]?.integer.map { Int(clamping: $0) } ?? 10_000
    guard text.count < shortest || text.count > longest else { return nil }
    return CredentialsProblem(
      message: "\(path) must have \(shortest) to \(longest) characters", field: path)
  }

  private func matches(_ value: JSONValue, _ type: String) -> Bool {
    switch type {
    case "string": value.string != nil
    case "integer": value.integer != nil
    case "boolean": value == .bool(true) || value == .bool(false)
    case "object": value.object != nil
    case "array": value.array != nil
    default: true
    }
  }
}
