"""What is forgotten, and what is not, seen from outside."""

from event_stream import EventStream
from studio_client import StudioClient, chain, delay, transform, trigger
from studio_process import run_studio

SET = """
mutation Set($input: SetRetentionInput!) {
  setRetention(input: $input) { organization { retention { runDays runCount auditDays } } }
}
"""
RUNS = "{ executionLogs(first: 50) { nodes { id status } } }"


def prune(database, **more):
    done = run_studio("prune", settings={**database, **more})
    assert done.returncode == 0, done.stderr
    return done.stdout


def runs(client):
    return {run["id"]: run["status"] for run in client.execute(RUNS)["executionLogs"]["nodes"]}


def test_the_newest_runs_are_kept_and_one_that_waits_is_not_touched(house, known_secrets):
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    waiting = client.start(client.create_flow(*chain(trigger(), delay("wait", 3_600_000)), name="Waits"))
    with client.socket() as socket:
        for event in client.watch(socket, waiting):
            if event["__typename"] == "ExecutionWaiting":
                break
    flow = client.create_flow(*chain(trigger(), transform("add", "1 + 1")))
    ended = [client.start(flow) for _ in range(4)]
    for run in ended:
        client.finish(run)
    assert "0 runs" in prune(database)
    kept = client.execute(SET, input={"runCount": 2})["setRetention"]["organization"]["retention"]
    assert kept == {"runDays": None, "runCount": 2, "auditDays": None}
    assert "2 runs and 0 audit events were deleted." in prune(database)
    assert runs(client) == {waiting: "WAITING", ended[2]: "SUCCESS", ended[3]: "SUCCESS"}
    assert client.log(ended[3])["nodeExecutions"]
    assert "0 runs" in prune(database)


def test_a_cursor_of_what_was_forgotten_ends_a_subscription_with_an_error(house, known_secrets):
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), transform("add", "1 + 1")))
    for _ in range(3):
        client.finish(client.start(flow))
    query = "subscription S($after: Cursor) { executions(after: $after) { cursor event { __typename } } }"
    with client.socket() as socket:
        # Until all of it has its number.
        socket.subscribe("before", query, after="stream_0")
        ends = 0
        while ends < 3:
            update = socket.next_of("before")["payload"]["data"]["executions"]
            ends += update["event"]["__typename"] == "ExecutionFinished"
    client.execute(SET, input={"runCount": 1})
    assert "2 runs" in prune(database)
    with client.socket() as socket:
        # An `error` and no `complete`: who resumes must not take it for the end.
        socket.subscribe("all", query, after="stream_1")
        assert [error["extensions"]["code"] for error in socket.errors("all")] == ["CURSOR_EXPIRED"]
    with EventStream(client, {"query": query}, headers={"Last-Event-ID": "stream_1"}) as stream:
        kind, identifier, payload = stream.event()
        assert kind == "next" and payload["errors"][0]["extensions"]["code"] == "CURSOR_EXPIRED", payload
        assert not identifier


def test_the_bounds_of_a_policy(client):
    for field, number in [("runDays", -1), ("runDays", 36_501), ("runCount", 1_000_000_001), ("auditDays", -5)]:
        error = client.fail(SET, input={field: number})
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
    assert client.execute("{ organization { retention { runDays } } }")["organization"]["retention"] == {"runDays": None}
