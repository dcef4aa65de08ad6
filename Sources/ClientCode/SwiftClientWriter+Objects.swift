// Answers: structs for objects, enums for variants of abstract types.

extension SwiftClientWriter {
  /// A type for a shape, with the types of its fields inside.
  func object(_ name: String, _ shape: Shape, isRoot: Bool) -> String {
    if let fragment = shape.fragment { return "public typealias \(name) = \(fragment.capitalizedFirst)" }
    guard !shape.variants.isEmpty else { return structure(name, shape.fields, of: shape.typeName) }
    return enumeration(name, shape)
  }

  private func structure(_ name: String, _ fields: [ShapeField], of typeName: String) -> String {
    var scope = NameScope(reserved: reserved)
    var nested: [String] = []
    let typed = fields.map { field -> (field: ShapeField, type: String) in
      guard let shape = field.shape else { return (field, optional(swiftType(field.type), field)) }
      let inner: String
      if let fragment = shape.fragment {
        inner = fragment.capitalizedFirst
      } else {
        inner = scope.claim(field.key.capitalizedFirst, suffix: "Object")
        nested.append(object(inner, shape, isRoot: false))
      }
      return (field, optional(swiftType(field.type, inner), field))
    }
    let properties = typed.map { field, type in
      comment(field.description, field.deprecation, indent: 2)
        + "  public var \(escaped(field.key)): \(type)\n"
    }.joined()
    let isIdentifiable = typed.contains { $0.field.key == "id" && $0.type == "String" }
    var parts = [properties.isEmpty ? "" : String(properties.dropLast())]
    parts.append(memberwise(typed.map { ($0.field.key, $0.type) }))
    parts += nested.map { $0.indented(2) }
    return """
      /// `\(typeName)` of the schema.
      public struct \(name): Decodable, Hashable, Sendable\(isIdentifiable ? ", Identifiable" : "") {
      \(parts.filter { !$0.isEmpty }.joined(separator: "\n\n"))
      }
      """
  }

  private func memberwise(_ fields: [(key: String, type: String)]) -> String {
    let parameters = fields.map { field in
      "\(parameter(field.key)): \(field.type)\(field.type.hasSuffix("?") ? " = nil" : "")"
    }
    let assignments = fields.map { assignment($0.key) }
    if fields.isEmpty { return "  public init() {}" }
    return
      "  public init(\(parameters.joined(separator: ", "))) {\n\(assignments.joined(separator: "\n"))\n  }"
  }

  private func optional(_ type: String, _ field: ShapeField) -> String {
    field.isConditional && !type.hasSuffix("?") ? type + "?" : type
  }

  // MARK: Variants

  private func enumeration(_ name: String, _ shape: Shape) -> String {
    var scope = NameScope(reserved: reserved)
    let structureNames = shape.variants.map { scope.claim($0.typeName.capitalizedFirst, suffix: "Object") }
    // A property of each leaf that all variants have stands beside the cases.
    var members = NameScope(reserved: Set(shape.fields.map(\.key)).union(["other"]))
    let names = shape.variants.map { escaped(members.claim($0.typeName.lowercasedFirst, suffix: "Object")) }
    let cases = zip(names, structureNames).map { "  case \($0)(\($1))" }
    let decoding = zip(shape.variants, zip(names, structureNames)).map {
      "    case \"\($0.typeName)\": self = .\($1.0)(try \($1.1)(from: decoder))"
    }
    let structures = zip(shape.variants, structureNames).map {
      structure($1, $0.fields, of: $0.typeName).indented(2)
    }
    let parts =
      [
        """
        \(cases.joined(separator: "\n"))
          /// An object of another type; a server that is newer than this client may have some.
          case other(Other)

          public init(from decoder: any Decoder) throws {
            switch try decoder.typename() {
        \(decoding.joined(separator: "\n"))
            default: self = .other(try Other(from: decoder))
            }
          }
        """
      ] + accessors(shape, names) + structures + [
        structure("Other", otherFields(shape), of: shape.typeName).indented(2)
      ]
    return """
      /// `\(shape.typeName)` of the schema.
      public enum \(name): Decodable, Hashable, Sendable {
      \(parts.joined(separator: "\n\n"))
      }
      """
  }

  private func otherFields(_ shape: Shape) -> [ShapeField] {
    if shape.fields.contains(where: { $0.key == "__typename" }) { return shape.fields }
    let typename = ShapeField(
      key: "__typename", description: "The name of the object's type.", type: .nonNull(.named("String")),
      isConditional: false)
    return [typename] + shape.fields
  }

  /// Leaves that all variants have, without a switch at each use.
  private func accessors(_ shape: Shape, _ names: [String]) -> [String] {
    shape.fields.filter { $0.shape == nil }.map { field in
      let cases = names.map { "    case .\($0)(let value): value.\(escaped(field.key))" }
      return comment(field.description, indent: 2) + """
          public var \(escaped(field.key)): \(optional(swiftType(field.type), field)) {
            switch self {
        \(cases.joined(separator: "\n"))
            case .other(let value): value.\(escaped(field.key))
            }
          }
        """
    }
  }

  // MARK: Types

  /// The Swift type of an answer's field; `leaf` in place of the named type.
  func swiftType(_ type: ClientType, _ leaf: String? = nil) -> String {
    switch type {
    case .nonNull(let inner): bareType(inner, leaf)
    default: bareType(type, leaf) + "?"
    }
  }

  private func bareType(_ type: ClientType, _ leaf: String?) -> String {
    switch type {
    case .list(let inner): "[\(swiftType(inner, leaf))]"
    case .named(let name): leaf ?? leafType(name)
    case .nonNull(let inner): bareType(inner, leaf)
    }
  }

  func leafType(_ name: String) -> String {
    switch name {
    case "Int": "Int"
    case "Float": "Double"
    case "Boolean": "Bool"
    case "String", "ID": "String"
    default:
      model.scalars.contains { $0.name == name } ? options.scalars[name] ?? "String" : escaped(name)
    }
  }

  func escaped(_ word: String) -> String { Self.words.contains(word) ? "`\(word)`" : word }

  private static let words: Set<String> = [
    "Any", "Protocol", "Self", "Type", "as", "associatedtype", "break", "case", "catch", "class", "continue",
    "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func",
    "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "precedencegroup",
    "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript",
    "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]
}
