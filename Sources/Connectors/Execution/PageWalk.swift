import Flows

/// Which page comes next: a state machine without I/O. The cursor that callers see is the next page's number
/// with the page's size, the offset, the service's cursor or its address.
struct PageWalk {
  let paging: Paging
  let limit: Int
  /// Items of a page; nil where the service does not let it be chosen.
  private let size: Int?
  /// nil when there is no further page.
  private(set) var cursor: String?
  /// The first page of a walk without a cursor is asked for without one, but with its number or offset.
  private var isFirst: Bool
  /// The cursors that were asked for.
  private var former: Set<String> = []

  init(_ paging: Paging, input: JSONValue) {
    self.paging = paging
    let limit = input["limit"]?.integer.map { Int(clamping: $0) } ?? Int(Operation.standardLimit)
    self.limit = limit
    let given = input["cursor"]?.string
    var size = paging.size.map { PageWalk.size(limit: limit, maximum: $0.maximum) }
    var cursor = given
    if case .page(_, let start) = paging.kind {
      // Page numbers mean the same only as long as the size does.
      let parts = given?.split(separator: "/") ?? []
      if parts.count == 2, let maximum = paging.size?.maximum, let former = Int(parts[1]) {
        size = min(max(1, former), maximum)
      }
      cursor = parts.first.map(String.init) ?? String(start)
    }
    if case .offset(_, let start) = paging.kind { cursor = given ?? String(start) }
    self.size = size
    self.cursor = cursor
    isFirst = given == nil
  }

  /// Such that whole pages give at most `limit` items.
  private static func size(limit: Int, maximum: Int) -> Int {
    let pages = (limit + maximum - 1) / maximum
    return limit / max(1, pages)
  }

  /// The page to ask for; nil when there is none, or less than a page may still be taken.
  var page: RequestBuilder.Page? {
    guard isFirst || cursor != nil else { return nil }
    var page = RequestBuilder.Page()
    page.isContinued = !isFirst
    let hasSize = paging.continuation == nil || !page.isContinued
    if hasSize, let size = paging.size, let count = self.size {
      page.parameters.append((size.parameter, .integer(Int64(count))))
    }
    switch paging.kind {
    case .page(let parameter, _), .offset(let parameter, _):
      page.parameters.append((parameter, (cursor.flatMap { Int64($0) }).map { .integer($0) } ?? 0))
    case .cursor(let parameter, _):
      if let cursor { page.parameters.append((parameter, .string(cursor))) }
    case .link, .nextURL:
      if let cursor { return RequestBuilder.Page(url: cursor) }
    }
    return page
  }

  /// Takes notice of a page's items.
  mutating func advance(past items: [JSONValue], scope: ValueScope, link: String?) {
    var scope = scope
    scope["lastItem"] = items.last
    isFirst = false
    var next = nextCursor(count: items.count, scope, link)
    if next?.isEmpty == true || items.isEmpty && isCounted { next = nil }
    if let more = paging.more {
      let value = scope.value(at: more)
      if value == nil || value == .null || value == .bool(false) || value == "" { next = nil }
    }
    if let cursor { former.insert(cursor) }
    // A service that repeats a cursor would be asked in a circle for the same items.
    if let given = next, former.contains(given), !isCounted { next = nil }
    cursor = next
  }

  private var isCounted: Bool {
    switch paging.kind {
    case .page, .offset: true
    case .cursor, .link, .nextURL: false
    }
  }

  private func nextCursor(count: Int, _ scope: ValueScope, _ link: String?) -> String? {
    let current = cursor.flatMap { Int($0) } ?? 0
    let isFull = paging.more != nil || size.map { count >= $0 } ?? (count > 0)
    switch paging.kind {
    case .page: return isFull ? PageWalk.sum(current, 1) : nil
    case .offset: return isFull ? PageWalk.sum(current, count) : nil
    case .cursor(_, let path): return scope.value(at: path).flatMap(Place.plainText)
    case .nextURL(let path): return scope.value(at: path)?.string
    case .link: return link.flatMap(PageWalk.next(in:))
    }
  }

  /// Nil behind the last number that there is: where a walk begins is for the flow's author to say.
  private static func sum(_ current: Int, _ count: Int) -> String? {
    let (next, isTooLarge) = current.addingReportingOverflow(count)
    return isTooLarge ? nil : String(next)
  }

  /// The address with `rel="next"` of a `Link` header (RFC 8288 § 3).
  static func next(in header: String) -> String? {
    var rest = header[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      let target = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
      let parameters = rest.prefix { $0 != "<" }
      let relations = parameters.split(whereSeparator: { ";,".contains($0) }).compactMap { parameter in
        let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { !" \"".contains($0) } }
        return pair.count == 2 && pair[0].lowercased() == "rel" ? pair[1] : nil
      }
      if relations.contains("next") { return String(target) }
    }
    return nil
  }

  /// What callers give as `cursor` to go on.
  var publicCursor: String? {
    guard case .page = paging.kind, let cursor, let size else { return cursor }
    return "\(cursor)/\(size)"
  }
}
