import Connectors
import Flows
import Testing

/// Every file of `connectors/`, and what the check finds in bad ones.
@Suite struct ManifestTests {
  @Test(arguments: ConnectorFiles.manifests)
  func `a manifest has nothing that the check finds`(_ file: ConnectorFiles.File) {
    let problems = Manifest.check(file.text, fileName: file.name)
    let text = problems.map { "connectors/\(file.name).json: \($0)" }.joined(separator: "\n")
    #expect(problems.isEmpty, "\(text)")
  }

  @Test(arguments: ConnectorFiles.manifests)
  func `a service has at least five operations with documentation`(_ file: ConnectorFiles.File) throws {
    let manifest = try Manifest(parsing: file.text, fileName: file.name)
    if ["http", "smtp"].contains(manifest.type) { return }
    #expect(manifest.operations.count >= 5)
    #expect(manifest.documentation != nil)
    for operation in manifest.operations {
      #expect(operation.documentation != nil, "\(file.name): \(operation.key) names no documentation")
    }
  }
}
