import Compression
import GraphQLEngine
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Secrets
import Testing

@testable import Server

@Suite("Persisted documents")
struct PersistedDocumentsTests {
  private static let text = "{ __typename }"
  private static let id = PersistedDocuments.prefix + ContentHash.sha256(of: text)

  private func request(id: String? = nil, text: String? = nil) throws -> GraphQLRequest {
    var object = InputObject()
    if let id { object.append("documentId", .string(id)) }
    if let text { object.append("query", .string(text)) }
    return try GraphQLRequest(.object(object))
  }

  @Test func `the hash is the one of the appendix's example`() {
    let query = "query($id:ID!){user(id:$id){name}}"
    #expect(
      ContentHash.sha256(of: query) == "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b")
  }

  @Test func `what was remembered is found, what was not is an error`() throws {
    let documents = PersistedDocuments(maximumBytes: 10_000)
    #expect(throws: RequestErrors.self) { try documents.resolve(try request(id: Self.id)) }
    let sent = try documents.resolve(try request(id: Self.id, text: Self.text))
    #expect(sent.newHash == Self.id)
    #expect(throws: RequestErrors.self) { try documents.resolve(try request(id: Self.id)) }
    documents.remember(sent)
    #expect(try documents.resolve(try request(id: Self.id)).text == Self.text)
  }

  @Test func `what is used again outlives what is not`() throws {
    let documents = PersistedDocuments(maximumBytes: 4000)
    func remember(_ number: Int) throws {
      let text = "{ a\(number) }"
      let id = PersistedDocuments.prefix + ContentHash.sha256(of: text)
      documents.remember(try documents.resolve(try request(id: id, text: text)))
    }
    documents.remember(try documents.resolve(try request(id: Self.id, text: Self.text)))
    for number in 0..<200 {
      try remember(number)
      #expect(try documents.resolve(try request(id: Self.id)).text == Self.text)
    }
    let first = PersistedDocuments.prefix + ContentHash.sha256(of: "{ a0 }")
    #expect(throws: RequestErrors.self) { try documents.resolve(try request(id: first)) }
  }

  @Test func `where only trusted documents are executed, nothing is remembered`() throws {
    let documents = PersistedDocuments(
      trusted: [Self.id: Self.text, "mine": Self.text], refusesOthers: true, maximumBytes: 10_000)
    #expect(try documents.resolve(try request(id: "mine")).text == Self.text)
    #expect(try documents.resolve(try request(text: Self.text)).newHash == nil)
    let error = #expect(throws: RequestErrors.self) { try documents.resolve(try request(text: "{ a }")) }
    #expect(error?.errors.first?.extensions.first?.json == "\"DOCUMENT_NOT_TRUSTED\"")
  }
}

@Suite("gzip")
struct GzipTests {
  private func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    try #require(bytes.withUnsafeBytes { Gzip.compress($0) })
  }

  private func unpacked(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
    try bytes.withUnsafeBytes { try Gzip.decompress($0, limit: limit) }
  }

  @Test(arguments: [0, 1, 1000, 65_536, 65_537, 300_000])
  func `what is packed comes back, also exactly at the limit`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
    let small = try packed(bytes)
    #expect(small.starts(with: [0x1F, 0x8B]))
    #expect(try unpacked(small, limit: count) == bytes)
    if count > 0 { #expect(throws: Gzip.Fault.tooLarge) { try unpacked(small, limit: count - 1) } }
  }

  @Test func `each cut and each extra byte is noticed`() throws {
    let small = try packed(bytes(String(repeating: "a text ", count: 100)))
    for length in small.indices {
      #expect(throws: Gzip.Fault.corrupt) { try unpacked(Array(small.prefix(length)), limit: 10_000) }
    }
    #expect(throws: Gzip.Fault.corrupt) { try unpacked(small + [0], limit: 10_000) }
  }

  @Test func `gzip is taken by name or by star`() {
    for header in ["gzip", "br, GZIP;q=0.1", "*", "x-gzip"] { #expect(Reply.allowsGzip(header), "\(header)") }
    for header in [nil, "", "br", "gzip;q=0", "gzip;q=0, *", "identity"] {
      #expect(!Reply.allowsGzip(header), "\(header ?? "nil")")
    }
  }
}

@Suite("Pages of other sites")
struct CrossSiteTests {
  private func request(_ fields: [String: String], method: HTTPRequest.Method = .get) -> Request {
    var headers = HTTPFields()
    for (name, value) in fields {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    let head = HTTPRequest(
      method: method, scheme: "http", authority: "api.test:3000", path: "/graphql", headerFields: headers)
    return Request(head: head, body: .init(buffer: ByteBuffer()))
  }

  private func isRefused(_ site: CrossSite, _ fields: [String: String]) -> Bool {
    do {
      try site.check(request(fields))
      return false
    } catch {
      return true
    }
  }

  @Test func `a page of one's own, and who is no browser, may ask`() throws {
    let site = try CrossSite(
      origins: ["https://App.example.com"], publicURL: "https://studio.example.com/", requiresPreflight: false
    )
    for fields in [
      [:], ["sec-fetch-site": "same-origin"], ["sec-fetch-site": "none"], ["origin": "http://api.test:3000"],
      ["origin": "https://studio.example.com"], ["origin": "https://app.example.com"],
      ["origin": "https://app.example.com", "sec-fetch-site": "cross-site"],
    ] { #expect(!isRefused(site, fields), "\(fields)") }
    for fields in [
      ["origin": "null"], ["origin": "https://evil.com"], ["sec-fetch-site": "cross-site"],
      ["sec-fetch-site": "same-site"], ["origin": "http://api.test"],
    ] { #expect(isRefused(site, fields), "\(fields)") }
  }

  @Test(arguments: ["example.com", "https://", "https://a.com/", "https://a.com/path", "https://a b", "null"])
  func `what is no origin is refused`(origin: String) {
    #expect(throws: SettingError.self) {
      try CrossSite(origins: [origin], publicURL: "", requiresPreflight: false)
    }
  }

  @Test func `a preflight is answered for allowed origins`() throws {
    let site = try CrossSite(origins: ["https://a.com"], publicURL: "", requiresPreflight: false)
    let asks = ["origin": "https://a.com", "access-control-request-method": "QUERY"]
    #expect(site.preflight(request(asks, method: .options))?.status == .noContent)
    #expect(site.preflight(request(asks, method: .post)) == nil)
    let stranger = ["origin": "https://b.com", "access-control-request-method": "QUERY"]
    #expect(site.preflight(request(stranger, method: .options))?.status == .forbidden)
  }
}
