/// Integrations, flows with their nodes, connections and versions.
///
/// Every key, foreign key and unique constraint begins with the organization, so a row can never point into
/// another one.
let migration0002Flows = """
  CREATE TABLE integrations (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    category text NOT NULL,
    type text NOT NULL,
    credentials bytea NOT NULL,
    capabilities jsonb NOT NULL DEFAULT '[]',
    is_connected boolean NOT NULL DEFAULT false,
    last_checked timestamptz,
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT integrations_name_key UNIQUE (organization_id, type, name)
  );

  CREATE TABLE automation_flows (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    intention text NOT NULL CHECK (length(intention) BETWEEN 1 AND 2000),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'archived')),
    schedule text CHECK (length(schedule) <= 100),
    revision integer NOT NULL DEFAULT 1,
    last_executed timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  );
  CREATE INDEX automation_flows_by_user ON automation_flows (organization_id, user_id, id);

  CREATE TABLE automation_nodes (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('trigger', 'action', 'filter', 'transform', 'decision', 'delay')),
    detail text NOT NULL,
    integration_id uuid,
    config jsonb NOT NULL DEFAULT '{}',
    node_order integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT automation_nodes_key_key UNIQUE (organization_id, flow_id, key) DEFERRABLE INITIALLY IMMEDIATE,
    FOREIGN KEY (organization_id, flow_id) REFERENCES automation_flows (organization_id, id)
      ON DELETE CASCADE,
    CONSTRAINT automation_nodes_integration_fkey
      FOREIGN KEY (organization_id, integration_id) REFERENCES integrations (organization_id, id)
  );
  CREATE INDEX automation_nodes_by_flow ON automation_nodes (organization_id, flow_id, node_order);
  CREATE INDEX automation_nodes_by_integration ON automation_nodes (organization_id, integration_id)
    WHERE integration_id IS NOT NULL;

  CREATE TABLE automation_connections (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    from_node_id uuid NOT NULL,
    to_node_id uuid NOT NULL,
    label text,
    condition text,
    connection_order integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, flow_id) REFERENCES automation_flows (organization_id, id)
      ON DELETE CASCADE,
    FOREIGN KEY (organization_id, from_node_id) REFERENCES automation_nodes (organization_id, id)
      ON DELETE CASCADE,
    FOREIGN KEY (organization_id, to_node_id) REFERENCES automation_nodes (organization_id, id)
      ON DELETE CASCADE
  );
  CREATE INDEX automation_connections_by_flow ON automation_connections
    (organization_id, flow_id, connection_order);
  CREATE INDEX automation_connections_by_from ON automation_connections (organization_id, from_node_id);
  CREATE INDEX automation_connections_by_to ON automation_connections (organization_id, to_node_id);

  CREATE TABLE flow_versions (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    number integer NOT NULL,
    revision integer NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT flow_versions_number_key UNIQUE (organization_id, flow_id, number),
    CONSTRAINT flow_versions_revision_key UNIQUE (organization_id, flow_id, revision)
  );
  """
