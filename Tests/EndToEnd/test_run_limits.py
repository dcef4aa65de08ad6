"""How many runs go on at once, and which of them goes first."""

import time
from collections import Counter

from studio_client import EXECUTE, chain, http, trigger

SET_LIMIT = """mutation Limit($input: SetRunLimitInput!) {
  setRunLimit(input: $input) { flow { maximumConcurrentRuns runPriority } organization { maximumConcurrentRuns } }
}"""
UPDATE = """mutation Update($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { runPriority } } }"""


def held_flow(client, world):
    world.hold("/held")
    return client.create_flow(*chain(trigger(), http("call", world.url + "/held")))


def test_a_limit_of_a_flow_lets_one_run_go_after_the_other(client, world):
    flow = held_flow(client, world)
    limited = client.execute(SET_LIMIT, input={"flowId": flow["id"], "maximumConcurrentRuns": 1})["setRunLimit"]
    assert limited == {
        "flow": {"maximumConcurrentRuns": 1, "runPriority": "NORMAL"}, "organization": {"maximumConcurrentRuns": None}}
    runs = [client.start(flow) for _ in range(3)]
    world.wait_for("/held")
    # A run of another flow is looked for at the same time, and is not kept waiting.
    free = client.create_flow(*chain(trigger(), http("call", world.url + "/free")))
    client.finish(client.start(free))
    assert [client.log(run)["status"] for run in runs].count("PENDING") == 2
    assert len([seen for seen in world.seen if seen.path == "/held"]) == 1
    world.release("/held")
    for run in runs:
        assert client.finish(run)[-1]["runStatus"] == "SUCCESS"


def test_a_limit_is_taken_away_and_bounded(client, world):
    flow = held_flow(client, world)
    world.release("/held")
    client.execute(SET_LIMIT, input={"maximumConcurrentRuns": 1000})
    taken = client.execute(SET_LIMIT, input={"maximumConcurrentRuns": None})["setRunLimit"]
    assert taken == {"flow": None, "organization": {"maximumConcurrentRuns": None}}
    error = client.fail(SET_LIMIT, input={"flowId": flow["id"], "maximumConcurrentRuns": 0})
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", "maximumConcurrentRuns")


def test_runs_have_priorities(client, world):
    flow = held_flow(client, world)
    client.execute(SET_LIMIT, input={"flowId": flow["id"], "maximumConcurrentRuns": 1})
    assert client.execute(UPDATE, input={"id": flow["id"], "runPriority": "LOW"})["updateFlow"]["flow"] == {
        "runPriority": "LOW"}
    first = client.start(flow)
    world.wait_for("/held")
    urgent = client.execute(EXECUTE, input={"flowId": flow["id"], "priority": "HIGH"})["executeFlow"]["execution"]["id"]
    world.release("/held")
    for run in (first, urgent):
        assert client.finish(run)[-1]["runStatus"] == "SUCCESS"


SET_CALL_LIMIT = """mutation Limit($input: SetRunLimitInput!) {
  setRunLimit(input: $input) { integration { maximumConcurrentCalls } flow { id } organization { maximumConcurrentRuns } }
}"""
CREATE_INTEGRATION = """mutation Create($input: CreateIntegrationInput!) {
  createIntegration(input: $input) { integration { id maximumConcurrentCalls } }
}"""


def limited_account(client, limit):
    made = client.execute(CREATE_INTEGRATION, input={
        "type": "slack", "name": "Shop", "credentials": {"botToken": "xoxb-not-a-real-one"}})["createIntegration"]["integration"]
    assert made["maximumConcurrentCalls"] is None
    limited = client.execute(SET_CALL_LIMIT, input={"integrationId": made["id"], "maximumConcurrentCalls": limit})
    assert limited["setRunLimit"] == {
        "integration": {"maximumConcurrentCalls": limit}, "flow": None, "organization": {"maximumConcurrentRuns": None}}
    return made["id"]


def test_a_limit_of_an_integration_lets_one_call_go_after_the_other(client, world):
    account = limited_account(client, 1)
    world.hold("/held")
    call = {**http("call", world.url + "/held"), "integrationId": account}
    flow = client.create_flow(*chain(trigger(), call))
    runs = [client.start(flow) for _ in range(3)]
    world.wait_for("/held")
    # A call of another account does not wait, nor does a run that makes none.
    free = client.create_flow(*chain(trigger(), http("call", world.url + "/free")))
    client.finish(client.start(free))
    statuses = wait_for_statuses(client, runs, {"RUNNING": 1, "WAITING": 2})
    assert len([seen for seen in world.seen if seen.path == "/held"]) == 1, statuses
    cancelled = next(run for run in runs if client.log(run)["status"] == "WAITING")
    client.cancel(cancelled)
    assert client.finish(cancelled)[-1]["runStatus"] == "CANCELLED"
    world.release("/held")
    for run in runs:
        if run != cancelled:
            assert client.finish(run)[-1]["runStatus"] == "SUCCESS"
    assert len([seen for seen in world.seen if seen.path == "/held"]) == 2


def test_a_limit_of_calls_names_its_integration_and_its_bounds(client):
    account = limited_account(client, 2)
    for given, field in [
            ({"integrationId": account, "maximumConcurrentCalls": 0}, "maximumConcurrentCalls"),
            ({"integrationId": account, "maximumConcurrentRuns": 3}, "maximumConcurrentRuns"),
            ({"maximumConcurrentCalls": 3}, "maximumConcurrentCalls")]:
        error = client.fail(SET_CALL_LIMIT, input=given)
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", field)


def wait_for_statuses(client, runs, expected):
    end = time.monotonic() + 20
    while True:
        found = Counter(client.log(run)["status"] for run in runs)
        if found == expected:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.02)
