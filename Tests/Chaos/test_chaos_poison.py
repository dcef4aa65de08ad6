"""A run that kills its worker whenever it is driven: the deaths are counted, the fifth ends it, and what waits beside it ends.

Its flow is over with its first turn, and others of its runs are harmless: a worker that has been there for a lease drives such runs
before it stores a claim of them. One death may leave no trace so; a run that has once been claimed is claimed every time."""

import threading
import time

from chaos_world import PATIENCE_SECONDS
from studio_client import chain, node, trigger

# Deaths that end a run.
BOUND = 5
WITHOUT_TRACE = 1
ENDED_WITH_THEIR_CLAIM = "SELECT count(*) FROM execution_logs WHERE status = 'success' AND epoch = 0"


class Feed:
    """Harmless runs, one after the other, as long as it lasts."""

    def __init__(self, arena, flow):
        self.arena, self.flow, self.runs, self.is_over = arena, flow, [], False
        self.thread = threading.Thread(target=self._feed, daemon=True)
        self.thread.start()

    def _feed(self):
        client = self.arena.client.at(self.arena.server)
        while not self.is_over:
            self.runs.append(client.start(self.flow))

    def end(self):
        self.is_over = True
        self.thread.join(PATIENCE_SECONDS)


class Poisoned:
    def __init__(self, arena, flow):
        self.arena, self.deaths = arena, 0
        self.run = arena.client.start(flow, {"poison": True})

    def asked(self, column):
        return self.arena.sql(f"SELECT {column} FROM execution_logs WHERE studio_type_id('exec', id) = '{self.run}'")

    def is_over(self):
        return self.asked("end_time IS NOT NULL") == "t"

    def meet(self, worker):
        """A worker that ends what it can with its claim meets the run, which is due at once: it dies, or has ended it."""
        end = time.monotonic() + PATIENCE_SECONDS
        before = self.arena.sql(ENDED_WITH_THEIR_CLAIM)
        while worker.process.poll() is None and not self.is_over():
            assert time.monotonic() < end, self.arena.stuck()
            if self.arena.sql(ENDED_WITH_THEIR_CLAIM) != before:
                # It alone, as those that died with it come due at other times.
                self.arena.sql(f"""UPDATE execution_queue SET due_at = now() WHERE is_parked AND due_at > now()
                    AND studio_type_id('exec', execution_id) = '{self.run}'""")
            time.sleep(0.05)
        self.deaths += worker.process.poll() is not None


def test_a_run_that_kills_its_worker_is_ended_and_hinders_no_other(arena, tell):
    flow = arena.client.create_flow(*chain(trigger(), node("line", "ACTION", {"type": "log", "message": "said"})))
    worker = arena.worker(STUDIO_CRASH_INPUT="poison")
    feed, before = Feed(arena, flow), arena.sql(ENDED_WITH_THEIR_CLAIM)
    while arena.sql(ENDED_WITH_THEIR_CLAIM) == before:
        time.sleep(0.05)
    poisoned = Poisoned(arena, flow)
    poisoned.meet(worker)
    while not poisoned.is_over():
        worker = arena.worker(STUDIO_CRASH_INPUT="poison")
        poisoned.meet(worker)
    feed.end()
    arena.wait_until_over()
    worker.stop()
    assert poisoned.asked("error->>'code'") == "RUN_ABANDONED"
    others = arena.sql(f"SELECT status, count(*) FROM execution_logs WHERE studio_type_id('exec', id) <> '{poisoned.run}' GROUP BY 1")
    tell(f"{poisoned.deaths} deaths; beside it {others}")
    assert others == f"success|{len(feed.runs)}", "a run beside it was lost"
    assert BOUND <= poisoned.deaths <= BOUND + WITHOUT_TRACE, "deaths left no trace"
