import Base64Text
import Flows
import Testing

@testable import Connectors

/// How tokens are had, and what credentials are good for.
@Suite struct OAuthTests {
  private static let code = """
    {"kind": "oauth2", "authorizeUrl": "https://id.test/authorize", "tokenUrl": "https://id.test/token",
     "scopes": ["a", "b"], "accessToken": ["body.data.0.access_token", "body.access_token"],
     "keep": {"team": ["body.team.id", "callback.team"]}}
    """
  private static let client = """
    {"kind": "oauth2", "grant": "clientCredentials", "tokenUrl": "https://id.test/token",
     "clientId": "{credentials.clientId}", "clientSecret": "{credentials.clientSecret}",
     "clientAuthentication": "basic", "grantType": "account_credentials", "scopes": ["a"],
     "tokenParameters": {"account_id": "{credentials.account}"}}
    """
  private static let key = """
    {"kind": "oauth2", "grant": "jwtBearer", "tokenUrl": "https://id.test/token", "scopes": [],
     "expiresAt": "body.expires_at", "assertion": {"key": "{credentials.privateKey}",
       "header": {"kid": "k1"}, "lifetimeSeconds": 600,
       "claims": {"iss": "{credentials.account}", "sub": "{credentials.user|nobody}"}}}
    """

  private func manifest(_ methods: String...) throws -> Manifest {
    let secret = #"{"type": "string", "title": "T", "description": "D.", "maxLength": 99, "writeOnly": true}"#
    let names = ["key", "clientId", "clientSecret", "account", "privateKey", "user"]
    let properties = names.map { "\"\($0)\": \(secret)" }.joined(separator: ", ")
    return try Manifest(
      parsing: """
        {"format": 1, "type": "test", "name": "Test", "category": "data", "description": "A test.",
         "authentication": [{"kind": "apiKey", "name": "X-Key", "value": "{credentials.key}"},
           \(methods.joined(separator: ", "))],
         "credentials": {"type": "object", "additionalProperties": false, "properties": {\(properties)}},
         "baseUrl": "https://api.test", "test": {"operation": "run"},
         "operations": {"run": {"name": "Run", "description": "Runs.", "output": {},
           "input": {"type": "object", "additionalProperties": false, "properties": {}},
           "request": {"method": "GET", "path": "/"}}}}
        """, fileName: "test")
  }

  private func answer(_ body: JSONValue) -> ConnectorAnswer {
    ConnectorAnswer(status: 200, headers: [], body: body.encoded())
  }

  @Test func `the first method that is filled in decides how tokens are had`() throws {
    let manifest = try manifest(OAuthTests.code, OAuthTests.client, OAuthTests.key)
    let client: JSONValue = ["clientId": "i", "clientSecret": "s", "account": "x"]
    #expect(manifest.grant(for: client)?.grant.name == .clientCredentials)
    #expect(manifest.grant(for: ["privateKey": "k", "account": "x"])?.grant.name == .jwtBearer)
    #expect(manifest.grant(for: ["key": "k", "clientId": "i", "clientSecret": "s"]) == nil)
    #expect(manifest.grant(for: ["clientId": "i"]) == nil)
    var signedIn = client.object ?? JSONObject()
    signedIn["oauth"] = ["accessToken": "t", "refreshToken": "r"]
    #expect(manifest.grant(for: .object(signedIn)) == nil)
    signedIn["oauth"] = ["accessToken": "t", "grant": "clientCredentials"]
    #expect(manifest.grant(for: .object(signedIn))?.grant.name == .clientCredentials)
  }

  @Test func `credentials without any method are told what they lack`() throws {
    let manifest = try manifest(OAuthTests.code, OAuthTests.client)
    #expect(!manifest.isUsable([:]))
    #expect(!manifest.isUsable(["key": "", "clientId": "i"]))
    #expect(manifest.isUsable(["key": "k"]) && manifest.isUsable(["oauth": ["accessToken": "t"]]))
    #expect(manifest.isUsable(["clientId": "i", "clientSecret": "s"]))
    #expect(
      manifest.wantedCredentials
        == "Fill in T, or sign in with startIntegrationOAuth, or fill in T and T.")
  }

  @Test func `a client shows its id and secret`() throws {
    let manifest = try manifest(OAuthTests.client)
    let credentials: JSONValue = ["clientId": "i d", "clientSecret": "s", "account": "acc"]
    let settings = try #require(manifest.grant(for: credentials))
    let exchange = OAuthExchange(manifest, grant: settings, credentials: credentials)
    let request = try #require(try exchange.grantRequest(nowMilliseconds: 0) { _, _ in [] })
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == "grant_type=account_credentials&scope=a&account_id=acc")
    #expect(request.headers.contains(ConnectorHeader("Authorization", "Basic aSUyMGQ6cw==")))
    let kept = try exchange.credentials(
      after: answer(["access_token": "t", "expires_in": 60, "refresh_token": "r"]), nowMilliseconds: 1000)
    #expect(kept["oauth"] == ["accessToken": "t", "grant": "clientCredentials", "expiresAt": 61_000])
  }

  @Test func `a signed text names who asks and how long`() throws {
    let manifest = try manifest(OAuthTests.key)
    let credentials: JSONValue = ["privateKey": "PEM", "account": "me"]
    let settings = try #require(manifest.grant(for: credentials))
    let exchange = OAuthExchange(manifest, grant: settings, credentials: credentials)
    let request = try #require(
      try exchange.grantRequest(nowMilliseconds: 1_000_000) { bytes, key in
        #expect(key == "PEM")
        return Array("signed".utf8)
      })
    let body = String(decoding: request.body ?? [], as: UTF8.self)
    #expect(body.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="))
    let parts = (body.split(separator: "=").last ?? "").split(separator: ".")
    let decoded = parts.map { Base64.decode(String($0)) ?? [] }
    #expect(try JSONValue(parsing: decoded[0]) == ["alg": "RS256", "typ": "JWT", "kid": "k1"])
    #expect(
      try JSONValue(parsing: decoded[1]) == ["iss": "me", "sub": "nobody", "iat": 970, "exp": 1570])
    #expect(String(decoding: decoded[2], as: UTF8.self) == "signed")
    let kept = try exchange.credentials(
      after: answer(["access_token": "t", "expires_at": "1970-01-01T01:00:00Z"]), nowMilliseconds: 0)
    #expect(kept["oauth"]?["expiresAt"] == 3_600_000)
  }

  @Test func `a token may stand in several places, and so may what is kept`() throws {
    let manifest = try manifest(OAuthTests.code)
    let exchange = try #require(
      OAuthExchange(manifest, client: OAuthClient(id: "i", secret: "s"), credentials: [:]))
    let first = try exchange.credentials(
      after: answer(["data": [["access_token": "t", "expires_in": 5]]]), callback: ["team": "blue"],
      nowMilliseconds: 0)
    #expect(first["oauth"] == ["accessToken": "t", "expiresAt": 5000, "team": "blue"])
    let second = try exchange.credentials(
      after: answer(["access_token": "u", "team": ["id": "red"]]), callback: ["team": "blue"],
      nowMilliseconds: 0)
    #expect(second["oauth"] == ["accessToken": "u", "team": "red"])
  }

  @Test func `Instagram's and Facebook's tokens are exchanged for long ones, Instagram's are renewed`() throws
  {
    let client = OAuthClient(id: "i", secret: "s")
    let tokens: JSONValue = ["oauth": ["accessToken": "short", "userId": "7", "expiresAt": 3_600_000]]
    let instagram = try #require(
      OAuthExchange(try ConnectorFiles.manifest("instagram"), client: client, credentials: tokens))
    let long = try #require(try instagram.longLivedRequest())
    #expect(long.method == "GET" && long.body == nil)
    #expect(
      long.url
        == "https://graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret=s&access_token=short"
    )
    let day: Int64 = 86_400_000
    let kept = try instagram.credentials(
      after: answer(["access_token": "long", "token_type": "bearer", "expires_in": 5_184_000]),
      nowMilliseconds: 0)
    #expect(
      kept["oauth"] == [
        "accessToken": "long", "userId": "7", "expiresAt": .integer(60 * day),
        "renewableAt": .integer(30 * day),
      ])
    #expect(
      try instagram.with(kept).refreshRequest()?.url
        == "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=long")
    let facebook = try #require(
      OAuthExchange(try ConnectorFiles.manifest("facebook"), client: client, credentials: tokens))
    let address = try #require(try facebook.longLivedRequest()?.url)
    #expect(address.hasPrefix("https://graph.facebook.com/"))
    #expect(
      address.hasSuffix(
        "?grant_type=fb_exchange_token&client_id=i&client_secret=s&fb_exchange_token=short"))
    #expect(try facebook.with(kept).refreshRequest() == nil)
    #expect(throws: OAuthExchange.Refusal.refused("The session has ended")) {
      try facebook.credentials(
        after: ConnectorAnswer(
          status: 400, headers: [],
          body: Array(#"{"error": {"message": "The session has ended", "code": 190}}"#.utf8)),
        nowMilliseconds: 0)
    }
  }

  @Test func `a token that is renewed with itself is so in time, but not each day`() throws {
    let trade = #""renewal": {"url": "https://id.test/renew", "parameters": {"t": "{oauth.accessToken}"}}, "#
    let manifest = try manifest(OAuthTests.code.replacing("\"scopes\"", with: trade + "\"scopes\""))
    let exchange = try #require(
      OAuthExchange(manifest, client: OAuthClient(id: "i", secret: "s"), credentials: [:]))
    for (seconds, renewable) in [(40 * 86_400, 10 * 86_400), (2 * 86_400, 86_400), (3600, 3540)] {
      let kept = try exchange.credentials(
        after: answer(["access_token": "t", "expires_in": .integer(Int64(seconds))]), nowMilliseconds: 0)
      #expect(kept["oauth"]?["renewableAt"]?.integer == Int64(renewable) * 1000)
    }
    let request = try #require(
      try exchange.with(["oauth": ["accessToken": "a b"]]).refreshRequest())
    #expect(request.method == "POST" && request.body == Array("t=a%20b".utf8))
  }

  @Test func `a callback of another service is not taken`() throws {
    let declared = OAuthTests.code.replacing(
      "\"scopes\"", with: "\"issuer\": \"https://id.test/tenant\", \"scopes\"")
    for (method, issuer, isTaken) in [
      (OAuthTests.code, nil, true), (OAuthTests.code, "https://id.test/any", true),
      (OAuthTests.code, "https://evil.test", false), (declared, "https://id.test/tenant", true),
      (declared, "https://id.test/other", false),
    ] {
      let exchange = try #require(
        OAuthExchange(try manifest(method), client: OAuthClient(id: "i", secret: ""), credentials: [:]))
      #expect(exchange.isFromIssuer(issuer.map { ["iss": .string($0)] } ?? [:]) == isTaken)
    }
  }
}
