/// Indexes that give the nodes and connections of a flow in their whole order, so that no list has to be
/// sorted.
let migration0015FlowOrder = """
  DROP INDEX automation_nodes_by_flow;
  CREATE INDEX automation_nodes_by_flow ON automation_nodes (organization_id, flow_id, node_order, id);
  DROP INDEX automation_connections_by_flow;
  CREATE INDEX automation_connections_by_flow ON automation_connections
    (organization_id, flow_id, connection_order, id);
  """
