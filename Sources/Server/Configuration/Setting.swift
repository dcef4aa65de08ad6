/// One entry of the table of settings: the single place that names it, for reading, `studio settings` and the
/// docs.
///
/// The same setting is `key` in the file, `environmentName` in the environment, and `--set key=value` on the
/// command line; the command line wins over the environment, that over the file, that over the default.
struct Setting: Sendable {
  enum Kind: String, Sendable {
    case string, integer, boolean
    case list = "comma-separated list"
  }

  /// Dotted, with camel-case words: `database.poolSize`.
  let key: String
  let kind: Kind
  /// As it would be written in the environment; nil when there is no value without being told.
  let standard: String?
  /// The least and greatest value of an integer.
  let range: ClosedRange<Int>?
  /// Never printed.
  let isSecret: Bool
  let meaning: String

  static func string(_ key: String, _ standard: String?, _ meaning: String, secret: Bool = false) -> Setting {
    Setting(key: key, kind: .string, standard: standard, range: nil, isSecret: secret, meaning: meaning)
  }

  static func integer(
    _ key: String, _ standard: Int, in range: ClosedRange<Int>, _ meaning: String
  ) -> Setting {
    Setting(
      key: key, kind: .integer, standard: String(standard), range: range, isSecret: false, meaning: meaning)
  }

  static func boolean(_ key: String, _ standard: Bool, _ meaning: String) -> Setting {
    Setting(
      key: key, kind: .boolean, standard: String(standard), range: nil, isSecret: false, meaning: meaning)
  }

  static func list(_ key: String, _ standard: String, _ meaning: String, secret: Bool = false) -> Setting {
    Setting(key: key, kind: .list, standard: standard, range: nil, isSecret: secret, meaning: meaning)
  }

  /// `database.poolSize` → `DATABASE_POOL_SIZE`.
  var environmentName: String {
    var name = ""
    for character in key {
      if character == "." {
        name.append("_")
      } else if character.isUppercase {
        name.append("_")
        name.append(character)
      } else {
        name.append(contentsOf: character.uppercased())
      }
    }
    return name
  }
}
