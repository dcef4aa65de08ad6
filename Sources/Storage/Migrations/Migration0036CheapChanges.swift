/// What every change of a flow pays ([decision 20]).
///
/// Postgres reads a table's CHECKs anew, from their stored text, for every execution of a statement that
/// inserts or updates a row, whichever columns it touches. A domain's are read once for a session, and
/// checked only where a value becomes one: in a statement that writes that very column.
///
/// `updated_minute` takes the place of `updated_at` in the order by the last change, which sorts the flows of
/// one minute: a flow that is changed again in the same minute has no indexed column changed, so that no
/// index gets an entry. The room that is left in each page is for the new row.
///
/// [decision 20]: ../../../docs/decisions/0020-what-a-small-change-pays.md
let migration0036CheapChanges = """
  CREATE DOMAIN studio_name AS text CHECK (length(VALUE) BETWEEN 1 AND 200);
  CREATE DOMAIN studio_intention AS text CHECK (length(VALUE) BETWEEN 1 AND 2000);
  CREATE DOMAIN studio_notes AS text CHECK (length(VALUE) <= 2000);
  CREATE DOMAIN studio_flow_status AS text CHECK (VALUE IN ('active', 'paused', 'archived'));
  CREATE DOMAIN studio_run_priority AS smallint CHECK (VALUE BETWEEN 0 AND 2);
  CREATE DOMAIN studio_run_limit AS integer CHECK (VALUE BETWEEN 1 AND 1000);
  CREATE DOMAIN studio_node_kind AS text
    CHECK (VALUE IN ('trigger', 'action', 'filter', 'transform', 'decision', 'delay', 'loop'));
  CREATE DOMAIN studio_wanted AS jsonb CHECK (jsonb_typeof(VALUE) = 'object');
  CREATE DOMAIN studio_connection_outcome AS text CHECK (VALUE IN ('success', 'error'));

  DROP VIEW run_limits;
  DROP TRIGGER automation_flows_renamed ON automation_flows;
  DROP INDEX automation_flows_by_update;
  ALTER TABLE automation_flows SET (fillfactor = 80);
  ALTER TABLE automation_flows
    DROP CONSTRAINT automation_flows_name_check, ALTER name TYPE studio_name,
    DROP CONSTRAINT automation_flows_intention_check, ALTER intention TYPE studio_intention,
    DROP CONSTRAINT automation_flows_notes_check, ALTER notes TYPE studio_notes,
    DROP CONSTRAINT automation_flows_status_check, ALTER status TYPE studio_flow_status,
    DROP CONSTRAINT automation_flows_run_priority_check, ALTER run_priority TYPE studio_run_priority,
    DROP CONSTRAINT automation_flows_maximum_concurrent_runs_check,
    ALTER maximum_concurrent_runs TYPE studio_run_limit,
    DROP CONSTRAINT automation_flows_wanted_error_flow_check, ALTER wanted_error_flow TYPE studio_name,
    ADD COLUMN updated_minute timestamp NOT NULL
      GENERATED ALWAYS AS (date_trunc('minute', updated_at AT TIME ZONE 'UTC')) STORED;
  CREATE INDEX automation_flows_by_update ON automation_flows (organization_id, updated_minute);
  CREATE TRIGGER automation_flows_renamed AFTER UPDATE OF name ON automation_flows
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION studio_keep_flow_name();
  CREATE VIEW run_limits AS
    SELECT organization_id, id AS scope, maximum_concurrent_runs::integer AS maximum FROM automation_flows
      WHERE maximum_concurrent_runs IS NOT NULL
    UNION ALL SELECT id, id, maximum_concurrent_runs FROM organizations
      WHERE maximum_concurrent_runs IS NOT NULL
    UNION ALL SELECT organization_id, id, maximum_concurrent_calls FROM integrations
      WHERE maximum_concurrent_calls IS NOT NULL;

  ALTER TABLE automation_nodes
    DROP CONSTRAINT automation_nodes_kind_check, ALTER kind TYPE studio_node_kind,
    DROP CONSTRAINT automation_nodes_wanted_check, ALTER wanted TYPE studio_wanted;
  ALTER TABLE automation_connections DROP CONSTRAINT automation_connections_outcome_check,
    ALTER outcome TYPE studio_connection_outcome;
  ALTER TABLE audit_events DROP CONSTRAINT audit_events_outcome_check;
  """
