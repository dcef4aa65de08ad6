/// What is published of a flow, and which run another one repeats.
///
/// `content_revision` is the revision at which the flow's name or graph was last changed: a version that was
/// stored since then holds the flow as it stands. Nothing counts as published before somebody publishes it.
let migration0016Publishing = """
  ALTER TABLE automation_flows ADD COLUMN content_revision integer NOT NULL DEFAULT 1;
  UPDATE automation_flows SET content_revision = revision;
  ALTER TABLE automation_flows ADD COLUMN published_version_id uuid,
    ADD CONSTRAINT automation_flows_published_fkey FOREIGN KEY (organization_id, published_version_id)
      REFERENCES flow_versions (organization_id, id);
  ALTER TABLE execution_logs ADD COLUMN retry_of uuid;
  """
