// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// Where a page stands in its list.
public struct PageInfo: Sendable {
  /// Whether more items follow.
  public var hasNextPage: Bool
  /// Whether items precede.
  public var hasPreviousPage: Bool
  /// The cursor of the first item; null on an empty page.
  public var startCursor: String?
  /// The cursor of the last item; null on an empty page.
  public var endCursor: String?

  public init(hasNextPage: Bool, hasPreviousPage: Bool, startCursor: String?, endCursor: String?) {
    self.hasNextPage = hasNextPage
    self.hasPreviousPage = hasPreviousPage
    self.startCursor = startCursor
    self.endCursor = endCursor
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("PageInfo", "hasNextPage", .leaf(Leaves.HasNextPageLeaf.self))
    wiring.bind("PageInfo", "hasPreviousPage", .leaf(Leaves.HasPreviousPageLeaf.self))
    wiring.bind("PageInfo", "startCursor", .leaf(Leaves.StartCursorLeaf.self))
    wiring.bind("PageInfo", "endCursor", .leaf(Leaves.EndCursorLeaf.self))
  }

  private enum Leaves {
  enum HasNextPageLeaf: LeafField {
    static func write(_ row: UnsafePointer<PageInfo>, _ out: inout JSONWriter) {
      out.write(row.pointee.hasNextPage)
    }
  }
  enum HasPreviousPageLeaf: LeafField {
    static func write(_ row: UnsafePointer<PageInfo>, _ out: inout JSONWriter) {
      out.write(row.pointee.hasPreviousPage)
    }
  }
  enum StartCursorLeaf: LeafField {
    static func write(_ row: UnsafePointer<PageInfo>, _ out: inout JSONWriter) {
      out.write(row.pointee.startCursor)
    }
  }
  enum EndCursorLeaf: LeafField {
    static func write(_ row: UnsafePointer<PageInfo>, _ out: inout JSONWriter) {
      out.write(row.pointee.endCursor)
    }
  }
  }
}

/// How long what happened is kept. Null leaves it to the server's default; 0 keeps all of it for ever.
public struct Retention: Sendable {
  /// Days after which runs that are over are forgotten.
  public var runDays: Int?
  /// Runs that are kept, the newest.
  public var runCount: Int?
  /// Days after which events of the audit log are forgotten.
  public var auditDays: Int?

  public init(runDays: Int?, runCount: Int?, auditDays: Int?) {
    self.runDays = runDays
    self.runCount = runCount
    self.auditDays = auditDays
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("Retention", "runDays", .leaf(Leaves.RunDaysLeaf.self))
    wiring.bind("Retention", "runCount", .leaf(Leaves.RunCountLeaf.self))
    wiring.bind("Retention", "auditDays", .leaf(Leaves.AuditDaysLeaf.self))
  }

  private enum Leaves {
  enum RunDaysLeaf: LeafField {
    static func write(_ row: UnsafePointer<Retention>, _ out: inout JSONWriter) {
      out.write(row.pointee.runDays)
    }
  }
  enum RunCountLeaf: LeafField {
    static func write(_ row: UnsafePointer<Retention>, _ out: inout JSONWriter) {
      out.write(row.pointee.runCount)
    }
  }
  enum AuditDaysLeaf: LeafField {
    static func write(_ row: UnsafePointer<Retention>, _ out: inout JSONWriter) {
      out.write(row.pointee.auditDays)
    }
  }
  }
}

/// What a user chose for the clients; the server keeps it and does not use it.
public struct UserPreferences: Sendable {
  /// A BCP 47 tag, `en` or `pt-BR`; null when none was chosen.
  public var language: String?
  /// A name of the IANA time zone database, `Europe/Paris`; null when none was chosen.
  public var timeZone: String?
  /// What clients keep beside that; an object, by default an empty one.
  public var values: RawJSON

  public init(language: String?, timeZone: String?, values: RawJSON) {
    self.language = language
    self.timeZone = timeZone
    self.values = values
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("UserPreferences", "language", .leaf(Leaves.LanguageLeaf.self))
    wiring.bind("UserPreferences", "timeZone", .leaf(Leaves.TimeZoneLeaf.self))
    wiring.bind("UserPreferences", "values", .leaf(Leaves.ValuesLeaf.self))
  }

  private enum Leaves {
  enum LanguageLeaf: LeafField {
    static func write(_ row: UnsafePointer<UserPreferences>, _ out: inout JSONWriter) {
      out.write(row.pointee.language)
    }
  }
  enum TimeZoneLeaf: LeafField {
    static func write(_ row: UnsafePointer<UserPreferences>, _ out: inout JSONWriter) {
      out.write(row.pointee.timeZone)
    }
  }
  enum ValuesLeaf: LeafField {
    static func write(_ row: UnsafePointer<UserPreferences>, _ out: inout JSONWriter) {
      out.write(row.pointee.values)
    }
  }
  }
}

/// Something that a connector can do: the `operation` of an action node with `type: "connector"`.
public struct ConnectorOperation: Sendable {
  /// The operation's short name: `create_issue`.
  public var key: String
  public var name: String
  public var description: String
  /// The page of the service's documentation.
  public var documentation: String?
  /// The JSON Schema of the input.
  public var inputSchema: RawJSON
  /// The JSON Schema of the output.
  public var outputSchema: RawJSON
  /// Whether it gives `items` and `next`, and takes `limit` and `cursor`.
  public var isPaged: Bool
  /// Whether it may be done twice without harm.
  public var isRepeatable: Bool

  public init(key: String, name: String, description: String, documentation: String?, inputSchema: RawJSON, outputSchema: RawJSON, isPaged: Bool, isRepeatable: Bool) {
    self.key = key
    self.name = name
    self.description = description
    self.documentation = documentation
    self.inputSchema = inputSchema
    self.outputSchema = outputSchema
    self.isPaged = isPaged
    self.isRepeatable = isRepeatable
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("ConnectorOperation", "key", .leaf(Leaves.KeyLeaf.self))
    wiring.bind("ConnectorOperation", "name", .leaf(Leaves.NameLeaf.self))
    wiring.bind("ConnectorOperation", "description", .leaf(Leaves.DescriptionLeaf.self))
    wiring.bind("ConnectorOperation", "documentation", .leaf(Leaves.DocumentationLeaf.self))
    wiring.bind("ConnectorOperation", "inputSchema", .leaf(Leaves.InputSchemaLeaf.self))
    wiring.bind("ConnectorOperation", "outputSchema", .leaf(Leaves.OutputSchemaLeaf.self))
    wiring.bind("ConnectorOperation", "isPaged", .leaf(Leaves.IsPagedLeaf.self))
    wiring.bind("ConnectorOperation", "isRepeatable", .leaf(Leaves.IsRepeatableLeaf.self))
  }

  private enum Leaves {
  enum KeyLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.key)
    }
  }
  enum NameLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.name)
    }
  }
  enum DescriptionLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.description)
    }
  }
  enum DocumentationLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.documentation)
    }
  }
  enum InputSchemaLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.inputSchema)
    }
  }
  enum OutputSchemaLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.outputSchema)
    }
  }
  enum IsPagedLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.isPaged)
    }
  }
  enum IsRepeatableLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorOperation>, _ out: inout JSONWriter) {
      out.write(row.pointee.isRepeatable)
    }
  }
  }
}

/// Something that happens at a service.
public struct ConnectorTrigger: Sendable {
  /// The trigger's short name: `repository_event`.
  public var key: String
  public var name: String
  public var description: String
  public var documentation: String?
  public var kind: ConnectorTriggerKind
  /// The names of the events that the service documents.
  public var events: [String]
  /// What is to be done at the service; null where nothing is.
  public var setup: String?
  /// The JSON Schema of what the flow's author chooses.
  public var settingsSchema: RawJSON
  /// The JSON Schema of an event.
  public var outputSchema: RawJSON

  public init(key: String, name: String, description: String, documentation: String?, kind: ConnectorTriggerKind, events: [String], setup: String?, settingsSchema: RawJSON, outputSchema: RawJSON) {
    self.key = key
    self.name = name
    self.description = description
    self.documentation = documentation
    self.kind = kind
    self.events = events
    self.setup = setup
    self.settingsSchema = settingsSchema
    self.outputSchema = outputSchema
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("ConnectorTrigger", "key", .leaf(Leaves.KeyLeaf.self))
    wiring.bind("ConnectorTrigger", "name", .leaf(Leaves.NameLeaf.self))
    wiring.bind("ConnectorTrigger", "description", .leaf(Leaves.DescriptionLeaf.self))
    wiring.bind("ConnectorTrigger", "documentation", .leaf(Leaves.DocumentationLeaf.self))
    wiring.bind("ConnectorTrigger", "kind", .leaf(Leaves.KindLeaf.self))
    wiring.bind("ConnectorTrigger", "events", .leaf(Leaves.EventsLeaf.self))
    wiring.bind("ConnectorTrigger", "setup", .leaf(Leaves.SetupLeaf.self))
    wiring.bind("ConnectorTrigger", "settingsSchema", .leaf(Leaves.SettingsSchemaLeaf.self))
    wiring.bind("ConnectorTrigger", "outputSchema", .leaf(Leaves.OutputSchemaLeaf.self))
  }

  private enum Leaves {
  enum KeyLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.key)
    }
  }
  enum NameLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.name)
    }
  }
  enum DescriptionLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.description)
    }
  }
  enum DocumentationLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.documentation)
    }
  }
  enum KindLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.kind)
    }
  }
  enum EventsLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(list: row.pointee.events)
    }
  }
  enum SetupLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.setup)
    }
  }
  enum SettingsSchemaLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.settingsSchema)
    }
  }
  enum OutputSchemaLeaf: LeafField {
    static func write(_ row: UnsafePointer<ConnectorTrigger>, _ out: inout JSONWriter) {
      out.write(row.pointee.outputSchema)
    }
  }
  }
}

/// What the runs of a flow came to, as numbers and as people read them.
public struct FlowMetrics: Sendable {
  /// Where the time begins.
  public var since: DateTime
  /// Where it ends.
  public var until: DateTime
  /// Runs that were accepted in the time, whatever became of them.
  public var executionCount: Int
  /// Runs that failed.
  public var failureCount: Int
  /// Of the runs that succeeded or failed, how many succeeded: 0 to 1; null when none did either.
  public var successRate: Double?
  /// `97%`, or `–`.
  public var successRateText: String
  /// From start to end of the runs that succeeded or failed, in milliseconds; null when there are none.
  public var avgRuntimeMs: Int?
  /// `2m 18s`, or `–`.
  public var avgRuntime: String
  /// Runs for each day of the time since the flow was created.
  public var volumePerDay: Double
  /// `140`, `0.3`.
  public var volumePerDayText: String
  /// What the owner noted about them; up to 2,000 characters, changed by `updateFlow`.
  public var notes: String

  public init(since: DateTime, until: DateTime, executionCount: Int, failureCount: Int, successRate: Double?, successRateText: String, avgRuntimeMs: Int?, avgRuntime: String, volumePerDay: Double, volumePerDayText: String, notes: String) {
    self.since = since
    self.until = until
    self.executionCount = executionCount
    self.failureCount = failureCount
    self.successRate = successRate
    self.successRateText = successRateText
    self.avgRuntimeMs = avgRuntimeMs
    self.avgRuntime = avgRuntime
    self.volumePerDay = volumePerDay
    self.volumePerDayText = volumePerDayText
    self.notes = notes
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("FlowMetrics", "since", .leaf(Leaves.SinceLeaf.self))
    wiring.bind("FlowMetrics", "until", .leaf(Leaves.UntilLeaf.self))
    wiring.bind("FlowMetrics", "executionCount", .leaf(Leaves.ExecutionCountLeaf.self))
    wiring.bind("FlowMetrics", "failureCount", .leaf(Leaves.FailureCountLeaf.self))
    wiring.bind("FlowMetrics", "successRate", .leaf(Leaves.SuccessRateLeaf.self))
    wiring.bind("FlowMetrics", "successRateText", .leaf(Leaves.SuccessRateTextLeaf.self))
    wiring.bind("FlowMetrics", "avgRuntimeMs", .leaf(Leaves.AvgRuntimeMsLeaf.self))
    wiring.bind("FlowMetrics", "avgRuntime", .leaf(Leaves.AvgRuntimeLeaf.self))
    wiring.bind("FlowMetrics", "volumePerDay", .leaf(Leaves.VolumePerDayLeaf.self))
    wiring.bind("FlowMetrics", "volumePerDayText", .leaf(Leaves.VolumePerDayTextLeaf.self))
    wiring.bind("FlowMetrics", "notes", .leaf(Leaves.NotesLeaf.self))
  }

  private enum Leaves {
  enum SinceLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.since)
    }
  }
  enum UntilLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.until)
    }
  }
  enum ExecutionCountLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.executionCount)
    }
  }
  enum FailureCountLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.failureCount)
    }
  }
  enum SuccessRateLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.successRate)
    }
  }
  enum SuccessRateTextLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.successRateText)
    }
  }
  enum AvgRuntimeMsLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.avgRuntimeMs)
    }
  }
  enum AvgRuntimeLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.avgRuntime)
    }
  }
  enum VolumePerDayLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.volumePerDay)
    }
  }
  enum VolumePerDayTextLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.volumePerDayText)
    }
  }
  enum NotesLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.notes)
    }
  }
  }
}

/// What the runs of an organization came to, as numbers and as people read them.
public struct OrganizationMetrics: Sendable {
  /// Where the time begins.
  public var since: DateTime
  /// Where it ends.
  public var until: DateTime
  /// Runs that were accepted in the time, whatever became of them.
  public var executionCount: Int
  /// Runs that failed.
  public var failureCount: Int
  /// Of the runs that succeeded or failed, how many succeeded: 0 to 1; null when none did either.
  public var successRate: Double?
  /// `97%`, or `–`.
  public var successRateText: String
  /// From start to end of the runs that succeeded or failed, in milliseconds; null when there are none.
  public var avgRuntimeMs: Int?
  /// `2m 18s`, or `–`.
  public var avgRuntime: String
  /// Runs for each day of the time.
  public var volumePerDay: Double
  /// `140`, `0.3`.
  public var volumePerDayText: String

  public init(since: DateTime, until: DateTime, executionCount: Int, failureCount: Int, successRate: Double?, successRateText: String, avgRuntimeMs: Int?, avgRuntime: String, volumePerDay: Double, volumePerDayText: String) {
    self.since = since
    self.until = until
    self.executionCount = executionCount
    self.failureCount = failureCount
    self.successRate = successRate
    self.successRateText = successRateText
    self.avgRuntimeMs = avgRuntimeMs
    self.avgRuntime = avgRuntime
    self.volumePerDay = volumePerDay
    self.volumePerDayText = volumePerDayText
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("OrganizationMetrics", "since", .leaf(Leaves.SinceLeaf.self))
    wiring.bind("OrganizationMetrics", "until", .leaf(Leaves.UntilLeaf.self))
    wiring.bind("OrganizationMetrics", "executionCount", .leaf(Leaves.ExecutionCountLeaf.self))
    wiring.bind("OrganizationMetrics", "failureCount", .leaf(Leaves.FailureCountLeaf.self))
    wiring.bind("OrganizationMetrics", "successRate", .leaf(Leaves.SuccessRateLeaf.self))
    wiring.bind("OrganizationMetrics", "successRateText", .leaf(Leaves.SuccessRateTextLeaf.self))
    wiring.bind("OrganizationMetrics", "avgRuntimeMs", .leaf(Leaves.AvgRuntimeMsLeaf.self))
    wiring.bind("OrganizationMetrics", "avgRuntime", .leaf(Leaves.AvgRuntimeLeaf.self))
    wiring.bind("OrganizationMetrics", "volumePerDay", .leaf(Leaves.VolumePerDayLeaf.self))
    wiring.bind("OrganizationMetrics", "volumePerDayText", .leaf(Leaves.VolumePerDayTextLeaf.self))
  }

  private enum Leaves {
  enum SinceLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.since)
    }
  }
  enum UntilLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.until)
    }
  }
  enum ExecutionCountLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.executionCount)
    }
  }
  enum FailureCountLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.failureCount)
    }
  }
  enum SuccessRateLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.successRate)
    }
  }
  enum SuccessRateTextLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.successRateText)
    }
  }
  enum AvgRuntimeMsLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.avgRuntimeMs)
    }
  }
  enum AvgRuntimeLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.avgRuntime)
    }
  }
  enum VolumePerDayLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.volumePerDay)
    }
  }
  enum VolumePerDayTextLeaf: LeafField {
    static func write(_ row: UnsafePointer<OrganizationMetrics>, _ out: inout JSONWriter) {
      out.write(row.pointee.volumePerDayText)
    }
  }
  }
}

/// One field that differs.
public struct FieldDifference: Sendable {
  /// The field; of a node's settings the path: `config.url`.
  public var field: String
  /// Null where there was none.
  public var before: RawJSON?
  /// Null where there is none.
  public var after: RawJSON?

  public init(field: String, before: RawJSON?, after: RawJSON?) {
    self.field = field
    self.before = before
    self.after = after
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("FieldDifference", "field", .leaf(Leaves.FieldLeaf.self))
    wiring.bind("FieldDifference", "before", .leaf(Leaves.BeforeLeaf.self))
    wiring.bind("FieldDifference", "after", .leaf(Leaves.AfterLeaf.self))
  }

  private enum Leaves {
  enum FieldLeaf: LeafField {
    static func write(_ row: UnsafePointer<FieldDifference>, _ out: inout JSONWriter) {
      out.write(row.pointee.field)
    }
  }
  enum BeforeLeaf: LeafField {
    static func write(_ row: UnsafePointer<FieldDifference>, _ out: inout JSONWriter) {
      out.write(row.pointee.before)
    }
  }
  enum AfterLeaf: LeafField {
    static func write(_ row: UnsafePointer<FieldDifference>, _ out: inout JSONWriter) {
      out.write(row.pointee.after)
    }
  }
  }
}

/// Something wrong with a flow's graph, or with one of its triggers.
public struct FlowProblem: Sendable {
  /// A stable name of the problem: `CYCLE`, `UNKNOWN_NODE`, `INVALID_EXPRESSION`; docs/flows.md lists them.
  public var code: String
  public var severity: FlowProblemSeverity
  /// For people; names the node.
  public var message: String
  /// The key of the node that it concerns.
  public var nodeKey: String?
  /// The part of the input that is wrong: `nodes.2.config.url`.
  public var field: String?

  public init(code: String, severity: FlowProblemSeverity, message: String, nodeKey: String?, field: String?) {
    self.code = code
    self.severity = severity
    self.message = message
    self.nodeKey = nodeKey
    self.field = field
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("FlowProblem", "code", .leaf(Leaves.CodeLeaf.self))
    wiring.bind("FlowProblem", "severity", .leaf(Leaves.SeverityLeaf.self))
    wiring.bind("FlowProblem", "message", .leaf(Leaves.MessageLeaf.self))
    wiring.bind("FlowProblem", "nodeKey", .leaf(Leaves.NodeKeyLeaf.self))
    wiring.bind("FlowProblem", "field", .leaf(Leaves.FieldLeaf.self))
  }

  private enum Leaves {
  enum CodeLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowProblem>, _ out: inout JSONWriter) {
      out.write(row.pointee.code)
    }
  }
  enum SeverityLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowProblem>, _ out: inout JSONWriter) {
      out.write(row.pointee.severity)
    }
  }
  enum MessageLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowProblem>, _ out: inout JSONWriter) {
      out.write(row.pointee.message)
    }
  }
  enum NodeKeyLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowProblem>, _ out: inout JSONWriter) {
      out.write(row.pointee.nodeKey)
    }
  }
  enum FieldLeaf: LeafField {
    static func write(_ row: UnsafePointer<FlowProblem>, _ out: inout JSONWriter) {
      out.write(row.pointee.field)
    }
  }
  }
}

/// What went wrong in a run or a node.
public struct ExecutionError: Sendable {
  /// For people; without secrets.
  public var message: String
  /// A stable name of the failure: `UNEXPECTED_STATUS`, `EXPRESSION_FAILED`, `REQUEST_TIMEOUT`.
  public var code: String
  /// The node that failed, in an error of a run; null when the run itself did.
  public var nodeId: String?

  public init(message: String, code: String, nodeId: String?) {
    self.message = message
    self.code = code
    self.nodeId = nodeId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("ExecutionError", "message", .leaf(Leaves.MessageLeaf.self))
    wiring.bind("ExecutionError", "code", .leaf(Leaves.CodeLeaf.self))
    wiring.bind("ExecutionError", "nodeId", .leaf(Leaves.NodeIdLeaf.self))
  }

  private enum Leaves {
  enum MessageLeaf: LeafField {
    static func write(_ row: UnsafePointer<ExecutionError>, _ out: inout JSONWriter) {
      out.write(row.pointee.message)
    }
  }
  enum CodeLeaf: LeafField {
    static func write(_ row: UnsafePointer<ExecutionError>, _ out: inout JSONWriter) {
      out.write(row.pointee.code)
    }
  }
  enum NodeIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<ExecutionError>, _ out: inout JSONWriter) {
      out.write(row.pointee.nodeId)
    }
  }
  }
}

/// A kind of event that a webhook can ask for.
public struct EventType: Sendable {
  public var type: WebhookEventType
  /// The `type` of what is sent: `execution.succeeded`.
  public var name: String
  public var description: String

  public init(type: WebhookEventType, name: String, description: String) {
    self.type = type
    self.name = name
    self.description = description
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("EventType", "type", .leaf(Leaves.TypeLeaf.self))
    wiring.bind("EventType", "name", .leaf(Leaves.NameLeaf.self))
    wiring.bind("EventType", "description", .leaf(Leaves.DescriptionLeaf.self))
  }

  private enum Leaves {
  enum TypeLeaf: LeafField {
    static func write(_ row: UnsafePointer<EventType>, _ out: inout JSONWriter) {
      out.write(row.pointee.type)
    }
  }
  enum NameLeaf: LeafField {
    static func write(_ row: UnsafePointer<EventType>, _ out: inout JSONWriter) {
      out.write(row.pointee.name)
    }
  }
  enum DescriptionLeaf: LeafField {
    static func write(_ row: UnsafePointer<EventType>, _ out: inout JSONWriter) {
      out.write(row.pointee.description)
    }
  }
  }
}

/// When runs are started by the clock.
public struct TriggerSchedule: Sendable {
  /// `minute hour day-of-month month day-of-week`, with seconds in front if there are six fields; or `@daily` and the like.
  public var cron: String
  /// An IANA name, `Europe/London`, or `UTC`.
  public var timeZone: String
  public var overlap: ScheduleOverlap
  public var catchUp: ScheduleCatchUp
  /// How old an instant may be that is made up for, in seconds.
  public var catchUpWindowSeconds: Int
  /// Each instant is fired up to so many seconds later, always as many for the same instant.
  public var jitterSeconds: Int
  public var daylightSaving: ScheduleDaylightSaving
  /// The next ten instants from now, without jitter, whether the trigger is active or not.
  public var nextFireTimes: [DateTime]

  public init(cron: String, timeZone: String, overlap: ScheduleOverlap, catchUp: ScheduleCatchUp, catchUpWindowSeconds: Int, jitterSeconds: Int, daylightSaving: ScheduleDaylightSaving, nextFireTimes: [DateTime]) {
    self.cron = cron
    self.timeZone = timeZone
    self.overlap = overlap
    self.catchUp = catchUp
    self.catchUpWindowSeconds = catchUpWindowSeconds
    self.jitterSeconds = jitterSeconds
    self.daylightSaving = daylightSaving
    self.nextFireTimes = nextFireTimes
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("TriggerSchedule", "cron", .leaf(Leaves.CronLeaf.self))
    wiring.bind("TriggerSchedule", "timeZone", .leaf(Leaves.TimeZoneLeaf.self))
    wiring.bind("TriggerSchedule", "overlap", .leaf(Leaves.OverlapLeaf.self))
    wiring.bind("TriggerSchedule", "catchUp", .leaf(Leaves.CatchUpLeaf.self))
    wiring.bind("TriggerSchedule", "catchUpWindowSeconds", .leaf(Leaves.CatchUpWindowSecondsLeaf.self))
    wiring.bind("TriggerSchedule", "jitterSeconds", .leaf(Leaves.JitterSecondsLeaf.self))
    wiring.bind("TriggerSchedule", "daylightSaving", .leaf(Leaves.DaylightSavingLeaf.self))
    wiring.bind("TriggerSchedule", "nextFireTimes", .leaf(Leaves.NextFireTimesLeaf.self))
  }

  private enum Leaves {
  enum CronLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.cron)
    }
  }
  enum TimeZoneLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.timeZone)
    }
  }
  enum OverlapLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.overlap)
    }
  }
  enum CatchUpLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.catchUp)
    }
  }
  enum CatchUpWindowSecondsLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.catchUpWindowSeconds)
    }
  }
  enum JitterSecondsLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.jitterSeconds)
    }
  }
  enum DaylightSavingLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(row.pointee.daylightSaving)
    }
  }
  enum NextFireTimesLeaf: LeafField {
    static func write(_ row: UnsafePointer<TriggerSchedule>, _ out: inout JSONWriter) {
      out.write(list: row.pointee.nextFireTimes)
    }
  }
  }
}

/// Something that happens at a service, and how a trigger hears of it.
public struct IntegrationEvent: Sendable {
  /// The integration's connector: `github`.
  public var connector: String
  /// The key of one of the connector's triggers: `issue_changed`.
  public var trigger: String
  /// Whether the service sends it or is asked.
  public var mode: ConnectorTriggerKind
  /// What was chosen, by the trigger's `settingsSchema`; with its defaults.
  public var settings: RawJSON
  /// Of `WEBHOOK`: the names of the events that start runs; empty for all.
  public var events: [String]
  /// Of `WEBHOOK`: where the service is to send. Who knows it may send: null for the role `VIEWER`.
  public var url: String?
  /// Of `POLL`: the time between two polls.
  public var intervalSeconds: Int?
  /// Of `POLL`: runs that one poll starts at most; the rest comes with the next ones.
  public var maximumItems: Int?
  /// Of `POLL`.
  public var start: PollStart?
  /// Of `POLL`: when the service was last asked, with success or without.
  public var lastPolledAt: DateTime?
  /// Of `POLL`: when it is asked next; null while the trigger is switched off.
  public var nextPollAt: DateTime?
  /// Of `POLL`: why the last poll failed; null when it did not.
  public var lastError: String?
  /// Of `POLL`: failures in a row.
  public var failures: Int
  /// Of `POLL`: whether five polls in a row have failed. The trigger is asked less and less often, and never given up.
  public var isFailing: Bool

  public init(connector: String, trigger: String, mode: ConnectorTriggerKind, settings: RawJSON, events: [String], url: String?, intervalSeconds: Int?, maximumItems: Int?, start: PollStart?, lastPolledAt: DateTime?, nextPollAt: DateTime?, lastError: String?, failures: Int, isFailing: Bool) {
    self.connector = connector
    self.trigger = trigger
    self.mode = mode
    self.settings = settings
    self.events = events
    self.url = url
    self.intervalSeconds = intervalSeconds
    self.maximumItems = maximumItems
    self.start = start
    self.lastPolledAt = lastPolledAt
    self.nextPollAt = nextPollAt
    self.lastError = lastError
    self.failures = failures
    self.isFailing = isFailing
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("IntegrationEvent", "connector", .leaf(Leaves.ConnectorLeaf.self))
    wiring.bind("IntegrationEvent", "trigger", .leaf(Leaves.TriggerLeaf.self))
    wiring.bind("IntegrationEvent", "mode", .leaf(Leaves.ModeLeaf.self))
    wiring.bind("IntegrationEvent", "settings", .leaf(Leaves.SettingsLeaf.self))
    wiring.bind("IntegrationEvent", "events", .leaf(Leaves.EventsLeaf.self))
    wiring.bind("IntegrationEvent", "url", .leaf(Leaves.UrlLeaf.self))
    wiring.bind("IntegrationEvent", "intervalSeconds", .leaf(Leaves.IntervalSecondsLeaf.self))
    wiring.bind("IntegrationEvent", "maximumItems", .leaf(Leaves.MaximumItemsLeaf.self))
    wiring.bind("IntegrationEvent", "start", .leaf(Leaves.StartLeaf.self))
    wiring.bind("IntegrationEvent", "lastPolledAt", .leaf(Leaves.LastPolledAtLeaf.self))
    wiring.bind("IntegrationEvent", "nextPollAt", .leaf(Leaves.NextPollAtLeaf.self))
    wiring.bind("IntegrationEvent", "lastError", .leaf(Leaves.LastErrorLeaf.self))
    wiring.bind("IntegrationEvent", "failures", .leaf(Leaves.FailuresLeaf.self))
    wiring.bind("IntegrationEvent", "isFailing", .leaf(Leaves.IsFailingLeaf.self))
  }

  private enum Leaves {
  enum ConnectorLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.connector)
    }
  }
  enum TriggerLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.trigger)
    }
  }
  enum ModeLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.mode)
    }
  }
  enum SettingsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.settings)
    }
  }
  enum EventsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(list: row.pointee.events)
    }
  }
  enum UrlLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.url)
    }
  }
  enum IntervalSecondsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.intervalSeconds)
    }
  }
  enum MaximumItemsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.maximumItems)
    }
  }
  enum StartLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.start)
    }
  }
  enum LastPolledAtLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.lastPolledAt)
    }
  }
  enum NextPollAtLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.nextPollAt)
    }
  }
  enum LastErrorLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.lastError)
    }
  }
  enum FailuresLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.failures)
    }
  }
  enum IsFailingLeaf: LeafField {
    static func write(_ row: UnsafePointer<IntegrationEvent>, _ out: inout JSONWriter) {
      out.write(row.pointee.isFailing)
    }
  }
  }
}

/// How a trigger takes requests from outside.
public struct IncomingWebhook: Sendable {
  /// Where requests go, by any method. Who knows it may send: null for the role `VIEWER`.
  public var url: String?
  public var signature: WebhookSignatureScheme
  /// Seconds that a signed time may lie before or behind now.
  public var toleranceSeconds: Int
  /// The header by which a delivery that comes twice is known; null for the one of the signature's scheme.
  public var deliveryHeader: String?
  public var answer: WebhookAnswer
  /// The key of the node whose output is the answer.
  public var answerNodeKey: String?
  /// After so long the sender is told the run's id, and the run goes on.
  public var answerTimeoutMs: Int

  public init(url: String?, signature: WebhookSignatureScheme, toleranceSeconds: Int, deliveryHeader: String?, answer: WebhookAnswer, answerNodeKey: String?, answerTimeoutMs: Int) {
    self.url = url
    self.signature = signature
    self.toleranceSeconds = toleranceSeconds
    self.deliveryHeader = deliveryHeader
    self.answer = answer
    self.answerNodeKey = answerNodeKey
    self.answerTimeoutMs = answerTimeoutMs
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("IncomingWebhook", "url", .leaf(Leaves.UrlLeaf.self))
    wiring.bind("IncomingWebhook", "signature", .leaf(Leaves.SignatureLeaf.self))
    wiring.bind("IncomingWebhook", "toleranceSeconds", .leaf(Leaves.ToleranceSecondsLeaf.self))
    wiring.bind("IncomingWebhook", "deliveryHeader", .leaf(Leaves.DeliveryHeaderLeaf.self))
    wiring.bind("IncomingWebhook", "answer", .leaf(Leaves.AnswerLeaf.self))
    wiring.bind("IncomingWebhook", "answerNodeKey", .leaf(Leaves.AnswerNodeKeyLeaf.self))
    wiring.bind("IncomingWebhook", "answerTimeoutMs", .leaf(Leaves.AnswerTimeoutMsLeaf.self))
  }

  private enum Leaves {
  enum UrlLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.url)
    }
  }
  enum SignatureLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.signature)
    }
  }
  enum ToleranceSecondsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.toleranceSeconds)
    }
  }
  enum DeliveryHeaderLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.deliveryHeader)
    }
  }
  enum AnswerLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.answer)
    }
  }
  enum AnswerNodeKeyLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.answerNodeKey)
    }
  }
  enum AnswerTimeoutMsLeaf: LeafField {
    static func write(_ row: UnsafePointer<IncomingWebhook>, _ out: inout JSONWriter) {
      out.write(row.pointee.answerTimeoutMs)
    }
  }
  }
}

public struct LogoutPayload: Sendable {
  /// Whether a session was ended; false when the token was not known.
  public var wasSignedIn: Bool

  public init(wasSignedIn: Bool) {
    self.wasSignedIn = wasSignedIn
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("LogoutPayload", "wasSignedIn", .leaf(Leaves.WasSignedInLeaf.self))
  }

  private enum Leaves {
  enum WasSignedInLeaf: LeafField {
    static func write(_ row: UnsafePointer<LogoutPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.wasSignedIn)
    }
  }
  }
}

public struct RevokeSessionPayload: Sendable {
  public var revokedId: String

  public init(revokedId: String) {
    self.revokedId = revokedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("RevokeSessionPayload", "revokedId", .leaf(Leaves.RevokedIdLeaf.self))
  }

  private enum Leaves {
  enum RevokedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<RevokeSessionPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.revokedId)
    }
  }
  }
}

public struct RevokeInvitationPayload: Sendable {
  public var revokedId: String

  public init(revokedId: String) {
    self.revokedId = revokedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("RevokeInvitationPayload", "revokedId", .leaf(Leaves.RevokedIdLeaf.self))
  }

  private enum Leaves {
  enum RevokedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<RevokeInvitationPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.revokedId)
    }
  }
  }
}

public struct RemoveMemberPayload: Sendable {
  public var removedId: String

  public init(removedId: String) {
    self.removedId = removedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("RemoveMemberPayload", "removedId", .leaf(Leaves.RemovedIdLeaf.self))
  }

  private enum Leaves {
  enum RemovedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<RemoveMemberPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.removedId)
    }
  }
  }
}

public struct LeaveOrganizationPayload: Sendable {
  public var leftId: String

  public init(leftId: String) {
    self.leftId = leftId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("LeaveOrganizationPayload", "leftId", .leaf(Leaves.LeftIdLeaf.self))
  }

  private enum Leaves {
  enum LeftIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<LeaveOrganizationPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.leftId)
    }
  }
  }
}

public struct StartIntegrationOAuthPayload: Sendable {
  /// Where to send the user.
  public var authorizationUrl: String
  /// What comes back with the code; yours alone.
  public var state: String
  /// Until then it must be ended.
  public var expiresAt: DateTime

  public init(authorizationUrl: String, state: String, expiresAt: DateTime) {
    self.authorizationUrl = authorizationUrl
    self.state = state
    self.expiresAt = expiresAt
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("StartIntegrationOAuthPayload", "authorizationUrl", .leaf(Leaves.AuthorizationUrlLeaf.self))
    wiring.bind("StartIntegrationOAuthPayload", "state", .leaf(Leaves.StateLeaf.self))
    wiring.bind("StartIntegrationOAuthPayload", "expiresAt", .leaf(Leaves.ExpiresAtLeaf.self))
  }

  private enum Leaves {
  enum AuthorizationUrlLeaf: LeafField {
    static func write(_ row: UnsafePointer<StartIntegrationOAuthPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.authorizationUrl)
    }
  }
  enum StateLeaf: LeafField {
    static func write(_ row: UnsafePointer<StartIntegrationOAuthPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.state)
    }
  }
  enum ExpiresAtLeaf: LeafField {
    static func write(_ row: UnsafePointer<StartIntegrationOAuthPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.expiresAt)
    }
  }
  }
}

public struct DeleteIntegrationPayload: Sendable {
  public var deletedId: String

  public init(deletedId: String) {
    self.deletedId = deletedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("DeleteIntegrationPayload", "deletedId", .leaf(Leaves.DeletedIdLeaf.self))
  }

  private enum Leaves {
  enum DeletedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<DeleteIntegrationPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.deletedId)
    }
  }
  }
}

public struct DeleteFlowPayload: Sendable {
  public var deletedId: String

  public init(deletedId: String) {
    self.deletedId = deletedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("DeleteFlowPayload", "deletedId", .leaf(Leaves.DeletedIdLeaf.self))
  }

  private enum Leaves {
  enum DeletedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<DeleteFlowPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.deletedId)
    }
  }
  }
}

/// What a flow that was duplicated, imported or restored lacks.
public struct CopyWarning: Sendable {
  public var code: CopyWarningCode
  /// A sentence for people.
  public var message: String
  /// What it is about: `triggers.1.webhook`, `errorFlow`, `nodes.2.flow`.
  public var field: String

  public init(code: CopyWarningCode, message: String, field: String) {
    self.code = code
    self.message = message
    self.field = field
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("CopyWarning", "code", .leaf(Leaves.CodeLeaf.self))
    wiring.bind("CopyWarning", "message", .leaf(Leaves.MessageLeaf.self))
    wiring.bind("CopyWarning", "field", .leaf(Leaves.FieldLeaf.self))
  }

  private enum Leaves {
  enum CodeLeaf: LeafField {
    static func write(_ row: UnsafePointer<CopyWarning>, _ out: inout JSONWriter) {
      out.write(row.pointee.code)
    }
  }
  enum MessageLeaf: LeafField {
    static func write(_ row: UnsafePointer<CopyWarning>, _ out: inout JSONWriter) {
      out.write(row.pointee.message)
    }
  }
  enum FieldLeaf: LeafField {
    static func write(_ row: UnsafePointer<CopyWarning>, _ out: inout JSONWriter) {
      out.write(row.pointee.field)
    }
  }
  }
}

public struct ExportFlowPayload: Sendable {
  /// docs/flows.md tells its format.
  public var document: RawJSON

  public init(document: RawJSON) {
    self.document = document
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("ExportFlowPayload", "document", .leaf(Leaves.DocumentLeaf.self))
  }

  private enum Leaves {
  enum DocumentLeaf: LeafField {
    static func write(_ row: UnsafePointer<ExportFlowPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.document)
    }
  }
  }
}

/// An integration that a document of a flow names and the organization does not have.
public struct MissingIntegration: Sendable {
  /// The key of the node that used it.
  public var nodeKey: String
  /// The connector's type: `slack`.
  public var type: String
  /// The integration's name where the flow was exported.
  public var name: String

  public init(nodeKey: String, type: String, name: String) {
    self.nodeKey = nodeKey
    self.type = type
    self.name = name
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("MissingIntegration", "nodeKey", .leaf(Leaves.NodeKeyLeaf.self))
    wiring.bind("MissingIntegration", "type", .leaf(Leaves.TypeLeaf.self))
    wiring.bind("MissingIntegration", "name", .leaf(Leaves.NameLeaf.self))
  }

  private enum Leaves {
  enum NodeKeyLeaf: LeafField {
    static func write(_ row: UnsafePointer<MissingIntegration>, _ out: inout JSONWriter) {
      out.write(row.pointee.nodeKey)
    }
  }
  enum TypeLeaf: LeafField {
    static func write(_ row: UnsafePointer<MissingIntegration>, _ out: inout JSONWriter) {
      out.write(row.pointee.type)
    }
  }
  enum NameLeaf: LeafField {
    static func write(_ row: UnsafePointer<MissingIntegration>, _ out: inout JSONWriter) {
      out.write(row.pointee.name)
    }
  }
  }
}

public struct DeleteWorkbenchPayload: Sendable {
  public var deletedId: String

  public init(deletedId: String) {
    self.deletedId = deletedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("DeleteWorkbenchPayload", "deletedId", .leaf(Leaves.DeletedIdLeaf.self))
  }

  private enum Leaves {
  enum DeletedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<DeleteWorkbenchPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.deletedId)
    }
  }
  }
}

public struct DeleteWebhookPayload: Sendable {
  public var deletedId: String

  public init(deletedId: String) {
    self.deletedId = deletedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("DeleteWebhookPayload", "deletedId", .leaf(Leaves.DeletedIdLeaf.self))
  }

  private enum Leaves {
  enum DeletedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<DeleteWebhookPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.deletedId)
    }
  }
  }
}

public struct RemoveTriggerPayload: Sendable {
  public var deletedId: String

  public init(deletedId: String) {
    self.deletedId = deletedId
  }

  static func bind(into wiring: inout Wiring) {
    wiring.bind("RemoveTriggerPayload", "deletedId", .leaf(Leaves.DeletedIdLeaf.self))
  }

  private enum Leaves {
  enum DeletedIdLeaf: LeafField {
    static func write(_ row: UnsafePointer<RemoveTriggerPayload>, _ out: inout JSONWriter) {
      out.write(row.pointee.deletedId)
    }
  }
  }
}
