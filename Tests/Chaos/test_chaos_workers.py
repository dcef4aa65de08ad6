"""A worker dies at each statement that moves runs."""

import pytest
from chaos_points import ACCEPTING_POINTS, ENDING, MOMENTS, RUN_POINTS, SERVER_UPKEEP, WORKER_POINTS
from chaos_world import accept, die_at, end_of_the_dead, recorded


def test_the_points_are_all_there_are(house, arena, tmp_path):
    worker = arena.worker(STUDIO_CRASH_RECORD=tmp_path / "worker")
    arena.start(8)
    arena.start(1, arena.slow_flow)
    arena.start(3, arena.limited_flow)
    arena.start(2, arena.single_flow)
    arena.wait_until_over()
    worker.stop()
    server = house.start(arena.database, WORKER_ENABLED="false", STUDIO_CRASH_RECORD=tmp_path / "server")
    accept(arena.client.at(server), arena, "point")
    server.stop()
    assert recorded(tmp_path / "worker") <= {*WORKER_POINTS, *ENDING}
    assert recorded(tmp_path / "server") <= set(ACCEPTING_POINTS) | SERVER_UPKEEP


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", RUN_POINTS)
def test_a_worker_dies(battlefield, label, moment):
    die_at(battlefield, f"{moment}:{label}")


def test_every_run_of_the_dead_has_ended(battlefield, tell):
    tell(end_of_the_dead(battlefield))
    assert battlefield.deaths >= len(RUN_POINTS), "too few of the points were reached"
