/// A large schema made by formulas: the shape of a public API of two hundred thousand bytes, with nothing in
/// it that anybody has to download. `Benchmarks/Workloads/w5_query.graphql` is written for it.
enum GeneratedSchema {
  /// Groups of seven types that belong to one record.
  static let recordCount = 60

  static let sdl: String = {
    var text = frame
    text += "type Query {\n  viewer: User!\n  limit: RateLimit!\n" + nodeField
    for number in 0..<recordCount { text += queryFields(number) }
    text += "}\n\ntype Mutation {\n"
    for number in 0..<recordCount { text += mutationField(number) }
    text += "}\n\nunion Found = User | Robot"
    for number in stride(from: 0, to: recordCount, by: 3) { text += " | Record\(number)" }
    text += "\n"
    for number in 0..<recordCount { text += recordTypes(number) }
    return text
  }()

  private static let nodeField = """
      "Looks a record of any kind up by its id."
      node("The id, as another field gave it." id: ID!): Node
      search(text: String!, first: Int = 20): [Found!]!

    """

  private static let frame = """
    "Says who may read what it stands on."
    directive @audience(role: String! = "VIEWER", since: String) repeatable on FIELD_DEFINITION | OBJECT | ENUM

    "An instant in ISO 8601, in UTC."
    scalar Instant @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339")

    "An absolute address."
    scalar Address

    "What has an id."
    interface Node { id: ID! }

    "Who acts: a person or a program."
    interface Actor { login: String! picture(size: Int = 32): Address! }

    interface Dated { createdAt: Instant! updatedAt: Instant }

    type User implements Node & Actor & Dated @audience {
      id: ID!
      login: String!
      picture(size: Int = 32): Address!
      createdAt: Instant!
      updatedAt: Instant
      name: String
      email(hidden: Boolean = true): String!
    }

    type Robot implements Node & Actor {
      id: ID!
      login: String!
      picture(size: Int = 32): Address!
      owner: User!
    }

    enum Direction { "From the smallest." ASC "From the largest." DESC }

    type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }

    type RateLimit { limit: Int! cost: Int! remaining: Int! resetAt: Instant! }


    """

  private static func queryFields(_ number: Int) -> String {
    """
      "One record of kind \(number), by its owner and its name."
      record\(number)(owner: String!, name: String!, follow: Boolean = true): Record\(number)
      "All records of kind \(number) that the viewer may read."
      allRecord\(number)(
        after: String, before: String, first: Int = \(number + 10), last: Int
        orderBy: Record\(number)Order = {field: CREATED_AT, direction: ASC}
      ): Record\(number)Connection!

    """
  }

  private static func mutationField(_ number: Int) -> String {
    """
      "Creates a record of kind \(number)."
      createRecord\(number)("What it begins with." input: CreateRecord\(number)Input!): \
    CreateRecord\(number)Payload @audience(role: "EDITOR")

    """
  }

  /// The record, its connection, edge, order, order's fields, input and payload. Records refer to the next
  /// ones, so that a query can descend.
  private static func recordTypes(_ number: Int) -> String {
    let next = (number + 1) % recordCount
    let later = (number * 7 + 3) % recordCount
    return """

      \"\"\"
      A record of kind \(number).

      It stands for what a service keeps: a few scalars, an author, and lists of other records.
      \"\"\"
      type Record\(number) implements Node & Dated @audience(role: "VIEWER", since: "2026-\(number % 12 + 1)") {
        id: ID!
        createdAt: Instant!
        updatedAt: Instant
        "The name, unique below its owner."
        name: String!
        "What it is for, in the words of its author."
        description(format: String = "text", length: Int = \(number * 10 + 80)): String
        number: Int!
        score: Float
        "Whether nobody else sees it."
        isPrivate: Boolean!
        state: Record\(number)OrderField!
        tags(first: Int = 10, contains: [String!] = ["a", "b"]): [String!]!
        author: Actor
        address: Address!
        legacyNumber: Int @deprecated(reason: "Use `number`.")
        "The records of kind \(next) that belong to this one, a page of them."
        children(
          "Those behind this cursor." after: String
          "How many." first: Int
          labels: [String!]
          orderBy: Record\(next)Order
        ): Record\(next)Connection!
        related: [Record\(later)!]!
        parent: Record\(later)
      }

      "A page of records of kind \(number)."
      type Record\(number)Connection {
        edges: [Record\(number)Edge]
        nodes: [Record\(number)]
        pageInfo: PageInfo!
        "All there are, not only those of this page."
        totalCount: Int!
      }

      type Record\(number)Edge { cursor: String! node: Record\(number) }

      "How records of kind \(number) are ordered."
      input Record\(number)Order { "By what." field: Record\(number)OrderField! direction: Direction! = ASC }

      enum Record\(number)OrderField {
        "When it was made."
        CREATED_AT
        UPDATED_AT
        NAME
        SCORE @deprecated(reason: "Scores are not stable.")
      }

      "What a record of kind \(number) is made from."
      input CreateRecord\(number)Input {
        "Comes back in the payload."
        clientMutationId: String
        name: String!
        description: String = ""
        tags: [String!]! = []
        parentId: ID
        order: Record\(number)Order = {field: NAME, direction: DESC}
      }

      type CreateRecord\(number)Payload { clientMutationId: String record: Record\(number) edge: Record\(number)Edge }

      """
  }
}
