"""What flows can do beyond a chain of nodes: attempts, branches for errors, loops, waits, and other flows."""

import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import requests
from studio_client import StudioClient, chain, http, node, transform, trigger

DECIDE = """mutation Decide($input: DecideApprovalInput!) {
  decideApproval(input: $input) { execution { id status } }
}"""

NODES = """query Nodes($id: ID!) {
  executionLog(id: $id) { status result error { code message } nodeExecutions {
    nodeId nodeKey iteration status attempt output skipReason error { code }
  } }
}"""

SET_ERROR_FLOW = """mutation SetErrorFlow($input: UpdateFlowInput!) {
  updateFlow(input: $input) { flow { id errorFlow { id } } }
}"""

RUNS_OF = """query Runs($id: ID!) {
  flow(id: $id) { executionLogs(first: 5) { nodes { id input } } }
}"""


def nodes_of(client, run):
    return client.execute(NODES, id=run)["executionLog"]


def row(log, key, iteration=None):
    return next(entry for entry in log["nodeExecutions"] if (entry["nodeKey"], entry["iteration"]) == (key, iteration))


def watched_until(client, run, holds):
    """Follows a run's events up to one of a kind."""
    with client.socket() as socket:
        for event in client.watch(socket, run):
            if holds(event):
                return event
    raise AssertionError("the run ended before")


def test_a_call_is_made_again_and_then_takes_the_branch_for_errors(client, world):
    call = http(
        "call", world.url + "/status/503", onError="branch",
        retry={"maxAttempts": 3, "backoff": "fixed", "delayMilliseconds": 10})
    flow = client.create_flow(
        [trigger(), call, transform("good", "1"), transform("bad", "input.error.attempts")],
        [
            {"from": "start", "to": "call"}, {"from": "call", "to": "good"},
            {"from": "call", "to": "bad", "outcome": "ERROR"},
        ])
    run = client.start(flow)
    events = client.finish(run)
    assert [event["__typename"] for event in events].count("NodeRetrying") == 2
    assert events[-1]["runStatus"] == "SUCCESS" and events[-1]["result"] == 3
    keys = [seen.headers["idempotency-key"] for seen in world.requests("/status/503")]
    assert len(keys) == 3 and len(set(keys)) == 3
    log = nodes_of(client, run)
    assert row(log, "call")["status"] == "FAILURE" and row(log, "call")["attempt"] == 3
    assert row(log, "good")["status"] == "SKIPPED"


def test_a_branch_for_errors_needs_its_connection(client):
    call = http("call", "https://example.com", onError="branch")
    error = client.fail(
        "mutation Create($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }",
        input={"name": "F", "intention": "I", "nodes": [trigger(), call], "connections": [{"from": "start", "to": "call"}]})
    assert error["extensions"]["problems"][0]["code"] == "NO_ERROR_BRANCH"


def test_a_loop_runs_its_nodes_for_each_element(client, world):
    nodes = [
        trigger(), node("each", "LOOP", {"items": "input.ids", "mode": "parallel", "onItemError": "continue"}),
        {**http("call", world.url + "/{{ item }}"), "parent": "each"},
        {**transform("pick", "[index, item, input.status]"), "parent": "each"},
        transform("after", "nodes.each.output.length"),
    ]
    flow = client.create_flow(nodes, [
        {"from": "start", "to": "each"}, {"from": "call", "to": "pick"}, {"from": "each", "to": "after"}])
    run = client.start(flow, {"ids": ["orders/1", "status/500", "orders/3"]})
    assert client.finish(run)[-1]["result"] == 3
    log = nodes_of(client, run)
    output = row(log, "each")["output"]
    assert output[0] == [0, "orders/1", 201] and output[2] == [2, "orders/3", 201]
    assert output[1]["error"]["code"] == "UNEXPECTED_STATUS"
    assert row(log, "call", [1])["status"] == "FAILURE"
    assert row(log, "pick", [1])["skipReason"] == "ITERATION_FAILED"
    assert len({seen.headers["idempotency-key"] for seen in world.seen}) == 3


def test_a_loop_of_forty_short_steps(client):
    nodes = [trigger(), node("each", "LOOP", {"items": "Array.from({length: 40}, (_, n) => n)"})]
    nodes.append({**transform("double", "item * 2"), "parent": "each"})
    flow = client.create_flow(nodes, [{"from": "start", "to": "each"}])
    run = client.start(flow)
    end = client.finish(run)[-1]
    assert end["result"] == [2 * number for number in range(40)]
    print("a loop of 40 short steps took", end["duration"], "ms")


def test_a_run_waits_for_an_approval(client):
    wait = node("ask", "DELAY", {"wait": {"for": "approval", "message": "Pay {{ input.total }}?"}})
    flow = client.create_flow(*chain(trigger(), wait, transform("after", "[input.approved, input.comment]")))
    run = client.start(flow, {"total": 7})
    watched_until(client, run, lambda event: event["__typename"] == "ExecutionWaiting")
    asked = row(nodes_of(client, run), "ask")
    assert asked["status"] == "WAITING"
    given = {"executionId": run, "nodeId": asked["nodeId"], "approve": True, "comment": "fine"}
    client.execute(DECIDE, input=given)
    events = client.finish(run)
    assert events[-1]["result"] == [True, "fine"]
    assert "Pay 7?" in [event.get("message") for event in events]
    assert client.fail(DECIDE, input=given)["extensions"]["code"] == "CONFLICT"
    unknown = client.fail(DECIDE, input={**given, "executionId": "exec_01h455vb4pex5vsknk084sn02q"})
    assert unknown["extensions"] == {"code": "NOT_FOUND", "field": "executionId"}


def test_a_decision_that_was_taken_counts_though_no_worker_was_there_in_time(house, known_secrets):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    wait = node("ask", "DELAY", {"wait": {"for": "approval", "timeoutMilliseconds": 6000}})
    flow = client.create_flow(*chain(trigger(), wait, transform("after", "input.approved")))
    run = client.start(flow)
    watched_until(client, run, lambda event: event["__typename"] == "ExecutionWaiting")
    began = time.monotonic()
    server.kill()
    idle = client.at(house.start(database, WORKER_ENABLED="false"))
    given = {"executionId": run, "nodeId": row(nodes_of(idle, run), "ask")["nodeId"], "approve": True}
    idle.execute(DECIDE, input=given)
    time.sleep(max(0, began + 6.5 - time.monotonic()))
    assert idle.log(run)["status"] == "WAITING"
    house.start(database)
    end = idle.finish(run)[-1]
    assert end["runStatus"] == "SUCCESS" and end["result"] is True, end


def test_a_run_waits_for_a_call_of_an_address_that_only_it_tells(client, world):
    tell = http("tell", world.url + "/tell", method="POST", body={"url": "{{ run.resumeUrls.wait }}"})
    wait = node("wait", "DELAY", {"wait": {"for": "webhook"}})
    flow = client.create_flow(*chain(trigger(), tell, wait, transform("after", "input.body.answer")))
    run = client.start(flow)
    path = urlsplit(world.wait_for("/tell")[0].json()["url"]).path
    url = client.server.url + path
    changed = url[:-1] + ("A" if url[-1] != "A" else "B")
    assert requests.post(changed, json={"answer": 1}, timeout=10).status_code == 404
    answer = requests.post(url, json={"answer": 42}, timeout=10)
    assert answer.status_code == 202 and answer.json() == {"execution": run}
    assert client.finish(run)[-1]["result"] == 42
    assert requests.post(url, json={"answer": 43}, timeout=10).status_code == 410


def test_a_call_that_comes_after_the_time_of_its_node_is_refused(client, world):
    tell = http("tell", world.url + "/tell", method="POST", body={"url": "{{ run.resumeUrls.wait }}"})
    wait = node("wait", "DELAY", {"wait": {"for": "webhook", "timeoutMilliseconds": 300}, "onError": "continue"})
    rest = node("rest", "DELAY", {"seconds": 60})
    flow = client.create_flow(*chain(trigger(), tell, wait, rest))
    run = client.start(flow)
    path = urlsplit(world.wait_for("/tell")[0].json()["url"]).path
    while (waited := [entry for entry in nodes_of(client, run)["nodeExecutions"] if entry["nodeKey"] == "rest"]) == []:
        time.sleep(0.05)
    assert client.log(run)["status"] == "WAITING", waited
    answer = requests.post(client.server.url + path, json={"answer": 42}, timeout=10)
    assert answer.status_code == 410, answer.text
    client.cancel(run)


def test_a_flow_starts_another_and_goes_on_with_its_result(client):
    inner = client.create_flow(*chain(trigger(), transform("double", "input.n * 2")), name="Inner")
    call = node("sub", "ACTION", {"type": "flow", "flowId": inner["id"], "input": {"n": "{{ input.n }}"}})
    outer = client.create_flow(*chain(trigger(), call, transform("after", "input + 1")), name="Outer")
    run = client.start(outer, {"n": 20})
    assert client.finish(run)[-1]["result"] == 41
    runs = client.execute(RUNS_OF, id=inner["id"])["flow"]["executionLogs"]["nodes"]
    assert [entry["input"] for entry in runs] == [{"n": 20}]


def test_a_failed_run_starts_its_error_flow(client, world):
    care = client.create_flow(
        *chain(trigger(), http("tell", world.url + "/care", method="POST", body="{{ input }}")), name="Care")
    flow = client.create_flow(*chain(trigger(), transform("broken", "input.a.b")), name="Broken")
    client.execute(SET_ERROR_FLOW, input={"id": flow["id"], "errorFlowId": care["id"]})
    run = client.start(flow, {})
    assert client.finish(run)[-1]["runStatus"] == "FAILURE"
    told = world.wait_for("/care")[0].json()
    assert told["run"]["id"] == run and told["flow"]["name"] == "Broken"
    assert told["error"]["node"] == "broken" and told["error"]["code"] == "EXPRESSION_FAILED"


def test_of_two_decisions_at_once_the_one_that_is_answered_counts(client):
    wait = node("ask", "DELAY", {"wait": {"for": "approval"}})
    flow = client.create_flow(*chain(trigger(), wait, transform("last", "input.approved")))
    asked = next(entry["id"] for entry in flow["nodes"] if entry["key"] == "ask")
    for _ in range(6):
        run = client.start(flow)
        watched_until(client, run, lambda event: event["__typename"] == "ExecutionWaiting")

        def decide(approve, run=run):
            given = {"executionId": run, "nodeId": asked, "approve": approve}
            return approve, client.post(DECIDE, {"input": given}).json()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(decide, (True, False)))
        taken = [approve for approve, answer in answers if "errors" not in answer]
        refused = [answer["errors"][0] for _, answer in answers if "errors" in answer]
        assert len(taken) == 1 and [error["extensions"]["code"] for error in refused] == ["CONFLICT"], answers
        assert client.finish(run)[-1]["result"] is taken[0]
