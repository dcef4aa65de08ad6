"""Runs that wait for somebody, and runs that a worker gives back: both go on once, whatever dies at whatever moment."""

import time
from urllib.parse import urlsplit

import pytest
import requests
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, Arena
from local_world import LocalWorld
from studio_client import chain, http, node, transform, trigger
from test_flow_semantics import DECIDE, nodes_of

# The statements by which a server takes what a run waits for, and a worker gives back what it cannot end.
SIGNAL_POINTS = ("insert_signal",)
RELEASE_POINTS = ("release_run",)
# The statement by which a worker ends what comes for nodes whose time is over.
CLOSING_POINTS = ("close_waits",)


@pytest.fixture
def answered(house, known_secrets, world):
    """An arena with a flow that asks, and one that waits for a call; a worker is always there."""
    arena = Arena(house, known_secrets, world)
    arena.worker()
    wait = node("ask", "DELAY", {"wait": {"for": "approval", "message": "Pay?"}})
    arena.asking = arena.client.create_flow(*chain(
        trigger(), wait, http("effect", world.url + "/effect/{{ run.id }}", method="POST"), transform("end", "1")))
    tell = http("tell", world.url + "/tell/{{ run.id }}", method="POST", body={"url": "{{ run.resumeUrls.wait }}"})
    wait = node("wait", "DELAY", {"wait": {"for": "webhook"}})
    arena.called = arena.client.create_flow(*chain(
        trigger(), tell, wait, http("effect", world.url + "/effect/{{ run.id }}", method="POST"), transform("end", "1")))
    yield arena
    arena.close()


def wait_until_it_waits(arena, key):
    run = arena.acknowledged[-1]
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := [entry for entry in nodes_of(arena.client, run)["nodeExecutions"] if entry["nodeKey"] == key]) == [] \
            or found[0]["status"] != "WAITING":
        assert time.monotonic() < end, arena.stuck()
        time.sleep(0.02)
    return found[0]["nodeId"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", SIGNAL_POINTS)
def test_a_server_dies_while_it_takes_an_answer(house, answered, label, moment, tell):
    arena = answered
    for flow, key in ((arena.asking, "ask"), (arena.called, "wait")):
        arena.start(1, flow)
        run, victim = arena.acknowledged[-1], house.start(
            arena.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
        victim.is_over = True
        asked = wait_until_it_waits(arena, key)
        with pytest.raises(requests.exceptions.ConnectionError):
            if key == "ask":
                decide(arena.client.at(victim), run, asked)
            else:
                call(victim, arena.world, run)
        victim.process.wait(10)
        # Whoever got no answer asks again, elsewhere; it may have been taken already.
        if key == "ask":
            assert decide(arena.client, run, asked) in (None, "CONFLICT")
        else:
            assert call(arena.server, arena.world, run) in (202, 410)
    arena.wait_until_over()
    for run in arena.acknowledged:
        assert len(arena.world.requests(f"/effect/{run}")) == 1, "it went on twice"
    tell(arena.assert_all_is_well())


def decide(client, run, asked):
    """The code of the refusal, if there is one."""
    given = {"executionId": run, "nodeId": asked, "approve": True}
    errors = client.post(DECIDE, {"input": given}).json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None


def call(server, world, run):
    path = urlsplit(world.wait_for(f"/tell/{run}")[0].json()["url"]).path
    return requests.post(server.url + path, json={}, timeout=20).status_code


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", RELEASE_POINTS)
def test_a_worker_dies_while_it_gives_a_run_back(house, known_secrets, label, moment, tell):
    world = LocalWorld()
    arena = Arena(house, known_secrets, world)
    arena.start(2)
    paths = [f"/effect/{run}" for run in arena.acknowledged]
    for path in paths:
        world.hold(path)
    victim = arena.worker(STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    for path in paths:
        world.wait_for(path)
    # It waits a second for what is under way, then gives the runs back.
    victim.process.terminate()
    assert victim.has_died(10), "the point was not reached"
    for path in paths:
        world.release(path)
    arena.worker()
    arena.wait_until_over()
    tell(arena.assert_all_is_well())
    arena.close()
    world.close()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", CLOSING_POINTS)
def test_a_worker_dies_while_it_ends_a_wait(house, known_secrets, world, label, moment, tell):
    arena = Arena(house, known_secrets, world)
    wait = node("ask", "DELAY", {"wait": {"for": "approval", "timeoutMilliseconds": 3000}})
    flow = arena.client.create_flow(*chain(trigger(), wait, transform("end", "input.approved")))
    victim = arena.worker(STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    arena.start(1, flow)
    run = arena.acknowledged[-1]
    asked = wait_until_it_waits(arena, "ask")
    assert victim.has_died(20), "the point was not reached"
    # Whether it is accepted now depends on what had been stored; who is told that it is has decided.
    refusal = decide(arena.client, run, asked)
    arena.worker()
    arena.wait_until_over()
    end = arena.client.log(run)
    assert (refusal, end["status"]) in ((None, "SUCCESS"), ("CONFLICT", "FAILURE")), (refusal, end)
    for left in ("execution_queue", "execution_signals"):
        assert arena.sql(f"SELECT count(*) FROM {left}") == "0", left
    tell(f"{moment} {label}: {refusal or 'accepted'}, {end['status']}")
    arena.close()
