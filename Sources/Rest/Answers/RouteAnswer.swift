import GraphQLEngine

/// What an endpoint answers when all went well: a part of the operation's answer, and what its headers say.
public struct RouteAnswer: Sendable {
  public var status: Int
  /// JSON; nil for an answer without a body.
  public var body: [UInt8]?
  /// Of a body that can be asked for again.
  public var tag: EntityTag?
  public var location: String?
  /// RFC 8288: the pages beside this one.
  public var link: String?
}

extension Route {
  /// Shapes a response.
  ///
  /// - Throws: the problem that the response tells of; 404 when there is no result.
  public func answer(_ response: Response, _ input: RouteInput) throws(Problem) -> RouteAnswer {
    guard !response.hasErrors else {
      throw Problem(response.errors, of: self, isConditional: input.headers[.ifMatch] != nil)
    }
    guard !result.isEmpty else { return RouteAnswer(status: status) }
    let shaped = response.withUnsafeBytes { bytes in
      answer(JSONScan(bytes: bytes), input)
    }
    guard let shaped else { throw Problem(404, code: "NOT_FOUND", "There is no such object.") }
    return shaped
  }

  private func answer(_ scan: JSONScan, _ input: RouteInput) -> RouteAnswer? {
    guard let range = scan.value(["data"] + result), !scan.isNull(range) else { return nil }
    var answer = RouteAnswer(status: status, body: [UInt8](scan.bytes[range]))
    if hasTag {
      let revision = revision.flatMap { scan.value(["data"] + $0) }.flatMap { Int(scan.text($0)) }
      answer.tag = EntityTag(revision: revision, body: UnsafeRawBufferPointer(rebasing: scan.bytes[range]))
    }
    answer.location = location?.filled { name in
      let keys = name.split(separator: ".").map(String.init)
      return scan.value(keys, from: range.lowerBound).flatMap { string(scan, $0) } ?? input.path[name]
    }
    if isPage { answer.link = PageLinks(route: self, input: input).header(scan, range.lowerBound) }
    return answer
  }

  private func string(_ scan: JSONScan, _ range: Range<Int>) -> String? {
    (try? JSONReader.read(scan.text(range)))?.string
  }
}

/// The `Link` header of a page: the first, the next and the one before.
private struct PageLinks {
  let route: Route
  let input: RouteInput

  /// Names of the parameters that choose a page.
  private static let choosing: Set<String> = ["first", "after", "last", "before"]

  func header(_ scan: JSONScan, _ start: Int) -> String? {
    var links = [link("first", [:])]
    func cursor(_ name: String) -> String? {
      scan.value(["pageInfo", name], from: start).flatMap { try? JSONReader.read(scan.text($0)) }?.string
    }
    func isTrue(_ name: String) -> Bool {
      scan.value(["pageInfo", name], from: start).map(scan.text) == "true"
    }
    if isTrue("hasPreviousPage"), route.parameter("before") != nil, let first = cursor("startCursor") {
      links.append(link("prev", ["before": first]))
    }
    if isTrue("hasNextPage"), let last = cursor("endCursor") { links.append(link("next", ["after": last])) }
    return links.joined(separator: ", ")
  }

  /// The same request for another page of the same length.
  private func link(_ relation: String, _ cursor: [String: String]) -> String {
    var length: String?
    var pairs: [String] = []
    for pair in (input.query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { PercentCoding.encode(PercentCoding.decode($0, isForm: true) ?? "") }
      if parts[0] == "first" || parts[0] == "last" { length = parts.last }
      if !PageLinks.choosing.contains(parts[0]) { pairs.append(parts.joined(separator: "=")) }
    }
    let isBackwards = cursor["before"] != nil
    if let length {
      pairs.append("\(isBackwards ? "last" : "first")=\(length)")
    } else if isBackwards {
      pairs.append("last=\(PageLinks.defaultLength)")
    }
    pairs += cursor.map { "\($0.key)=\(PercentCoding.encode($0.value))" }
    let query = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    return "<\(route.path.filled { input.path[$0] } ?? "")\(query)>; rel=\"\(relation)\""
  }

  /// Of a page, as the schema has it.
  private static let defaultLength = 20
}
