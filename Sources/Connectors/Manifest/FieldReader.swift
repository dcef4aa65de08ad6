import Flows

/// What is wrong with a manifest, and where in it.
public struct ManifestProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Keys and indices with dots between them: `operations.create_issue.request.path`.
  public let path: String
  public let message: String

  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// All problems of a manifest.
public struct ManifestProblems: Error, Sendable, CustomStringConvertible {
  public let problems: [ManifestProblem]
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects what is wrong while a manifest is read, so that its author sees everything at once.
struct ProblemList {
  private(set) var problems: [ManifestProblem] = []

  mutating func add(_ path: String, _ message: String) {
    problems.append(ManifestProblem(path: path, message: message))
  }

  mutating func add(_ others: [ManifestProblem]) { problems += others }
}

/// Reads an object of a manifest. Whoever makes one calls `finish` at the end, which finds unknown fields.
struct FieldReader {
  let object: JSONObject
  let path: String
  private var known: Set<String> = []

  init(_ value: JSONValue?, _ path: String, _ list: inout ProblemList) {
    self.path = path
    guard let object = value?.object else {
      list.add(path, "must be an object")
      self.object = JSONObject()
      return
    }
    self.object = object
  }

  func place(_ key: String) -> String { JSONSchema.join(path, key) }

  mutating func value(_ key: String) -> JSONValue? {
    known.insert(key)
    return object[key]
  }

  func finish(_ list: inout ProblemList) {
    for member in object.members where !known.contains(member.key) {
      list.add(place(member.key), "is no field of the format")
    }
  }

  mutating func text(_ key: String, _ list: inout ProblemList) -> String {
    guard let text = value(key)?.string, !text.isEmpty else {
      list.add(place(key), "must be a text")
      return ""
    }
    return text
  }

  mutating func optionalText(_ key: String, _ list: inout ProblemList) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else {
      list.add(place(key), "must be a text")
      return nil
    }
    return text
  }

  mutating func optionalInteger(
    _ key: String, _ bounds: ClosedRange<Int>, _ list: inout ProblemList
  ) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integer.map({ Int(clamping: $0) }), bounds.contains(number) else {
      list.add(place(key), "must be a number from \(bounds.lowerBound) to \(bounds.upperBound)")
      return nil
    }
    return number
  }

  mutating func flag(_ key: String, _ standard: Bool, _ list: inout ProblemList) -> Bool {
    switch value(key) {
    case nil: return standard
    case .bool(let flag): return flag
    default:
      list.add(place(key), "must be true or false")
      return standard
    }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ standard: Choice?, _ list: inout ProblemList
  ) -> Choice? where Choice.RawValue == String {
    let value = value(key)
    if value == nil, standard != nil { return standard }
    guard let choice = value?.string.flatMap(Choice.init) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      list.add(place(key), "must be one of \(names)")
      return standard
    }
    return choice
  }

  mutating func texts(_ key: String, _ list: inout ProblemList) -> [String] {
    guard let value = value(key) else { return [] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else {
      list.add(place(key), "must be a list of texts")
      return []
    }
    return texts
  }

  /// A path, or a list of them that are tried one after the other.
  mutating func paths(_ key: String, _ list: inout ProblemList) -> [ValuePath] {
    let texts = object[key]?.string.map { [$0] } ?? self.texts(key, &list)
    known.insert(key)
    let paths = texts.compactMap { ValuePath($0) }
    if paths.count != texts.count { list.add(place(key), "must be a path, such as body.message") }
    return paths
  }

  mutating func optionalPath(_ key: String, _ list: inout ProblemList) -> ValuePath? {
    guard let text = optionalText(key, &list) else { return nil }
    guard let path = ValuePath(text) else {
      list.add(place(key), "must be a path, such as body.items")
      return nil
    }
    return path
  }

  mutating func path(_ key: String, _ list: inout ProblemList) -> ValuePath {
    if object[key] == nil { list.add(place(key), "must be a path, such as body.items") }
    return optionalPath(key, &list) ?? ValuePath.missing
  }

  mutating func optionalTemplate(_ key: String, _ list: inout ProblemList) -> TextTemplate? {
    guard let text = optionalText(key, &list) else { return nil }
    do {
      return try TextTemplate(text)
    } catch {
      list.add(place(key), error.message)
      return nil
    }
  }

  mutating func template(_ key: String, _ list: inout ProblemList) -> TextTemplate {
    if object[key] == nil { list.add(place(key), "must be a text") }
    return optionalTemplate(key, &list) ?? TextTemplate.empty
  }

  mutating func optionalValueTemplate(_ key: String, _ list: inout ProblemList) -> ValueTemplate? {
    guard let value = value(key) else { return nil }
    do {
      return try ValueTemplate(value)
    } catch {
      list.add(place(key), error.message)
      return nil
    }
  }

  /// Headers or parameters: an object of names and templates.
  mutating func fields(_ key: String, _ list: inout ProblemList) -> [FieldTemplate] {
    guard let value = value(key) else { return [] }
    guard let object = value.object else {
      list.add(place(key), "must be an object")
      return []
    }
    var fields: [FieldTemplate] = []
    for member in object.members {
      do {
        fields.append(FieldTemplate(name: member.key, value: try ValueTemplate(member.value)))
      } catch {
        list.add(JSONSchema.join(place(key), member.key), error.message)
      }
    }
    return fields
  }

  /// A schema; without one anything is allowed.
  mutating func schema(_ key: String, _ list: inout ProblemList) -> JSONSchema {
    guard let value = value(key) else {
      list.add(place(key), "must be a JSON Schema")
      return JSONSchema([:])
    }
    list.add(JSONSchema.problems(of: value, at: place(key)))
    return JSONSchema(value)
  }
}

extension ValuePath {
  /// Stands where a path could not be read; the manifest is refused anyway.
  static let missing = ValuePath(root: "missing")
  private init(root: String) { self.init(segments: [root]) }
}

extension TextTemplate {
  /// Stands where a template could not be read; the manifest is refused anyway.
  static let empty = TextTemplate()
  private init() { parts = [] }
}
