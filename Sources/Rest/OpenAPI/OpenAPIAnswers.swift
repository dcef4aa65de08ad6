import GraphQLEngine

/// What endpoints answer, problems included, and the headers of answers and conditions of requests.
enum OpenAPIAnswers {
  /// By status.
  static func responses(of route: Route, _ schemas: inout OpenAPISchemas) -> InputObject {
    var responses = InputObject()
    responses.append("\(route.status)", success(of: route, &schemas))
    if route.method == .get {
      responses.append(
        "304",
        ["description": "The client has this version.", "headers": ["ETag": reference("headers", "ETag")]])
    }
    for status in problems(of: route) {
      responses.append("\(status)", reference("responses", "Problem\(status)"))
    }
    return responses
  }

  private static func success(of route: Route, _ schemas: inout OpenAPISchemas) -> InputValue {
    var response = InputObject()
    response.append("description", .string(words(route.status)))
    var headers = InputObject()
    if route.location != nil { headers.append("Location", reference("headers", "Location")) }
    if route.hasTag { headers.append("ETag", reference("headers", "ETag")) }
    if route.isPage { headers.append("Link", reference("headers", "Link")) }
    if !headers.isEmpty { response.append("headers", .object(headers)) }
    if let schema = schemas.body(of: route) {
      response.append("content", ["application/json": ["schema": .object(schema)]])
    }
    return .object(response)
  }

  private static func words(_ status: Int) -> String {
    switch status {
    case 201: "Created."
    case 202: "Accepted."
    case 204: "Done; there is nothing to tell."
    default: "Done."
    }
  }

  private static func problems(of route: Route) -> [Int] {
    var statuses = [400, 401, 403, 406, 429, 500, 503]
    if !route.path.names.isEmpty { statuses.append(404) }
    if route.method != .get { statuses.append(409) }
    if route.takesIfMatch { statuses.append(412) }
    if route.takesBody { statuses += [413, 415] }
    return statuses.sorted()
  }

  /// Headers that make a request conditional.
  static func conditions(_ route: Route) -> [InputValue] {
    if route.method == .get {
      return [
        [
          "name": "If-None-Match", "in": "header", "schema": ["type": "string"],
          "description": "The ETag of the version that the client has.",
        ]
      ]
    }
    return RouteParameter.Header.allCases.filter { route.parameter($0) != nil }.map(condition)
  }

  private static func condition(_ header: RouteParameter.Header) -> InputValue {
    switch header {
    case .ifMatch:
      [
        "name": "If-Match", "in": "header", "schema": ["type": "string"],
        "description": .string(
          "The ETag that the client knows; 412 when the revision in it is an old one. The revision alone "
            + "will do, \"7\"."),
      ]
    case .idempotencyKey:
      [
        "name": "Idempotency-Key", "in": "header",
        "schema": ["type": "string", "minLength": 1, "maxLength": 255],
        "description": .string(
          "The same request with the same key is executed once within 24 hours and answered again; 409 with "
            + "another body."),
      ]
    }
  }

  // MARK: Components

  static var headers: InputObject {
    func header(_ name: String, _ words: String) -> InputObject.Field {
      .init(
        name: name,
        value: [
          "required": true, "description": .string(words), "schema": ["type": "string", "minLength": 1],
        ])
    }
    return InputObject([
      header("ETag", "The version: the revision, where there is one, and a hash of the body."),
      header("Location", "Where what was created is."),
      header("Link", "The pages beside this one (RFC 8288): first, prev, next."),
    ])
  }

  static var components: InputObject {
    InputObject(
      [400, 401, 403, 404, 406, 409, 412, 413, 415, 429, 500, 503].map { status in
        var response: InputObject = InputObject()
        response.append("description", .string(problemWords(status)))
        response.append("content", [Problem.mediaType: ["schema": problem(status)]])
        return .init(name: "Problem\(status)", value: .object(response))
      })
  }

  private static func problemWords(_ status: Int) -> String {
    switch status {
    case 400: "The request is wrong; `errors` has an entry for each wrong place."
    case 401: "No valid access token, a wrong password, or a refresh token that is not valid any more."
    case 403: "The role is too low, or a page of another site asks."
    case 404: "It is not there, or belongs to another organization."
    case 406: "`Accept` does not allow JSON."
    case 409: "An old revision, a name or address that is taken, an object in use, a run that is over."
    case 412: "It was changed since the version in `If-Match`."
    case 413: "The body is too large."
    case 415: "The body is not JSON."
    case 429: "Too many requests; `Retry-After` says how long to wait."
    case 503: "The database or the sandbox cannot be reached now, or did not answer in time."
    default: "A fault of the server; the details are in its log."
    }
  }

  private static func problem(_ status: Int) -> InputValue {
    ["allOf": [reference("schemas", "Problem"), ["properties": ["status": ["const": .int(status)]]]]]
  }

  /// RFC 9457, with the members of the Studio.
  static var schemas: InputObject {
    let codes = Problem.codes.map { code, words -> InputValue in
      ["const": .string(code), "description": .string(words)]
    }
    return InputObject([
      .init(name: "Problem", value: problem),
      .init(name: "ProblemCode", value: ["type": "string", "oneOf": .list(codes)]),
    ])
  }

  private static var problem: InputValue {
    [
      "type": "object", "description": "What did not work (RFC 9457).",
      "required": ["type", "title", "status", "detail", "code"],
      "properties": [
        "type": ["type": "string", "format": "uri-reference", "description": "Where the code is explained."],
        "title": ["type": "string", "description": "The status's name."], "status": ["type": "integer"],
        "detail": ["type": "string", "description": "For people."],
        "code": ["$ref": "#/components/schemas/ProblemCode"],
        "errors": [
          "type": "array", "description": "One entry for each wrong place.",
          "items": [
            "type": "object", "required": ["detail"],
            "properties": [
              "detail": ["type": "string"],
              "pointer": ["type": "string", "description": "A JSON pointer into the body."],
              "parameter": ["type": "string", "description": "In the path or the query."],
              "header": ["type": "string"],
            ],
          ],
        ],
      ],
    ]
  }

  private static func reference(_ kind: String, _ name: String) -> InputValue {
    ["$ref": .string("#/components/\(kind)/\(name)")]
  }
}

extension Route {
  /// Whether its answers have an `ETag`: what can be asked for again.
  var hasTag: Bool { method == .get || (status == 201 && revision != nil) }
}
