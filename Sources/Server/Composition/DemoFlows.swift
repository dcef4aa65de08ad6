/// What the demo account contains, as variables of the API's own mutations.
enum DemoFlows {
  static let email = "demo@studio.example"
  static let password = "demo-studio-2026"

  static let integrations = [
    #"{"type": "slack", "name": "Team Slack", "credentials": {"botToken": "xoxb-demo-0000-not-a-real-token"}}"#,
    #"{"type": "stripe", "name": "Shop payments", "credentials": {"secretKey": "sk_test_demo_not_a_real_key"}}"#,
    #"{"type": "github", "name": "Studio repository", "credentials": {"accessToken": "ghp_demo_not_a_real_token"}}"#,
  ]

  /// Each uses all six kinds of nodes; only the first calls out to the internet.
  static let flows = [orders, incidents, digest]

  private static let orders = #"""
    {"name": "Order to fulfilment", "intention": "Check each new order, charge it and tell the warehouse.",
     "nodes": [
      {"key": "order", "title": "New order", "kind": "TRIGGER", "detail": "Input: {id, total, country}"},
      {"key": "paid", "title": "Only paid orders", "kind": "FILTER", "config": {"expression": "input.total > 0"}},
      {"key": "rates", "title": "Look up the carrier", "kind": "ACTION", "integrationId": "$1",
       "config": {"type": "http", "method": "GET", "url": "https://example.com/", "query": {"country": "{{ input.country }}"},
        "timeoutMilliseconds": 5000, "expectedStatuses": ["2xx"]}},
      {"key": "summary", "title": "Summarize", "kind": "TRANSFORM",
       "config": {"mapping": {"order": "nodes.order.output.id", "total": "nodes.order.output.total",
        "isLarge": "nodes.order.output.total >= 500"}}},
      {"key": "size", "title": "Large or small?", "kind": "DECISION", "config": {"mode": "exclusive"}},
      {"key": "hold", "title": "Hold for review", "kind": "DELAY", "config": {"seconds": 20}},
      {"key": "review", "title": "Ask for a review", "kind": "ACTION",
       "config": {"type": "log", "message": "Order {{ input.order }} needs a review", "level": "warn"}},
      {"key": "ship", "title": "Tell the warehouse", "kind": "ACTION", "integrationId": "$0",
       "config": {"type": "log", "message": "Ship order {{ input.order }}"}}],
     "connections": [
      {"from": "order", "to": "paid"}, {"from": "paid", "to": "rates"}, {"from": "rates", "to": "summary"},
      {"from": "summary", "to": "size"},
      {"from": "size", "to": "hold", "label": "large", "condition": "output.isLarge"},
      {"from": "size", "to": "ship", "label": "small"}, {"from": "hold", "to": "review"}]}
    """#

  private static let incidents = #"""
    {"name": "Incident triage", "intention": "Sort alerts by severity and wake somebody only when it matters.",
     "nodes": [
      {"key": "alert", "title": "Alert", "kind": "TRIGGER", "detail": "Input: {service, severity, message}"},
      {"key": "known", "title": "Drop noise", "kind": "FILTER",
       "config": {"expression": "!/healthcheck|heartbeat/.test(input.message || '')"}},
      {"key": "classify", "title": "Classify", "kind": "TRANSFORM",
       "config": {"expression": "({...input, level: input.severity >= 8 ? 'page' : input.severity >= 4 ? 'ticket' : 'note'})"}},
      {"key": "route", "title": "Route", "kind": "DECISION", "config": {"mode": "exclusive"}},
      {"key": "page", "title": "Page the engineer", "kind": "ACTION", "integrationId": "$0",
       "config": {"type": "log", "message": "PAGE: {{ input.service }}: {{ input.message }}", "level": "error"}},
      {"key": "ticket", "title": "Open a ticket", "kind": "ACTION", "integrationId": "$2",
       "config": {"type": "log", "message": "Ticket for {{ input.service }}", "level": "warn"}},
      {"key": "cool", "title": "Cool down", "kind": "DELAY", "config": {"seconds": 5}},
      {"key": "note", "title": "Write it down", "kind": "ACTION",
       "config": {"type": "log", "message": "Noted: {{ input.message }}"}}],
     "connections": [
      {"from": "alert", "to": "known"}, {"from": "known", "to": "classify"}, {"from": "classify", "to": "route"},
      {"from": "route", "to": "page", "label": "page", "condition": "output.level === 'page'"},
      {"from": "route", "to": "ticket", "label": "ticket", "condition": "output.level === 'ticket'"},
      {"from": "route", "to": "cool", "label": "else"}, {"from": "cool", "to": "note"}]}
    """#

  private static let digest = #"""
    {"name": "Weekly sales digest", "intention": "Turn a week of sales into a short report for the team.",
     "nodes": [
      {"key": "week", "title": "End of the week", "kind": "TRIGGER", "detail": "Input: {sales: [{amount, region}]}"},
      {"key": "any", "title": "Any sales at all?", "kind": "FILTER", "config": {"expression": "input.sales.length > 0"}},
      {"key": "totals", "title": "Add up", "kind": "TRANSFORM",
       "config": {"mapping": {"count": "input.sales.length",
        "total": "input.sales.reduce((sum, sale) => sum + sale.amount, 0)",
        "regions": "[...new Set(input.sales.map(sale => sale.region))].sort()"}}},
      {"key": "verdict", "title": "A good week?", "kind": "DECISION", "config": {"mode": "inclusive"}},
      {"key": "cheer", "title": "Celebrate", "kind": "ACTION", "integrationId": "$0",
       "config": {"type": "log", "message": "A great week: {{ input.total }}"}},
      {"key": "wait", "title": "Wait for late bookings", "kind": "DELAY", "config": {"durationMilliseconds": 1500}},
      {"key": "report", "title": "Report", "kind": "ACTION",
       "config": {"type": "log", "message": "{{ nodes.totals.output.count }} sales in {{ nodes.totals.output.regions }}"}}],
     "connections": [
      {"from": "week", "to": "any"}, {"from": "any", "to": "totals"}, {"from": "totals", "to": "verdict"},
      {"from": "verdict", "to": "cheer", "label": "great", "condition": "output.total >= 1000"},
      {"from": "verdict", "to": "wait", "label": "always", "condition": "true"},
      {"from": "wait", "to": "report"}]}
    """#

  /// A flow with its integrations' ids: `$0` stands for that of the first of `integrations`.
  static func naming(_ ids: [String], in flow: String) -> String {
    ids.enumerated().reduce(flow) { $0.replacing("\"$\($1.offset)\"", with: "\"\($1.element)\"") }
  }

  /// The input of past run number `index` of a flow.
  static func input(_ flow: Int, _ index: Int) -> String {
    switch flow {
    case 0: #"{"id": "A-\#(1000 + index)", "total": \#((index * 137) % 900), "country": "DE"}"#
    case 1:
      #"{"service": "checkout", "severity": \#(index % 10), "message": "latency above \#(200 + index) ms"}"#
    default:
      #"{"sales": [{"amount": \#(100 + index), "region": "EU"}, {"amount": \#(index * 31 % 1500), "region": "US"}]}"#
    }
  }
}
