/// What pages of runs that are filtered by status, flow, time and text need beside the order of creation
/// (decision 15).
///
/// `flow_names` has every name that a flow ever had, which is every name that a run may carry. The index
/// of trigrams is of errors only, so that a run that succeeds pays nothing for it; it also has the
/// organization and the flow, each also with the period: a common word of one is not walked for another. A
/// period is about 37 hours of ids. Where the extensions cannot be made, a search for a rare message reads
/// all errors of the organization.
let migration0032LogSearch = """
  CREATE TABLE flow_names (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    flow_id uuid NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (organization_id, flow_id, name)
  );
  INSERT INTO flow_names SELECT organization_id, id, name FROM automation_flows
    UNION SELECT organization_id, flow_id, flow_name FROM execution_logs;
  CREATE FUNCTION studio_keep_flow_name() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO flow_names VALUES (NEW.organization_id, NEW.id, NEW.name) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END
  $$;
  CREATE TRIGGER automation_flows_named AFTER INSERT ON automation_flows
    FOR EACH ROW EXECUTE FUNCTION studio_keep_flow_name();
  CREATE TRIGGER automation_flows_renamed AFTER UPDATE OF name ON automation_flows
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION studio_keep_flow_name();

  CREATE INDEX execution_logs_by_flow_status ON execution_logs (organization_id, flow_id, status, id)
    INCLUDE (duration);
  CREATE FUNCTION studio_period(id uuid) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ('x' || left(id::text, 6))::bit(21)::integer
  $$;
  CREATE FUNCTION studio_period_start(period integer) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    SELECT rpad(lpad(to_hex(period::bigint << 27), 12, '0'), 32, '0')::uuid
  $$;
  CREATE FUNCTION studio_scope(owner uuid, period integer) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT hash_array(ARRAY[uuid_hash(owner), period])
  $$;
  DO $$
    BEGIN
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE EXTENSION IF NOT EXISTS btree_gin;
      CREATE INDEX execution_logs_by_message ON execution_logs
        USING gin (uuid_hash(organization_id), uuid_hash(flow_id),
          studio_scope(organization_id, studio_period(id)), studio_scope(flow_id, studio_period(id)),
          (error ->> 'message') gin_trgm_ops)
        WITH (gin_pending_list_limit = 256) WHERE error IS NOT NULL;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
      RAISE WARNING 'Without pg_trgm and btree_gin, searching the messages of many errors is slow: %', SQLERRM;
    END
  $$;
  """
