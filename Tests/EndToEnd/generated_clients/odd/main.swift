// Reads answers into the client of a schema with odd names, and writes its variables.
import Foundation

func read<Value: Decodable>(_ json: String) throws -> Value {
  try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}

let words = [
  "self", "Self", "Type", "type", "_2D", "_", "unknown", "UNKNOWN", "TWO_WORDS", "two_words", "twoWords",
  "rawValue",
  "RAW_VALUE", "new",
]
for word in words { precondition(Word(rawValue: word).rawValue == word, word) }
precondition(Word(rawValue: "_2D") == ._2D && Word(rawValue: "unknown") == .unknown_)
precondition(Set(Word.allCases.map(\.rawValue)).count == 30)

let data: UnionsQuery.Data = try read(
  #"""
  {"union": [{"__typename": "class", "id": "1", "name": null, "nid": "1"},
    {"__typename": "Other", "id": "2", "value": 3, "nid": "2"}, {"__typename": "Value", "v": "x", "more": {"a": 1}},
    {"__typename": "Later"}], "unionOne": {"__typename": "Other", "id": "2"}}
  """#)
guard case .class(let first) = data.union?[0], case .otherObject(let second) = data.union?[1],
  case .value(let third) = data.union?[2], case .other(let last) = data.union?[3]
else { fatalError("\(data)") }
precondition(first.nid == "1" && second.value == 3 && third.v == "x" && last.__typename == "Later")

let leaf: LeafQuery.Data = try read(#"{"unionOne": {"__typename": "class", "class": "class", "id": "7"}}"#)
guard case .classObject(let object) = leaf.unionOne else { fatalError("\(leaf)") }
precondition(object.id == "7" && leaf.unionOne.class == "class")

var variables = WordsQuery(
  in: .self, self: .value(`self`(in: 1, self: .value(`self`(class: .null)))), x: true)
variables.class = .value(.self("text"))
let encoder = JSONEncoder()
encoder.outputFormatting = .sortedKeys
print(String(decoding: try encoder.encode(variables), as: UTF8.self))
