"""A server that works itself owns what it accepts from the first commit on: what it had told when it died, others end."""

import itertools
import signal
import time

import pytest
import requests
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, SETTINGS, Arena
from local_world import LocalWorld
from studio_client import chain, delay, http, node, transform, trigger

PUBLISH = "mutation ($id: ID!) { publishFlow(input: { id: $id }) { version { number } } }"
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { webhook { url } } } }"
# What a server changes when it accepts a run for its own worker, and what that worker stores first.
EXECUTE_POINTS = ("enqueue_runs:1", "enqueue_runs:2", "insert_audit_event:1", "commit_run:1")
CALL_POINTS = ("accept_deliveries:1", "accept_deliveries:2", "commit_run:1")
# A run that is over with its first turn is stored as what it became: there is nothing else to be stored.
SHORT_POINTS = ("accept_deliveries:1", "accept_deliveries:2")
# Requests of a victim at most: none of the points is later.
REQUESTS = 6


class Eager(Arena):
    """A published flow with a webhook. A table of the tests' own has each run that had an owner from the beginning, and
    whether it was taken from a dead one who had never claimed it."""

    def begin(self):
        self.deaths = 0
        self.keys = itertools.count(1)
        # Deliveries that were stored with an owner who is dead for certain.
        self.orphans = []
        self.eager_flow = self.client.create_flow(*chain(
            trigger(), http("effect", self.world.url + "/effect/{{ run.id }}", method="POST"), delay("pause", 20),
            transform("end", "1")), name="Eager")
        self.path = self.publish(self.eager_flow)
        # Runs that are driven before they are stored, and the deliveries of which their victim had stored them so.
        self.short, self.driven = [], []
        self.short_path = self.publish(self.client.create_flow(
            *chain(trigger(), node("line", "ACTION", {"type": "log", "message": "said"})), name="Short"))
        self.sql("""CREATE TABLE eager_starts (execution_id uuid PRIMARY KEY, was_left boolean NOT NULL DEFAULT false);
            CREATE FUNCTION note_start() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO eager_starts VALUES (NEW.execution_id); RETURN NULL; END $$;
            CREATE FUNCTION note_crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              UPDATE eager_starts SET was_left = true WHERE execution_id = NEW.execution_id; RETURN NULL; END $$;
            CREATE TRIGGER note_start AFTER INSERT ON execution_queue FOR EACH ROW
              WHEN (NEW.owner IS NOT NULL) EXECUTE FUNCTION note_start();
            CREATE TRIGGER note_crash AFTER UPDATE ON execution_queue FOR EACH ROW
              WHEN (OLD.owner IS NOT NULL AND OLD.epoch = 1 AND NEW.crashes > OLD.crashes)
              EXECUTE FUNCTION note_crash()""")
        self.worker()
        return self

    def publish(self, flow):
        """Publishes a flow with a webhook; the path of its URL."""
        self.client.execute(PUBLISH, id=flow["id"])
        made = self.client.execute(ADD, input={
            "flowId": flow["id"], "webhook": {"signature": "NONE", "deliveryHeader": "X-Delivery"}})
        return "/hooks/" + made["addTrigger"]["trigger"]["webhook"]["url"].rsplit("/", 1)[1]

    def started(self, condition="true"):
        return int(self.sql(f"SELECT count(*) FROM eager_starts WHERE {condition}"))

    def execute(self, server, _):
        """Nobody knows what became of a request without a key: it is not repeated."""
        self.acknowledged.append(self.client.at(server).start(self.eager_flow))

    def call(self, server, key):
        self.acknowledged.append(self.post(server, self.path, key))

    def call_short(self, server, key):
        self.short.append(self.post(server, self.short_path, key))

    def post(self, server, path, key):
        answer = requests.post(server.url + path, json={}, headers={"X-Delivery": key}, timeout=20)
        assert answer.status_code in (200, 202), answer.text
        return answer.json()["execution"]

    def send(self, way, server):
        key = f"delivery {next(self.keys)}"
        try:
            way(self, server, key)
        except requests.exceptions.ConnectionError:
            if way is not Eager.execute:  # what services do: the same delivery again, elsewhere
                way(self, self.server, key)
            raise
        return key


@pytest.fixture(scope="module")
def eager(shared_house, known_secrets):
    world = LocalWorld()
    arena = Eager(shared_house, known_secrets, world).begin()
    yield arena
    arena.close()
    world.close()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("way", "point"), [
    *((Eager.execute, point) for point in EXECUTE_POINTS), *((Eager.call, point) for point in CALL_POINTS),
    *((Eager.call_short, point) for point in SHORT_POINTS)],
    ids=lambda value: getattr(value, "__name__", value))
def test_a_server_dies_with_a_run_of_its_own(shared_house, eager, way, point, moment):
    victim = shared_house.start(eager.database, **SETTINGS, STUDIO_CRASH_POINT=f"{moment}:{point}")
    victim.is_over = True
    try:
        warm_up(eager, victim, Eager.call if way is Eager.execute else Eager.execute)
        for _ in range(REQUESTS):
            eager.send(way, victim)
    except requests.exceptions.ConnectionError:
        eager.deaths += 1
    assert victim.process.wait(10) == -signal.SIGKILL, "the point was not reached"
    if point.startswith("accept_deliveries") and moment == "after":
        (eager.driven if way is Eager.call_short else eager.orphans).append(f"delivery {next(eager.keys) - 1}")


def warm_up(eager, victim, way):
    """The first rounds of a worker take a moment; then runs are its own. The other way is none of the point."""
    before, end = eager.started(), time.monotonic() + PATIENCE_SECONDS
    while eager.started() == before:
        assert time.monotonic() < end, "its worker takes no run"
        eager.send(way, victim)


def test_every_run_of_a_dead_owner_has_ended(eager, tell):
    eager.wait_until_over()
    assert eager.sql("SELECT count(*) - count(DISTINCT delivery_key) FROM trigger_deliveries") == "0"
    for key in eager.orphans:
        assert eager.sql(f"""SELECT was_left FROM eager_starts s JOIN trigger_deliveries d USING (execution_id)
            WHERE d.delivery_key = '{key}'""") == "t", "it was not its own"
    for key in eager.driven:
        assert eager.sql(f"""SELECT count(l.end_events), count(e.execution_id) FROM trigger_deliveries d
            JOIN execution_logs l ON l.id = d.execution_id LEFT JOIN execution_events e USING (execution_id)
            WHERE d.delivery_key = '{key}'""") == "1|0", "it was not stored as what it became"
    stored = set(eager.sql("SELECT studio_type_id('exec', id) FROM execution_logs WHERE status = 'success'").splitlines())
    assert stored >= set(eager.short), "an acknowledged run is lost"
    left = eager.started("was_left")
    tell(f"{eager.deaths} deaths, {eager.started()} runs had an owner when they were accepted, {left} lost it: "
          f"{eager.assert_all_is_well()}")
    points = len(EXECUTE_POINTS) + len(CALL_POINTS) + len(SHORT_POINTS)
    assert eager.deaths == len(MOMENTS) * points and left >= len(eager.orphans) == len(eager.driven) == 2
