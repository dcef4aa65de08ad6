"""An instant of a schedule starts exactly one run, and so does the end of a run for each flow that waits for it,
whatever dies at whatever moment."""

import time

import pytest
from chaos_points import ENDING, MOMENTS, WORKER_POINTS
from chaos_world import SURELY, Arena, recorded
from local_world import LocalWorld
from studio_client import chain, delay, transform, trigger

# Every statement by which a worker changes something for a schedule or a flow event.
TRIGGER_POINTS = (
    "end_fire", "end_flow_event", "insert_fire", "insert_triggered_run", "take_fire",
    "take_flow_event")
# The same where an instant waits until the run before it has ended.
QUEUE_POINTS = ("commit", "open_runs_of_trigger", "postpone_fire")
# In the same transactions where nothing is published and no version is stored yet, and where nothing is due.
FIRST_TIME = {"find_version", "insert_version", "load_connections", "load_flow", "load_nodes", "lock_flow", "rollback"}
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id } } }"
SWITCH_OFF = "mutation S($id: ID!) { disableTrigger(input: { id: $id }) { trigger { isEnabled } } }"


class Schedules(Arena):
    """A flow that is started each second, and two that are started by its ends."""

    def begin(self):
        self.scheduled, *followers = (
            self.client.create_flow(*chain(trigger(), transform("last", "1")), name=name)
            for name in ("Scheduled", "First", "Second"))
        for flow in followers:
            self.client.execute(ADD, input={"flowId": flow["id"], "flowEvent": {"flowId": self.scheduled["id"]}})
        self.schedule = self.client.execute(ADD, input={
            "flowId": self.scheduled["id"],
            "schedule": {"cron": "* * * * * *", "timeZone": "UTC", "overlap": "ALLOW", "catchUp": "ALL"},
        })["addTrigger"]["trigger"]["id"]
        return self

    def fired(self):
        return int(self.sql("SELECT count(*) FROM trigger_fires WHERE status = 'fired'"))

    def end(self):
        """Every instant and every end has one run; the counts."""
        self.client.execute(SWITCH_OFF, id=self.schedule)
        self.wait_until_over()
        end = time.monotonic() + 30
        while self.sql("SELECT count(*) FROM trigger_events WHERE status = 'waiting'") != "0":
            assert time.monotonic() < end, "an end of a run starts nothing"
            time.sleep(0.05)
        self.wait_until_over()
        fires, runs, started = self.sql("""
            SELECT count(*), count(DISTINCT execution_id), (SELECT count(*) FROM execution_logs
              WHERE flow_name = 'Scheduled') FROM trigger_fires WHERE status = 'fired'""").split("|")
        assert fires == runs == started, f"{fires} instants, {started} runs"
        for name in ("First", "Second"):
            assert self.sql(f"SELECT count(*) FROM execution_logs WHERE flow_name = '{name}'") == started, name
        assert self.sql("SELECT count(*) FROM trigger_events WHERE status <> 'fired'") == "0"
        gaps = self.sql("""SELECT count(*) FROM (SELECT fire_at - lag(fire_at) OVER (ORDER BY fire_at) AS gap
            FROM trigger_fires WHERE status IN ('fired', 'skipped', 'missed')) g WHERE gap > interval '1 second'""")
        assert gaps == "0", "an instant was passed over"
        return f"{fires} instants, {self.assert_all_is_well()}"


@pytest.fixture(scope="module")
def schedules(shared_house, known_secrets):
    world = LocalWorld()
    arena = Schedules(shared_house, known_secrets, world).begin()
    arena.deaths = 0
    yield arena
    arena.close()
    world.close()


def test_the_points_of_triggers_are_all_there_are(schedules, tmp_path):
    worker = schedules.worker(STUDIO_CRASH_RECORD=tmp_path / "worker")
    wait_for_fires(schedules, 2)
    wait_for(lambda: schedules.sql("SELECT count(*) FROM trigger_events WHERE status = 'fired'") > "0")
    worker.stop()
    known = {*WORKER_POINTS, *TRIGGER_POINTS, *FIRST_TIME, *ENDING}
    assert sorted(recorded(tmp_path / "worker") - known) == []


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", TRIGGER_POINTS)
def test_a_worker_dies_while_it_fires(schedules, label, moment):
    for number in (1, 2):
        victim = schedules.worker(STUDIO_CRASH_POINT=f"{moment}:{label}:{number}")
        schedules.deaths += victim.has_died(3)
        victim.stop()


def test_every_instant_has_one_run(schedules, tell):
    schedules.worker()
    wait_for_fires(schedules, 2)
    tell(f"{schedules.deaths} deaths: {schedules.end()}")
    assert schedules.deaths >= len(TRIGGER_POINTS), "too few of the points were reached"


def test_a_worker_dies_while_instants_stand_in_line(house, known_secrets, world, tell):
    arena = Schedules(house, known_secrets, world)
    flow = arena.client.create_flow(*chain(trigger(), delay("pause", 1200), transform("last", "1")), name="Slow")
    schedule = {"cron": "* * * * * *", "timeZone": "UTC", "overlap": "QUEUE", "catchUp": "ALL"}
    made = arena.client.execute(ADD, input={"flowId": flow["id"], "schedule": schedule})["addTrigger"]["trigger"]
    deaths = 0
    for label in QUEUE_POINTS:
        for moment in MOMENTS:
            victim = arena.worker(STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            deaths += victim.has_died(SURELY)
            victim.stop()
    arena.worker()
    wait_for_fires(arena, 2)
    arena.client.execute(SWITCH_OFF, id=made["id"])
    arena.wait_until_over()
    runs = arena.sql("""SELECT count(*), (SELECT count(*) FROM trigger_fires WHERE status = 'fired'),
        (SELECT count(DISTINCT execution_id) FROM trigger_fires WHERE status = 'fired') FROM execution_logs""").split("|")
    assert len(set(runs)) == 1, f"{runs[0]} runs, {runs[1]} instants"
    assert arena.sql("""SELECT count(*) FROM (SELECT created_at < lag(end_time) OVER (ORDER BY created_at) AS early
        FROM execution_logs) r WHERE early""") == "0", "a run began before the one in front of it had ended"
    tell(f"{deaths} deaths: {runs[0]} instants, {arena.assert_all_is_well()}")
    assert deaths == len(QUEUE_POINTS) * len(MOMENTS)
    arena.close()


def wait_for_fires(schedules, count):
    known = schedules.fired()
    wait_for(lambda: schedules.fired() >= known + count)


def wait_for(is_so):
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, "nothing is fired"
        time.sleep(0.05)
