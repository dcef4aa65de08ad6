"""Runs that start runs: the end of a child reaches its parent, and a cancelled parent ends after its child, whatever
dies at whatever moment."""

import time

import pytest
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, Arena
from local_world import LocalWorld
from studio_client import chain, delay, http, node, transform, trigger

# What a worker changes when it ends a child that cannot go on, and tells its parent.
ABANDON_POINTS = ("abandon_run", "begin", "commit", "lock_with_parent", "tell_parent")
# The same of a run that waits for a child, which is cancelled with it.
ABANDON_PARENT_POINTS = ("abandon_run", "begin", "commit", "lock_places", "lock_with_parent", "request_cancel", "tell_parent")
# What workers change while a parent and its child are cancelled.
CANCEL_POINTS = ("commit", "commit_run", "lock_places", "park_cancelled_run", "request_cancel", "tell_parent", "use_signals")

# What a worker changes when a node starts a child.
START_POINTS = ("commit", "commit_run", "enqueue_run", "set_origin")


@pytest.fixture(scope="module")
def family(shared_house, known_secrets):
    world = LocalWorld()
    arena = Arena(shared_house, known_secrets, world)
    arena.deaths = 0
    asleep = arena.client.create_flow(*chain(trigger(), delay("sleep", 3_600_000)), name="Asleep")
    arena.parent_flow = parent_of(arena.client, asleep)
    quick = arena.client.create_flow(*chain(trigger(), transform("last", "1")), name="Quick")
    arena.quick_parent_flow = parent_of(arena.client, quick)
    yield arena
    arena.close()
    world.close()


def parent_of(client, flow):
    return client.create_flow(*chain(
        trigger(), node("sub", "ACTION", {"type": "flow", "flowId": flow["id"]})), name="Parent")


def start(arena):
    """A parent that waits for a child that sleeps, both parked."""
    parent = arena.client.start(arena.parent_flow)
    worker = arena.worker()
    child = wait_for(arena, f"""SELECT c.id FROM execution_logs c JOIN execution_queue q ON q.execution_id = c.id
        WHERE c.parent_execution_id = {uuid(parent)} AND c.status = 'waiting' AND q.owner IS NULL""")
    wait_for(arena, f"SELECT 1 FROM execution_queue WHERE execution_id = {uuid(parent)} AND owner IS NULL")
    worker.stop()
    return parent, child


def uuid(run):
    return f"(SELECT id FROM execution_logs WHERE studio_type_id('exec', id) = '{run}')"


def wait_for(arena, query):
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := arena.sql(query)):
        assert time.monotonic() < end, f"{query}: {arena.stuck()}"
        time.sleep(0.02)
    return found


def state_of(arena, parent, child):
    return arena.sql(f"""SELECT p.status, p.error->>'code', c.status, p.end_time >= c.end_time FROM execution_logs p,
        execution_logs c WHERE p.id = {uuid(parent)} AND c.id = '{child}'""")


def die_and_finish(arena, point):
    victim = arena.worker(STUDIO_CRASH_POINT=point)
    arena.deaths += victim.has_died(4)
    victim.stop()
    rescuer = arena.worker()
    arena.wait_until_over()
    rescuer.stop()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", ABANDON_POINTS)
def test_the_parent_of_an_abandoned_child_is_told(family, label, moment):
    parent, child = start(family)
    # No worker can read the child: it is ended.
    family.sql(f"""UPDATE node_execution_logs SET kind = 'unknown' WHERE execution_id = '{child}';
        UPDATE execution_queue SET due_at = now() WHERE execution_id = '{child}'""")
    die_and_finish(family, f"{moment}:{label}:1")
    assert state_of(family, parent, child) == "failure|CHILD_FAILED|failure|t"


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", ABANDON_PARENT_POINTS)
def test_the_child_of_an_abandoned_parent_is_cancelled(family, label, moment):
    parent, child = start(family)
    # No worker can read the parent: it is ended.
    family.sql(f"""UPDATE node_execution_logs SET kind = 'unknown' WHERE execution_id = {uuid(parent)};
        UPDATE execution_queue SET due_at = now() WHERE execution_id = {uuid(parent)}""")
    die_and_finish(family, f"{moment}:{label}:1")
    assert family.sql(f"""SELECT p.status, p.error->>'code', c.status FROM execution_logs p, execution_logs c
        WHERE p.id = {uuid(parent)} AND c.id = '{child}'""") == "failure|FLOW_INVALID|cancelled"


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", CANCEL_POINTS)
def test_a_cancelled_parent_ends_after_its_child(family, label, moment):
    parent, child = start(family)
    family.client.cancel(parent)
    die_and_finish(family, f"{moment}:{label}:1")
    assert state_of(family, parent, child) == "cancelled|CANCELLED|cancelled|t"


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", START_POINTS)
def test_a_parent_has_one_child(family, label, moment):
    parent = family.client.start(family.quick_parent_flow)
    die_and_finish(family, f"{moment}:{label}:1")
    assert family.sql(f"""SELECT p.status, count(*), min(c.status), bool_and(p.end_time >= c.end_time)
        FROM execution_logs p JOIN execution_logs c ON c.parent_execution_id = p.id
        WHERE p.id = {uuid(parent)} GROUP BY 1""") == "success|1|success|t"


def test_enough_of_them_died(family, tell):
    wanted = len(ABANDON_POINTS) + len(ABANDON_PARENT_POINTS) + len(CANCEL_POINTS) + 2 * len(START_POINTS)
    assert family.deaths >= wanted, "too few of the points were reached"
    assert family.sql("SELECT count(*) FROM execution_queue") == "0"
    assert family.sql("SELECT count(*) FROM execution_signals") == "0"
    tell(f"{family.deaths} deaths, {family.sql('SELECT count(*) FROM execution_logs')} runs ended")


def test_a_cancelled_parent_waits_for_a_call_of_its_child(house, known_secrets, world):
    arena = Arena(house, known_secrets, world)
    world.hold("/held")
    calling = arena.client.create_flow(*chain(trigger(), http("call", world.url + "/held")), name="Calling")
    parent = arena.client.start(parent_of(arena.client, calling))
    arena.worker()
    world.wait_for("/held")
    arena.client.cancel(parent)
    assert arena.client.finish(parent)[-1]["runStatus"] == "CANCELLED"
    # The child was over when the parent's end was told.
    assert arena.sql("SELECT status FROM execution_logs WHERE parent_execution_id IS NOT NULL") == "cancelled"
    assert arena.sql("""SELECT p.end_time >= c.end_time FROM execution_logs c JOIN execution_logs p
        ON p.id = c.parent_execution_id""") == "t"
    world.release("/held")
    arena.close()
