/// What a statement about runs pays that the row has no use for.
///
/// Postgres parses a table's CHECK constraints anew whenever a statement stores something in it, prepared or
/// not: for small statements that is a ninth of all they cost. What these say the statements say already, by
/// constants and by the state machine. And rows above 2 kB are compressed: LZ4 takes a ninth of the
/// instructions of the server's old default (manual, "default_toast_compression"); a server that was built
/// without it goes on as before. And columns that are only read are not analyzed. Decision 21.
let migration0037CheaperRuns = """
  ALTER TABLE execution_logs DROP CONSTRAINT execution_logs_status_check;
  ALTER TABLE node_execution_logs DROP CONSTRAINT node_execution_logs_status_check;
  ALTER TABLE execution_events DROP CONSTRAINT execution_events_count_check;
  ALTER TABLE execution_queue DROP CONSTRAINT execution_queue_priority_check;
  ALTER TABLE event_outbox DROP CONSTRAINT event_outbox_kind_check;
  ALTER TABLE trigger_deliveries DROP CONSTRAINT trigger_deliveries_delivery_key_check;
  DO $$
  DECLARE
    each record;
  BEGIN
    FOR each IN
      SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND (regexp_replace(c.relname, '_([0-9]{4}_[0-9]{2}|default)$', ''), a.attname) IN (
        ('execution_logs', 'input'), ('execution_logs', 'result'), ('node_execution_logs', 'input'),
        ('node_execution_logs', 'output'), ('node_execution_logs', 'memo'),
        ('node_execution_logs', 'iterations'), ('node_execution_logs', 'delivered'),
        ('execution_events', 'data'), ('organization_events', 'data'), ('organization_events', 'subjects'),
        ('organization_events', 'lasts'), ('organization_events', 'counts'), ('organization_events', 'flows'),
        ('trigger_deliveries', 'request'), ('flow_versions', 'definition'))
    LOOP
      EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', each.relname, each.attname);
    END LOOP;
    IF NOT EXISTS (SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
      RETURN;
    END IF;
    FOR each IN
      SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname ~ '^(execution_logs|node_execution_logs|execution_events|organization_events|event_outbox|trigger_deliveries|execution_signals|flow_versions)(_[0-9]{4}_[0-9]{2}|_default)?$'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'jsonb'::regtype
    LOOP
      EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET COMPRESSION lz4', each.relname, each.attname);
    END LOOP;
  END $$;
  """
