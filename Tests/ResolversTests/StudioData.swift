import Flows
import Resolvers
import Schema

/// The rows that tests begin with. Ids and times are fixed, so that answers can be compared word for word.
///
/// An id is `01900000-0000-7000-8000-` and twelve digits: two for the noun, the rest for the number. The
/// organization
/// of Ada, Eve, Otto and Vera has all the data; Bob is alone in his own.
enum StudioData {
  /// The nouns, by the two digits that their ids have.
  enum Noun: Int {
    case user = 1, organization, integration, flow, node, connection, version, execution, nodeLog, workbench,
      session, webhook, delivery, apiKey, membership, invitation, auditEvent, trigger, triggerDelivery
  }

  static func id(_ noun: Noun, _ number: Int) -> Identifier {
    Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | uuidDigits(noun, number))
  }

  /// Twelve decimal digits read as hexadecimal ones.
  private static func uuidDigits(_ noun: Noun, _ number: Int) -> UInt64 {
    UInt64(String(noun.rawValue * 1_000_000 + number), radix: 16) ?? 0
  }

  /// The id on the wire.
  static func text(_ noun: Noun, _ number: Int) -> String {
    let prefix: IdentifierPrefix =
      switch noun {
      case .user: .user
      case .organization: .organization
      case .integration: .integration
      case .flow: .flow
      case .node: .node
      case .connection: .connection
      case .version: .flowVersion
      case .execution: .execution
      case .nodeLog: .nodeLog
      case .workbench: .workbench
      case .session: .session
      case .webhook: .webhook
      case .delivery: .webhookDelivery
      case .apiKey: .apiKey
      case .membership: .membership
      case .invitation: .invitation
      case .auditEvent: .auditEvent
      case .trigger: .trigger
      case .triggerDelivery: .triggerDelivery
      }
    return id(noun, number).text(prefix)
  }

  static let ada = Viewer(userID: id(.user, 1), organizationID: id(.organization, 1), role: .owner)
  static let eve = Viewer(userID: id(.user, 2), organizationID: id(.organization, 1), role: .editor)
  static let otto = Viewer(userID: id(.user, 3), organizationID: id(.organization, 1), role: .operator)
  static let vera = Viewer(userID: id(.user, 4), organizationID: id(.organization, 1), role: .viewer)
  static let bob = Viewer(userID: id(.user, 9), organizationID: id(.organization, 9), role: .owner)

  static let manifests: [(name: String, text: String)] = [
    (
      "slack.json",
      """
      {"format": 1, "type": "slack", "name": "Slack", "category": "messaging",
       "description": "Messages to channels.", "baseUrl": "https://slack.test",
       "authentication": [{"kind": "bearer", "token": "{credentials.token}"}],
       "credentials": {"type": "object", "required": ["token"], "additionalProperties": false,
        "properties": {"token": {"type": "string", "title": "Token", "description": "A token.",
          "minLength": 8, "maxLength": 10000, "writeOnly": true},
         "workspace": {"type": "string", "title": "Workspace", "description": "Its name.", "maxLength": 100}}},
       "test": {"operation": "list_channels"},
       "operations": {
        "send_message": {"name": "Send", "description": "Sends a text.", "output": {"type": "object"},
         "input": {"type": "object", "required": ["text"], "additionalProperties": false, "properties": {
          "text": {"type": "string", "description": "The text."}}},
         "request": {"method": "POST", "path": "/messages", "body": {"text": "{input.text}"}}},
        "list_channels": {"name": "Channels", "description": "Lists channels.", "output": {"type": "object"},
         "input": {"type": "object", "additionalProperties": false},
         "request": {"method": "GET", "path": "/channels"}}}}
      """
    ),
    (
      "stripe.json",
      """
      {"format": 1, "type": "stripe", "name": "Stripe", "category": "finance", "description": "Payments.",
       "capabilities": ["read_charges"], "authentication": [{"kind": "none"}],
       "credentials": {"type": "object", "required": ["key"], "additionalProperties": false, "properties": {
        "key": {"type": "string", "title": "Key", "description": "A key.", "maxLength": 10000,
         "writeOnly": true},
        "mode": {"type": "string", "title": "Mode", "description": "A mode.", "enum": ["test", "live"]},
        "retries": {"type": "integer", "title": "Retries", "description": "How many."}}}}
      """
    ),
    (
      "github.json",
      """
      {"format": 1, "type": "github", "name": "GitHub", "category": "devtools",
       "description": "Repositories.", "authentication": [{"kind": "none"}],
       "credentials": {"type": "object", "additionalProperties": false, "properties": {
        "key": {"type": "string", "title": "Key", "description": "A key.", "maxLength": 1000000,
         "writeOnly": true}}}}
      """
    ),
  ]

  /// SQL functions for ids and times, and the people.
  static let accounts = """
    CREATE FUNCTION id(noun int, number int) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
      SELECT ('01900000-0000-7000-8000-' || lpad((noun * 1000000 + number)::text, 12, '0'))::uuid $$;
    CREATE FUNCTION at(seconds int) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$
      SELECT timestamptz '2026-03-01T08:00:00Z' + seconds * interval '1 second' $$;

    INSERT INTO users (id, email, name, avatar_url, theme, created_at, updated_at) VALUES
      (id(1, 1), 'ada@alpha.test', 'Ada', 'https://alpha.test/ada.png', 'copper-tide', at(0), at(1)),
      (id(1, 2), 'eve@alpha.test', 'Eve', NULL, 'mint-voltage', at(2), at(2)),
      (id(1, 3), 'otto@alpha.test', 'Otto', NULL, 'solar-drift', at(3), at(3)),
      (id(1, 4), 'vera@alpha.test', 'Vera "V." Ü', NULL, 'copper-tide', at(4), at(4)),
      (id(1, 9), 'bob@beta.test', 'Bob', NULL, 'copper-tide', at(9), at(9));
    INSERT INTO organizations (id, name, created_at, updated_at) VALUES
      (id(2, 1), 'Alpha', at(0), at(0)), (id(2, 2), 'Alpha Labs', at(5), at(6)), (id(2, 9), 'Beta', at(9),
        at(9));
    INSERT INTO memberships (organization_id, id, user_id, role, created_at) VALUES
      (id(2, 1), id(15, 1), id(1, 1), 'owner', at(0)), (id(2, 1), id(15, 2), id(1, 2), 'editor', at(2)),
      (id(2, 1), id(15, 3), id(1, 3), 'operator', at(3)), (id(2, 1), id(15, 4), id(1, 4), 'viewer', at(4)),
      (id(2, 2), id(15, 5), id(1, 1), 'admin', at(5)), (id(2, 9), id(15, 9), id(1, 9), 'owner', at(9));
    INSERT INTO user_organizations (user_id, organization_id, created_at)
      SELECT user_id, organization_id, created_at FROM memberships;
    """

  /// Two integrations, three flows (one with every kind of node), two versions, and a run of every status.
  static let flows = """
    INSERT INTO integrations (organization_id, id, user_id, name, category, type, credentials, capabilities,
      is_connected, last_checked, revision, created_at, updated_at) VALUES
      (id(2, 1), id(3, 1), id(1, 1), 'Team chat', 'messaging', 'slack', 'sealed', '["send_message"]', true,
        at(20), 2,
        at(10), at(20)),
      (id(2, 1), id(3, 2), id(1, 2), 'Till', 'finance', 'stripe', 'sealed', '[]', false, NULL, 1, at(11),
        at(11)),
      (id(2, 1), id(3, 3), NULL, 'Attic', 'ops', 'retired', 'sealed', '[]', false, NULL, 1, at(12), at(12)),
      (id(2, 9), id(3, 9), id(1, 9), 'Own chat', 'messaging', 'slack', 'sealed', '[]', true, NULL, 1,
        at(13), at(13));

    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, status, revision,
      last_executed,
      created_at, updated_at) VALUES
      (id(2, 1), id(4, 1), id(1, 1), 'Orders', 'Tell the team about large orders', 'active', 3, at(500),
        at(30), at(40)),
      (id(2, 1), id(4, 2), id(1, 2), 'Digest', 'A summary 100% on time', 'paused', 1, NULL, at(31), at(31)),
      (id(2, 1), id(4, 3), NULL, 'Attic sweep', 'Nobody knows any more', 'archived', 1, NULL, at(32), at(32)),
      (id(2, 9), id(4, 9), id(1, 9), 'Own flow', 'Of Bob alone', 'active', 1, NULL, at(33), at(33));

    INSERT INTO automation_nodes (organization_id, id, flow_id, key, title, kind, detail, integration_id,
      config,
      node_order, created_at, updated_at) VALUES
      (id(2, 1), id(5, 1), id(4, 1), 'start', 'Order placed', 'trigger', '', NULL, '{}', 0, at(30), at(30)),
      (id(2, 1), id(5, 2), id(4, 1), 'fetch', 'Fetch the order', 'action', 'From the shop', id(3, 2),
        '{"type": "http", "method": "GET", "url": "https://shop.test/orders/{{ input.id }}"}', 1, at(30),
          at(30)),
      (id(2, 1), id(5, 3), id(4, 1), 'large', 'Only large ones', 'filter', '', NULL,
        '{"expression": "input.body.total > 100"}', 2, at(30), at(30)),
      (id(2, 1), id(5, 4), id(4, 1), 'shape', 'Shape', 'transform', '', NULL,
        '{"mapping": {"total": "input.body.total"}}', 3, at(30), at(30)),
      (id(2, 1), id(5, 5), id(4, 1), 'route', 'Route', 'decision', '', NULL, '{}', 4, at(30), at(30)),
      (id(2, 1), id(5, 6), id(4, 1), 'tell', 'Tell the team', 'action', '', id(3, 1),
        '{"type": "log", "message": "Order over {{ input.total }}"}', 5, at(30), at(30)),
      (id(2, 1), id(5, 7), id(4, 1), 'pause', 'Wait a moment', 'delay', '', NULL, '{"seconds": 5}', 6,
        at(30), at(40)),
      (id(2, 1), id(5, 8), id(4, 2), 'start', 'Every morning', 'trigger', '', NULL, '{}', 0, at(31), at(31)),
      (id(2, 9), id(5, 9), id(4, 9), 'start', 'Own start', 'trigger', '', NULL, '{}', 0, at(33), at(33)),
      (id(2, 9), id(5, 10), id(4, 9), 'say', 'Own log', 'action', '', NULL, '{"type": "log",
        "message": "hi"}', 1,
        at(33), at(33));

    INSERT INTO automation_connections (organization_id, id, flow_id, from_node_id, to_node_id, label,
      condition,
      connection_order, created_at) VALUES
      (id(2, 1), id(6, 1), id(4, 1), id(5, 1), id(5, 2), NULL, NULL, 0, at(30)),
      (id(2, 1), id(6, 2), id(4, 1), id(5, 2), id(5, 3), NULL, NULL, 1, at(30)),
      (id(2, 1), id(6, 3), id(4, 1), id(5, 3), id(5, 4), NULL, NULL, 2, at(30)),
      (id(2, 1), id(6, 4), id(4, 1), id(5, 4), id(5, 5), NULL, NULL, 3, at(30)),
      (id(2, 1), id(6, 5), id(4, 1), id(5, 5), id(5, 6), 'very large', 'input.total > 1000', 4, at(30)),
      (id(2, 1), id(6, 6), id(4, 1), id(5, 5), id(5, 7), NULL, NULL, 5, at(40)),
      (id(2, 9), id(6, 9), id(4, 9), id(5, 9), id(5, 10), NULL, NULL, 0, at(33));

    INSERT INTO flow_versions (organization_id, id, flow_id, number, revision, definition, created_at) VALUES
      (id(2, 1), id(7, 1), id(4, 1), 1, 1, '{"flowName": "Orders", "nodes": []}', at(50)),
      (id(2, 1), id(7, 2), id(4, 1), 2, 3, '{"flowName": "Orders", "nodes": [1.5, null, true]}', at(60)),
      (id(2, 1), id(7, 3), id(4, 3), 1, 1, jsonb_build_object('format', 1, 'id', studio_type_id('fver', id(7, 3)),
        'flow', jsonb_build_object('id', studio_type_id('flow', id(4, 3)), 'name', 'Attic sweep'), 'number', 1,
        'nodes', '[]'::jsonb, 'connections', '[]'::jsonb), at(55)),
      (id(2, 9), id(7, 9), id(4, 9), 1, 1, '{}', at(50));
    """

  static let executions = """
    INSERT INTO flow_names (organization_id, flow_id, name) VALUES (id(2, 1), id(4, 4), 'Deleted')
      ON CONFLICT DO NOTHING;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status, input,
      result,
      error, start_time, end_time, duration, last_sequence, created_at) VALUES
      (id(2, 1), id(8, 1), id(4, 1), 'Orders', id(7, 1), id(1, 1), 'success', '{"id": 7}', '{"tell": "ok"}',
        NULL,
        at(100), at(101), 1000, 4, at(99)),
      (id(2, 1), id(8, 2), id(4, 1), 'Orders', id(7, 2), id(1, 2), 'failure', 'null', NULL,
        json_build_object('code', 'UNEXPECTED_STATUS', 'message',
          'Node ''fetch'' was answered with 500.')::jsonb,
        at(200), at(203), 3000, 3, at(200)),
      (id(2, 1), id(8, 3), id(4, 1), 'Orders', id(7, 2), NULL, 'cancelled', '[1, 2]', NULL, NULL, NULL,
        at(301), NULL, 2,
        at(300)),
      (id(2, 1), id(8, 4), id(4, 1), 'Orders', id(7, 2), id(1, 1), 'running', '{}', NULL, NULL, at(400),
        NULL, NULL, 3,
        at(400)),
      (id(2, 1), id(8, 5), id(4, 1), 'Orders', id(7, 2), id(1, 3), 'pending', '{}', NULL, NULL, NULL, NULL,
        NULL, 1,
        at(500)),
      (id(2, 1), id(8, 6), id(4, 4), 'Deleted', id(7, 4), id(1, 8), 'waiting', '{}', NULL, NULL, at(40),
        NULL, NULL, 1,
        at(40)),
      (id(2, 9), id(8, 9), id(4, 9), 'Own flow', id(7, 9), id(1, 9), 'success', '{}', NULL, NULL, at(600),
        at(601), 1000,
        3, at(600));

    INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind,
      node_order,
      status, attempt, input, output, error, skip_reason, start_time, end_time, duration) VALUES
      (id(2, 1), id(8, 1), id(9, 1), id(5, 1), 'start', 'Order placed', 'trigger', 0, 'success', 1,
        '{"id": 7}',
        '{"id": 7}', NULL, NULL, at(100), at(100), 0),
      (id(2, 1), id(8, 1), id(9, 2), id(5, 2), 'fetch', 'Fetch the order', 'action', 1, 'success', 1,
        '{"id": 7}',
        '{"status": 200, "body": {"total": 250.5}}', NULL, NULL, at(100), at(101), 900),
      (id(2, 1), id(8, 1), id(9, 3), id(5, 6), 'tell', 'Tell the team', 'action', 5, 'skipped', 0, NULL,
        NULL, NULL,
        'NOT_REACHED', NULL, at(101), NULL),
      (id(2, 1), id(8, 2), id(9, 4), id(5, 2), 'fetch', 'Fetch the order', 'action', 1, 'failure', 2, '{}',
        '{"status": 500}', '{"code": "UNEXPECTED_STATUS", "message": "The answer was 500."}', NULL, at(200),
          at(203), 3000),
      (id(2, 1), id(8, 2), id(9, 5), id(5, 77), 'gone', 'Removed since', 'transform', 3, 'cancelled', 1,
        NULL, NULL, NULL,
        NULL, at(200), at(203), 3000),
      (id(2, 1), id(8, 4), id(9, 6), id(5, 7), 'pause', 'Wait a moment', 'delay', 6, 'waiting', 1, '{}',
        NULL, NULL, NULL,
        at(400), NULL, NULL),
      (id(2, 9), id(8, 9), id(9, 9), id(5, 9), 'start', 'Own start', 'trigger', 0, 'success', 1, '{}', '{}',
        NULL, NULL,
        at(600), at(601), 1000);
    INSERT INTO execution_events (organization_id, execution_id, sequence, kind, data, at)
      SELECT organization_id, id, 1, 'queued', '{}', created_at FROM execution_logs;
    INSERT INTO execution_queue (organization_id, execution_id, due_at)
      SELECT organization_id, id, at(0) + interval '100 years' FROM execution_logs
      WHERE status IN ('pending', 'running', 'waiting');
    """

  /// Two workbenches; a flow lies on both of them.
  static let workbenches = """
    INSERT INTO workbenches (organization_id, id, user_id, name, purpose, focus, revision, created_at,
      updated_at) VALUES
      (id(2, 1), id(10, 1), id(1, 2), 'Month end', 'Close the books in 1% of the time',
        '["invoices", "till"]', 2, at(70), at(71)),
      (id(2, 1), id(10, 2), NULL, 'Shelf', '', '[]', 1, at(72), at(72)),
      (id(2, 9), id(10, 9), id(1, 9), 'Own bench', 'Of Bob', '[]', 1, at(73), at(73));
    INSERT INTO workbench_flows (organization_id, workbench_id, flow_id) VALUES
      (id(2, 1), id(10, 1), id(4, 1)), (id(2, 1), id(10, 1), id(4, 2)), (id(2, 1), id(10, 2), id(4, 2)),
      (id(2, 9), id(10, 9), id(4, 9));
    """

  /// Ada's sessions: two that work, one for each organization, one that was revoked and one that is over.
  static let sessions = """
    INSERT INTO sessions (user_id, id, organization_id, created_at, last_used_at, expires_at,
      revoked_at) VALUES
      (id(1, 1), id(11, 1), id(2, 1), at(80), at(85), at(0) + interval '100 years', NULL),
      (id(1, 1), id(11, 2), id(2, 2), at(81), at(81), at(0) + interval '100 years', NULL),
      (id(1, 1), id(11, 3), id(2, 1), at(82), at(82), at(0) + interval '100 years', at(83)),
      (id(1, 1), id(11, 4), id(2, 1), at(84), at(84), at(86), NULL),
      (id(1, 9), id(11, 9), id(2, 9), at(87), at(87), at(0) + interval '100 years', NULL);
    """

  /// Two webhooks, one of them switched off, and what was and will be told.
  static let webhooks = """
    INSERT INTO webhooks (organization_id, id, user_id, url, description, event_types, secret, is_active,
      disabled_reason, failing_since, revision, created_at, updated_at) VALUES
      (id(2, 1), id(12, 1), id(1, 2), 'https://one.test/hook', 'Of the shop', '["EXECUTION_FAILED"]', 'sealed',
        true, NULL, at(91), 2, at(90), at(91)),
      (id(2, 1), id(12, 2), NULL, 'https://two.test/hook', 'Gone', '["FLOW_CREATED"]', 'sealed',
        false, 'gone', NULL, 1, at(92), at(92)),
      (id(2, 9), id(12, 9), id(1, 9), 'https://bob.test/', 'Of Bob', '["FLOW_CREATED"]', 'sealed',
        true, NULL, NULL, 1, at(93), at(93));
    INSERT INTO webhook_deliveries (organization_id, id, webhook_id, event_type, payload, status, due_at,
      attempts, round, attempted_at, response_status, response_excerpt, error, duration, created_at,
      finished_at) VALUES
      (id(2, 1), id(13, 1), id(12, 1), 'EXECUTION_FAILED', '{"type": "execution.failed"}', 'delivered', NULL,
        1, 1, at(94), 200, 'ok', NULL, 12, at(93), at(94)),
      (id(2, 1), id(13, 2), id(12, 1), 'EXECUTION_FAILED', '{"type": "execution.failed"}', 'pending',
        at(0) + interval '100 years', 2, 2, at(95), NULL, NULL, 'No connection.', 30, at(94), NULL),
      (id(2, 9), id(13, 9), id(12, 9), 'FLOW_CREATED', '{"type": "flow.created"}', 'delivered', NULL,
        1, 1, at(96), 204, '', NULL, 5, at(95), at(96));
    """

  /// Ada's keys: one that works, one that was revoked; and one of Bob's.
  static let apiKeys = """
    INSERT INTO api_keys (organization_id, id, user_id, name, hint, role, scopes, key_hash, is_active,
      last_used, created_at, updated_at) VALUES
      (id(2, 1), id(14, 1), id(1, 1), 'Warehouse robot', 'studio_key_…aaaa', 'editor',
        '["READ", "FLOWS_WRITE"]', 'a', true, at(91), at(90), at(90)),
      (id(2, 1), id(14, 2), id(1, 2), 'Retired robot', 'studio_key_…bbbb', 'viewer', '["READ"]', 'b', false,
        NULL, at(91), at(92)),
      (id(2, 9), id(14, 9), id(1, 9), 'Own robot', 'studio_key_…cccc', 'viewer', '["READ"]', 'c', true, NULL,
        at(93), at(93));
    """

  /// One that waits, and one of Bob's.
  static let invitations = """
    INSERT INTO invitations (organization_id, id, user_id, email, role, token_hash, expires_at,
      created_at) VALUES
      (id(2, 1), id(16, 1), id(1, 1), 'fay@alpha.test', 'editor', 'a', at(0) + interval '100 years', at(95)),
      (id(2, 9), id(16, 9), id(1, 9), 'gus@beta.test', 'viewer', 'b', at(0) + interval '100 years', at(96));
    """

  static let auditEvents = """
    INSERT INTO audit_events (organization_id, id, at, user_id, action, outcome, object_type, object_id,
      after) VALUES
      (id(2, 1), id(17, 1), at(97), id(1, 1), 'createFlow', 'success', 'flow', 'flow_x', '{"name": "Orders"}'),
      (id(2, 9), id(17, 9), at(98), id(1, 9), 'createFlow', 'success', 'flow', 'flow_y', '{}');
    """

  /// A webhook trigger of each organization, and what Alpha's has received.
  static let triggers = """
    INSERT INTO flow_triggers (organization_id, id, flow_id, kind, config, created_at, updated_at) VALUES
      (id(2, 1), id(18, 1), id(4, 1), 'webhook', '{"signature": "none", "answer": "accepted"}', at(97), at(97)),
      (id(2, 9), id(18, 9), id(4, 9), 'webhook', '{"signature": "none", "answer": "accepted"}', at(97), at(97));
    INSERT INTO trigger_deliveries (organization_id, id, trigger_id, delivery_key, execution_id, request,
      address, received_at) VALUES
      (id(2, 1), id(19, 1), id(18, 1), 'd1', id(8, 1), '{"method": "POST", "body": 1}', '192.0.2.1', at(98)),
      (id(2, 9), id(19, 9), id(18, 9), 'd1', id(8, 9), '{"method": "POST", "body": 2}', '192.0.2.2', at(98));
    """

  static let all = [
    accounts, flows, executions, workbenches, sessions, webhooks, apiKeys, invitations, auditEvents, triggers,
  ]
}
