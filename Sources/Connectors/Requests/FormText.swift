import Flows

/// Names and values for queries and forms (application/x-www-form-urlencoded).
struct FormText {
  private(set) var pairs: [(name: String, value: String)] = []
  let arrays: ArrayStyle

  init(arrays: ArrayStyle) { self.arrays = arrays }

  /// Adds a value: objects become `name[key]`, lists as `arrays` says, null is left out.
  mutating func add(_ name: String, _ value: JSONValue) {
    switch value {
    case .null: break
    case .object(let object):
      for member in object.members { add("\(name)[\(member.key)]", member.value) }
    case .array(let elements) where arrays == .comma:
      pairs.append((name, elements.compactMap(Place.plainText).joined(separator: ",")))
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        switch arrays {
        case .brackets: add(name + "[]", element)
        case .indexed: add("\(name)[\(index)]", element)
        case .repeat, .comma: add(name, element)
        }
      }
    default: pairs.append((name, Place.plainText(value) ?? ""))
    }
  }

  /// Replaces all values of a name.
  mutating func set(_ name: String, _ value: String) {
    pairs.removeAll { $0.name == name }
    pairs.append((name, value))
  }

  var text: String {
    pairs.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }
      .joined(separator: "&")
  }
}

/// RFC 3986 § 2.1: everything but unreserved characters is encoded.
public enum PercentEncoding {
  public static func encode(_ text: String, keeping kept: String = "") -> String {
    var output: [UInt8] = []
    for byte in text.utf8 {
      let isKept =
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
        || "-._~".utf8.contains(byte) || kept.utf8.contains(byte)
      if isKept {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        output += [byte >> 4, byte & 15].map { $0 < 10 ? $0 + 48 : $0 + 55 }
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
