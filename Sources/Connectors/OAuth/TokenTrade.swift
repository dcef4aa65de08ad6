import Flows

/// A request that gives a token for a token, as some services have it beside the grants of RFC 6749: one that
/// lives long for one that does not, or a new one for one that still lives.
public struct TokenTrade: Sendable {
  public enum Method: String, Sendable, CaseIterable { case GET, POST }

  /// Before its end a token is renewed in any case.
  static let leewayMilliseconds: Int64 = 60_000

  let method: Method
  let url: TextTemplate
  /// In the query of a GET, a form else.
  let parameters: [FieldTemplate]
  /// How long before a token's end it is renewed.
  let aheadSeconds: Int
  /// How old a token must be: services refuse to renew younger ones.
  let minimumAgeSeconds: Int

  init(_ value: JSONValue, _ path: String, _ list: inout ProblemList) {
    var reader = FieldReader(value, path, &list)
    method = reader.choice("method", .POST, &list) ?? .POST
    url = reader.template("url", &list)
    parameters = reader.fields("parameters", &list)
    aheadSeconds = reader.optionalInteger("aheadSeconds", 60...31_536_000, &list) ?? 2_592_000
    minimumAgeSeconds = reader.optionalInteger("minimumAgeSeconds", 0...2_592_000, &list) ?? 86_400
    reader.finish(&list)
  }

  var paths: [ValuePath] {
    url.places.map(\.path) + parameters.flatMap { $0.value.paths.map(\.path) }
  }

  /// - Parameter scope: `credentials` and `oauth`; the client is `client`.
  func request(
    in scope: ValueScope, _ client: OAuthClient
  ) throws(ConnectorFailure) -> ConnectorRequest {
    var scope = scope
    scope["client"] = ["id": .string(client.id), "secret": .string(client.secret)]
    var form = FormText(arrays: .comma)
    for field in parameters {
      if let text = field.value.value(in: scope).flatMap(Place.plainText) { form.set(field.name, text) }
    }
    var request = ConnectorRequest(method: method.rawValue, url: try RequestBuilder.base(url, scope))
    request.headers = [ConnectorHeader("Accept", "application/json")]
    if method == .GET {
      request.url += (request.url.contains("?") ? "&" : "?") + form.text
    } else {
      request.body = Array(form.text.utf8)
      request.headers.append(ConnectorHeader("Content-Type", "application/x-www-form-urlencoded"))
    }
    return request
  }

  /// From when on a token is renewed; nil when nobody knows its end. Milliseconds since 1970.
  func renewableAt(_ expiresAt: Int64?, _ nowMilliseconds: Int64) -> Int64? {
    guard let expiresAt else { return nil }
    let isOld = nowMilliseconds + Int64(minimumAgeSeconds) * 1000
    let wanted = max(expiresAt - Int64(aheadSeconds) * 1000, isOld)
    return min(wanted, expiresAt - TokenTrade.leewayMilliseconds)
  }
}
