import GraphQLEngine
import Testing

@testable import Schema

/// What the schema's scalars accept.
@Suite struct ScalarTests {
  @Test func `DateTime accepts RFC 3339 strings alone`() throws {
    #expect(try Scalars.dateTime("2026-11-21T09:30:00+01:00") == "2026-11-21T09:30:00+01:00")
    for value: InputValue in ["yesterday", 0, 1.5, true, .null, [], .enumValue("NOW")] {
      #expect(throws: ScalarError.self) { try Scalars.dateTime(value) }
    }
  }

  @Test(arguments: [
    "ada@example.com", "a@b.co", "first.last+tag@sub.example.org", "o'brien@example.ie", "x_1-2@3com.com",
    "ADA@EXAMPLE.COM", "!#$%&'*+/=?^_`{|}~-@example.com",
  ])
  func `an e-mail address is accepted`(_ text: String) throws {
    #expect(try Scalars.emailAddress(.string(text)) == .string(text))
  }

  @Test(arguments: [
    "", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "ada@-example.com",
    "ada@example-.com",
    "ada@example..com", "ada@.com", "ada lovelace@example.com", "ada@exa mple.com", "ada@example.com\n",
    "ädа@example.com", "ada@exämple.com", "\"ada\"@example.com", "ada@[127.0.0.1]", "a,b@example.com",
  ])
  func `what is no e-mail address is refused`(_ text: String) {
    #expect(throws: ScalarError.self) { try Scalars.emailAddress(.string(text)) }
  }

  @Test func `an e-mail address has bounds`() throws {
    let local = String(repeating: "a", count: 64)
    let label = String(repeating: "b", count: 59)
    let longest = "\(local)@\(label).\(label).\(label).bbbbbbbb"
    #expect(longest.utf8.count == 253)
    #expect(Scalars.isEmailAddress(longest + "b"))
    #expect(!Scalars.isEmailAddress(longest + "bb"))
    #expect(!Scalars.isEmailAddress("a" + local + "@example.com"))
    #expect(!Scalars.isEmailAddress("a@" + String(repeating: "c", count: 64) + ".com"))
    #expect(throws: ScalarError.self) { try Scalars.emailAddress(7) }
  }

  @Test func `JSON accepts any value up to its depth`() throws {
    let values: [InputValue] = [.null, true, 1, 2.5, "text", [1, [2, "x"]], ["a": ["b": [.null]]], [], [:]]
    for value in values { #expect(try Scalars.json(value) == value) }
    #expect(throws: ScalarError.self) { try Scalars.json(["a": [.enumValue("RED")]]) }
    #expect(try Scalars.json(Self.nested(63)) == Self.nested(63))
    #expect(throws: ScalarError.self) { try Scalars.json(Self.nested(64)) }
    #expect(throws: ScalarError.self) { try Scalars.json(Self.nested(1000)) }
  }

  /// Lists in lists around a number.
  private static func nested(_ depth: Int) -> InputValue {
    var value: InputValue = 1
    for _ in 0..<depth { value = [value] }
    return value
  }

  @Test func `a cursor is a short string`() throws {
    #expect(try Scalars.cursor("cursor_x") == "cursor_x")
    #expect(throws: ScalarError.self) { try Scalars.cursor(.string(String(repeating: "x", count: 129))) }
    #expect(throws: ScalarError.self) { try Scalars.cursor(1) }
  }

  @Test func `each role may do what the ones below it may`() {
    #expect(Role.allCases.sorted() == [.viewer, .operator, .editor, .admin, .owner])
    for (place, role) in Role.allCases.enumerated() {
      for below in Role.allCases[place...] { #expect(role >= below) }
    }
  }

  @Test func `generated enums read and write the schema's names`() throws {
    #expect(try NodeKind(input: .enumValue("DELAY")) == .delay)
    #expect(throws: InputMismatch.self) { try NodeKind(input: "DREAM") }
    var writer = JSONWriter(capacity: 64)
    Theme.mintVoltage.write(to: &writer)
    #expect(writer.text == "\"MINT_VOLTAGE\"")
  }

  @Test func `an input object knows what was given`() throws {
    let input = try UpdateNodeInput(input: ["id": "node_1", "integrationId": .null])
    #expect(input.gives("integrationId") && input.gives("id") && !input.gives("title"))
    #expect(input.integrationId == nil && input.title == nil && input.id == "node_1")
    #expect(throws: InputMismatch.self) { try UpdateNodeInput(input: ["id": 1]) }
  }
}
