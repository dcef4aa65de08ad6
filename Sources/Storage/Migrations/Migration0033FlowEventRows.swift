/// What a statement says about several flows is one row of the stream too, as of runs; their events say no
/// more than the revision, which is the number in `lasts`.
let migration0033FlowEventRows = """
  ALTER TABLE event_outbox DROP CONSTRAINT event_outbox_kind_check,
    ADD CONSTRAINT event_outbox_kind_check CHECK (kind IN ('run', 'runs', 'flow', 'flows', 'integration'));
  """
