/// The limits of runs beside what they limit, where they are shown; `run_limits` is what claims go by.
let migration0026RunLimits = """
  ALTER TABLE automation_flows ADD COLUMN maximum_concurrent_runs integer;
  ALTER TABLE organizations ADD COLUMN maximum_concurrent_runs integer;
  UPDATE automation_flows f SET maximum_concurrent_runs = l.maximum FROM run_limits l
    WHERE l.organization_id = f.organization_id AND l.scope = f.id;
  UPDATE organizations o SET maximum_concurrent_runs = l.maximum FROM run_limits l
    WHERE l.organization_id = o.id AND l.scope = o.id;
  """
