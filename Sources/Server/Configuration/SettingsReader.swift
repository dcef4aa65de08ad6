import Configuration
import SystemPackage

/// A setting that cannot be used; the message names it and says what would do.
struct SettingError: Error, CustomStringConvertible {
  let description: String
}

/// Reads settings from the command line, the environment, a JSON file and the table's defaults, in that
/// order.
struct SettingsReader {
  private let reader: ConfigReader

  /// - Parameters:
  ///   - overrides: by key, from the command line.
  ///   - environment: the process's variables.
  ///   - file: the path of a JSON file with nested objects: `{"database": {"poolSize": 16}}`.
  init(overrides: [String: String], environment: [String: String], file: String?) async throws {
    for key in overrides.keys where !Settings.all.contains(where: { $0.key == key }) {
      throw SettingError(description: "There is no setting \"\(key)\". `studio settings` lists them.")
    }
    var named: [String: String] = [:]
    var standard: [String: String] = [:]
    for setting in Settings.all {
      named[setting.environmentName] = overrides[setting.key]
      standard[setting.environmentName] = setting.standard
    }
    var providers: [any ConfigProvider] = [
      EnvironmentVariablesProvider(environmentVariables: named),
      EnvironmentVariablesProvider(environmentVariables: environment),
    ]
    if let file {
      do {
        providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
      } catch {
        throw SettingError(description: "The settings file \(file) cannot be read: \(error)")
      }
    }
    providers.append(EnvironmentVariablesProvider(environmentVariables: standard))
    reader = ConfigReader(providers: providers)
  }

  /// The text; throws when a required setting is missing.
  func string(_ setting: Setting) throws -> String {
    guard let value = reader.string(forKey: ConfigKey(setting.key)) else { throw missing(setting) }
    return value
  }

  /// The number, checked against the setting's range.
  func integer(_ setting: Setting) throws -> Int {
    let value: Int
    do {
      value = try reader.requiredInt(forKey: ConfigKey(setting.key))
    } catch {
      throw SettingError(description: "\(setting.environmentName) is not an integer.")
    }
    guard setting.range?.contains(value) ?? true else {
      let range = setting.range.map { "\($0.lowerBound) to \($0.upperBound)" } ?? ""
      throw SettingError(description: "\(setting.environmentName) is \(value), but must be \(range).")
    }
    return value
  }

  /// One of an enum's texts.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ setting: Setting
  ) throws -> Choice where Choice.RawValue == String {
    let text = try string(setting)
    guard let choice = Choice(rawValue: text) else {
      let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingError(
        description: "\(setting.environmentName) is \"\(text)\", but must be one of: \(choices).")
    }
    return choice
  }

  func boolean(_ setting: Setting) throws -> Bool {
    do {
      return try reader.requiredBool(forKey: ConfigKey(setting.key))
    } catch {
      throw SettingError(description: "\(setting.environmentName) is neither true nor false.")
    }
  }

  /// The entries between commas, or of the file's list, without blanks; empty ones are left out.
  func list(_ setting: Setting) throws -> [String] {
    do {
      let entries = try reader.requiredStringArray(forKey: ConfigKey(setting.key))
      return entries.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    } catch {
      throw SettingError(description: "\(setting.environmentName) is not a list of texts.")
    }
  }

  private func missing(_ setting: Setting) -> SettingError {
    SettingError(
      description: """
        \(setting.environmentName) is not set. \(setting.meaning)
        Set it in the environment, as "\(setting.key)" in the file given by --config, or with --set \(setting.key)=….
        """)
  }
}
