import Connectors
import Flows
import GraphQLEngine
import Postgres
import Resolvers
import Schema
import Secrets
import Storage

/// Everything behind the transports, on a database with an organization's flows: what `studio serve` puts
/// together, without sockets, sandbox and worker.
struct Stage: Sendable {
  /// The nouns, by the number that their ids have.
  enum Noun: Int {
    case organization = 1, user, integration, flow, node, connection, version, run
  }

  let database: Database
  let services: Services
  let engine: Engine

  static let viewer = Viewer(userID: id(.user, 1), organizationID: id(.organization, 1), role: .owner)

  static func id(_ noun: Noun, _ number: Int) -> Identifier {
    Identifier(
      high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(noun.rawValue) << 32 | UInt64(number))
  }

  /// The id on the wire.
  static func text(_ noun: Noun, _ number: Int) -> String {
    let prefix: IdentifierPrefix =
      switch noun {
      case .organization: .organization
      case .user: .user
      case .integration: .integration
      case .flow: .flow
      case .node: .node
      case .connection: .connection
      case .version: .flowVersion
      case .run: .execution
      }
    return id(noun, number).text(prefix)
  }

  /// One connection, so that it does not matter which one a statement takes.
  static func open(_ connectionInfo: String) async throws -> Stage {
    var configuration = try PostgresConfiguration(connectionInfo: connectionInfo)
    configuration.poolSize = 1
    let database = try Database(configuration)
    database.start()
    try await Migrator(database, migrations: migrations).run()
    let now = Instant(microseconds: Int64(SystemClock.unixMilliseconds()) * 1000)
    try await Partitions.ensure(database, at: now)
    try await database.transaction { try await $0.script(rows) }
    let hub = RunEventHub(database)
    let security = SecurityServices(
      hasher: PasswordHasher(cost: 4),
      accessTokens: await AccessTokens(
        configuration: AccessTokens.Configuration(issuer: "https://studio.test"),
        signing: try SigningKey.generate()),
      secrets: SecretBox(current: MasterKey.generate()), identifiers: UUIDv7Generator())
    let runs = RunServices(
      expressions: AcceptingChecker(), events: hub, notifier: RunNotifier(hub: hub),
      deliverer: IdleDeliverer())
    let services = Services(
      database: database, security: security, runs: runs,
      connectors: try ConnectorCatalogue(manifests: []), refreshTokenSeconds: 604_800)
    return Stage(database: database, services: services, engine: Engine(try StudioSchema.executable()))
  }

  /// A user with 7 integrations and 20 flows of 8 nodes, 7 connections and 5 runs each.
  private static let rows = """
    CREATE FUNCTION pg_temp.id(noun int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
      SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(noun), 4, '0') || lpad(to_hex(number), 8, '0'))::uuid
    $$;
    INSERT INTO organizations (id, name) VALUES (pg_temp.id(1, 1), 'Requests');
    INSERT INTO users (id, email, name) VALUES (pg_temp.id(2, 1), 'user1@example.test', 'User 1');
    INSERT INTO memberships (organization_id, user_id, role)
      VALUES (pg_temp.id(1, 1), pg_temp.id(2, 1), 'owner');
    INSERT INTO user_organizations (user_id, organization_id) VALUES (pg_temp.id(2, 1), pg_temp.id(1, 1));
    INSERT INTO integrations (organization_id, id, user_id, name, category, type, credentials, is_connected)
      SELECT pg_temp.id(1, 1), pg_temp.id(3, k), pg_temp.id(2, 1), 'Integration ' || k, 'messaging', 'slack',
        'x', k % 3 <> 0 FROM generate_series(1, 7) k;
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, status)
      SELECT pg_temp.id(1, 1), pg_temp.id(4, f), pg_temp.id(2, 1), 'Flow ' || f,
        'Collect, check and forward the events of source ' || f || ' so that nobody has to do it "twice".',
        'active' FROM generate_series(1, 20) f;
    INSERT INTO automation_nodes (organization_id, id, flow_id, key, title, kind, detail, integration_id,
        config, node_order)
      SELECT pg_temp.id(1, 1), pg_temp.id(5, f * 10 + n), pg_temp.id(4, f), 'step' || n,
        'Step ' || n || ' of flow ' || f, CASE n WHEN 1 THEN 'trigger' ELSE 'action' END,
        'Detail of step ' || n,
        CASE WHEN n % 3 > 0 THEN pg_temp.id(3, 1 + (f + n) % 7) END, '{"type": "log", "message": "done"}', n
      FROM generate_series(1, 20) f, generate_series(1, 8) n;
    INSERT INTO automation_connections (organization_id, id, flow_id, from_node_id, to_node_id, label,
        connection_order)
      SELECT pg_temp.id(1, 1), pg_temp.id(6, f * 10 + n), pg_temp.id(4, f), pg_temp.id(5, f * 10 + n),
        pg_temp.id(5, f * 10 + n + 1), CASE WHEN n % 2 > 0 THEN 'then ' || n END, n
      FROM generate_series(1, 20) f, generate_series(1, 7) n;
    INSERT INTO flow_versions (organization_id, id, flow_id, number, revision, definition)
      SELECT pg_temp.id(1, 1), pg_temp.id(7, f), pg_temp.id(4, f), 1, 1, '{}' FROM generate_series(1, 20) f;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status,
        start_time, end_time, duration)
      SELECT pg_temp.id(1, 1), pg_temp.id(8, r), pg_temp.id(4, 1 + r % 20), 'Flow ' || 1 + r % 20,
        pg_temp.id(7, 1 + r % 20), pg_temp.id(2, 1), 'success', now(), now(), r
      FROM generate_series(1, 100) r;
    """
}

/// There is no sandbox, and no expression either.
private struct AcceptingChecker: ExpressionChecker {
  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    expressions.map { _ in nil }
  }
}

/// There is no webhook.
private struct IdleDeliverer: WebhookDeliverer {
  var leaseMilliseconds: Int64 { 60_000 }
  func problem(withURL url: String) -> String? { nil }
  func deliver(_ delivery: ClaimedDelivery) async -> Bool { true }
}
