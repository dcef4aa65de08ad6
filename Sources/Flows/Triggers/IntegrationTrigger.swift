/// Which event of which connector starts runs, and how it is heard of. A value; stored as JSON with its
/// trigger. What the words mean is for the connector's manifest to say.
public struct IntegrationTrigger: Sendable, Equatable {
  /// How events are heard of.
  public enum Mode: String, CaseIterable, Sendable {
    /// The service sends them to the trigger's URL.
    case webhook
    /// The service is asked.
    case poll
  }

  /// Runs that one poll starts.
  public static let itemCounts = 1...500
  /// Seconds between polls at most.
  public static let maximumInterval = 86_400
  /// Failures in a row after which a trigger is shown as failing.
  public static let failuresUntilMarked = 5

  /// The manifest's type and the key of its trigger.
  public var connector: String
  public var trigger: String
  public var mode: Mode
  /// An object, with the defaults of the manifest's schema.
  public var settings: JSONValue = [:]
  /// Of webhooks: the names of the events that count; empty for all.
  public var events: [String] = []
  public var intervalSeconds = 300
  public var maximumItems = 100
  /// Whether what the service has already starts runs too.
  public var startsAtBeginning = false
  /// The name of the account that it had where it comes from, while it has none here.
  public var accountName: String?

  public init(connector: String, trigger: String, mode: Mode) {
    self.connector = connector
    self.trigger = trigger
    self.mode = mode
  }

  /// What is stored; nil for what another version has written.
  public init?(_ json: JSONValue) {
    guard let connector = json["connector"]?.string, let trigger = json["trigger"]?.string,
      let mode = json["mode"]?.string.flatMap(Mode.init(rawValue:))
    else { return nil }
    self.init(connector: connector, trigger: trigger, mode: mode)
    settings = json["settings"] ?? settings
    events = json["events"]?.array?.compactMap(\.string) ?? events
    intervalSeconds = json["intervalSeconds"]?.integer.map { Int(clamping: $0) } ?? intervalSeconds
    maximumItems = json["maximumItems"]?.integer.map { Int(clamping: $0) } ?? maximumItems
    startsAtBeginning = json["startsAtBeginning"] == .bool(true)
    accountName = json["accountName"]?.string
  }

  public var json: JSONValue {
    var object: JSONObject = [
      "connector": .string(connector), "trigger": .string(trigger), "mode": .string(mode.rawValue),
      "settings": settings, "events": .array(events.map { .string($0) }),
      "intervalSeconds": .integer(Int64(intervalSeconds)), "maximumItems": .integer(Int64(maximumItems)),
      "startsAtBeginning": .bool(startsAtBeginning),
    ]
    if let accountName { object["accountName"] = .string(accountName) }
    return .object(object)
  }

  /// Whether polls of both find the same, so that one can go on where the other was.
  public func continues(_ former: IntegrationTrigger) -> Bool {
    connector == former.connector && trigger == former.trigger && settings == former.settings
      && startsAtBeginning == former.startsAtBeginning
  }

  /// What a run gets: the event, and what it is.
  public func input(event: JSONValue, name: String?, integration: Identifier) -> JSONValue {
    [
      "integration": .string(integration.text(.integration)), "connector": .string(connector),
      "trigger": .string(trigger), "name": JSONValue(name), "event": event,
    ]
  }
}
