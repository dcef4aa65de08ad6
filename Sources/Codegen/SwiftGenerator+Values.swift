import GraphQLEngine

// Enums, input objects and plain types.

extension SwiftGenerator {
  func enums() -> [String] { types(.enum).map(enumeration) }

  private func enumeration(_ type: TypeID) -> String {
    let name = schema.name(type)
    let cases = schema[type].enumValues.indices.map { index -> String in
      let id = EnumValueID(rawValue: UInt32(index))
      let value = schema.name(schema[id].name)
      return comment(schema.description(of: id), indent: "  ") + "  case \(caseName(value)) = \"\(value)\"\n"
    }
    return comment(schema.description(of: type)) + """
      public enum \(name): String, InputDecodable, LeafValue, CaseIterable {
      \(cases.joined())
        public init(input: InputValue) throws(InputMismatch) {
          guard let value = input.string.flatMap(\(name).init(rawValue:)) else {
            throw InputMismatch(expected: "\(name)")
          }
          self = value
        }

        public func write(to out: inout JSONWriter) { out.write(rawValue) }
      }
      """
  }

  func inputs() -> [String] { types(.inputObject).map(inputObject) }

  private func inputObject(_ type: TypeID) -> String {
    let name = schema.name(type)
    let fields = schema[type].inputFields.indices.map { InputValueID(rawValue: UInt32($0)) }
    let properties = fields.map { field in
      comment(schema.description(of: field), indent: "  ")
        + "  public var \(escaped(inputName(field))): \(inputType(schema[field].type))\n"
    }
    let decoding = fields.map { field in
      "    self.\(inputName(field)) = try object.decode(\"\(inputName(field))\")\n"
    }
    return comment(schema.description(of: type)) + """
      public struct \(name): InputDecodable {
      \(properties.joined())
        private let object: InputObject

        public init(input: InputValue) throws(InputMismatch) {
          guard let object = input.object else { throw InputMismatch(expected: "\(name)") }
          self.object = object
      \(decoding.joined())  }

        /// Whether a field was given, be it null.
        public func gives(_ field: String) -> Bool { object[field] != nil }
      }
      """
  }

  private func inputName(_ value: InputValueID) -> String { schema.name(schema[value].name) }

  func plainTypes() -> [String] { types(.object).filter(isPlainType).map(plainType) }

  private func plainType(_ type: TypeID) -> String {
    let name = schema.name(type)
    let fields = fields(of: type)
    let properties = fields.map { field in
      comment(schema.description(of: field), indent: "  ")
        + "  public var \(escaped(self.name(field))): \(outputType(schema[field].type))\n"
    }
    let parameters = fields.map { "\(escaped(self.name($0))): \(outputType(schema[$0].type))" }
    let assignments = fields.map { "    self.\(self.name($0)) = \(escaped(self.name($0)))\n" }
    let leaves = fields.map { field in
      let isList = schema[field].type.nullable.isList
      return """
          enum \(capitalized(self.name(field)))Leaf: LeafField {
            static func write(_ row: UnsafePointer<\(name)>, _ out: inout JSONWriter) {
              out.write(\(isList ? "list: " : "")row.pointee.\(escaped(self.name(field))))
            }
          }

        """
    }
    let bindings = fields.map {
      "    wiring.bind(\"\(name)\", \"\(self.name($0))\", .leaf(Leaves.\(capitalized(self.name($0)))Leaf.self))\n"
    }
    return comment(schema.description(of: type)) + """
      public struct \(name): Sendable {
      \(properties.joined())
        public init(\(parameters.joined(separator: ", "))) {
      \(assignments.joined())  }

        static func bind(into wiring: inout Wiring) {
      \(bindings.joined())  }

        private enum Leaves {
      \(leaves.joined())  }
      }
      """
  }
}
