import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// The stretch of time that figures are of.
struct MetricsWindow: Sendable {
  var since: DateTime
  var until: DateTime

  init(_ period: MetricsPeriod, until: DateTime) {
    self.until = until
    since = DateTime(microseconds: until.microseconds - Int64(period.days) * MetricsWindow.day)
  }

  /// The days of it in which something could happen: from the creation on, but one at least.
  func days(createdAt: Int64?) -> Double {
    let start = max(since.microseconds, createdAt ?? since.microseconds)
    return max(1, Double(until.microseconds - start) / Double(MetricsWindow.day))
  }

  fileprivate func fill(_ parameters: inout Parameters) {
    parameters.uuid(MetricsReads.bound(Instant(microseconds: since.microseconds)).uuid)
    parameters.uuid(MetricsReads.bound(Instant(microseconds: until.microseconds)).uuid)
  }

  private static let day: Int64 = 86_400_000_000
}

extension MetricsPeriod {
  var days: Int {
    switch self {
    case .last24Hours: 1
    case .last7Days: 7
    case .last30Days: 30
    case .last90Days: 90
    }
  }
}

/// What runs came to, as it is counted.
struct RunFigures: Sendable, Equatable {
  var runs = 0
  var failures = 0
  var successes = 0
  /// Of successes and failures together.
  var milliseconds = 0

  /// Of the runs that succeeded or failed; nil when there are none.
  var successRate: Double? {
    successes + failures > 0 ? Double(successes) / Double(successes + failures) : nil
  }

  var averageMilliseconds: Int? {
    let ended = successes + failures
    return ended > 0 ? (milliseconds + ended / 2) / ended : nil
  }
}

/// Figures as people read them.
enum MetricsFormat {
  static let none = "–"

  /// `97%`. Only when nothing failed 100%, and only when nothing succeeded 0%.
  static func rate(_ rate: Double?) -> String {
    guard let rate else { return none }
    let percent = Int((rate * 100).rounded())
    if rate > 0, rate < 1 { return "\(min(99, max(1, percent)))%" }
    return "\(percent)%"
  }

  /// `840ms`, `9.4s`, `42s`, `2m 18s`, `3h 5m`, `2d 4h`: two units at most.
  static func duration(milliseconds: Int?) -> String {
    guard let milliseconds else { return none }
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    if seconds < 10 {
      let tenths = milliseconds / 100
      return tenths % 10 == 0 ? "\(seconds)s" : "\(seconds).\(tenths % 10)s"
    }
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return pair(seconds / 60, "m", seconds % 60, "s")
    case ..<86_400: return pair(seconds / 3600, "h", seconds / 60 % 60, "m")
    default: return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
    }
  }

  private static func pair(_ large: Int, _ unit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large)\(unit)" : "\(large)\(unit) \(small)\(smallUnit)"
  }

  /// `140`, `12,400`; below ten with one decimal, `0.3`; what is less than that is `<0.1`.
  static func volume(_ perDay: Double) -> String {
    if perDay == 0 { return "0" }
    if perDay < 0.05 { return "<0.1" }
    let tenths = Int((perDay * 10).rounded())
    if tenths < 100 { return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)" }
    return grouped(Int(perDay.rounded()))
  }

  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text.append(",") }
      text.append(digit.element)
    }
  }
}

extension StudioContext {
  /// The window that arguments name; it ends now unless they say otherwise.
  fileprivate func window(_ period: MetricsPeriod, until: DateTime?) throws -> MetricsWindow {
    // A new id begins with the present milliseconds.
    let now = DateTime(microseconds: Int64(services.makeID().high >> 16) * 1000)
    let end = until ?? now
    guard end.microseconds >= 0, end.microseconds < 4_102_444_800_000_000 else {
      throw ServiceError(.badUserInput, "until must lie between 1970 and 2100.", field: "until")
    }
    return MetricsWindow(period, until: end)
  }
}

extension FlowFields {
  func metrics(_ call: FieldCall, _ arguments: AutomationFlowMetricsArguments) throws -> Resolution {
    let context = try call.studio
    let viewer = try context.requireViewer()
    let window = try context.window(arguments.period, until: arguments.until)
    let statement = call.memo {
      let figures = call.selection.types.flatMap { call.selection.fields(of: $0) }.map {
        call.schema.name(call.schema[$0].name)
      }
      return MetricsReads.flows(
        notes: figures.contains("notes"), figures: figures.contains { $0 != "notes" }, label: "flow_metrics")
    }
    let flows = try call.parents.identifiers("id")
    var parameters = keyParameters(viewer.organizationID, flows.compactMap { $0 })
    window.fill(&parameters)
    return read(statement, parameters, in: context, noun: "flow") { table in
      var found: [Identifier: FlowMetrics] = [:]
      for row in 0..<table.rowCount {
        guard let flow = table.batch.uuid(row, 0)?.identifier else { continue }
        found[flow] = FlowMetrics(
          RunFigures(flowRow: table.batch, row), window,
          days: window.days(createdAt: table.batch.microseconds(row, 1)),
          notes: table.batch.string(row, 2) ?? "")
      }
      let none = FlowMetrics(RunFigures(), window, days: 1, notes: "")
      return .objects(.swift(flows.map { $0.flatMap { found[$0] } ?? none }))
    }
  }
}

extension OrganizationFields {
  func metrics(_ call: FieldCall, _ arguments: OrganizationMetricsArguments) throws -> Resolution {
    let context = try call.studio
    let own = try context.requireViewer().organizationID
    let window = try context.window(arguments.period, until: arguments.until)
    let organizations = try call.parents.identifiers("id")
    guard organizations.contains(own) else { return .ready(.nulls(organizations.count)) }
    let parameters = Parameters {
      $0.uuid(own.uuid)
      window.fill(&$0)
    }
    return read(MetricsReads.organization, parameters, in: context, noun: "organization") { table in
      let metrics = OrganizationMetrics(RunFigures(byStatus: table.batch), window)
      return .optionals(organizations.map { $0 == own ? metrics : nil })
    }
  }
}

extension RunFigures {
  /// A row of `MetricsReads.flows`.
  fileprivate init(flowRow rows: RowBatch, _ row: Int) {
    self.init(
      runs: rows.int(row, 3) ?? 0, failures: rows.int(row, 4) ?? 0, successes: rows.int(row, 5) ?? 0,
      milliseconds: rows.int(row, 6) ?? 0)
  }

  /// The rows of `MetricsReads.organization`.
  fileprivate init(byStatus rows: RowBatch) {
    for row in 0..<rows.rowCount {
      let count = rows.int(row, 1) ?? 0
      runs += count
      switch rows.string(row, 0) {
      case "success": successes += count
      case "failure": failures += count
      default: continue
      }
      milliseconds += rows.int(row, 2) ?? 0
    }
  }
}

extension FlowMetrics {
  init(_ figures: RunFigures, _ window: MetricsWindow, days: Double, notes: String) {
    let perDay = Double(figures.runs) / days
    self.init(
      since: window.since, until: window.until, executionCount: figures.runs,
      failureCount: figures.failures, successRate: figures.successRate,
      successRateText: MetricsFormat.rate(figures.successRate), avgRuntimeMs: figures.averageMilliseconds,
      avgRuntime: MetricsFormat.duration(milliseconds: figures.averageMilliseconds), volumePerDay: perDay,
      volumePerDayText: MetricsFormat.volume(perDay), notes: notes)
  }
}

extension OrganizationMetrics {
  init(_ figures: RunFigures, _ window: MetricsWindow) {
    let perDay = Double(figures.runs) / window.days(createdAt: nil)
    self.init(
      since: window.since, until: window.until, executionCount: figures.runs,
      failureCount: figures.failures, successRate: figures.successRate,
      successRateText: MetricsFormat.rate(figures.successRate), avgRuntimeMs: figures.averageMilliseconds,
      avgRuntime: MetricsFormat.duration(milliseconds: figures.averageMilliseconds), volumePerDay: perDay,
      volumePerDayText: MetricsFormat.volume(perDay))
  }
}
