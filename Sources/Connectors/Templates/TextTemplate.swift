import Flows

/// A text with places: `/repos/{input.owner}/issues`. `{{` and `}}` are braces.
public struct TextTemplate: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    case place(Place)
  }

  let parts: [Part]

  /// The template of a text; throws what is wrong with it.
  init(_ source: String) throws(TemplateProblem) {
    var parts: [Part] = []
    var text = ""
    var rest = source[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        text.append(character)
      case "{":
        guard let end = rest.firstIndex(of: "}"), let place = Place(rest[..<end]) else {
          throw TemplateProblem(message: "a place is malformed: {\(rest.prefix { $0 != "}" })}")
        }
        if !text.isEmpty { parts.append(.text(text)) }
        parts.append(.place(place))
        text = ""
        rest = rest[rest.index(after: end)...]
      case "}": throw TemplateProblem(message: "a } without {; write }} for a brace")
      default: text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }

  var places: [Place] {
    parts.compactMap { part in if case .place(let place) = part { place } else { nil } }
  }

  /// The value, of whatever kind, when the text is one place; else a text; nil when a place has no value.
  func value(in scope: ValueScope) -> JSONValue? {
    if parts.count == 1, case .place(let place) = parts[0] { return place.value(in: scope) }
    return text(in: scope).map { .string($0) }
  }

  /// The text, each place's value written by `encode`; nil when a place has none.
  func text(in scope: ValueScope, encode: (String, Place) -> String? = { text, _ in text }) -> String? {
    var output = ""
    for part in parts {
      switch part {
      case .text(let text): output += text
      case .place(let place):
        guard let text = place.text(in: scope), let written = encode(text, place) else { return nil }
        output += written
      }
    }
    return output
  }
}

/// What is wrong with a template.
struct TemplateProblem: Error, Equatable {
  let message: String
}
