import Base64Text
import Connectors
import Flows

/// Reads a body of `multipart/form-data` as a service would.
enum MultipartText {
  /// A list of objects: `name`, `fileName`, `contentType`, and the content as `text`, or as `base64` when it
  /// is no UTF-8. A text when it cannot be read.
  static func parts(_ request: PlayedService.Request) -> JSONValue {
    parts(request.body, contentType: request.headers["content-type"] ?? "")
  }

  static func parts(_ body: [UInt8], contentType: String) -> JSONValue {
    let type = contentType.split(separator: "; boundary=", maxSplits: 1).map(String.init)
    guard type.count == 2, type[0] == "multipart/form-data" else { return .string("type \(contentType)") }
    let delimiter = Array("\r\n--\(type[1])".utf8)
    var rest = (Array("\r\n".utf8) + body)[...]
    var parts: [JSONValue] = []
    guard rest.starts(with: delimiter) else { return "no delimiter at the beginning" }
    rest = rest.dropFirst(delimiter.count)
    while rest.starts(with: "\r\n".utf8) {
      rest = rest.dropFirst(2)
      guard let end = rest.firstRange(of: delimiter), let head = rest.firstRange(of: Array("\r\n\r\n".utf8)),
        head.upperBound <= end.lowerBound
      else { return "a part has no end" }
      parts.append(part(rest[..<head.lowerBound], Array(rest[head.upperBound..<end.lowerBound])))
      rest = rest[end.upperBound...]
    }
    return rest.elementsEqual("--\r\n".utf8) ? .array(parts) : "no last delimiter"
  }

  private static func part(_ head: ArraySlice<UInt8>, _ content: [UInt8]) -> JSONValue {
    var object = JSONObject()
    for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n") {
      if line.hasPrefix("Content-Type: ") { object["contentType"] = .string(String(line.dropFirst(14))) }
      for field in line.split(separator: "; ") {
        for (name, key) in [("name=\"", "name"), ("filename=\"", "fileName")] where field.hasPrefix(name) {
          object[key] = .string(String(field.dropFirst(name.count).dropLast()))
        }
      }
    }
    if let text = String(validating: content, as: UTF8.self) {
      object["text"] = .string(text)
    } else {
      object["base64"] = .string(Base64.encode(content))
    }
    // In an order of their own, so that exchanges can be compared.
    let keys = ["name", "fileName", "contentType", "text", "base64"]
    return .object(
      JSONObject(keys.compactMap { key in object[key].map { JSONObject.Member(key: key, value: $0) } }))
  }
}
