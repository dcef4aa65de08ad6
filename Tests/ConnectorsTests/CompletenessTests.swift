import Connectors
import Flows
import Testing

/// Each of the services has what its documentation offers: a refusal and a limit that are played as they
/// come, limits that are kept to, pages, a trigger. What is missing has a reason here, and a reason whose
/// thing is not missing is refused too, so that nothing can go missing unseen.
@Suite struct CompletenessTests {
  /// What a service has in the place of something.
  struct Instead: Sendable {
    let status: Int
    let reason: String
  }

  /// The 46 that were asked for, Google Sheets and PagerDuty.
  static let services = """
    airtable anthropic asana assemblyai bitbucket box clickup deepgram discord dropbox elevenlabs facebook \
    figma freshdesk github gitlab gmail google_ai google_calendar google_drive google_sheets hubspot hugging_face \
    instagram intercom jira linear linkedin microsoft_teams monday notion onedrive openai outlook pagerduty \
    quickbooks salesforce sharepoint shopify slack stripe trello whatsapp x xero youtube zendesk zoom
    """.split(separator: " ").map(String.init)

  /// The Studio's own connectors, which stand for no service.
  static let own: Set = ["http", "smtp"]

  /// Services that refuse credentials with another status than 401.
  static let refusals: [String: Instead] = [
    "facebook": Instead(
      status: 400, reason: "The Graph API's list of errors has code 190 for tokens and names no status."),
    "instagram": Instead(
      status: 400, reason: "The Graph API's list of errors has code 190 for tokens and names no status."),
    "figma": Instead(
      status: 403, reason: "Its OpenAPI description has 403 for these operations, and 401 for none of them."),
    "slack": Instead(
      status: 200, reason: "The Web API answers with 200, \"ok\": false and the error, here invalid_auth."),
  ]

  /// Services that tell that it is too much with another status than 429.
  static let limits: [String: Instead] = [
    "facebook": Instead(status: 400, reason: "Throttling is told by the codes 4, 17, 32, 613 and 80001."),
    "instagram": Instead(status: 400, reason: "Throttling is told by the codes 4, 17, 32, 613 and 80002."),
    "linear": Instead(status: 400, reason: "GraphQL errors with the code RATELIMITED come with 400."),
    "salesforce": Instead(status: 403, reason: "REQUEST_LIMIT_EXCEEDED comes with 403."),
  ]

  /// Services whose documentation tells no limits that calls could be counted by.
  static let withoutLimits: [String: String] = [
    "deepgram": "Limits are of requests at the same time, of a project.",
    "elevenlabs": "Limits are of requests at the same time, by the plan; none by time is published.",
    "linkedin": "Numbers are not published, no header tells them; an app's own are shown in its portal.",
    "youtube": "A day's quota counts units, of a project; an operation costs 1 to 100 of them.",
  ]

  /// Services that offer neither events nor a list that could be asked for what is new.
  static let withoutTriggers: [String: String] = [
    "google_sheets": "The Sheets API has no events and lists nothing; google_drive tells of changed files."
  ]

  /// What lists something and has no pages, by the reason.
  static let withoutPages: [String: [String]] = [
    "the documentation has neither a parameter nor a cursor for pages: the list comes whole": [
      "airtable.list_tables", "assemblyai.get_paragraphs", "assemblyai.search_words",
      "clickup.list_workspaces", "clickup.list_spaces", "clickup.list_lists", "deepgram.list_projects",
      "deepgram.list_models", "deepgram.get_balances", "discord.list_channels", "elevenlabs.list_models",
      "figma.list_comments", "figma.list_team_projects", "figma.list_project_files", "gmail.list_labels",
      "jira.list_transitions", "openai.list_models", "pagerduty.list_abilities", "trello.list_boards",
      "trello.list_lists", "xero.list_connections",
    ],
    "all cards of a list come, 1,000 at most; before and since are for actions": ["trello.list_cards"],
    "a search gives 2,000 records at most and no further ones": ["salesforce.search"],
    "the caller's own query says where a page begins": ["quickbooks.query"],
    "its cursor stays good behind the last page, so that callers keep it": ["dropbox.list_folder_continue"],
    "its pages are periods of time, which the caller chooses": [
      "facebook.get_insights", "instagram.get_insights",
    ],
    "the caller says which range to read": ["google_sheets.read_values"],
    "it finds one thing": ["slack.find_user_by_email"],
    "it answers for the calendars and times that were asked for": ["google_calendar.find_busy_times"],
    "it answers one thing with what belongs to it": [
      "airtable.get_account", "asana.get_me", "gmail.get_message", "gmail.get_thread",
      "google_calendar.get_event", "google_drive.get_file", "google_sheets.get_spreadsheet",
      "hugging_face.whoami", "hugging_face.classify", "hugging_face.summarize", "hugging_face.get_model",
      "notion.get_database", "openai.get_response", "outlook.get_message", "salesforce.describe_object",
      "shopify.get_order", "stripe.get_balance", "youtube.get_video", "youtube.get_my_channel",
      "youtube.get_channel", "zendesk.get_ticket",
    ],
  ]

  @Test func `every service has a manifest, and every manifest is a service's or the Studio's own`() {
    #expect(Self.services.count == 48)
    #expect(Set(ConnectorFiles.manifests.map(\.name)) == Set(Self.services).union(Self.own))
  }

  @Test(arguments: services)
  func `credentials are refused with 401, or as the service documents it`(_ service: String) throws {
    try checkAnswers(service, "AUTHENTICATION", 401, Self.refusals)
  }

  @Test(arguments: services)
  func `too many requests are refused with 429, or as the service documents it`(_ service: String) throws {
    try checkAnswers(service, "RATE_LIMITED", 429, Self.limits)
  }

  private func checkAnswers(
    _ service: String, _ failure: String, _ usual: Int, _ table: [String: Instead]
  ) throws {
    let file = try #require(ConnectorFiles.exchanges.first { $0.name == service })
    let statuses = try Exchanges(file).all.filter { $0.error?["class"]?.string == failure }
      .compactMap { $0.steps.last?["answer"]?["status"]?.integer }
    if let instead = table[service] {
      #expect(statuses.contains(Int64(instead.status)), "\(instead.reason) It is not played.")
      #expect(!statuses.contains(Int64(usual)), "It is played with \(usual): the table is out of date.")
    } else {
      #expect(statuses.contains(Int64(usual)), "No exchange with \(usual), and no reason in the table.")
    }
  }

  @Test(arguments: services)
  func `limits are declared, or the documentation tells none`(_ service: String) throws {
    let limits = try ConnectorFiles.manifest(service).rateLimits
    let isDeclared = !limits.headers.isEmpty || !limits.limits.isEmpty || !limits.retryIn.isEmpty
    #expect(isDeclared == (Self.withoutLimits[service] == nil))
  }

  @Test(arguments: services)
  func `what lists something has pages, or a reason for none`(_ service: String) throws {
    let reasons = Set(Self.withoutPages.values.joined())
    for operation in try ConnectorFiles.manifest(service).operations {
      let name = "\(service).\(operation.key)"
      let lists = operation.paging == nil && Self.lists(operation)
      #expect(lists == reasons.contains(name), "\(name)")
    }
  }

  @Test func `each reason for no pages is of an operation that is there`() throws {
    for name in Self.withoutPages.values.joined() {
      let parts = name.split(separator: ".").map(String.init)
      #expect(try ConnectorFiles.manifest(parts[0]).operation(parts[1]) != nil, "\(name)")
    }
  }

  /// By its name or its output.
  private static func lists(_ operation: Connectors.Operation) -> Bool {
    let isNamedSo = ["list_", "search", "find_", "query", "read_"].contains { operation.key.hasPrefix($0) }
    let output = operation.output
    let hasList = output.value["properties"]?.object?.members.contains { $0.value["type"] == "array" } == true
    return isNamedSo || output.value["type"] == "array" || operation.request.method == "GET" && hasList
  }

  @Test(arguments: services)
  func `a service has a trigger, or offers none`(_ service: String) throws {
    let triggers = try ConnectorFiles.manifest(service).triggers
    #expect(triggers.isEmpty == (Self.withoutTriggers[service] != nil))
  }
}
