import Crypto
import Dates

/// AWS Signature Version 4 in the `Authorization` header, as S3 wants it ("Authenticating Requests: Using the
/// Authorization Header"): paths are not normalized, and the payload's hash is a header.
struct SignatureV4: Sendable {
  struct Request: Sendable {
    var method: String
    var host: String
    /// Of unreserved characters and slashes only, so it is its own canonical form.
    var path: String
    /// Of the body, in hexadecimal.
    var payloadHash: String
    var unixSeconds: Int64
  }

  /// The SHA-256 of nothing.
  static let emptyHash = hexadecimal(Array(SHA256.hash(data: [UInt8]())))

  let accessKey: String
  let secretKey: String
  let region: String
  let service: String

  /// What is added to a request; `host` is the client's own.
  func headers(_ request: Request) -> [(String, String)] {
    let time = SignatureV4.time(request.unixSeconds)
    let day = String(time.prefix(8))
    let names = "host;x-amz-content-sha256;x-amz-date"
    let canonical = [
      request.method, request.path, "", "host:\(request.host)",
      "x-amz-content-sha256:\(request.payloadHash)", "x-amz-date:\(time)", "", names, request.payloadHash,
    ].joined(separator: "\n")
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let hash = SignatureV4.hexadecimal(Array(SHA256.hash(data: Array(canonical.utf8))))
    let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(hash)"
    let signature = SignatureV4.hexadecimal(code(text, key: signingKey(day)))
    return [
      ("x-amz-date", time), ("x-amz-content-sha256", request.payloadHash),
      (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
      ),
    ]
  }

  private func signingKey(_ day: String) -> [UInt8] {
    [day, region, service, "aws4_request"].reduce(Array("AWS4\(secretKey)".utf8)) { code($1, key: $0) }
  }

  private func code(_ text: String, key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// `20261121T093000Z`.
  static func time(_ unixSeconds: Int64) -> String {
    let civil = CivilDay(ofSecond: unixSeconds)
    let (year, month, day) = civil.parts
    let second = Int(unixSeconds - civil.firstSecond)
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)\(two(month))\(two(day))T\(two(second / 3600))\(two(second / 60 % 60))\(two(second % 60))Z"
  }
}
