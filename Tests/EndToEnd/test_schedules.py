"""Schedules: fired by the clock, once for each instant however many servers there are, and shown beforehand."""

import time
from datetime import datetime, timedelta, timezone

from studio_client import StudioClient, chain, transform, trigger

SHOWN = """id kind isEnabled lastFiredAt nextFireAt webhook { url }
  schedule { cron timeZone overlap catchUp catchUpWindowSeconds jitterSeconds daylightSaving nextFireTimes }"""
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { secret trigger { %s } } }" % SHOWN
UPDATE = "mutation U($input: UpdateTriggerInput!) { updateTrigger(input: $input) { trigger { %s } } }" % SHOWN
SHOW = "query S($id: ID!) { flow(id: $id) { triggers { %s } } }" % SHOWN
RUNS = "query R($id: ID!) { flow(id: $id) { executionLogs(first: 100) { nodes { id status input } } } }"
SWITCH = "mutation S($id: ID!) { %sTrigger(input: { id: $id }) { trigger { isEnabled nextFireAt } } }"
PATIENCE_SECONDS = 15


def make_flow(client):
    return client.create_flow(*chain(trigger(), transform("last", "input.scheduledAt")), name="Scheduled")


def add(client, flow, **schedule):
    return client.execute(ADD, input={"flowId": flow["id"], "schedule": schedule})["addTrigger"]["trigger"]


def runs(client, flow, at_least):
    end = time.monotonic() + PATIENCE_SECONDS
    while len(found := client.execute(RUNS, id=flow["id"])["flow"]["executionLogs"]["nodes"]) < at_least:
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_the_next_ten_instants_are_shown_in_the_zone(client):
    flow = make_flow(client)
    shown = add(client, flow, cron="30 2 * * *", timeZone="America/New_York", jitterSeconds=60)
    assert shown["kind"] == "SCHEDULE" and shown["webhook"] is None
    schedule = shown["schedule"]
    assert (schedule["cron"], schedule["timeZone"], schedule["overlap"]) == ("30 2 * * *", "America/New_York", "ALLOW")
    assert (schedule["catchUp"], schedule["daylightSaving"], schedule["jitterSeconds"]) == ("LAST", "VIXIE", 60)
    times = [instant(text) for text in schedule["nextFireTimes"]]
    assert len(times) == 10 and times == sorted(times) and instant(shown["nextFireAt"]) == times[0]
    now = datetime.now(timezone.utc)
    assert now < times[0] <= now + timedelta(days=1)
    assert client.execute(SHOW, id=flow["id"])["flow"]["triggers"] == [shown]


def test_a_schedule_starts_runs_by_the_clock_each_instant_once(client):
    flow = make_flow(client)
    add(client, flow, cron="* * * * * *")
    found = runs(client, flow, 3)
    instants = [run["input"]["scheduledAt"] for run in found]
    assert len(set(instants)) == len(instants)
    assert found[0]["input"]["cron"] == "* * * * * *" and found[0]["input"]["timeZone"] == "UTC"
    shown = client.execute(SHOW, id=flow["id"])["flow"]["triggers"][0]
    assert shown["lastFiredAt"] and shown["nextFireAt"]
    off = client.execute(SWITCH % "disable", id=shown["id"])["disableTrigger"]["trigger"]
    assert off == {"isEnabled": False, "nextFireAt": None}
    count = len(client.execute(RUNS, id=flow["id"])["flow"]["executionLogs"]["nodes"])
    on = client.execute(SWITCH % "enable", id=shown["id"])["enableTrigger"]["trigger"]
    assert on["isEnabled"] and on["nextFireAt"]
    runs(client, flow, count + 1)
    client.execute(UPDATE, input={"id": shown["id"], "schedule": {"cron": "@yearly"}})
    shown = client.execute(SHOW, id=flow["id"])["flow"]["triggers"][0]
    assert shown["nextFireAt"][4:] == "-01-01T00:00:00.000Z" and shown["schedule"]["cron"] == "@yearly"


def test_several_servers_and_kill_9_fire_each_instant_once(house, known_secrets):
    database = house.migrated_database()
    servers = [house.start(database) for _ in range(3)]
    client = StudioClient(servers[0], known_secrets)
    client.register()
    flow = make_flow(client)
    for _ in range(5):
        add(client, flow, cron="* * * * * *", catchUp="ALL")
    runs(client, flow, 10)
    servers[1].kill()
    servers[2].kill()
    found = runs(client, flow, 25)
    triggers = client.execute(SHOW, id=flow["id"])["flow"]["triggers"]
    for shown in triggers:
        client.execute(SWITCH % "disable", id=shown["id"])
    found = client.execute(RUNS, id=flow["id"])["flow"]["executionLogs"]["nodes"]
    counts = {}
    for run in found:
        counts[run["input"]["scheduledAt"]] = counts.get(run["input"]["scheduledAt"], 0) + 1
    assert max(counts.values()) == 5, counts
    # Between the first instant that all five have and the last, none has less.
    full = [at for at, count in sorted(counts.items()) if count == 5]
    assert all(counts[at] == 5 for at in sorted(counts) if full[0] <= at <= full[-1]), counts


def test_what_cannot_be_is_explained(client):
    flow = make_flow(client)

    def error(**schedule):
        found = client.fail(ADD, input={"flowId": flow["id"], "schedule": schedule})
        assert found["extensions"]["code"] == "BAD_USER_INPUT"
        return found["extensions"]["field"], found["message"]

    assert error(cron="0 0 ? * *")[0] == "schedule.cron" and "Quartz" in error(cron="0 0 ? * *")[1]
    assert "Quartz" in error(cron="0 0 * * 5#2")[1] and "five fields" in error(cron="* *")[1]
    assert error(cron="@daily", timeZone="Mars/Olympus")[0] == "schedule.timeZone"
    assert error(cron="@daily", jitterSeconds=4000)[0] == "schedule.jitterSeconds"
    assert error(cron="@daily", catchUpWindowSeconds=1)[0] == "schedule.catchUpWindowSeconds"
    both = {"flowId": flow["id"], "schedule": {"cron": "@daily"}, "webhook": {}}
    assert client.fail(ADD, input=both)["extensions"]["code"] == "BAD_USER_INPUT"
    assert client.fail(ADD, input={"flowId": flow["id"]})["extensions"]["code"] == "BAD_USER_INPUT"
