import Foundation
import Logging

/// Writes one JSON object a line: time, level, logger, message, then the metadata's entries.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]

  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes each line, with its line feed; standard error unless told otherwise.
  init(
    label: String,
    write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    self.label = label
    self.write = write
  }

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
    write(line)
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
