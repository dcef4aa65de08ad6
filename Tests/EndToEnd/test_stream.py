"""The stream of an organization: over sockets and event streams, at two servers, resumed at the other when one is killed."""

from event_stream import EventStream
from studio_client import chain, delay, transform, trigger
from test_runs import two_servers

EXECUTIONS = """subscription Stream($after: Cursor) { executions(after: $after) {
  cursor flowId event { __typename sequence execution { id } } } }"""
FLOWS = """subscription Flows($after: Cursor) { flowChanged(after: $after) { cursor kind flowId revision } }"""
RENAME = """mutation ($id: ID!, $name: String!) { updateFlow(input: { id: $id, name: $name }) { flow { id } } }"""


def take(socket, operation, field, holds):
    """What a subscription gives, up to the first that is looked for."""
    found = []
    while not found or not holds(found[-1]):
        message = socket.next_of(operation)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message["payload"]
        found.append(message["payload"]["data"][field])
    return found


def finishes(run):
    return lambda update: (
        update["event"]["__typename"] == "ExecutionFinished" and update["event"]["execution"]["id"] == run
    )


def numbers(updates):
    return [int(update["cursor"].removeprefix("stream_")) for update in updates]


def test_two_servers_deliver_the_same_and_a_killed_one_s_clients_resume_at_the_other(house, known_secrets):
    client, other = two_servers(house, known_secrets)
    flow = client.create_flow(*chain(trigger(), transform("one", "1"), delay("pause", 30), transform("two", "2")))
    begin = client.execute("{ eventCursor }")["eventCursor"]
    with client.socket() as here, other.socket() as there:
        for socket in (here, there):
            socket.subscribe("all", EXECUTIONS, after=begin)
        runs = [(client if number % 2 else other).start(flow) for number in range(6)]
        waiting = {run for run in runs}

        def all_done(update):
            if update["event"]["__typename"] == "ExecutionFinished":
                waiting.discard(update["event"]["execution"]["id"])
            return not waiting

        first = take(here, "all", "executions", all_done)
        waiting = {run for run in runs}
        second = take(there, "all", "executions", all_done)
        assert first == second
        # That the flow was created may have got its number behind the cursor; nothing else happened.
        start = numbers(first)[0]
        assert start - int(begin.removeprefix("stream_")) in (1, 2)
        assert numbers(first) == list(range(start, start + len(first)))
        for run in runs:
            own = [update["event"]["sequence"] for update in first if update["event"]["execution"]["id"] == run]
            assert own == list(range(1, len(own) + 1))
    # The server of a reader dies in the middle; he goes on at the other from what he has.
    middle = first[len(first) // 2]["cursor"]
    client.server.kill()
    with other.socket() as there:
        there.subscribe("rest", EXECUTIONS, after=middle)
        last = other.start(flow)
        rest = take(there, "rest", "executions", finishes(last))
    assert rest[: len(first) - len(first) // 2 - 1] == first[len(first) // 2 + 1 :]
    known = numbers(first)[len(first) // 2]
    assert numbers(rest) == list(range(known + 1, known + 1 + len(rest)))


def test_a_flow_s_changes_come_over_an_event_stream_and_resume_by_the_last_event_id(client):
    begin = client.execute("{ eventCursor }")["eventCursor"]
    flow = client.create_flow(*chain(trigger(), transform("one", "1")))
    body = {"query": FLOWS, "variables": {"after": begin}}
    with EventStream(client, body) as stream:
        results = stream.results()
        identifier, created = next(results)
        assert created["data"]["flowChanged"]["kind"] == "CREATED"
        assert identifier == created["data"]["flowChanged"]["cursor"]
        client.execute(RENAME, id=flow["id"], name="Renamed")
        _, renamed = next(results)
        change = renamed["data"]["flowChanged"]
        assert (change["kind"], change["flowId"], change["revision"]) == ("UPDATED", flow["id"], 2)
    client.execute(RENAME, id=flow["id"], name="Again")
    with EventStream(client, body, headers={"Last-Event-ID": identifier}) as stream:
        results = stream.results()
        assert [next(results)[1]["data"]["flowChanged"]["revision"] for _ in range(2)] == [2, 3]


def test_what_happens_before_the_first_event_is_not_missed_either(client):
    with EventStream(client, {"query": FLOWS}) as stream:
        begin = stream.place()
    flow = client.create_flow(*chain(trigger(), transform("one", "1")))
    with EventStream(client, {"query": FLOWS}, headers={"Last-Event-ID": begin}) as stream:
        identifier, created = next(stream.results())
        assert created["data"]["flowChanged"]["flowId"] == flow["id"] and identifier != begin


def test_a_cursor_of_something_else_is_refused(client):
    with client.socket() as socket:
        socket.subscribe("x", EXECUTIONS, after="event_1")
        error = socket.errors("x")[0]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}
