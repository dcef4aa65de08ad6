"""Drafts and published versions, their differences, and runs that are run again: against the real server."""

import time

from studio_client import StudioClient, chain, http, transform, trigger

PUBLISH = """mutation ($id: ID!) { publishFlow(input: { id: $id }) {
  version { id number } flow { revision hasUnpublishedChanges } } }"""
EXECUTE = """mutation ($input: ExecuteFlowInput!) { executeFlow(input: $input) { execution { id } } }"""
REPLACE = """mutation ($input: ReplaceFlowInput!) { replaceFlow(input: $input) { flow { revision } } }"""
LOG = """query ($id: ID!) { executionLog(id: $id) {
  status result version { number } retryOf { id } nodeExecutions { nodeKey status attempt output startTime } } }"""


def client_of(house, known_secrets):
    client = StudioClient(house.start(house.migrated_database()), known_secrets)
    client.register()
    return client


def test_the_published_version_runs_while_the_draft_is_edited(house, known_secrets):
    client = client_of(house, known_secrets)
    flow = client.create_flow(*chain(trigger(), transform("answer", "'old'")))
    published = client.execute(PUBLISH, id=flow["id"])["publishFlow"]
    assert published["version"]["number"] == 1 and not published["flow"]["hasUnpublishedChanges"]
    nodes, connections = chain(trigger(), transform("answer", "'new'"), transform("more", "input + '!'"))
    client.execute(REPLACE, input={"id": flow["id"], "nodes": nodes, "connections": connections})

    def run(**version):
        started = client.execute(EXECUTE, input={"flowId": flow["id"], **version})["executeFlow"]["execution"]
        client.finish(started["id"])
        return client.execute(LOG, id=started["id"])["executionLog"]

    assert run()["result"] == "old"
    assert run(version="DRAFT")["result"] == "new!"
    difference = client.execute(
        """query ($id: ID!) { flow(id: $id) { hasUnpublishedChanges publishedVersion {
          difference { nodes { kind key fields { field before after } } connections { kind from to } } } } }""",
        id=flow["id"],
    )["flow"]
    assert difference["hasUnpublishedChanges"]
    assert difference["publishedVersion"]["difference"] == {
        "nodes": [
            {
                "kind": "CHANGED",
                "key": "answer",
                "fields": [{"field": "config.expression", "before": "'old'", "after": "'new'"}],
            },
            {"kind": "ADDED", "key": "more", "fields": []},
        ],
        "connections": [{"kind": "ADDED", "from": "answer", "to": "more"}],
    }
    assert client.execute(PUBLISH, id=flow["id"])["publishFlow"]["version"]["number"] == 2
    assert run()["result"] == "new!"
    restored = client.execute(
        """mutation ($id: ID!) { restoreFlowVersion(input: { id: $id }) { flow { nodes { key } } } }""",
        id=published["version"]["id"],
    )["restoreFlowVersion"]["flow"]
    assert [entry["key"] for entry in restored["nodes"]] == ["start", "answer"]
    assert run()["result"] == "new!" and run(version="DRAFT")["result"] == "old"
    # Another error flow is a difference too.
    rescue = client.create_flow(*chain(trigger(), transform("last", "1")), name="Rescue")
    client.execute(
        "mutation ($id: ID!, $to: ID!) { updateFlow(input: { id: $id, errorFlowId: $to }) { flow { id } } }",
        id=flow["id"], to=rescue["id"])
    changed = client.execute(
        "query ($id: ID!) { flow(id: $id) { publishedVersion { difference { isEmpty errorFlow { field before after } } } } }",
        id=flow["id"])["flow"]["publishedVersion"]["difference"]
    assert changed == {"isEmpty": False, "errorFlow": {"field": "errorFlow", "before": None, "after": rescue["id"]}}


def test_a_failed_run_goes_on_from_where_it_failed(house, known_secrets, world):
    client = client_of(house, known_secrets)
    first = http("first", world.url + "/orders/7")
    flaky = http("flaky", world.url + "/status/500")
    flow = client.create_flow(*chain(trigger(), first, flaky, transform("after", "input.status")))
    run = client.start(flow, {"n": 1})
    client.finish(run)
    old = client.execute(LOG, id=run)["executionLog"]
    assert old["status"] == "FAILURE"
    before = len(world.requests("/orders/7"))
    retry = """mutation ($id: ID!, $from: RetryStart!) { retryExecution(input: { id: $id, from: $from }) {
      execution { id } } }"""
    # The same version fails again at the same place, and only that is done again.
    again = client.execute(retry, id=run, **{"from": "FAILED_NODE"})["retryExecution"]["execution"]["id"]
    client.finish(again)
    new = client.execute(LOG, id=again)["executionLog"]
    assert new["status"] == "FAILURE" and new["retryOf"] == {"id": run}
    assert len(world.requests("/orders/7")) == before, "what had succeeded is not called again"
    kept = {entry["nodeKey"]: entry for entry in new["nodeExecutions"]}
    was = {entry["nodeKey"]: entry for entry in old["nodeExecutions"]}
    assert kept["first"] == was["first"]
    whole = client.execute(retry, id=run, **{"from": "BEGINNING"})["retryExecution"]["execution"]["id"]
    client.finish(whole)
    assert len(world.requests("/orders/7")) == before + 1


def two_triggers(first):
    nodes = [trigger(first), trigger("other"), transform("mine", "'mine'"), transform("yours", "'yours'")]
    return {"nodes": nodes, "connections": [{"from": first, "to": "mine"}, {"from": "other", "to": "yours"}]}


def test_what_one_trigger_started_is_replayed_from_it_and_no_draft_keeps_it_from_starting(house, known_secrets):
    client = client_of(house, known_secrets)
    flow = client.create_flow(*two_triggers("begin").values())["id"]
    client.execute("mutation ($id: ID!) { publishFlow(input: { id: $id }) { flow { id } } }", id=flow)
    add = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id } } }"
    client.execute(add, input={"flowId": flow, "nodeKey": "begin", "schedule": {"cron": "* * * * * *"}})
    runs = "query ($id: ID!) { flow(id: $id) { executionLogs(first: 1) { totalCount nodes { id result status } } } }"

    def next_run(wanted=1):
        count = client.execute(runs, id=flow)["flow"]["executionLogs"]["totalCount"]
        end = time.monotonic() + 15
        while (now := client.execute(runs, id=flow)["flow"]["executionLogs"])["totalCount"] < count + wanted:
            assert time.monotonic() < end, "the schedule starts nothing"
            time.sleep(0.05)
        client.finish(now["nodes"][0]["id"])
        return client.execute(LOG, id=now["nodes"][0]["id"])["executionLog"]["result"], now["nodes"][0]["id"]

    result, run = next_run()
    assert result == "mine"
    replay = "mutation ($input: ReplayExecutionInput!) { replayExecution(input: $input) { execution { id } } }"
    for version in ("SAME", "PUBLISHED", "DRAFT"):
        again = client.execute(replay, input={"id": run, "version": version})["replayExecution"]["execution"]["id"]
        client.finish(again)
        assert client.execute(LOG, id=again)["executionLog"]["result"] == "mine", version
    # What is published starts, whatever becomes of the draft: its node is gone there, or is another one.
    for key in ("renamed", "begin"):
        client.execute(REPLACE, input={"id": flow, **two_triggers(key)})
        assert next_run(2)[0] == "mine", key
    client.execute(REPLACE, input={"id": flow, **two_triggers("renamed")})
    again = client.execute(replay, input={"id": run, "version": "DRAFT"})["replayExecution"]["execution"]["id"]
    client.finish(again)
    assert client.execute(LOG, id=again)["executionLog"]["result"] == {"mine": "mine", "yours": "yours"}


def test_a_run_is_replayed_with_the_version_of_today(house, known_secrets):
    client = client_of(house, known_secrets)
    flow = client.create_flow(*chain(trigger(), transform("twice", "input.n * 2")))
    run = client.start(flow, {"n": 4})
    client.finish(run)
    nodes, connections = chain(trigger(), transform("twice", "input.n * 20"))
    client.execute(REPLACE, input={"id": flow["id"], "nodes": nodes, "connections": connections})
    replay = """mutation ($input: ReplayExecutionInput!) { replayExecution(input: $input) { execution { id } } }"""

    def result(**version):
        started = client.execute(replay, input={"id": run, **version})["replayExecution"]["execution"]["id"]
        client.finish(started)
        return client.execute(LOG, id=started)["executionLog"]["result"]

    assert (result(), result(version="PUBLISHED"), result(version="DRAFT")) == (8, 80, 80)
