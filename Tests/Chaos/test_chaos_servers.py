"""A server dies while it accepts a run: what was acknowledged ends, and nothing is accepted twice under one key."""

import signal

import pytest
import requests
from chaos_points import ACCEPTING_POINTS, FIRST_RUN_POINTS, MOMENTS
from chaos_world import accept, end_of_the_dead
from studio_client import chain, http, trigger


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", ACCEPTING_POINTS)
def test_a_server_dies_while_it_accepts(shared_house, battlefield, label, moment):
    key = f"{moment}:{label}"
    victim = shared_house.start(
        battlefield.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    try:
        battlefield.acknowledged.append(accept(battlefield.client.at(victim), battlefield, key))
    except requests.exceptions.ConnectionError:
        pass  # nothing was acknowledged
    # The client does what clients do: it asks again, elsewhere, with the same key.
    battlefield.acknowledged.append(accept(battlefield.client, battlefield, key))
    victim.is_over = True
    victim.process.kill()
    battlefield.deaths += victim.process.wait(10) == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", FIRST_RUN_POINTS)
def test_a_server_dies_while_it_stores_a_first_version(shared_house, battlefield, label, moment):
    flow = battlefield.client.create_flow(*chain(
        trigger(), http("effect", battlefield.world.url + "/effect/{{ run.id }}", method="POST")))
    victim = shared_house.start(
        battlefield.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    victim.is_over = True
    with pytest.raises(requests.exceptions.ConnectionError):
        battlefield.client.at(victim).start(flow)
    battlefield.deaths += victim.process.wait(10) == -signal.SIGKILL
    battlefield.start(1, flow)


def test_every_run_of_the_dead_has_ended(battlefield, tell):
    counts = end_of_the_dead(battlefield)
    accepted = battlefield.sql("""SELECT count(*), count(DISTINCT input->>'key') FROM execution_logs
        WHERE input ? 'key'""").split("|")
    assert accepted[0] == accepted[1], "a run was accepted twice under one key"
    tell(counts)
    assert battlefield.deaths >= len(ACCEPTING_POINTS + FIRST_RUN_POINTS), "too few of the points were reached"
