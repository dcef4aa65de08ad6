// Enums, input objects and variables.

extension SwiftClientWriter {
  func enumeration(_ enumeration: ClientEnum) -> String {
    let names = caseNames(enumeration.values.map(\.name))
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
      public enum \(escaped(enumeration.name)): SchemaEnum {
      \(cases.joined(separator: "\n"))
        /// A value that this client's schema does not have.
        case unknown(String)

        public static let allCases: [\(escaped(enumeration.name))] = [\(names.map { ".\(escaped($0))" }.joined(separator: ", "))]

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

  /// `COPPER_TIDE` → `copperTide`; the value itself where that is no name (`_3D`) or the name of another one.
  private func caseNames(_ values: [String]) -> [String] {
    let names = values.map { value in
      let words = value.split(separator: "_").map { $0.lowercased() }
      return words.enumerated().map { $0 == 0 ? $1 : $1.capitalizedFirst }.joined()
    }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    var taken = NameScope(reserved: SwiftClientWriter.enumerationMembers)
    return zip(values, names).map { value, name in
      let isFree = counts[name] == 1 && !SwiftClientWriter.enumerationMembers.contains(name)
      let isName = name.first.map { !$0.isNumber } ?? false
      return taken.claim(isFree && isName ? name : value == "_" ? "__" : value, suffix: "_")
    }
  }

  /// What every enum of a client has besides its values.
  private static let enumerationMembers: Set<String> = ["unknown", "allCases", "rawValue", "hashValue"]

  func input(_ input: ClientInput) -> String {
    if input.isOneOf { return oneOf(input) }
    let parts = [properties(input.fields), initializer(input.fields), encoding(input.fields)]
    return comment(input.description) + """
      public struct \(escaped(input.name)): Encodable, Hashable, Sendable {
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
      public indirect enum \(escaped(input.name)): Encodable, Hashable, Sendable {
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
      return "\(parameter(field.name)): \(fieldType(field))\(fallback)"
    }
    let assignments = fields.map { assignment($0.name) }
    return
      "  public init(\(parameters.joined(separator: ", "))) {\n\(assignments.joined(separator: "\n"))\n  }"
  }

  /// A parameter of an initializer, called as its property. One that were `self` would hide what is made.
  func parameter(_ name: String) -> String { name == "self" ? "`self` self_" : escaped(name) }

  func assignment(_ name: String) -> String {
    "    self.\(escaped(name)) = \(name == "self" ? "self_" : escaped(name))"
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
