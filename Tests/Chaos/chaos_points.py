"""Where processes die: before and after every statement by which a worker changes something, and by which a server accepts
a run. `test_the_points_are_all_there_are` finds new ones, `test_points.py` those of whatever else changes something."""

MOMENTS = ("before", "after")

# What moves runs: claims, transitions, leases, signals, the organization's stream.
RUN_POINTS = (
    "adopt_runs", "begin", "claim_runs", "commit", "commit_run", "commit_runs", "lock_places", "lock_stream", "move_events",
    "notify", "reap_runs", "renew_lease", "use_signals")
# Who stands in line for a slot, and what a worker looks after beside runs.
LINE_POINTS = ("free_call_slots", "give_call_slots", "give_run_slots", "heal_run_slots", "take_call_slots", "take_run_slots")
UPKEEP_POINTS = (
    "claim_deliveries", "claim_polls", "prune_deliveries", "prune_fires", "prune_flow_events", "prune_idempotency_keys",
    "prune_received", "take_fire")
# A worker that has been there for a lease ends what is over at once with its claim: `test_chaos_backlog.py`.
ENDING = {"lock_due_runs", "end_runs"}
WORKER_POINTS = RUN_POINTS + LINE_POINTS + UPKEEP_POINTS

ACCEPTING_POINTS = (
    "answer_idempotency_key", "begin", "commit", "enqueue_run", "insert_audit_event", "notify", "release_savepoint",
    "savepoint", "take_idempotency_key")
# The same when the flow as it stands has no version yet.
FIRST_RUN_POINTS = ("commit", "enqueue_run", "insert_version")
# What a server does from time to time only, whatever it works for.
SERVER_UPKEEP = {"prune_idempotency_keys"}
