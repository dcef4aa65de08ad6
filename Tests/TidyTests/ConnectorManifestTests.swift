import Foundation
import Testing

/// The manifests in `connectors/`: complete, and such that the server's reader understands all of them.
@Suite struct ConnectorManifestTests {
  @Test func `every manifest is complete and its credentials are described`() throws {
    let files = try Repository.files(["connectors"], withExtension: "json")
      .filter { !$0.text.contains("\"format\"") }  // ConnectorsTests check those of the new format.
    let problems = files.flatMap { file in
      ManifestCheck.problems(file.text, fileName: file.name).map { "\(file.path): \($0)" }
    }
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  @Test func `the check finds what a manifest lacks`() {
    #expect(ManifestCheck.problems("{", fileName: "a") == ["not a JSON object of the manifest's shape"])
    let manifest = """
      {"type": "A b", "name": "", "category": "games", "description": "x",
       "capabilities": ["Send", "send", "send"],
       "credentials": {"type": "object", "additionalProperties": true, "required": ["other"], "properties": {
         "apiToken": {"type": "string", "title": "T", "description": "D", "minLength": 5, "maxLength": 4},
         "count": {"type": "number", "title": "T", "description": "D"}}}}
      """
    #expect(
      ManifestCheck.problems(manifest, fileName: "b") == [
        "type is not b, the file's name, in lower case", "name or description is empty",
        "category games is unknown",
        "capabilities are not distinct names in lower case", "credentials must refuse additional properties",
        "required names unknown properties", "apiToken: lengths are missing or out of order",
        "apiToken: a secret must be writeOnly", "count: the server does not check the type number",
      ])
  }
}

/// What is wrong with a manifest's text.
enum ManifestCheck {
  struct Manifest: Decodable {
    let type, name, category, description: String
    let capabilities: [String]
    let credentials: Credentials
  }

  struct Credentials: Decodable {
    let type: String
    let properties: [String: Property]
    let required: [String]
    let additionalProperties: Bool
  }

  struct Property: Decodable {
    let type, title, description: String
    let minLength, maxLength: Int?
    let writeOnly: Bool?
  }

  static let categories: Set<String> = ["messaging", "data", "ops", "finance", "devtools", "ai", "docs"]

  static func problems(_ text: String, fileName: String) -> [String] {
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(text.utf8)) else {
      return ["not a JSON object of the manifest's shape"]
    }
    var problems: [String] = []
    func check(_ condition: Bool, _ problem: String) { if !condition { problems.append(problem) } }
    check(
      manifest.type == fileName && isName(manifest.type),
      "type is not \(fileName), the file's name, in lower case")
    check(!manifest.name.isEmpty && manifest.description.hasSuffix("."), "name or description is empty")
    check(categories.contains(manifest.category), "category \(manifest.category) is unknown")
    let names = manifest.capabilities
    check(
      !names.isEmpty && names.allSatisfy(isName) && Set(names).count == names.count,
      "capabilities are not distinct names in lower case")
    let credentials = manifest.credentials
    check(credentials.type == "object" && !credentials.properties.isEmpty, "credentials must be an object")
    check(!credentials.additionalProperties, "credentials must refuse additional properties")
    check(
      credentials.required.allSatisfy { credentials.properties[$0] != nil },
      "required names unknown properties")
    for (name, property) in credentials.properties.sorted(by: { $0.key < $1.key }) {
      problems += self.problems(property, name: name).map { "\(name): \($0)" }
    }
    return problems
  }

  private static func problems(_ property: Property, name: String) -> [String] {
    var problems: [String] = []
    if property.title.isEmpty || property.description.isEmpty { problems.append("no title or description") }
    guard property.type == "string" else {
      let isKnown = ["integer", "boolean"].contains(property.type)
      return problems + (isKnown ? [] : ["the server does not check the type \(property.type)"])
    }
    let (shortest, longest) = (property.minLength ?? 0, property.maxLength ?? 0)
    if shortest < 1 || longest < shortest || longest > 10_000 {
      problems.append("lengths are missing or out of order")
    }
    let isSecret = ["token", "secret", "password", "key", "headervalue"].contains {
      name.lowercased().hasSuffix($0)
    }
    if isSecret && property.writeOnly != true { problems.append("a secret must be writeOnly") }
    return problems
  }

  private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil }
}
