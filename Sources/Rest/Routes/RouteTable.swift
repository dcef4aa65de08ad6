import GraphQLEngine

/// All endpoints, found by path and method.
public struct RouteTable: Sendable {
  /// In the order of their files.
  public let routes: [Route]
  /// The schema that the files were checked against, and `@rest`.
  let schema: Schema
  private let byLength: [Int: [Route]]

  /// What a request asks for.
  public enum Match: Sendable {
    case route(Route, values: [String: String])
    /// The path is known, the method is not; the methods are sorted.
    case method(allowed: [String])
    case unknown
  }

  /// Reads and checks files.
  ///
  /// - Parameter files: names below `rest/`, with `/`, and texts.
  /// - Throws: the first fault, with the file's name and line.
  public init(files: [(name: String, text: String)], schema: Schema) throws(RestFault) {
    let extended: Schema
    do {
      extended = try schema.extended(by: Document.parse(Source(RouteDirective.definition), limits: .schema))
    } catch {
      throw RestFault("The directive @rest does not fit into the schema: \(error)")
    }
    self.schema = extended
    let library = try RouteFiles(files)
    var routes: [Route] = []
    for place in library.operations.indices {
      let route = try RouteBuilder(joined: library.joined(place), schema: extended).route()
      try RouteTable.refuseTwin(of: route, among: routes)
      routes.append(route)
    }
    if let unused = library.unusedFragment() { throw unused }
    self.routes = routes
    byLength = Dictionary(grouping: routes) { $0.path.segments.count }
      .mapValues { $0.sorted { $0.path.precision > $1.path.precision } }
  }

  private static func refuseTwin(of route: Route, among routes: [Route]) throws(RestFault) {
    for other in routes {
      if other.name == route.name {
        throw RestFault(
          "rest/\(route.file): the operation \(route.name) is in rest/\(other.file) already.")
      }
      if other.method == route.method, other.path.isIndistinguishable(from: route.path) {
        throw RestFault(
          "rest/\(route.file): \(route.method.rawValue) \(route.path) is served by rest/\(other.file) already."
        )
      }
    }
  }

  /// The endpoint of a path, as it stands in the request line, without its query.
  public func match(_ method: String, _ path: String) -> Match {
    guard path.hasPrefix("/") else { return .unknown }
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    let asked = method == "HEAD" ? "GET" : method
    var allowed: Set<String> = []
    // A path means the pattern with the most literals; only its methods count.
    var precision: Int?
    for route in byLength[parts.count] ?? [] {
      if let precision, route.path.precision < precision { break }
      guard let values = route.path.values(of: parts) else { continue }
      if route.method.rawValue == asked { return .route(route, values: values) }
      precision = route.path.precision
      allowed.insert(route.method.rawValue)
    }
    guard !allowed.isEmpty else { return .unknown }
    if allowed.contains("GET") { allowed.insert("HEAD") }
    return .method(allowed: allowed.union(["OPTIONS"]).sorted())
  }
}
