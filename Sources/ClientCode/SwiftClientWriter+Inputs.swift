// Enums, input objects and variables.

extension SwiftClientWriter {
  func enumeration(_ enumeration: ClientEnum) -> String {
    let names = enumeration.values.map { caseName($0.name) }
    let cases = zip(enumeration.values, names).map { value, name in
      comment(value.description, indent: 2) + "  case \(escaped(name))"
    }
    let reading = zip(enumeration.values, names).map { value, name in
      "    case \"\(value.name)\": self = .\(escaped(name))"
    }
    let writing = zip(enumeration.values, names).map { value, name in
      "    case .\(escaped(name)): \"\(value.name)\""
    }
    return comment(enumeration.description) + """
      public enum \(enumeration.name): SchemaEnum {
      \(cases.joined(separator: "\n"))
        /// A value that this client's schema does not have.
        case unknown(String)

        public static let allCases: [\(enumeration.name)] = [\(names.map { ".\(escaped($0))" }.joined(separator: ", "))]

        public init(rawValue: String) {
          switch rawValue {
      \(reading.joined(separator: "\n"))
          default: self = .unknown(rawValue)
          }
        }

        public var rawValue: String {
          switch self {
      \(writing.joined(separator: "\n"))
          case .unknown(let value): value
          }
        }
      }
      """
  }

  /// `COPPER_TIDE` → `copperTide`.
  private func caseName(_ value: String) -> String {
    let words = value.split(separator: "_").map { $0.lowercased() }
    let name = words.enumerated().map { $0 == 0 ? $1 : $1.capitalizedFirst }.joined()
    return name.isEmpty || name == "unknown" || name == "allCases" ? value : name
  }

  func input(_ input: ClientInput) -> String {
    if input.isOneOf { return oneOf(input) }
    let parts = [properties(input.fields), initializer(input.fields), encoding(input.fields)]
    return comment(input.description) + """
      public struct \(input.name): Encodable, Hashable, Sendable {
      \(parts.joined(separator: "\n\n"))
      }
      """
  }

  /// Just one of the fields (§ 3.10.1).
  private func oneOf(_ input: ClientInput) -> String {
    let cases = input.fields.map { field in
      comment(field.description, indent: 2)
        + "  case \(escaped(field.name))(\(inputType(.nonNull(field.type.nullable))))"
    }
    let encoding = input.fields.map { field in
      "    case .\(escaped(field.name))(let value): try fields.encode(value, forKey: \"\(field.name)\")"
    }
    return comment(input.description) + """
      public indirect enum \(input.name): Encodable, Hashable, Sendable {
      \(cases.joined(separator: "\n"))

        public func encode(to encoder: any Encoder) throws {
          var fields = encoder.container(keyedBy: FieldName.self)
          switch self {
      \(encoding.joined(separator: "\n"))
          }
        }
      }
      """
  }

  // MARK: Parts of structs

  func properties(_ fields: [ClientField]) -> String {
    fields.map { field in
      comment(field.description, indent: 2) + "  public var \(escaped(field.name)): \(fieldType(field))"
    }.joined(separator: "\n")
  }

  func initializer(_ fields: [ClientField]) -> String {
    if fields.isEmpty { return "  public init() {}" }
    let parameters = fields.map { field in
      let fallback = field.isRequired ? "" : field.type.isNonNull ? " = nil" : " = .omitted"
      return "\(escaped(field.name)): \(fieldType(field))\(fallback)"
    }
    let assignments = fields.map { "    self.\(escaped($0.name)) = \(escaped($0.name))" }
    return
      "  public init(\(parameters.joined(separator: ", "))) {\n\(assignments.joined(separator: "\n"))\n  }"
  }

  func encoding(_ fields: [ClientField]) -> String {
    let lines = fields.map { field in
      let isOptional = field.type.isNonNull && !field.isRequired
      let call = isOptional ? "encodeIfPresent" : "encode"
      return "    try fields.\(call)(self.\(escaped(field.name)), forKey: \"\(field.name)\")"
    }
    let container =
      fields.isEmpty
      ? "_ = encoder.container(keyedBy: FieldName.self)"
      : "var fields = encoder.container(keyedBy: FieldName.self)"
    return (["  public func encode(to encoder: any Encoder) throws {", "    \(container)"] + lines + ["  }"])
      .joined(separator: "\n")
  }

  /// Non-null: the type, optional where the schema has a default; nullable: `Nullable`.
  private func fieldType(_ field: ClientField) -> String {
    let type = inputType(.nonNull(field.type.nullable))
    if field.type.isNonNull { return field.isRequired ? type : type + "?" }
    return "Nullable<\(type)>"
  }

  private func inputType(_ type: ClientType) -> String {
    switch type {
    case .nonNull(.list(let inner)): "[\(inputType(inner))]"
    case .nonNull(let inner): leafType(inner.name)
    default: inputType(.nonNull(type)) + "?"
    }
  }
}
