/// Mutations that were refused for lack of a role are in the audit log too.
let migration0029AuditRefusals = """
  ALTER TABLE audit_events DROP CONSTRAINT audit_events_outcome_check;
  ALTER TABLE audit_events ADD CONSTRAINT audit_events_outcome_check
    CHECK (outcome IN ('success', 'failure', 'refused'));
  """
