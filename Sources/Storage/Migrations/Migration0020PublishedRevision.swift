/// Whether a flow was changed since it was published, as a column that lists can read.
let migration0020PublishedRevision = """
  ALTER TABLE automation_flows ADD COLUMN published_revision integer;
  ALTER TABLE automation_flows ADD COLUMN has_unpublished_changes boolean NOT NULL
    GENERATED ALWAYS AS (published_revision IS NULL OR published_revision < content_revision) STORED;
  """
