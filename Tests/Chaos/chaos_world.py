"""What the chaos suite works with: workers that die where they are told to, and the account of all runs at the end."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter

from private_postgres import REPOSITORY, die_with_parent
from studio_client import CREATE_INTEGRATION, EXECUTE, StudioClient, chain, delay, http, node, transform, trigger
from studio_process import DEFAULTS, STUDIO, environment

# How many runs the tests that can grow begin.
RUNS = int(os.environ.get("CHAOS_RUNS", "200"))
PATIENCE_SECONDS = 60
# Seconds for a death that must come, on a machine that has much to do; one that may come is not waited for so long.
SURELY = 20
# The tests wait for a lease to end very often.
SETTINGS = {"WORKER_LEASE_MILLISECONDS": "700", "LOG_LEVEL": "warning"}

LIMIT = "mutation Limit($input: SetRunLimitInput!) { setRunLimit(input: $input) { organization { id } } }"


class Worker:
    """One `studio work`."""

    def __init__(self, database, **variables):
        settings = {**DEFAULTS, **SETTINGS, **database, **variables}
        self.process = subprocess.Popen(
            [STUDIO, "work"], cwd=REPOSITORY, env=environment(settings), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", preexec_fn=die_with_parent)
        self.lines = []
        self.works = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        assert self.works.wait(30) or self.process.poll() is not None, "the worker did not begin"

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("Working"):
                self.works.set()
        self.works.set()

    def has_died(self, seconds):
        try:
            return self.process.wait(seconds) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def stall(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


class Arena:
    """A database, a server that only accepts, the world that flows call, and every run that was acknowledged."""

    def __init__(self, house, known_secrets, world, postgres=None, **settings):
        self.postgres = postgres or house.postgres
        self.database = house.migrated_database(self.postgres)
        house.allows_complaints = True  # what is broken on purpose is complained about
        self.server = house.start(self.database, WORKER_ENABLED="false", **settings)
        self.client = StudioClient(self.server, known_secrets)
        self.client.register()
        self.world = world
        self.workers = []
        self.acknowledged = []
        effect = world.url + "/effect/{{ run.id }}"
        self.flow = self.client.create_flow(*chain(
            trigger(), transform("prepare", "({ n: (input || {}).n, doubled: 2 * (input || {}).n })"),
            http("effect", effect, method="POST", body={"n": "{{ input.n }}"}),
            delay("pause", 20), transform("end", "run.input.n")))
        self.slow_flow = self.client.create_flow(*chain(
            trigger(), delay("sleep", 2100), http("effect", effect, method="POST"),
            transform("end", "run.input.n")))
        # One call at a time with this account: of several runs one calls, the others stand in line.
        self.account = self.client.execute(CREATE_INTEGRATION, input={
            "type": "slack", "name": "Shop", "credentials": {"botToken": "xoxb-not-a-real-one"},
        })["createIntegration"]["integration"]["id"]
        self.client.execute(LIMIT, input={"integrationId": self.account, "maximumConcurrentCalls": 1})
        self.limited_flow = self.client.create_flow(*chain(
            trigger(), {**http("effect", effect, method="POST"), "integrationId": self.account},
            transform("end", "run.input.n")))

        # One run at a time of this flow.
        self.single_flow = self.client.create_flow(*chain(
            trigger(), http("effect", effect, method="POST"), transform("end", "run.input.n")))
        self.client.execute(LIMIT, input={"flowId": self.single_flow["id"], "maximumConcurrentRuns": 1})

    def worker(self, **variables):
        worker = Worker(self.database, **variables)
        self.workers.append(worker)
        return worker

    def start(self, count, flow=None):
        """Starts runs; those whose acceptance was told count."""
        for _ in range(count):
            number = len(self.acknowledged)
            self.acknowledged.append(self.client.start(flow or self.flow, {"n": number}))

    def sql(self, statement):
        return self.postgres.sql(statement, self.database["DATABASE_URL"])

    def unfinished(self):
        return int(self.sql(
            "SELECT count(*) FROM execution_logs WHERE status NOT IN ('success', 'failure', 'cancelled')"))

    def wait_until_over(self, seconds=PATIENCE_SECONDS):
        end = time.monotonic() + seconds
        while self.unfinished():
            assert time.monotonic() < end, f"{self.unfinished()} runs are stuck: {self.stuck()}"
            time.sleep(0.05)

    def spare_the_unlucky(self):
        """A run whose worker dies five times in a row without a step is ended, for it might be the reason. Of many runs in
        a long row of victims some have such luck: these go on before."""
        if self.sql("SELECT coalesce(max(crashes), 0) > 2 FROM execution_queue") == "t":
            rescuer = self.worker()
            self.wait_until_over()
            rescuer.stop()

    def stuck(self):
        logs = "".join("".join(worker.lines[-5:]) for worker in self.workers)
        return self.sql("""SELECT l.status, l.step, l.epoch, q.* FROM execution_logs l
            LEFT JOIN execution_queue q ON q.execution_id = l.id
            WHERE l.status NOT IN ('success', 'failure', 'cancelled') LIMIT 3""") + "\n" + logs[-3000:]

    def assert_all_is_well(self):
        """Every acknowledged run ended well, once; nothing is left behind; what was repeated had its key. The counts."""
        rows = [row.split("|") for row in self.sql("""
            SELECT l.id, l.last_sequence, count(e.sequence), max(e.sequence),
              count(*) FILTER (WHERE e.kind = 'finished'), count(*) FILTER (WHERE e.kind = 'queued')
            FROM execution_logs l LEFT JOIN run_events e ON e.execution_id = l.id
            GROUP BY l.id, l.last_sequence""").splitlines()]
        assert len(rows) >= len(set(self.acknowledged)), "an acknowledged run is lost"
        bad = self.sql("""SELECT count(*) OVER (), flow_name, status, error, start_time, end_time, epoch, step
            FROM execution_logs WHERE status <> 'success' LIMIT 5""")
        assert bad == "", bad
        for run, last, count, highest, finished, queued in rows:
            assert last == count == highest, f"{run}: the events have a gap or a repeat"
            assert (finished, queued) == ("1", "1"), f"{run}: {finished} ends, {queued} beginnings"
        for left in ("execution_queue", "execution_signals", "slot_waiters", "run_slots WHERE execution_id IS NOT NULL"):
            assert self.sql(f"SELECT count(*) FROM {left}") == "0", left
        assert self.sql("SELECT count(*) FROM node_execution_logs WHERE status <> 'success'") == "0"
        calls = Counter()
        keys = {}
        for seen in self.world.seen:
            if seen.path.startswith("/effect/"):
                calls[seen.path] += 1
                keys.setdefault(seen.path, set()).add(seen.headers["idempotency-key"])
        for run in self.acknowledged:
            assert calls[f"/effect/{run}"] >= 1, f"{run} ended without its effect"
        assert all(len(found) == 1 for found in keys.values()), "a repeated call had another key"
        repeated = sum(count - 1 for count in calls.values())
        return f"{len(set(self.acknowledged))} runs acknowledged, {len(rows)} ended, {repeated} calls repeated with the same key"

    def close(self):
        for worker in self.workers:
            worker.stop()


def accept(client, arena, key):
    """Asks for a run under an idempotency key; its id."""
    given = {"flowId": arena.flow["id"], "input": {"key": key, "n": 1}, "idempotencyKey": key}
    return client.execute(EXECUTE, input=given)["executeFlow"]["execution"]["id"]


def recorded(path):
    """The points that a process has written down."""
    return set(path.read_text().split())


def die_at(arena, point, runs=()):
    """A worker that dies at a point while it works, if it comes there: at its first and at its second occurrence, for the
    first claim or commit of a process is not like those that follow. `runs` says how many of which flow it has beside."""
    for number in (1, 2):
        victim = arena.worker(STUDIO_CRASH_POINT=f"{point}:{number}")
        arena.start(max(1, RUNS // 200))
        arena.start(1, arena.slow_flow)
        arena.start(2, arena.limited_flow)
        for count, flow in runs:
            arena.start(count, flow)
        has_died = victim.has_died(1.5)
        victim.stop()
        arena.deaths += has_died
        arena.spare_the_unlucky()


def end_of_the_dead(arena):
    """Somebody ends what the dead have left; the counts."""
    rescuer = arena.worker()
    arena.wait_until_over()
    rescuer.stop()
    return f"{arena.deaths} deaths: {arena.assert_all_is_well()}"
