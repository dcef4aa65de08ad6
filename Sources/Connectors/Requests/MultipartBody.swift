import Base64Text
import Flows

/// A part of a body of `multipart/form-data`, with places for input and credentials.
public struct PartTemplate: Sendable {
  enum Content: Sendable {
    /// A text; of a list one part for each element, of an object its JSON.
    case value(ValueTemplate)
    /// A text in base64, whose bytes are sent.
    case file(TextTemplate)
  }

  let name: String
  let content: Content
  let fileName: TextTemplate?
  let contentType: TextTemplate?

  var paths: [ValuePath] {
    let texts = [fileName, contentType].compactMap { $0 }.flatMap(\.places).map(\.path)
    switch content {
    case .value(let template): return texts + template.paths.map(\.path)
    case .file(let template): return texts + template.places.map(\.path)
    }
  }
}

/// A body of `multipart/form-data` (RFC 7578). A value; any thread.
struct MultipartBody {
  static let maximumParts = 100
  /// Of all contents together.
  static let maximumBytes = 32 << 20

  private struct Part {
    let head: String
    let content: [UInt8]
  }

  private var parts: [Part] = []
  private var bytes = 0

  /// Adds the parts of a template; none when its content has no value.
  mutating func add(_ template: PartTemplate, in scope: ValueScope) throws(ConnectorFailure) {
    switch template.content {
    case .file(let text):
      guard let text = text.text(in: scope) else { return }
      guard let content = Base64.decode(text) else {
        throw .invalid("The content of \(template.name) must be a text in base64.")
      }
      try append(content, template, scope, standardType: "application/octet-stream")
    case .value(let value):
      guard let value = value.value(in: scope) else { return }
      for element in value.array ?? [value] {
        let isObject = element.object != nil
        guard let text = Place.plainText(element) else { continue }
        try append(Array(text.utf8), template, scope, standardType: isObject ? "application/json" : nil)
      }
    }
  }

  private mutating func append(
    _ content: [UInt8], _ template: PartTemplate, _ scope: ValueScope, standardType: String?
  ) throws(ConnectorFailure) {
    bytes += content.count
    guard parts.count < MultipartBody.maximumParts, bytes <= MultipartBody.maximumBytes else {
      throw .invalid("The form has more than \(MultipartBody.maximumParts) parts or 32 MiB.")
    }
    var head = "Content-Disposition: form-data; name=\"\(MultipartBody.quoted(template.name))\""
    if let name = template.fileName?.text(in: scope) {
      head += "; filename=\"\(MultipartBody.quoted(name))\""
    }
    if let type = template.contentType?.text(in: scope) ?? standardType {
      guard type.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw .invalid("The media type of \(template.name) must be one line of ASCII.")
      }
      head += "\r\nContent-Type: \(type)"
    }
    parts.append(Part(head: head, content: content))
  }

  /// HTML Standard, "multipart/form-data encoding algorithm": in names CR, LF and quotes are escaped so.
  private static func quoted(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "%22"
      case "\r": output += "%0D"
      case "\n": output += "%0A"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// The body and its media type.
  func encoded() -> (body: [UInt8], contentType: String) {
    let boundary = boundary
    var body: [UInt8] = []
    body.reserveCapacity(bytes + parts.count * 200)
    for part in parts {
      body += "--\(boundary)\r\n\(part.head)\r\n\r\n".utf8
      body += part.content
      body += "\r\n".utf8
    }
    body += "--\(boundary)--\r\n".utf8
    return (body, "multipart/form-data; boundary=\(boundary)")
  }

  /// RFC 2046 § 5.1.1: the delimiter must not appear in a part. A hash of the contents (FNV-1a), so that the
  /// same call is the same request; should a content hold it, another is made of it.
  private var boundary: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
      for byte in part.content { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    while true {
      let digits = String(hash, radix: 16)
      let boundary = "studio-" + String(repeating: "0", count: 16 - digits.count) + digits
      if parts.allSatisfy({ $0.content.firstRange(of: Array(boundary.utf8)) == nil }) { return boundary }
      hash = (hash ^ 0x5A) &* 0x100_0000_01B3
    }
  }
}
