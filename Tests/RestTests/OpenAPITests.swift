import GraphQLEngine
import Testing

@testable import Rest

/// The description is made from the operations and the schema's own words.
@Suite struct OpenAPITests {
  private func document(_ texts: String) throws -> InputValue {
    let table = try Small.table(texts)
    return try JSONReader.read(OpenAPIDocument(table: table, version: "1.2.3").bytes)
  }

  @Test func `an operation has parameters with types, bounds and defaults`() throws {
    let operation = try #require(try document(Small.list)["paths"]?["/api/things"]?["get"])
    #expect(operation["operationId"] == "listThings" && operation["description"] == "All of them.")
    #expect(operation["security"] == [])
    let parameters = try #require(operation["parameters"]?.list)
    #expect(
      parameters[0] == [
        "name": "first", "in": "query", "description": "The page's length, 1 to 100.",
        "schema": ["type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 20],
      ])
    #expect(parameters[3]["schema"] == ["type": "array", "items": ["$ref": "#/components/schemas/Colour"]])
    #expect(parameters.last?["name"] == "If-None-Match")
    let headers = operation["responses"]?["200"]?["headers"]
    #expect(headers?["Link"] != nil && headers?["ETag"] != nil && headers?["Location"] == nil)
  }

  @Test func `a body has properties, and null where it is allowed`() throws {
    let operation = try #require(try document(Small.change)["paths"]?["/api/things/{id}"]?["put"])
    let schema = operation["requestBody"]?["content"]?["application/json"]?["schema"]
    #expect(operation["requestBody"]?["required"] == true && operation["security"] == nil)
    #expect(schema?["required"] == ["title", "key"] && schema?["additionalProperties"] == false)
    #expect(
      schema?["properties"]?["title"] == [
        "type": "string", "minLength": 1, "maxLength": 200, "description": "1 to 200 characters.",
      ])
    let answers = operation["responses"]?.object?.fields.map(\.name)
    #expect(
      answers == ["200", "400", "401", "403", "404", "406", "409", "412", "413", "415", "429", "500", "503"])
    let body = operation["responses"]?["200"]?["content"]?["application/json"]?["schema"]
    #expect(body?["properties"]?["name"]?["type"] == ["string", "null"])
    #expect(body?["required"] == ["id", "name", "revision"])
  }

  @Test func `what has no words of its own has those of the answer's field`() throws {
    let document = OpenAPIDocument(table: try Checkout.table(), version: "1").value
    let create = document["paths"]?["/api/v1/flows"]?["post"]?["requestBody"]?["content"]?["application/json"]
    let name = create?["schema"]?["properties"]?["name"]
    #expect(name?["description"] == "1 to 200 characters." && name?["maxLength"] == 200)
    #expect(create?["schema"]?["properties"]?["intention"]?["maxLength"] == 2000)
  }

  @Test func `fragments are schemas of their name`() throws {
    let table = try Small.table(
      Small.get.replacing("id name revision", with: "...Shape"), "fragment Shape on Thing { id parts { id } }"
    )
    let document = OpenAPIDocument(table: table, version: "1").value
    let operation = document["paths"]?["/api/things/{id}"]?["get"]
    #expect(
      operation?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
        == ["$ref": "#/components/schemas/Shape"])
    #expect(document["components"]?["schemas"]?["Shape"]?["properties"]?["parts"]?["type"] == "array")
  }

  @Test(arguments: [
    ("1 to 200 characters.", 1...200), ("Up to 2,000 characters.", 0...2000),
    ("A JavaScript expression; up to 4,000 characters.", 0...4000),
    ("1 to 200 characters; unique.", 1...200),
  ])
  func `lengths are read from descriptions`(_ text: String, _ range: ClosedRange<Int>) {
    #expect(OpenAPIBounds(text).characters == range)
  }

  @Test func `numbers and entries are read from descriptions`() {
    #expect(OpenAPIBounds("The page's length, 1 to 100.").numbers == 1...100)
    #expect(OpenAPIBounds("The place among the flow's nodes, from 0.").numbers == 0...2_147_483_647)
    #expect(OpenAPIBounds("At most 500, in the order of display.").entries == 0...500)
    #expect(OpenAPIBounds("At most 20, each 1 to 100 characters.").entries == 0...20)
    #expect(OpenAPIBounds("1 to 500 flows.").entries == 1...500)
    #expect(OpenAPIBounds("8 to 72 bytes in UTF-8.") == OpenAPIBounds(nil))
  }

  @Test func `every parameter and property of the repository's endpoints is described or plain`() throws {
    let document = OpenAPIDocument(table: try Checkout.table(), version: "1").value
    var first = 0
    for (_, operations) in try #require(document["paths"]?.object).fields.map({ ($0.name, $0.value) }) {
      for operation in operations.object?.fields ?? [] {
        #expect(operation.value["summary"] != nil)
        for parameter in operation.value["parameters"]?.list ?? [] where parameter["name"] == "first" {
          #expect(parameter["schema"]?["maximum"] == 100)
          first += 1
        }
      }
    }
    #expect(first >= 6)
  }
}
