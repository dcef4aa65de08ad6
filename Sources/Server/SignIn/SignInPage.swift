import Flows
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages of `/oauth/callback`. Errors are plain text; what stands in HTML is escaped.
enum SignInPage {
  /// Who would get the account.
  struct Facts {
    let integration, type, user, email, organization: String

    init(_ integration: JSONValue, _ viewer: JSONValue) {
      self.integration = integration["name"]?.string ?? ""
      type = integration["type"]?.string ?? ""
      user = viewer["user"]?["name"]?.string ?? ""
      email = viewer["user"]?["email"]?.string ?? ""
      organization = viewer["organization"]?["name"]?.string ?? ""
    }
  }

  static func question(
    _ facts: Facts, _ fields: [(name: String, value: String)], returnURL: String?
  ) -> Hummingbird.Response {
    let hidden = fields.map { field in
      "<input type=\"hidden\" name=\"\(escaped(field.name))\" value=\"\(escaped(field.value))\">"
    }
    return page(
      "Connect the account?",
      """
      <p>Your account at <b>\(escaped(facts.type))</b> will be used by the integration
      <b>\(escaped(facts.integration))</b> of <b>\(escaped(facts.organization))</b>.</p>
      <p>\(escaped(facts.user)) (\(escaped(facts.email))) began this. If that is not you, close this window.</p>
      <form method="post" action="\(SignInEndpoint.path)">
      \(hidden.joined(separator: "\n"))
      <button type="submit">Connect</button>
      </form>
      """, formTarget: returnURL.map(origin))
  }

  static func done() -> Hummingbird.Response {
    page("Connected", "<p>The account is connected. You can close this window.</p>")
  }

  static func text(_ status: HTTPResponse.Status, _ message: String) -> Hummingbird.Response {
    var headers = safeHeaders
    headers[.contentType] = "text/plain; charset=utf-8"
    return Hummingbird.Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: message + "\n")))
  }

  /// To an address that the settings allow; the value is of letters, digits and underscores.
  static func redirect(_ url: String, _ name: String, _ value: String) -> Hummingbird.Response {
    let fragment = url.firstIndex(of: "#") ?? url.endIndex
    let address = url[..<fragment]
    var headers = safeHeaders
    headers[.location] = "\(address)\(address.contains("?") ? "&" : "?")\(name)=\(value)\(url[fragment...])"
    return Hummingbird.Response(status: .seeOther, headers: headers)
  }

  private static func page(
    _ title: String, _ content: String, formTarget: String? = nil
  ) -> Hummingbird.Response {
    var headers = safeHeaders
    headers[.contentType] = "text/html; charset=utf-8"
    // A form's redirection must be allowed too, so that the client's page is named.
    let targets = ["'self'", formTarget].compactMap { $0 }.joined(separator: " ")
    headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'unsafe-inline'; form-action \(targets); frame-ancestors 'none'; "
      + "base-uri 'none'"
    let html = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
      <meta name="viewport" content="width=device-width">
      <style>body { font: 16px/1.5 system-ui; max-width: 34em; margin: 4em auto; padding: 0 1em }</style>
      </head><body><h1>\(title)</h1>
      \(content)
      </body></html>

      """
    return Hummingbird.Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  /// The code and the state stand in the address: it is neither kept nor told to others.
  private static var safeHeaders: HTTPFields {
    var headers: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
    if let name = HTTPField.Name("referrer-policy") { headers[name] = "same-origin" }
    return headers
  }

  private static func origin(_ url: String) -> String {
    url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
      .joined(separator: "/")
  }

  private static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
