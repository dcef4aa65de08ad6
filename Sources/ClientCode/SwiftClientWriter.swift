import GraphQLEngine

/// Writes a client as a Swift package: operations as structs whose `Data` is what they ask for, fragments,
/// enums, input objects, and the runtime that sends them.
public struct SwiftClientWriter {
  public struct Options: Sendable {
    /// The package's and the module's name.
    public var module = "StudioAPI"
    /// Swift types of custom scalars; `String` for those that are not named.
    public var scalars = ["DateTime": "DateTime", "JSON": "JSONValue", "Upload": "Upload"]

    public init() {}
  }

  /// The first line of every written file.
  public static let mark = "// Written by `studio codegen client`; do not edit."

  let model: ClientModel
  let options: Options
  /// The hash that documents are known by, in hexadecimal digits.
  let hash: (String) -> String
  /// Names that nested types must not hide.
  let reserved: Set<String>

  public init(
    _ model: ClientModel, options: Options = Options(), hash: @escaping (String) -> String
  ) throws(ClientProblems) {
    self.model = model
    self.options = options
    self.hash = hash
    reserved = Self.known.union(Self.topLevel(model))
    let problems = Self.problems(model)
    if !problems.isEmpty { throw ClientProblems(lines: problems) }
  }

  /// All files: the package, the runtime as given, the generated code.
  public func files(runtime: [ClientFile]) -> [ClientFile] {
    let folder = "Sources/\(options.module)"
    var files = [ClientFile(path: "Package.swift", text: package())]
    files += runtime.map { ClientFile(path: "\(folder)/Runtime/\($0.path)", text: $0.text) }
    files.append(file("\(folder)/Enums.swift", model.enums.map(enumeration)))
    files.append(file("\(folder)/Inputs.swift", model.inputs.map(input)))
    files.append(file("\(folder)/Fragments.swift", model.fragments.map(fragment)))
    files += model.operations.map { file("\(folder)/Operations/\(typeName($0)).swift", [operation($0)]) }
    return files
  }

  private func file(_ path: String, _ declarations: [String]) -> ClientFile {
    let head = "\(Self.mark)\n// swift-format-ignore-file\n\nimport Foundation\n\n"
    return ClientFile(path: path, text: head + declarations.joined(separator: "\n\n") + "\n")
  }

  private func package() -> String {
    """
    // swift-tools-version: 6.0
    // Written by `studio codegen client`; do not edit.
    import PackageDescription

    let package = Package(
      name: "\(options.module)",
      platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9)],
      products: [.library(name: "\(options.module)", targets: ["\(options.module)"])],
      targets: [.target(name: "\(options.module)")],
      swiftLanguageModes: [.v6]
    )

    """
  }

  // MARK: Operations

  func typeName(_ operation: ClientOperation) -> String { Self.typeName(operation) }

  private static func typeName(_ operation: ClientOperation) -> String {
    let kind = operation.kind.word.capitalizedFirst
    let name = operation.name.capitalizedFirst
    return name.hasSuffix(kind) ? name : name + kind
  }

  private func operation(_ operation: ClientOperation) -> String {
    let kind = operation.kind.word.capitalizedFirst
    let name = typeName(operation)
    var parts = [
      """
        public static let operationName = "\(operation.name)"
        public static let documentId = "sha256:\(hash(operation.text))"
        public static let document = ##\"\"\"
      \(operation.text.indented(4))
          \"\"\"##
      """
    ]
    parts += [
      properties(operation.variables), initializer(operation.variables), encoding(operation.variables),
    ]
    .filter { !$0.isEmpty }
    parts.append(object("Data", operation.result, isRoot: true).indented(2))
    return comment(operation.description)
      + "public struct \(name): GraphQL\(kind) {\n" + parts.joined(separator: "\n\n") + "\n}"
  }

  private func fragment(_ fragment: ClientFragment) -> String {
    comment(fragment.description) + object(fragment.name.capitalizedFirst, fragment.shape, isRoot: false)
  }

  // MARK: Comments

  /// A doc comment. A deprecated element only says so: an attribute would make generated code warn of itself.
  func comment(_ text: String?, _ deprecation: String? = nil, indent: Int = 0) -> String {
    let space = String(repeating: " ", count: indent)
    let notice = deprecation.map { "Deprecated: \($0)" }
    return [text, notice].compactMap { $0 }
      .flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { "\(space)///\($0.isEmpty ? "" : " \($0)")\n" }.joined()
  }

  // MARK: Names

  /// Types that generated code uses by their bare names.
  private static let known: Set<String> = [
    "Any", "Array", "Bool", "CodingKey", "CodingKeys", "Data", "Date", "DateTime", "Decodable", "Decoder",
    "Double", "Encodable", "Encoder", "Error", "FieldName", "Foundation", "Hashable", "ID", "Identifiable",
    "Int",
    "JSONValue", "Nullable", "Optional", "Other", "Protocol", "Result", "SchemaEnum", "Self", "Sendable",
    "Set",
    "String", "Swift", "Type", "Upload",
  ]

  private static func topLevel(_ model: ClientModel) -> Set<String> {
    Set(
      model.enums.map(\.name) + model.inputs.map(\.name) + model.fragments.map(\.name.capitalizedFirst))
  }

  private static func problems(_ model: ClientModel) -> [String] {
    let names =
      model.enums.map(\.name) + model.inputs.map(\.name) + model.fragments.map(\.name.capitalizedFirst)
    var seen = known
    let types = names.filter { !seen.insert($0).inserted }.map {
      "\($0) would be declared twice: a fragment needs another name than the schema's types and Swift's."
    }
    return types
      + model.operations.map(typeName).filter { !seen.insert($0).inserted }.map {
        "\($0) would be declared twice: an operation needs another name than the other ones, fragments and types."
      }
  }
}
