import Flows

/// What an account's credentials are good for.
extension Manifest {
  /// The method by which people sign in; nil when they cannot.
  public var signIn: OAuthSettings? {
    for case .oauth2(let settings) in authentication {
      if case .authorizationCode = settings.grant { return settings }
    }
    return nil
  }

  var usesOAuth: Bool { authentication.contains { $0.kind == .oauth2 } }

  /// How tokens are had from what is filled in; nil when the account has tokens of a sign-in, or another
  /// method comes first.
  public func grant(for credentials: JSONValue) -> OAuthSettings? {
    let scope = ValueScope(["credentials": credentials, "oauth": credentials["oauth"] ?? [:]])
    let tokensGrant = credentials["oauth"]?["grant"]?.string
    if tokensGrant == nil, credentials["oauth"]?["accessToken"] != nil { return nil }
    for method in authentication {
      guard case .oauth2(let settings) = method else {
        if tokensGrant == nil, method.isSatisfied(scope) { return nil }
        continue
      }
      guard settings.isFilledIn(scope) else { continue }
      if tokensGrant == nil || tokensGrant == settings.grant.name.rawValue { return settings }
    }
    return nil
  }

  /// Whether calls can be made with these credentials, perhaps after tokens were had with them.
  public func isUsable(_ credentials: JSONValue) -> Bool {
    let scope = ValueScope(["credentials": credentials, "oauth": credentials["oauth"] ?? [:]])
    return operations.isEmpty || grant(for: credentials) != nil
      || authentication.contains { $0.isSatisfied(scope) }
  }

  /// What would make them usable, as a sentence for people.
  public var wantedCredentials: String {
    var ways: [String] = []
    for method in authentication {
      if case .oauth2(let settings) = method, case .authorizationCode = settings.grant {
        ways.append("sign in with startIntegrationOAuth")
        continue
      }
      let names = method.neededPaths.filter { $0.root == "credentials" }.compactMap(\.member)
      let titles = names.map { name in
        credentials.properties.first { $0.key == name }?.value["title"]?.string ?? name
      }
      let way = "fill in " + titles.joined(separator: " and ")
      if !titles.isEmpty, !ways.contains(way) { ways.append(way) }
    }
    let text = ways.joined(separator: ", or ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}

extension Authentication {
  /// What must be filled in for it.
  fileprivate var neededPaths: [ValuePath] {
    if case .oauth2(let settings) = self { return settings.neededPaths }
    return paths
  }

  /// Whether all that it shows has a value.
  func isSatisfied(_ scope: ValueScope) -> Bool {
    switch self {
    case .none: true
    case .oauth2: scope["oauth"]?["accessToken"]?.string != nil
    case .apiKey, .bearer, .basic:
      paths.allSatisfy { path in
        guard let value = scope.value(at: path) else { return false }
        return value != .null && value != .string("")
      }
    }
  }
}
