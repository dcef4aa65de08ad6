"""Every statement by which the Studio changes something is known here: either a process is killed before and after it, or
there is a reason why that would show nothing."""

import re

import chaos_points
import test_chaos_backlog
import test_chaos_children
import test_chaos_eager
import test_chaos_outside
import test_chaos_triggers
import test_chaos_upkeep
import test_chaos_waits
import test_polls
from private_postgres import REPOSITORY

SUITES = (chaos_points, test_chaos_backlog, test_chaos_children, test_chaos_eager, test_chaos_outside, test_chaos_triggers, test_chaos_upkeep,
          test_chaos_waits, test_polls)

# Statements that no run, timer, schedule or delivery is moved by, or that are moved by others as well.
OTHERS = {
    "One answer to one request of a person, all or nothing, for accounts and who belongs where": (
        "accept_invitation", "change_member_role", "change_password", "create_organization", "forget_organization",
        "insert_api_key", "insert_invitation", "insert_token", "join_organization", "move_session", "open_session",
        "register", "remove_member", "rename_organization", "replace_invitation", "revoke_api_key", "revoke_by_token",
        "revoke_invitation", "revoke_member_invitations", "revoke_member_keys", "revoke_other_sessions", "revoke_session",
        "rotate_api_key", "set_preferences", "set_theme", "update_profile", "use_token"),
    "The same for flows, workbenches, integrations and webhooks; runs have versions, which do not change": (
        "add_node", "add_nodes", "add_workbench_flows", "advance_flow", "advance_webhook", "advance_workbench",
        "cancel_webhook_deliveries", "delete_connections", "delete_flow", "delete_integration", "delete_nodes",
        "delete_webhook", "delete_workbench", "detach_integration", "insert_flow", "insert_integration", "insert_webhook",
        "insert_workbench", "keep_workbench_flows", "publish_flow", "redeliver", "remove_workbench_flows",
        "rotate_webhook_secret", "update_integration", "upsert_connections", "upsert_nodes"),
    "The same for triggers, limits and policies: their instants go and come in the same transaction": (
        "add_run_slots", "advance_trigger", "clear_fires", "delete_trigger", "free_waiting_runs", "insert_trigger",
        "keep_trigger_secret", "remove_run_slots", "set_retention", "set_run_limit"),
    "Somebody signs in to a service, and does so again when no answer comes": (
        "begin_integration_sign_in", "claim_integration_sign_in", "store_connected_integration"),
    "Rows that are stored with what they tell of, in its transaction": ("tell_of_flow", "tell_of_integration"),
    "Hints: when something was used last, and how a test call went": ("note_api_key_use", "note_integration_connection"),
    "After a failure: puts something off that starts nothing then, and that is due without it": ("postpone_flow_event",),
    "A lease ends by itself": ("release_poll", "renew_poll"),
    "What was given out counts whether its calls are made or not, until its time is over; a service tells again": (
        "take_call_share", "tell_call_pace"),
    "What is left of something that is gone": ("forget_fire", "forget_outbox"),
    "At the first start: keys of tokens, under a lock, in one transaction": ("insert_signing_key",),
    "Changes of the tables, each in one transaction with its number": ("migrations_insert",),
    "A demonstration's past, made for an empty organization": (
        "insert_past_events", "insert_past_nodes", "insert_past_runs", "touch_flow"),
    "A sealed cell under a new key, each for itself; `studio keys` is called again": ("reseal_",),
    "What every transaction has": ("rollback", "rollback_to"),
}
STATEMENT = re.compile(r'Statement\(\s*"([a-z0-9_]+)(?:\\\(\w+\))?"\s*,\s*("""(.*?)"""|"((?:[^"\\]|\\.)*)"|)', re.DOTALL)
# Whose text is put together changes something until it is known that it does not, as do fragments that insert.
CHANGE = re.compile(r"\b(INSERT INTO|DELETE FROM|UPDATE [a-z_]+ |UPDATE \\\(|pg_notify)|\\\((StreamSQL\.outbox|insertion)\(")


def changing():
    """The names of all statements that change something."""
    names = set()
    for path in sorted((REPOSITORY / "Sources").rglob("*.swift")):
        for name, quoted, long, short in STATEMENT.findall(path.read_text()):
            if not quoted or CHANGE.search(long or short):
                names.add(name)
    return names


def points():
    """The names at which something dies, from the lists of all suites."""
    lists = (value for suite in SUITES for name, value in vars(suite).items() if name.endswith("POINTS"))
    return {point.split(":")[0] for points in lists for point in points}


def test_every_statement_that_changes_something_is_known():
    reasons = [name for names in OTHERS.values() for name in names]
    assert len(reasons) == len(set(reasons)), "a statement has two reasons"
    unknown = changing() - points() - set(reasons)
    assert not unknown, "a process must die there, or there must be a reason why not"
    assert not set(reasons) & points(), "a process dies there after all"


def test_every_name_that_is_known_exists():
    names = {name for path in (REPOSITORY / "Sources").rglob("*.swift") for name, *_ in STATEMENT.findall(path.read_text())}
    assert len(changing()) > 120
    assert not (points() | {name for names in OTHERS.values() for name in names}) - names
