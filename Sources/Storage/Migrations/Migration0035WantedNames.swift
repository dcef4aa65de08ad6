/// What imported flows and nodes asked for and was not there, for their next export: of a node
/// `{"integration": {"type", "name"}, "flow": "…"}`, of a flow the name of its error flow.
let migration0035WantedNames = """
  ALTER TABLE automation_nodes ADD COLUMN wanted jsonb CHECK (jsonb_typeof(wanted) = 'object');
  ALTER TABLE automation_flows ADD COLUMN wanted_error_flow text
    CHECK (char_length(wanted_error_flow) BETWEEN 1 AND 200);
  """
