"""A worker dies while it gives out slots, and while it looks after what is no run."""

import pytest
from chaos_points import LINE_POINTS, MOMENTS, UPKEEP_POINTS
from chaos_world import die_at, end_of_the_dead


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", LINE_POINTS + UPKEEP_POINTS)
def test_a_worker_dies(battlefield, label, moment):
    die_at(battlefield, f"{moment}:{label}", [(2, battlefield.single_flow)] if "run_slots" in label else [])


def test_every_run_of_the_dead_has_ended(battlefield, tell):
    tell(end_of_the_dead(battlefield))
    assert battlefield.deaths >= len(LINE_POINTS + UPKEEP_POINTS), "too few of the points were reached"
