import Flows

extension Operation {
  /// Items that a paged operation gives when it is not told how many.
  static let standardLimit: Int64 = 100
  /// Items that one call of a paged operation can give.
  static let maximumLimit: Int64 = 1_000

  init(_ member: JSONObject.Member, _ idempotencyHeader: String?, _ list: inout ProblemList) {
    let path = "operations.\(member.key)"
    var reader = FieldReader(member.value, path, &list)
    key = member.key
    name = reader.text("name", &list)
    description = reader.text("description", &list)
    documentation = reader.optionalText("documentation", &list)
    let input = reader.schema("input", &list)
    let output = reader.schema("output", &list)
    request = RequestTemplate(reader.value("request"), path + ".request", &list)
    response = ResponseMapping(reader.value("response"), reader.object["paging"] != nil, path, &list)
    let paging = reader.value("paging").map { Paging($0, path + ".paging", &list) }
    self.paging = paging
    self.input = paging == nil ? input : Operation.paged(input: input, path, &list)
    self.output = paging == nil ? output : Operation.paged(item: output)
    let isWrite = ["POST", "PATCH"].contains(request.method)
    let header = reader.optionalText("idempotencyHeader", &list) ?? (isWrite ? idempotencyHeader : nil)
    self.idempotencyHeader = header
    isRepeatable = reader.flag("repeatable", !isWrite || header != nil, &list)
    reader.finish(&list)
  }

  /// The input of a paged operation has two properties more.
  private static func paged(
    input: JSONSchema, _ path: String, _ list: inout ProblemList
  ) -> JSONSchema {
    guard var schema = input.value.object else { return input }
    var properties = schema["properties"]?.object ?? JSONObject()
    for name in ["limit", "cursor"] where properties[name] != nil {
      list.add("\(path).input.properties.\(name)", "is added by the Studio to every paged operation")
    }
    properties["limit"] = [
      "type": "integer", "title": "Limit", "description": "How many items to get at most.", "minimum": 1,
      "maximum": .integer(maximumLimit), "default": .integer(standardLimit),
    ]
    properties["cursor"] = [
      "type": "string", "title": "Cursor",
      "description": "Where to go on: next of the result before.", "maxLength": 4096,
    ]
    schema["properties"] = .object(properties)
    return JSONSchema(.object(schema))
  }

  private static func paged(item: JSONSchema) -> JSONSchema {
    JSONSchema([
      "type": "object", "required": ["items", "next"],
      "properties": [
        "items": ["type": "array", "items": item.value],
        "next": [
          "type": ["string", "null"],
          "description": "The cursor that goes on behind these items; null when there are no more.",
        ],
      ],
    ])
  }
}

extension RequestTemplate {
  static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]

  init(_ value: JSONValue?, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    method = reader.text("method", &list)
    if !RequestTemplate.methods.contains(method) { list.add(path + ".method", "is no method") }
    baseURL = reader.optionalTemplate("baseUrl", &list)
    self.path = reader.template("path", &list)
    query = reader.fields("query", &list)
    headers = reader.fields("headers", &list)
    encoding = reader.choice("encoding", .json, &list) ?? .json
    contentType = reader.optionalTemplate("contentType", &list)
    arrays = reader.choice("arrays", .repeat, &list) ?? .repeat
    let body = reader.optionalValueTemplate("body", &list)
    parts = RequestTemplate.parts(reader.value("parts"), path + ".parts", &list)
    if !parts.isEmpty, body != nil || reader.object["graphql"] != nil || reader.object["encoding"] != nil {
      list.add(path + ".parts", "cannot stand beside body, graphql or encoding")
    }
    if let graphql = reader.value("graphql") {
      if body != nil { list.add(path + ".graphql", "cannot stand beside body") }
      self.body = RequestTemplate.graphql(graphql, path + ".graphql", &list)
    } else {
      self.body = body
    }
    reader.finish(&list)
  }

  private static func parts(
    _ value: JSONValue?, _ path: String, _ list: inout ProblemList
  ) -> [PartTemplate] {
    guard let value else { return [] }
    guard let elements = value.array, !elements.isEmpty, elements.count <= MultipartBody.maximumParts else {
      list.add(path, "must be a list of 1 to \(MultipartBody.maximumParts) parts")
      return []
    }
    return elements.enumerated().map { PartTemplate($0.element, "\(path).\($0.offset)", &list) }
  }

  /// The body of a GraphQL request; the document is taken as it is, its braces are no places.
  private static func graphql(
    _ value: JSONValue, _ path: String, _ list: inout ProblemList
  ) -> ValueTemplate {
    var reader = FieldReader(value, path, &list)
    let document = reader.text("query", &list)
    let variables = reader.optionalValueTemplate("variables", &list)
    reader.finish(&list)
    let query = ValueTemplate.Member(key: "query", value: .constant(.string(document)))
    return .object([query] + (variables.map { [ValueTemplate.Member(key: "variables", value: $0)] } ?? []))
  }
}

extension PartTemplate {
  init(_ value: JSONValue, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    name = reader.text("name", &list)
    fileName = reader.optionalTemplate("fileName", &list)
    contentType = reader.optionalTemplate("contentType", &list)
    let value = reader.optionalValueTemplate("value", &list)
    let file = reader.optionalTemplate("base64", &list)
    if (value == nil) == (file == nil) { list.add(path, "needs either value or base64") }
    content = file.map { .file($0) } ?? .value(value ?? .constant(.null))
    reader.finish(&list)
  }
}

extension ResponseMapping {
  init(_ value: JSONValue?, _ isPaged: Bool, _ operation: String, _ list: inout ProblemList) {
    var reader = FieldReader(value ?? [:], operation + ".response", &list)
    body = reader.choice("body", .json, &list) ?? .json
    let whole = ValueTemplate.text(TextTemplate(place: isPaged ? "item" : "body"))
    output = reader.optionalValueTemplate("output", &list) ?? whole
    reader.finish(&list)
  }
}

extension TextTemplate {
  /// A text that is one place.
  init(place: String) { parts = Place(place[...]).map { [.place($0)] } ?? [] }
}

extension Paging {
  private enum KindName: String, CaseIterable { case page, offset, cursor, link, nextUrl }

  init(_ value: JSONValue, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    let name: KindName? = reader.choice("kind", nil, &list)
    switch name {
    case .page:
      kind = .page(
        parameter: PageParameter(&reader, "parameter", &list),
        start: reader.optionalInteger("start", 0...1, &list) ?? 1)
    case .offset:
      kind = .offset(
        parameter: PageParameter(&reader, "parameter", &list),
        start: reader.optionalInteger("start", 0...1, &list) ?? 0)
    case .cursor:
      kind = .cursor(
        parameter: PageParameter(&reader, "parameter", &list), cursor: reader.path("cursor", &list))
    case .nextUrl: kind = .nextURL(reader.path("url", &list))
    case nil, .link: kind = .link
    }
    items = reader.path("items", &list)
    more = reader.optionalPath("more", &list)
    size = reader.value("size").map { value in
      var reader = FieldReader(value, path + ".size", &list)
      defer { reader.finish(&list) }
      return Size(
        parameter: PageParameter(&reader, "parameter", &list),
        maximum: reader.optionalInteger("maximum", 1...10_000, &list) ?? 1)
    }
    continuation = reader.value("continuation").map {
      RequestTemplate($0, path + ".continuation", &list)
    }
    if continuation != nil, name != .cursor {
      list.add(path + ".continuation", "stands only where the kind is cursor")
    }
    reader.finish(&list)
  }
}

extension PageParameter {
  /// `per_page`, a parameter of the query; `body.page_size` or `body.variables.first`, a place in the body;
  /// `page.start`, what the request's templates name so.
  fileprivate init(_ reader: inout FieldReader, _ key: String, _ list: inout ProblemList) {
    let text = reader.text(key, &list)
    if let path = ValuePath(text), path.root == "body", path.segments.count > 1 {
      self = .body(Array(path.segments.dropFirst()))
    } else if let path = ValuePath(text), path.root == "page", path.segments.count == 2 {
      self = .place(path.segments[1])
    } else {
      self = .query(text)
    }
  }
}
