"""What a newcomer does, over real sockets: an account, an integration, a flow, a run that is watched, one that is cancelled."""

import pytest
from studio_client import CREATE_INTEGRATION, assert_gapless, chain, delay, http, node, transform, trigger

VALIDATE = """mutation Validate($input: ValidateFlowInput!) {
  validateFlow(input: $input) { isValid problems { code severity message nodeKey field } }
}"""

VIEWER = "{ viewer { user { email name } organization { id name } role memberships { role organization { id } } } }"

PATH = ["start", "fetch", "paid", "shape", "choose"]


def order_flow(world):
    """Seven nodes of all six kinds; the run's input chooses the branch and how long the delay is."""
    nodes = [
        trigger(),
        http(
            "fetch", world.url + "/orders/{{ encodeURIComponent(input.order) }}", method="POST",
            headers={"X-Flow": "{{ flow.name }}"}, query={"page": 2, "of": "{{ input.order }}"},
            body={"order": "{{ input }}", "note": "from {{ flow.name }}"}, expectedStatuses=[201]),
        node("paid", "FILTER", {"expression": "input.status === 201"}),
        node("shape", "TRANSFORM", {"mapping": {
            "id": "nodes.fetch.output.body.id", "total": "nodes.fetch.output.body.total * 2",
            "wait": "run.input.wait"}}),
        node("choose", "DECISION"),
        node("pause", "DELAY", {"durationMilliseconds": "{{ input.wait }}"}),
        node("small", "ACTION", {"type": "log", "message": "Only {{ input.total }}"}),
    ]
    connections = [{"from": left, "to": right} for left, right in zip(PATH, PATH[1:])]
    connections += [
        {"from": "choose", "to": "pause", "condition": "input.total > 100", "label": "large"},
        {"from": "choose", "to": "small", "condition": "input.total <= 100", "label": "small"},
    ]
    return nodes, connections


def test_an_account_is_made_and_signs_in(visitor):
    first = visitor.register()
    assert first["expiresIn"] == 900 and first["user"]["email"] == visitor.email
    second = visitor.login()
    assert second["user"]["id"] == first["user"]["id"]
    viewer = visitor.execute(VIEWER)["viewer"]
    assert viewer["role"] == "OWNER" and viewer["organization"]["id"] == first["organization"]["id"]
    assert [entry["organization"]["id"] for entry in viewer["memberships"]] == [first["organization"]["id"]]


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(visitor):
    visitor.register()
    used = visitor.refresh_token
    visitor.refresh()
    successor = visitor.refresh_token
    visitor.refresh_token = used
    with pytest.raises(AssertionError, match="UNAUTHENTICATED"):
        visitor.refresh()
    visitor.refresh_token = successor
    with pytest.raises(AssertionError, match="UNAUTHENTICATED"):
        visitor.refresh()
    visitor.login()


def test_an_integration_is_connected_and_its_credentials_are_never_shown(client):
    connectors = client.execute("{ connectors(first: 100) { nodes { type category credentialsSchema } } }")
    known = {entry["type"]: entry for entry in connectors["connectors"]["nodes"]}
    assert "slack" in known, sorted(known)
    schema = known["slack"]["credentialsSchema"]
    secret = client.secrets.add("credential", "xoxb-1234567890-not-a-real-token")
    credentials = {key: secret for key in schema["required"]}
    given = {"type": "slack", "name": "Team chat", "credentials": credentials}
    answer = client.post(CREATE_INTEGRATION, {"input": given})
    assert secret not in answer.text
    created = answer.json()["data"]["createIntegration"]["integration"]
    assert created["name"] == "Team chat" and created["category"] == "MESSAGING"
    listed = client.execute("{ integrations { totalCount nodes { id name type } } }")["integrations"]
    assert listed == {"totalCount": 1, "nodes": [{"id": created["id"], "name": "Team chat", "type": "slack"}]}


def test_a_flow_is_created_validated_run_and_watched_live(client, world):
    nodes, connections = order_flow(world)
    flow = client.create_flow(nodes, connections, name="Orders")
    assert [entry["key"] for entry in flow["nodes"]] == [entry["key"] for entry in nodes]
    assert len(flow["connections"]) == 6
    checked = client.execute(VALIDATE, input={"id": flow["id"]})["validateFlow"]
    assert checked == {"isValid": True, "problems": []}

    world.hold("/orders/A-7")
    run = client.start(flow, {"order": "A-7", "wait": 200})
    with client.socket() as socket:
        events = []
        for event in client.watch(socket, run):
            events.append(event)
            if event.get("nodeKey") == "fetch" and event["__typename"] == "NodeStarted":
                # The call is under way and its answer is held: what was seen so far was seen live.
                world.wait_for("/orders/A-7")
                assert client.log(run)["status"] == "RUNNING"
                world.release("/orders/A-7")
    assert_order(events)
    assert_called(world)
    assert_logged(client.log(run), events)


def assert_order(events):
    """Every node starts behind the ones before it, ends after it started, and the numbers have no gap."""
    assert_gapless(events)
    kinds = [event["__typename"] for event in events]
    assert kinds[:2] == ["ExecutionQueued", "ExecutionStarted"] and kinds[-1] == "ExecutionFinished"
    steps = [(event["__typename"], event["nodeKey"]) for event in events if "nodeKey" in event]
    expected = [step for key in PATH for step in (("NodeStarted", key), ("NodeFinished", key))]
    assert steps[: len(expected)] == expected
    assert set(steps[len(expected) :]) == {
        ("NodeStarted", "pause"), ("NodeFinished", "pause"), ("NodeFinished", "small")}
    assert steps.index(("NodeStarted", "pause")) < steps.index(("NodeFinished", "pause"))
    instants = [event["at"] for event in events]
    assert instants == sorted(instants)


def assert_called(world):
    """The HTTP action really called, once, with everything that its templates say."""
    (seen,) = world.requests("/orders/A-7")
    assert seen.method == "POST"
    assert sorted(seen.query) == [("of", "A-7"), ("page", "2")]
    assert seen.headers["x-flow"] == "Orders"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["idempotency-key"].startswith("exec_")
    assert seen.json() == {"order": {"order": "A-7", "wait": 200}, "note": "from Orders"}


def assert_logged(log, events):
    """The log tells each node's input, output, error and duration."""
    assert log["status"] == "SUCCESS" and log["flowName"] == "Orders" and log["error"] is None
    assert log["lastSequence"] == events[-1]["sequence"]
    assert log["result"] == {"id": "A-7", "total": 240, "wait": 200}
    assert log["startTime"] <= log["endTime"] and log["duration"] >= 200
    ran = {entry["nodeKey"]: entry for entry in log["nodeExecutions"]}
    assert list(ran) == [*PATH, "pause", "small"]
    for key in [*PATH, "pause"]:
        assert ran[key]["status"] == "SUCCESS" and ran[key]["attempt"] == 1 and ran[key]["error"] is None, ran[key]
        assert ran[key]["duration"] >= 0 and ran[key]["startTime"] <= ran[key]["endTime"]
    assert ran["small"]["status"] == "SKIPPED" and ran["small"]["skipReason"] == "NOT_REACHED"
    assert ran["start"]["output"] == {"order": "A-7", "wait": 200}
    assert ran["fetch"]["input"] == {"order": "A-7", "wait": 200}
    assert ran["fetch"]["output"]["status"] == 201
    assert ran["fetch"]["output"]["headers"]["x-world"] == "round"
    assert ran["fetch"]["output"]["body"] == {"id": "A-7", "total": 120}
    assert ran["shape"]["input"] == ran["fetch"]["output"]
    assert ran["pause"]["duration"] >= 200


def test_a_second_run_is_cancelled_in_its_delay(client, world):
    nodes, connections = order_flow(world)
    flow = client.create_flow(nodes, connections, name="Orders")
    run = client.start(flow, {"order": "B-8", "wait": 3_600_000})
    with client.socket() as socket:
        events = []
        for event in client.watch(socket, run):
            events.append(event)
            if event["__typename"] == "ExecutionWaiting":
                assert event["until"] > event["at"]
                assert client.log(run)["status"] == "WAITING"
                assert client.cancel(run)["id"] == run
    assert_gapless(events)
    assert events[-1]["__typename"] == "ExecutionFinished" and events[-1]["runStatus"] == "CANCELLED"
    log = client.log(run)
    assert log["status"] == "CANCELLED" and log["endTime"] is not None
    ran = {entry["nodeKey"]: entry["status"] for entry in log["nodeExecutions"]}
    assert ran["pause"] == "CANCELLED" and ran["fetch"] == "SUCCESS" and ran["small"] == "SKIPPED"
    assert client.fail("mutation ($i: CancelExecutionInput!) { cancelExecution(input: $i) { execution { id } } }",
                       i={"id": run})["extensions"]["code"] == "CONFLICT"


def test_the_other_branch_writes_a_log_line(client, world):
    nodes, connections = chain(
        trigger(), transform("shape", "({ total: input.total })"), node("choose", "DECISION"))
    nodes += [delay("pause", 3_600_000), node("small", "ACTION", {"type": "log", "message": "Only {{ input.total }}"})]
    connections += [
        {"from": "choose", "to": "pause", "condition": "input.total > 100"},
        {"from": "choose", "to": "small", "condition": "input.total <= 100"},
    ]
    flow = client.create_flow(nodes, connections)
    events = client.finish(client.start(flow, {"total": 7}))
    lines = [event["message"] for event in events if event["__typename"] == "ExecutionLogLine"]
    assert lines == ["Only 7"]
    assert events[-1]["runStatus"] == "SUCCESS"


def test_an_unexpected_status_fails_the_run_and_keeps_the_answer(client, world):
    flow = client.create_flow(*chain(trigger(), http("fetch", world.url + "/status/500"), transform("after", "1")))
    run = client.start(flow)
    events = client.finish(run)
    assert events[-1]["runStatus"] == "FAILURE" and events[-1]["error"]["code"] == "UNEXPECTED_STATUS"
    ran = {entry["nodeKey"]: entry for entry in client.log(run)["nodeExecutions"]}
    assert ran["fetch"]["status"] == "FAILURE" and ran["fetch"]["output"]["status"] == 500
    assert ran["fetch"]["error"]["code"] == "UNEXPECTED_STATUS" and "500" in ran["fetch"]["error"]["message"]
    assert ran["after"]["status"] == "SKIPPED" and ran["after"]["skipReason"] == "RUN_FAILED"


def test_a_flow_that_cannot_run_is_refused_with_the_node_that_is_wrong(client):
    cases = {
        "CYCLE": ([trigger(), transform("a", "1"), transform("b", "1")],
                  [("start", "a"), ("a", "b"), ("b", "a")], "'a'"),
        "NO_TRIGGER": ([transform("alone", "1")], [], "trigger"),
        "INVALID_EXPRESSION": ([trigger(), transform("broken", "1 +")], [("start", "broken")], "'broken'"),
    }
    for code, (nodes, pairs, mention) in cases.items():
        connections = [{"from": left, "to": right} for left, right in pairs]
        given = {"name": "Broken", "intention": "To be refused.", "nodes": nodes, "connections": connections}
        error = client.fail(
            "mutation ($i: CreateFlowInput!) { createFlow(input: $i) { flow { id } } }", i=given)
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        assert code in [problem["code"] for problem in error["extensions"]["problems"]], error
        assert mention in error["message"], error
        checked = client.execute(VALIDATE, input={"nodes": nodes, "connections": connections})["validateFlow"]
        assert not checked["isValid"] and code in [problem["code"] for problem in checked["problems"]]


def test_editing_a_flow_does_not_change_its_runs(client, world):
    nodes, connections = chain(trigger(), http("call", world.url + "/orders/1"), transform("after", "'old'"))
    flow = client.create_flow(nodes, connections)
    world.hold("/orders/1")
    nodes[1]["config"]["expectedStatuses"] = ["2xx"]
    run = client.start(flow)
    world.wait_for("/orders/1")
    nodes[2]["config"]["expression"] = "'new'"
    client.execute(
        "mutation ($i: ReplaceFlowInput!) { replaceFlow(input: $i) { flow { revision } } }",
        i={"id": flow["id"], "nodes": nodes, "connections": connections, "expectedRevision": flow["revision"]})
    world.release("/orders/1")
    assert client.finish(run)[-1]["result"] == "old"
    assert client.finish(client.start(flow))[-1]["result"] == "new"
