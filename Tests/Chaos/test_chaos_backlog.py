"""Runs that wait in the queue and are over with their first turn end in the transaction that takes them from it: a worker that
dies there leaves them in the queue, or has ended them."""

import time

import pytest
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, SURELY, Arena
from local_world import LocalWorld
from studio_client import chain, node, trigger

ENDING_POINTS = ("lock_due_runs:1", "end_runs:1")
# Runs of the backlog that a victim finds.
BACKLOG = 12


class Backlog(Arena):
    def begin(self):
        self.deaths = 0
        self.short = []
        self.short_flow = self.client.create_flow(
            *chain(trigger(), node("line", "ACTION", {"type": "log", "message": "said"})), name="Short")
        return self

    def start_short(self, count):
        self.short += [self.client.start(self.short_flow) for _ in range(count)]

    def ended_with_their_claim(self):
        """Nobody has ever claimed them."""
        return int(self.sql("SELECT count(*) FROM execution_logs WHERE status = 'success' AND epoch = 0"))

    def warm_up(self, worker):
        """A new worker stores its claims for the time of a lease; then it ends what it can."""
        before, end = self.ended_with_their_claim(), time.monotonic() + PATIENCE_SECONDS
        while worker.process.poll() is None and self.ended_with_their_claim() == before:
            assert time.monotonic() < end, "it ends nothing with its claim"
            self.start_short(1)
            time.sleep(0.05)


@pytest.fixture(scope="module")
def backlog(shared_house, known_secrets):
    world = LocalWorld()
    arena = Backlog(shared_house, known_secrets, world).begin()
    yield arena
    arena.close()
    world.close()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("point", ENDING_POINTS)
def test_a_worker_dies_with_runs_that_end_with_their_claim(backlog, point, moment):
    victim = backlog.worker(STUDIO_CRASH_POINT=f"{moment}:{point}")
    backlog.warm_up(victim)
    assert victim.has_died(SURELY), "the point was not reached"
    backlog.deaths += 1
    # What it had locked is there for others at once: nobody waits for its lease.
    waiting = backlog.sql("SELECT count(*) FROM execution_queue WHERE owner IS NULL")
    assert int(waiting) > 0


def test_one_of_two_workers_is_killed_beside_a_backlog(backlog):
    for _ in range(3):
        victim, other = backlog.worker(), backlog.worker()
        backlog.warm_up(victim)
        other.stall()
        backlog.start_short(BACKLOG)
        victim.stall()
        backlog.start_short(BACKLOG)
        victim.go_on()
        other.go_on()
        victim.kill()
        backlog.deaths += 1
        backlog.wait_until_over()
        other.stop()


def test_every_run_of_the_backlog_has_ended_once(backlog, tell):
    rescuer = backlog.worker()
    backlog.wait_until_over()
    rescuer.stop()
    stored = backlog.sql("SELECT studio_type_id('exec', id) FROM execution_logs WHERE status = 'success'").splitlines()
    assert len(stored) == len(set(stored)) and set(stored) >= set(backlog.short), "an acknowledged run is lost"
    backlog.assert_all_is_well()
    tell(f"{backlog.deaths} deaths, {len(backlog.short)} runs acknowledged and ended, "
          f"{backlog.ended_with_their_claim()} of them with their claim")
    assert backlog.ended_with_their_claim() >= BACKLOG
