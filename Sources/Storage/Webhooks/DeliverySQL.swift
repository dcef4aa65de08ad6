import Postgres

/// The statements of `DeliveryStore`.
enum DeliverySQL {
  static let pruneBatch = 1000

  /// What a claimed delivery is made of, from `d` and `w`.
  private static let claimed = """
    d.organization_id, d.id, d.webhook_id, d.epoch, d.round, d.event_type, d.payload, w.url, w.secret, \
    CASE WHEN w.old_secret_until > now() THEN w.old_secret END AS old_secret
    """

  /// The oldest due ones are looked at without a lock, to give each webhook and each organization its share;
  /// then those that are still due are locked. A row that another claim has taken meanwhile is due later by
  /// then, and left.
  static let claim = Statement(
    "claim_deliveries",
    """
    WITH placed AS (
      SELECT organization_id, id, due_at, row_number() OVER (PARTITION BY organization_id, webhook_id \
    ORDER BY due_at, id) AS place FROM (\
    SELECT organization_id, id, webhook_id, due_at FROM webhook_deliveries \
    WHERE status IN ('pending', 'sending') AND due_at <= now() AND webhook_id <> ALL ($2) \
    AND organization_id <> ALL ($5) ORDER BY due_at LIMIT 500) due
    ), candidates AS (
      SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY due_at, id) \
    AS place FROM placed WHERE place <= $3
    ), taken AS (
      SELECT d.organization_id, d.id FROM candidates c \
    JOIN webhook_deliveries d ON d.organization_id = c.organization_id AND d.id = c.id \
    WHERE c.place <= $6 AND d.status IN ('pending', 'sending') AND d.due_at <= now() \
    ORDER BY d.due_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE webhook_deliveries d SET epoch = d.epoch + 1, \
    status = CASE WHEN w.is_active THEN 'sending' ELSE 'cancelled' END, \
    attempts = d.attempts + w.is_active::int, round = d.round + w.is_active::int, \
    due_at = CASE WHEN w.is_active THEN now() + $4 * interval '1 millisecond' END, \
    finished_at = CASE WHEN w.is_active THEN NULL ELSE now() END \
    FROM taken t, webhooks w WHERE d.organization_id = t.organization_id AND d.id = t.id \
    AND w.organization_id = d.organization_id AND w.id = d.webhook_id \
    RETURNING w.is_active, \(claimed)
    )
    SELECT organization_id, id, webhook_id, epoch, round, event_type, payload, url, secret, old_secret \
    FROM claimed WHERE is_active
    """,
    [.int4, .uuidArray, .int4, .int8, .uuidArray, .int4])

  /// The delivery under its epoch, and its webhook: the first failure is remembered, five days of failures or
  /// a 410 switch it off and cancel what waits. Nothing is tried again for a webhook that is off, or that
  /// this failure switches off: else it would wait for its instant, up to a day, and go on if somebody
  /// switched the webhook on again meanwhile. What another URL has answered than the one that the webhook has
  /// now says nothing about the webhook; where that one is gone, the new one is told. The webhook of what may
  /// be tried again is locked first, and read as it is then: whoever is switching it off is waited for, and
  /// who does so later finds what waits.
  static let record = Statement(
    "record_delivery",
    """
    WITH current AS (
      SELECT w.is_active, w.url, w.failing_since FROM webhook_deliveries d \
    JOIN webhooks w ON w.organization_id = d.organization_id AND w.id = d.webhook_id \
    WHERE d.organization_id = $1 AND d.id = $2 AND d.epoch = $3 AND d.status = 'sending' \
    AND ($4 = 'pending' OR $10 = 'gone') FOR NO KEY UPDATE OF w
    ), done AS (
      UPDATE webhook_deliveries d SET status = o.status, \
    due_at = CASE WHEN o.status = 'pending' THEN now() + $5 * interval '1 millisecond' END, \
    response_status = $6, response_excerpt = $7, error = $8, duration = $9, attempted_at = now(), \
    finished_at = CASE WHEN o.status <> 'pending' THEN now() END \
    FROM (SELECT $4 AS status WHERE $4 <> 'pending' AND $10 <> 'gone' UNION ALL \
    SELECT CASE WHEN $10 = 'gone' AND w.url <> $11 AND w.is_active THEN 'pending' \
    WHEN $4 = 'pending' AND (NOT w.is_active \
    OR $10 = 'fails' AND w.url = $11 AND coalesce(w.failing_since <= now() - interval '5 days', false)) \
    THEN 'cancelled' ELSE $4 END FROM current w) o \
    WHERE d.organization_id = $1 AND d.id = $2 AND d.epoch = $3 AND d.status = 'sending' \
    RETURNING d.webhook_id
    ), hook AS (
      UPDATE webhooks w SET failing_since = CASE WHEN $10 = 'fails' THEN coalesce(w.failing_since, now()) \
    WHEN $10 = 'gone' THEN w.failing_since END, \
    is_active = w.is_active AND $10 <> 'gone' \
    AND ($10 <> 'fails' OR coalesce(w.failing_since > now() - interval '5 days', true)), \
    disabled_reason = CASE WHEN NOT w.is_active THEN w.disabled_reason WHEN $10 = 'gone' THEN 'gone' \
    WHEN $10 = 'fails' AND w.failing_since <= now() - interval '5 days' THEN 'failing' END \
    FROM done WHERE w.organization_id = $1 AND w.id = done.webhook_id AND w.url = $11 AND (\
    $10 = 'works' AND w.failing_since IS NOT NULL OR $10 = 'gone' AND w.is_active OR $10 = 'fails' AND (\
    w.failing_since IS NULL OR w.is_active AND w.failing_since <= now() - interval '5 days')) \
    RETURNING w.id, w.is_active
    ), cancelled AS (
      UPDATE webhook_deliveries d SET status = 'cancelled', due_at = NULL, finished_at = now() FROM hook \
    WHERE NOT hook.is_active AND d.organization_id = $1 AND d.webhook_id = hook.id \
    AND d.status = 'pending' AND d.id <> $2
    )
    SELECT webhook_id FROM done
    """,
    [.uuid, .uuid, .int8, .text, .int8, .int4, .text, .text, .int4, .text, .text])

  static let insertTest = Statement(
    "insert_test_delivery",
    """
    WITH w AS (
      SELECT organization_id, id, url, secret, old_secret, old_secret_until FROM webhooks \
    WHERE organization_id = $1 AND id = $2
    ), d AS (
      INSERT INTO webhook_deliveries (organization_id, id, webhook_id, event_type, payload, status, due_at, \
    epoch, attempts, round) \
    SELECT w.organization_id, $3, w.id, 'WEBHOOK_TEST', jsonb_build_object('type', 'webhook.test', \
    'timestamp', studio_instant(now()), 'data', \
    jsonb_build_object('webhookId', studio_type_id('hook', w.id))), 'sending', \
    now() + $4 * interval '1 millisecond', 1, 1, 1 FROM w RETURNING *
    )
    SELECT \(claimed) FROM d, w
    """,
    [.uuid, .uuid, .uuid, .int8])

  /// Result: whether it was over, whether its webhook is on. Only then it is due again.
  static let redeliver = Statement(
    "redeliver",
    """
    WITH delivery AS (
      SELECT d.id, d.status NOT IN ('pending', 'sending') AS is_over, w.is_active FROM webhook_deliveries d \
    JOIN webhooks w ON w.organization_id = d.organization_id AND w.id = d.webhook_id \
    WHERE d.organization_id = $1 AND d.id = ANY($2) FOR UPDATE OF d
    ), queued AS (
      UPDATE webhook_deliveries d SET status = 'pending', due_at = now(), round = 0, finished_at = NULL \
    FROM delivery WHERE d.organization_id = $1 AND d.id = delivery.id AND is_over AND is_active
    )
    SELECT is_over, is_active FROM delivery
    """,
    [.uuid, .uuidArray])

  static let prune = Statement(
    "prune_deliveries",
    """
    DELETE FROM webhook_deliveries d USING (\
    SELECT organization_id, id FROM webhook_deliveries \
    WHERE finished_at < now() - $1 * interval '1 day' ORDER BY finished_at LIMIT \(pruneBatch)) over \
    WHERE d.organization_id = over.organization_id AND d.id = over.id AND d.finished_at IS NOT NULL \
    RETURNING d.id
    """,
    [.int4])
}
