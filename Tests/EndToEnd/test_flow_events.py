"""Runs that start runs of other flows: by how the first ended, once, and never in an endless circle."""

import time

from studio_client import chain, transform, trigger

ADD = """mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger {
  id kind sourceStates sourceFlow { id } schedule { cron } webhook { url } } } }"""
RUNS = "query R($id: ID!) { flow(id: $id) { executionLogs(first: 100) { nodes { id status input result } } } }"
DELETE = "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }"
PATIENCE_SECONDS = 15


def make(client, name, expression="input"):
    return client.create_flow(*chain(trigger(), transform("last", expression)), name=name)


def follow(client, flow, source, *states):
    event = {"flowId": source["id"], **({"states": list(states)} if states else {})}
    return client.execute(ADD, input={"flowId": flow["id"], "flowEvent": event})["addTrigger"]["trigger"]


def runs(client, flow, count):
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = client.execute(RUNS, id=flow["id"])["flow"]["executionLogs"]["nodes"]
        if len(found) >= count and all(run["status"] in ("SUCCESS", "FAILURE") for run in found):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def test_the_end_of_a_run_starts_the_flows_that_wait_for_it(client):
    source, happy, sad = make(client, "Source", "input.a.b"), make(client, "Happy"), make(client, "Sad")
    shown = follow(client, happy, source)
    assert shown["kind"] == "FLOW_EVENT" and shown["sourceStates"] == ["SUCCESS"]
    assert shown["sourceFlow"]["id"] == source["id"] and shown["schedule"] is None and shown["webhook"] is None
    follow(client, sad, source, "FAILURE", "CANCELLED")
    good = client.start(source, {"a": {"b": 7}})
    seen = runs(client, happy, 1)[0]["input"]
    assert seen == {"execution": good, "status": "SUCCESS", "flow": {"id": source["id"], "name": "Source"},
                    "result": 7, "error": None}
    bad = client.start(source, None)
    seen = runs(client, sad, 1)[0]["input"]
    assert seen["execution"] == bad and seen["status"] == "FAILURE" and seen["error"]["code"] == "EXPRESSION_FAILED"
    assert len(runs(client, happy, 1)) == 1 and len(runs(client, sad, 1)) == 1


def test_a_circle_of_flows_ends(client):
    first, second = make(client, "First"), make(client, "Second")
    follow(client, second, first)
    follow(client, first, second)
    client.start(first, 1)
    assert len(runs(client, first, 6)) == 6 and len(runs(client, second, 5)) == 5
    client.server.wait_for_line(lambda line: "start one another" in line, PATIENCE_SECONDS)
    assert len(runs(client, first, 6)) == 6 and len(runs(client, second, 5)) == 5


def test_a_trigger_goes_with_the_flow_that_it_waits_for_and_needs_one_that_exists(client):
    source, flow = make(client, "Source"), make(client, "Follower")
    follow(client, flow, source)
    client.execute(DELETE, id=source["id"])
    shown = client.execute("query ($id: ID!) { flow(id: $id) { triggers { id } } }", id=flow["id"])
    assert shown["flow"]["triggers"] == []
    refused = client.fail(ADD, input={"flowId": flow["id"], "flowEvent": {"flowId": source["id"]}})
    assert refused["extensions"]["field"] == "flowEvent.flowId"
    refused = client.fail(ADD, input={"flowId": flow["id"], "flowEvent": {"flowId": flow["id"], "states": []}})
    assert refused["extensions"]["field"] == "flowEvent.states"
