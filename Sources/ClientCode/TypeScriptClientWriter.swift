import GraphQLEngine

/// Writes a client as TypeScript: types of operations, fragments, enums and input objects, a document for
/// each operation, and the runtime that sends them. Strict; no dependency beyond `fetch`.
public struct TypeScriptClientWriter {
  public struct Options: Sendable {
    /// TypeScript types of custom scalars; `string` for those that are not named.
    public var scalars = ["JSON": "JSONValue", "Upload": "Blob"]

    public init() {}
  }

  private let model: ClientModel
  private let options: Options
  private let hash: (String) -> String

  public init(
    _ model: ClientModel, options: Options = Options(), hash: @escaping (String) -> String
  ) throws(ClientProblems) {
    self.model = model
    self.options = options
    self.hash = hash
    let problems = problems()
    if !problems.isEmpty { throw ClientProblems(lines: problems) }
  }

  /// `operations.ts` and the runtime as given.
  public func files(runtime: [ClientFile]) -> [ClientFile] {
    let head = """
      // Written by `studio codegen client`; do not edit.
      /* eslint-disable */
      import type { JSONValue, TypedDocument } from "./studio-client";
      export type { JSONValue, TypedDocument } from "./studio-client";


      """
    let parts =
      model.enums.map(enumeration) + model.inputs.map(input) + model.fragments.map(fragment)
      + model.operations.map(operation)
    return runtime + [ClientFile(path: "operations.ts", text: head + parts.joined(separator: "\n\n") + "\n")]
  }

  // MARK: Operations

  private func typeName(_ operation: ClientOperation) -> String {
    let kind = operation.kind.word.capitalizedFirst
    let base = operation.name.capitalizedFirst
    return base.hasSuffix(kind) ? base : base + kind
  }

  private func operation(_ operation: ClientOperation) -> String {
    let name = typeName(operation)
    let text = operation.text
      .replacing("\\", with: "\\\\").replacing("`", with: "\\`").replacing("${", with: "\\${")
    return """
      export type \(name)Variables = \(object(operation.variables.map(inputLine)));

      export type \(name)Data = \(type(of: operation.result));

      \(comment(operation.description))export const \(name): TypedDocument<\(name)Data, \(name)Variables> = {
        kind: "\(operation.kind.word)",
        name: "\(operation.name)",
        id: "sha256:\(hash(operation.text))",
        text: `\(text)`,
      };
      """
  }

  private func fragment(_ fragment: ClientFragment) -> String {
    "\(comment(fragment.description))export type \(fragmentName(fragment.name)) = \(type(of: fragment.shape));"
  }

  private func fragmentName(_ name: String) -> String {
    name.hasSuffix("Fragment") ? name.capitalizedFirst : name.capitalizedFirst + "Fragment"
  }

  // MARK: Answers

  private func type(of shape: Shape) -> String {
    if let fragment = shape.fragment { return fragmentName(fragment) }
    guard !shape.variants.isEmpty else { return object(shape.fields.map { line($0) }) }
    var branches = shape.variants.map { variant in
      object(typenamed(variant.fields, as: ["\"\(variant.typeName)\""]))
    }
    // Objects of other types; a server that is newer than this client may have some.
    branches.append(object(typenamed(shape.fields, as: ["\"%other\""])))
    return "\n" + branches.map { "  | " + $0.indentedTail(4) }.joined(separator: "\n")
  }

  /// The fields with `__typename` first, as the literal by which the branches of a union are told apart.
  private func typenamed(_ fields: [ShapeField], as names: [String]) -> [String] {
    ["__typename: \(names.joined(separator: " | "));"]
      + fields.filter { $0.key != "__typename" }.map { line($0) }
  }

  private func line(_ field: ShapeField) -> String {
    let inner = field.shape.map { type(of: $0) }
    let isUnion = inner?.hasPrefix("\n") ?? false
    let text = typeText(field.type, leaf: inner.map { isUnion ? "(\($0.indentedTail(2))\n)" : $0 })
    return comment(field.description, field.deprecation)
      + "\(field.key)\(field.isConditional ? "?" : ""): \(text);"
  }

  // MARK: Enums and inputs

  private func enumeration(_ enumeration: ClientEnum) -> String {
    let values = enumeration.values.map { "  | \"\($0.name)\"" }
    return
      "\(comment(enumeration.description))export type \(enumeration.name) =\n\(values.joined(separator: "\n"));"
  }

  private func input(_ input: ClientInput) -> String {
    let head = "\(comment(input.description))export type \(input.name) ="
    guard input.isOneOf else { return "\(head) \(object(input.fields.map(inputLine)));" }
    let branches = input.fields.map { field in
      let others = input.fields.filter { $0.name != field.name }.map { "\($0.name)?: never;" }
      let own = "\(field.name): \(typeText(.nonNull(field.type.nullable), leaf: nil));"
      return "  | { " + ([own] + others).joined(separator: " ") + " }"
    }
    return "\(head)\n\(branches.joined(separator: "\n"));"
  }

  private func inputLine(_ field: ClientField) -> String {
    comment(field.description)
      + "\(field.name)\(field.isRequired ? "" : "?"): \(typeText(field.type, leaf: nil));"
  }

  // MARK: Names

  /// Names that no type can be declared by: TypeScript's own, and those that generated code uses.
  private static let reserved: Set<String> = [
    "Array", "Blob", "JSONValue", "TypedDocument", "any", "bigint", "boolean", "break", "case", "catch",
    "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export", "extends",
    "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface",
    "let", "never", "new", "null", "number", "object", "package", "private", "protected", "public", "return",
    "static", "string", "super", "switch", "symbol", "this", "throw", "true", "try", "typeof", "undefined",
    "unknown", "var", "void", "while", "with", "yield",
  ]

  private func problems() -> [String] {
    let types = model.enums.map(\.name) + model.inputs.map(\.name)
    let taken = Self.reserved.union(options.scalars.values)
    var lines = types.filter(taken.contains).map {
      "\($0), a type of the schema, cannot be declared: the name is TypeScript's, or the client's own."
    }
    var seen = taken.union(types)
    lines += model.fragments.map { fragmentName($0.name) }.filter { !seen.insert($0).inserted }.map {
      "\($0) would be declared twice: a fragment needs another name than the other ones and the schema's types."
    }
    for name in model.operations.map(typeName) {
      // Each operation has three; one line tells of the first that is taken.
      let names = [name, "\(name)Data", "\(name)Variables"]
      if let first = names.first(where: seen.contains) {
        lines.append(
          "\(first) would be declared twice: an operation needs another name than the other ones, fragments and types."
        )
      }
      seen.formUnion(names)
    }
    return lines
  }

  // MARK: Text

  private func typeText(_ type: ClientType, leaf: String?) -> String {
    switch type {
    case .nonNull(.list(let inner)): "Array<\(typeText(inner, leaf: leaf))>"
    case .nonNull(let inner): leaf ?? leafType(inner.name)
    default: typeText(.nonNull(type), leaf: leaf) + " | null"
    }
  }

  private func leafType(_ name: String) -> String {
    switch name {
    case "Int", "Float": "number"
    case "Boolean": "boolean"
    case "String", "ID": "string"
    default: model.scalars.contains { $0.name == name } ? options.scalars[name] ?? "string" : name
    }
  }

  private func object(_ lines: [String]) -> String {
    lines.isEmpty ? "{}" : "{\n" + lines.map { $0.indented(2) }.joined(separator: "\n") + "\n}"
  }

  private func comment(_ text: String?, _ deprecation: String? = nil) -> String {
    let notice = deprecation.map { "@deprecated \($0)" }
    let lines = [text, notice].compactMap { $0?.replacing("*/", with: "* /") }
      .flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    if lines.isEmpty { return "" }
    if lines.count == 1 { return "/** \(lines[0]) */\n" }
    return "/**\n" + lines.map { " *\($0.isEmpty ? "" : " \($0)")\n" }.joined() + " */\n"
  }
}

extension String {
  /// All lines but the first with spaces before them.
  fileprivate func indentedTail(_ width: Int) -> String {
    let lines = split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2 else { return self }
    return lines[0] + "\n" + String(lines[1]).indented(width)
  }
}
