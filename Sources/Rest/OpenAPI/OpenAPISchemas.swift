import GraphQLEngine

/// JSON Schemas (2020-12) of inputs and answers. Scalars, enums, input objects and fragments become
/// components, collected on the way.
struct OpenAPISchemas {
  private(set) var components = InputObject()
  private let schema: Schema

  init(schema: Schema) { self.schema = schema }

  // MARK: Inputs

  /// Of a variable, with the bounds that the schema's words name.
  mutating func input(_ parameter: RouteParameter, description: String?) -> InputObject {
    let isNullable = parameter.place == .body
    var object = input(parameter.type, isNullable: isNullable)
    OpenAPIBounds(description).apply(to: &object)
    return object
  }

  private mutating func input(_ type: TypeReference, isNullable: Bool = true) -> InputObject {
    let object: InputObject
    if type.nullable.isList {
      let items = input(type.nullable.wrapped)
      object = InputObject([.init(name: "type", value: "array"), .init(name: "items", value: .object(items))])
    } else {
      object = named(type.namedType, isInput: true)
    }
    return type.isNonNull || !isNullable ? object : OpenAPISchemas.nullable(object)
  }

  private mutating func inputObject(_ type: TypeID) -> InputObject {
    var properties = InputObject()
    var required: [InputValue] = []
    for id in schema.inputFieldIDs(of: type) {
      let record = schema[id]
      var object = input(record.type)
      let words = schema.description(of: id)
      OpenAPIBounds(words).apply(to: &object)
      if let words { object.append("description", .string(words)) }
      if let value = schema.defaultValue(of: id).flatMap(LiteralJSON.value) {
        object.append("default", value)
      }
      properties.append(schema.name(record.name), .object(object))
      if record.isRequired { required.append(.string(schema.name(record.name))) }
    }
    var object = InputObject([.init(name: "type", value: "object")])
    object.append("properties", .object(properties))
    if !required.isEmpty { object.append("required", .list(required)) }
    object.append("additionalProperties", false)
    return object
  }

  // MARK: Named types

  private mutating func named(_ type: TypeID, isInput: Bool = false) -> InputObject {
    switch type {
    case schema.wellKnown.int:
      var object = OpenAPISchemas.plain("integer", format: "int32")
      if isInput {
        object.append("minimum", .int(Int(Int32.min)))
        object.append("maximum", .int(Int(Int32.max)))
      }
      return object
    case schema.wellKnown.float: return OpenAPISchemas.plain("number", format: "double")
    case schema.wellKnown.boolean: return OpenAPISchemas.plain("boolean")
    case schema.wellKnown.string, schema.wellKnown.id: return OpenAPISchemas.plain("string")
    default:
      return reference(schema.name(type)) { (schemas: inout OpenAPISchemas) in schemas.definition(of: type) }
    }
  }

  private mutating func definition(of type: TypeID) -> InputObject {
    var object =
      switch schema[type].kind {
      case .inputObject: inputObject(type)
      case .enum: enumeration(type)
      default: OpenAPISchemas.scalar(schema.name(type))
      }
    if let words = schema.description(of: type) { object.append("description", .string(words)) }
    return object
  }

  private func enumeration(_ type: TypeID) -> InputObject {
    let values = schema.enumValueIDs(of: type).map { InputValue.string(schema.name(schema[$0].name)) }
    var object = OpenAPISchemas.plain("string")
    object.append("enum", .list(values))
    return object
  }

  /// What the Studio's scalars are in JSON; one that is not known here may be anything.
  private static func scalar(_ name: String) -> InputObject {
    switch name {
    case "DateTime":
      var object = plain("string", format: "date-time")
      object.append("examples", ["2026-11-21T09:30:00.000Z"])
      return object
    case "EmailAddress":
      var object = plain("string", format: "email")
      object.append("maxLength", 254)
      object.append("examples", ["ada@example.com"])
      return object
    case "Cursor": return plain("string")
    case "URL": return plain("string", format: "uri")
    default: return InputObject()
    }
  }

  private static func plain(_ type: String, format: String? = nil) -> InputObject {
    var object = InputObject([.init(name: "type", value: .string(type))])
    if let format { object.append("format", .string(format)) }
    return object
  }

  /// A schema that null satisfies too.
  private static func nullable(_ object: InputObject) -> InputObject {
    if object["$ref"] != nil {
      return InputObject([.init(name: "anyOf", value: [.object(object), ["type": "null"]])])
    }
    var object = object
    if let place = object.fields.firstIndex(where: { $0.name == "type" }) {
      object.fields[place].value = [object.fields[place].value, "null"]
    }
    return object
  }

  /// A component, which is made when it is referred to first. The name is taken before, so that types that
  /// refer to themselves end.
  private mutating func reference(
    _ name: String, _ make: (inout OpenAPISchemas) -> InputObject
  ) -> InputObject {
    if components[name] == nil {
      let place = components.fields.count
      components.append(name, .null)
      components.fields[place].value = .object(make(&self))
    }
    return InputObject([.init(name: "$ref", value: .string("#/components/schemas/\(name)"))])
  }

  // MARK: Answers

  /// Of the part of an answer that is the body.
  mutating func body(of route: Route) -> InputObject? {
    guard let body = route.syntax.body else { return nil }
    let finder = ShapeFinder(schema: schema, fragments: route.syntax.fragments)
    // Null is 404.
    return output(body.type.asNonNull ?? body.type, body.selection, finder)
  }

  private mutating func output(
    _ type: TypeReference, _ selection: SelectionSetNode?, _ finder: ShapeFinder
  ) -> InputObject {
    let object: InputObject
    if type.nullable.isList {
      let items = output(type.nullable.wrapped, selection, finder)
      object = InputObject([.init(name: "type", value: "array"), .init(name: "items", value: .object(items))])
    } else if let selection {
      object = shape(selection, of: type.namedType, finder)
    } else {
      object = named(type.namedType)
    }
    return type.isNonNull ? object : OpenAPISchemas.nullable(object)
  }

  /// A selection that is one fragment is its component.
  private mutating func shape(
    _ selection: SelectionSetNode, of type: TypeID, _ finder: ShapeFinder
  ) -> InputObject {
    let nodes = Array(selection.selections)
    if nodes.count == 1, nodes[0].kind == .fragmentSpread,
      let fragment = finder.fragments[nodes[0].asFragmentSpread.name.description]
    {
      return reference(fragment.name.description) { (schemas: inout OpenAPISchemas) in
        var object = schemas.object(fragment.selectionSet, of: type, finder)
        if let words = schemas.schema.description(of: type) { object.append("description", .string(words)) }
        return object
      }
    }
    return object(selection, of: type, finder)
  }

  private mutating func object(
    _ selection: SelectionSetNode, of type: TypeID, _ finder: ShapeFinder
  ) -> InputObject {
    var properties = InputObject()
    var required: [InputValue] = []
    for node in finder.fields(of: selection) {
      let key = node.responseKey.description
      guard properties[key] == nil, let field = schema.field(named: node.name, in: type) else { continue }
      var object = output(schema[field].type, node.selectionSet, finder)
      if let words = schema.description(of: field) { object.append("description", .string(words)) }
      if schema[field].type.namedType == schema.wellKnown.id,
        let id = OpenAPIExamples.id(of: schema.name(type), field: node.name.description)
      {
        object.append("examples", [.string(id)])
      }
      properties.append(key, .object(object))
      // With a condition it may be left out.
      if node.directives.isEmpty { required.append(.string(key)) }
    }
    return InputObject([
      .init(name: "type", value: "object"), .init(name: "properties", value: .object(properties)),
      .init(name: "required", value: .list(required)),
    ])
  }
}
