import Flows

extension OAuthSettings {
  init(_ reader: inout FieldReader, _ list: inout ProblemList) {
    let name: Grant.Name = reader.choice("grant", .authorizationCode, &list) ?? .authorizationCode
    switch name {
    case .authorizationCode:
      grant = .authorizationCode
      authorizeURL = reader.template("authorizeUrl", &list)
      usesPKCE = reader.flag("pkce", false, &list)
      issuer = reader.optionalTemplate("issuer", &list)
      authorizeParameters = reader.fields("authorizeParameters", &list)
      longLived = reader.value("longLived").map { TokenTrade($0, reader.place("longLived"), &list) }
      renewal = reader.value("renewal").map { TokenTrade($0, reader.place("renewal"), &list) }
    case .clientCredentials, .jwtBearer:
      grant =
        name == .clientCredentials
        ? .clientCredentials(
          id: reader.template("clientId", &list), secret: reader.template("clientSecret", &list))
        : .jwtBearer(AssertionTemplate(reader.value("assertion"), reader.place("assertion"), &list))
      authorizeURL = .empty
      usesPKCE = false
      issuer = nil
      authorizeParameters = []
      longLived = nil
      renewal = nil
    }
    grantType = reader.optionalText("grantType", &list)
    tokenURL = reader.template("tokenUrl", &list)
    scopes = reader.texts("scopes", &list)
    scopeSeparator = reader.optionalText("scopeSeparator", &list) ?? " "
    scopeParameter = reader.optionalText("scopeParameter", &list) ?? "scope"
    clientAuthentication = reader.choice("clientAuthentication", .body, &list) ?? .body
    tokenEncoding = reader.choice("tokenEncoding", .form, &list) ?? .form
    tokenParameters = reader.fields("tokenParameters", &list)
    let token = reader.paths("accessToken", &list)
    accessToken = token.isEmpty ? [OAuthSettings.standardToken] : token
    expiresAt = reader.optionalPath("expiresAt", &list)
    lifetimeSeconds = reader.optionalInteger("lifetimeSeconds", 60...31_536_000, &list)
    tokenPrefix = reader.optionalText("tokenPrefix", &list) ?? "Bearer"
    keep = OAuthSettings.kept(reader.value("keep"), reader.place("keep"), &list)
  }

  private static let standardToken = ValuePath("body.access_token") ?? .missing

  private static func kept(
    _ value: JSONValue?, _ place: String, _ list: inout ProblemList
  ) -> [(name: String, paths: [ValuePath])] {
    (value?.object?.members ?? []).compactMap { member in
      let texts = member.value.string.map { [$0] } ?? (member.value.array ?? []).compactMap(\.string)
      let paths = texts.compactMap { ValuePath($0) }
      guard !texts.isEmpty, paths.count == texts.count,
        paths.allSatisfy({ ["callback", "body"].contains($0.root) })
      else {
        list.add("\(place).\(member.key)", "must be a path below callback or body, or a list of them")
        return nil
      }
      return (member.key, paths)
    }
  }
}

extension AssertionTemplate {
  init(_ value: JSONValue?, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    key = reader.template("key", &list)
    header = reader.optionalValueTemplate("header", &list)
    claims = reader.optionalValueTemplate("claims", &list) ?? .constant([:])
    lifetimeSeconds = reader.optionalInteger("lifetimeSeconds", 60...3600, &list) ?? 3600
    carrier = reader.choice("carrier", .parameter, &list) ?? .parameter
    reader.finish(&list)
  }
}
