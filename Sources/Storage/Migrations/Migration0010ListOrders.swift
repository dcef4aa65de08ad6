/// Indexes for the orders that a list may be asked for, and for the pages of a flow's versions.
///
/// Each ends with the id, which decides among equals, so that a page begins right behind a cursor.
let migration0010ListOrders = """
  CREATE INDEX automation_flows_by_name ON automation_flows (organization_id, lower(name), id);
  CREATE INDEX automation_flows_by_update ON automation_flows (organization_id, updated_at, id);
  CREATE INDEX automation_flows_by_run ON automation_flows
    (organization_id, coalesce(last_executed, '-infinity'::timestamptz), id);
  CREATE INDEX integrations_by_name ON integrations (organization_id, lower(name), id);
  CREATE INDEX integrations_by_update ON integrations (organization_id, updated_at, id);
  CREATE INDEX workbenches_by_name ON workbenches (organization_id, lower(name), id);
  CREATE INDEX workbenches_by_update ON workbenches (organization_id, updated_at, id);
  CREATE INDEX sessions_by_use ON sessions (user_id, last_used_at, id);
  CREATE INDEX flow_versions_by_flow ON flow_versions (organization_id, flow_id, id);
  """
