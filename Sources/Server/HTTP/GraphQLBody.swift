import Files
import GraphQLEngine

/// What a body asks for: one execution, or several (GraphQL over HTTP, appendix "Batching").
enum GraphQLBody: Sendable {
  case single(GraphQLRequest)
  case batch([BatchEntry])

  /// Reads an object, whose `variables` may be a list, or a list of such objects.
  ///
  /// - Parameter maximum: the executions that a batch may ask for; 0 refuses batches.
  init(_ value: InputValue, maximum: Int) throws(GraphQLRequest.Malformed) {
    switch value {
    case .list(let requests):
      try Self.check(requests.count, maximum)
      var entries: [BatchEntry] = []
      for (index, request) in requests.enumerated() {
        entries += try Self.entries(request, requestIndex: index, behind: entries.count, maximum: maximum)
      }
      self = .batch(entries)
    case .object(let object):
      if case .list? = object["variables"] {
        self = .batch(try Self.entries(value, requestIndex: nil, behind: 0, maximum: maximum))
      } else {
        self = .single(try GraphQLRequest(value))
      }
    default: self = .single(try GraphQLRequest(value))
    }
  }

  /// The same with the files that came with it.
  func with(_ files: [String: ReceivedFile]) -> GraphQLBody {
    switch self {
    case .single(var request):
      request.uploads = files
      return .single(request)
    case .batch(let entries):
      return .batch(
        entries.map { entry in
          let request = entry.request.map { request in
            var request = request
            request.uploads = files
            return request
          }
          return BatchEntry(
            request, requestIndex: entry.requestIndex, variableIndex: entry.variableIndex)
        })
    }
  }

  /// The executions of one request. In a list one that is malformed only spoils its own answer.
  private static func entries(
    _ value: InputValue, requestIndex: Int?, behind count: Int, maximum: Int
  ) throws(GraphQLRequest.Malformed) -> [BatchEntry] {
    guard case .object(var object) = value, case .list(let maps)? = object["variables"] else {
      try check(count + 1, maximum)
      return [BatchEntry(read(value), requestIndex: requestIndex)]
    }
    guard maps.allSatisfy({ $0.object != nil }) else {
      throw GraphQLRequest.Malformed(message: "\"variables\" must be an object, or a list of objects.")
    }
    try check(maps.isEmpty ? 0 : count + maps.count, maximum)
    object.fields.removeAll { $0.name == "variables" }
    let request = read(.object(object))
    if requestIndex == nil, case .failure(let fault) = request { throw fault }
    return maps.enumerated().map { index, map in
      let given = request.map { request in
        var request = request
        request.variables = map.object ?? InputObject()
        return request
      }
      return BatchEntry(given, requestIndex: requestIndex, variableIndex: index)
    }
  }

  private static func read(_ value: InputValue) -> Result<GraphQLRequest, GraphQLRequest.Malformed> {
    do {
      return .success(try GraphQLRequest(value))
    } catch {
      return .failure(error)
    }
  }

  private static func check(_ count: Int, _ maximum: Int) throws(GraphQLRequest.Malformed) {
    if count == 0 { throw GraphQLRequest.Malformed(message: "The batch is empty.") }
    if count > maximum {
      throw GraphQLRequest.Malformed(message: "A batch may ask for \(maximum) executions at most.")
    }
  }
}

/// One execution of a batch, with the numbers that its answer carries.
struct BatchEntry: Sendable {
  let request: Result<GraphQLRequest, GraphQLRequest.Malformed>
  /// Its request's position, when the body was a list.
  let requestIndex: Int?
  /// Its variables' position, when they were a list.
  let variableIndex: Int?

  init(
    _ request: Result<GraphQLRequest, GraphQLRequest.Malformed>, requestIndex: Int?,
    variableIndex: Int? = nil
  ) {
    self.request = request
    self.requestIndex = requestIndex
    self.variableIndex = variableIndex
  }

  /// A response's object with `requestIndex` and `variableIndex` before its own members.
  func numbered(_ response: GraphQLEngine.Response) -> [UInt8] {
    var members = ""
    if let requestIndex { members += "\"requestIndex\":\(requestIndex)," }
    if let variableIndex { members += "\"variableIndex\":\(variableIndex)," }
    return [UInt8(ascii: "{")] + Array(members.utf8) + response.bytes.dropFirst()
  }
}
