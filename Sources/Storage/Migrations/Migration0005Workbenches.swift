/// Workbenches and the flows that lie on them. A deleted flow leaves all workbenches by itself.
let migration0005Workbenches = """
  CREATE TABLE workbenches (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    purpose text NOT NULL DEFAULT '' CHECK (length(purpose) <= 2000),
    focus jsonb NOT NULL DEFAULT '[]',
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  );

  CREATE TABLE workbench_flows (
    organization_id uuid NOT NULL,
    workbench_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    PRIMARY KEY (organization_id, workbench_id, flow_id),
    FOREIGN KEY (organization_id, workbench_id) REFERENCES workbenches (organization_id, id)
      ON DELETE CASCADE,
    CONSTRAINT workbench_flows_flow_fkey
      FOREIGN KEY (organization_id, flow_id) REFERENCES automation_flows (organization_id, id)
      ON DELETE CASCADE
  );
  CREATE INDEX workbench_flows_by_flow ON workbench_flows (organization_id, flow_id);
  """
