import Foundation
import StudioAPI

/// What a client does in a day. Prints one JSON object of what it saw.
@main
struct Tour {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let url = URL(string: arguments[1]), let streams = URL(string: arguments[2])
    else {
      throw GraphQLFailure.unreadable("usage: Tour URL STREAM-URL EMAIL PASSWORD MOODY-URL")
    }
    let tokens = MemoryTokenStore()
    let client = StudioClient(url: url, tokens: tokens)
    let session = try await client.execute(
      LoginMutation(input: LoginInput(email: arguments[3], password: arguments[4]))
    ).login
    // As if the access token had run out: many requests at once renew it once, or the session would be ended.
    await client.signIn(
      Tokens(accessToken: session.accessToken, refreshToken: session.refreshToken, expiresIn: 0))
    let people = try await withThrowingTaskGroup(of: Person.self) { group in
      for _ in 0..<20 { group.addTask { try await client.execute(ViewerQuery()).viewer.user } }
      var people: [Person] = []
      for try await person in group { people.append(person) }
      return people
    }
    // As if the server had forgotten its keys: it refuses the token, and the client renews it.
    if let current = await tokens.load() {
      await client.signIn(Tokens(accessToken: "forged", refreshToken: current.refreshToken, expiresIn: 900))
    }
    let themed = try await client.execute(SetThemeMutation(theme: .mintVoltage)).setTheme.user

    // A wrong password is no token that has run out: nothing is renewed, nothing sent again.
    let kept = await tokens.load()
    let wrong = try await failure(
      of: LoginMutation(input: LoginInput(email: arguments[3], password: "not-" + arguments[4])), client)
    let isKept = await tokens.load() == kept

    let picture = Upload(pixel, filename: "me.png", contentType: "image/png")
    let avatar = try await client.execute(SetAvatarMutation(file: picture)).setAvatar.user.avatarUrl

    let flow = try await createFlow(client)
    let page = try await client.execute(FlowsQuery(first: 5, withNodes: true)).flows
    let found = try await client.execute(AnythingQuery(id: flow.id)).node
    let conflict = try await failure(
      of: UpdateFlowMutation(
        input: UpdateFlowInput(id: flow.id, name: "Another", expectedRevision: 99)), client)

    let watcher = StudioClient(url: streams, tokens: tokens)
    let run = try await client.execute(
      ExecuteFlowMutation(flowId: flow.id, input: ["order": 7])
    ).executeFlow.execution
    let watched = try await watch(run.id, watcher)

    let report = Report(
      people: people.count, email: people.first?.email, theme: themed.theme.rawValue, avatar: avatar,
      flowName: name(of: found), nodeKeys: page.nodes.first?.nodes?.map(\.key) ?? [],
      conflict: conflict, sequences: watched.sequences, result: watched.result, status: watched.status,
      wrongPassword: isKept ? wrong : nil,
      moody: [
        try await moods(arguments[5], "resumed"), try await moods(arguments[5], "endless"),
        try await moods(arguments[5], "forbidden"),
      ])
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }

  private static func createFlow(_ client: StudioClient) async throws -> FlowCard {
    let input = CreateFlowInput(
      name: "Of a Swift client", intention: "To be watched.",
      nodes: [
        FlowNodeInput(key: "start", title: "Start", kind: .trigger),
        FlowNodeInput(key: "pause", title: "Pause", kind: .delay, config: ["durationMilliseconds": 400]),
        FlowNodeInput(
          key: "double", title: "Double", kind: .transform,
          config: ["expression": "({twice: run.input.order * 2})"]),
      ],
      connections: [
        FlowConnectionInput(from: "start", to: "pause"), FlowConnectionInput(from: "pause", to: "double"),
      ])
    return try await client.execute(CreateFlowMutation(input: input)).createFlow.flow
  }

  private static func name(of node: AnythingQuery.Data.Node?) -> String? {
    if case .automationFlow(let flow) = node { flow.name } else { nil }
  }

  private static func failure<Operation: GraphQLOperation>(
    of operation: Operation, _ client: StudioClient
  ) async throws -> String? {
    do {
      _ = try await client.execute(operation)
      return nil
    } catch let failure as GraphQLFailure {
      return failure.code
    }
  }

  /// What comes of a subscription at a server that has its moods, and how it ends.
  private static func moods(_ url: String, _ mood: String) async throws -> Mood {
    var resuming = StudioClient.Resuming()
    resuming.attempts = 5
    resuming.firstDelay = .milliseconds(10)
    let tokens = MemoryTokenStore(Tokens(accessToken: "a0", refreshToken: "r0", expiresIn: 900))
    guard let place = URL(string: "\(url)/\(mood)") else { return Mood(sequences: []) }
    let client = StudioClient(url: place, tokens: tokens, resuming: resuming)
    var seen = Mood(sequences: [])
    do {
      for try await data in client.subscribe(RunSubscription(id: "exec_1")) {
        seen.sequences.append(data.executionUpdated.sequence)
      }
    } catch let failure as GraphQLFailure {
      seen.code = failure.code
    }
    return seen
  }

  private static func watch(
    _ id: String, _ client: StudioClient
  ) async throws -> (sequences: [Int], result: JSONValue?, status: String?) {
    var sequences: [Int] = []
    var result: JSONValue?
    var status: String?
    for try await data in client.subscribe(RunSubscription(id: id)) {
      sequences.append(data.executionUpdated.sequence)
      if case .executionFinished(let event) = data.executionUpdated {
        result = event.result
        status = event.status.rawValue
      }
    }
    return (sequences, result, status)
  }
}

/// A picture of one pixel.
let pixel =
  Data(
    base64Encoded:
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
  ?? Data()

struct Report: Encodable {
  var people: Int
  var email: String?
  var theme: String
  var avatar: String?
  var flowName: String?
  var nodeKeys: [String]
  var conflict: String?
  var sequences: [Int]
  var result: JSONValue?
  var status: String?
  var wrongPassword: String?
  var moody: [Mood]
}

struct Mood: Encodable {
  var sequences: [Int]
  var code: String?
}
