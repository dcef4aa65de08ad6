import Foundation
import Logging

/// Writes one JSON object a line to standard error: time, level, logger, message, then the metadata's entries.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = "{\"time\":\(quoted(Date().ISO8601Format(.init(includingFractionalSeconds: true))))"
    line += ",\"level\":\(quoted(event.level.rawValue)),\"logger\":\(quoted(label))"
    line += ",\"message\":\(quoted(event.message.description))"
    let entries = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      line += ",\(quoted(key)):\(quoted(value.description))"
    }
    line += "}\n"
    FileHandle.standardError.write(Data(line.utf8))
  }

  /// The text as a JSON string (RFC 8259 § 7).
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
