"""Equal subscriptions, which the server answers together: each gets everything, once, in order, under its own id."""

import time

from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, node, trigger
from test_slow_readers import narrow_socket
from test_websocket import waiting_run
from transport_socket import TransportSocket

# What one event says of itself, the same for everybody who may see it.
EVENTS = """subscription Events($id: ID!, $after: Cursor) {
  executionUpdated(id: $id, after: $after) { __typename sequence cursor } }"""


def steps(client, count=20, milliseconds=30):
    return client.start(client.create_flow(*chain(trigger(), *[delay(f"pause{n}", milliseconds) for n in range(count)])))


def updates(socket, operation):
    return [payload["data"]["executionUpdated"] for payload in socket.results(operation)]


def test_equal_subscriptions_get_everything_under_their_own_ids(client):
    run = steps(client)
    sockets = [client.socket() for _ in range(8)]
    # Equal ids, others, and many on one socket; the last one has the depth at which an answer is for one user.
    wanted = [(socket, f"run{number // 3}", EVENTS) for number, socket in enumerate(sockets)]
    wanted += [(sockets[0], f'"{number}" \n', EVENTS) for number in range(5)] + [(sockets[1], "deep", WATCH)]
    for socket, operation, query in wanted:
        socket.subscribe(operation, query, id=run)
    seen = [updates(socket, operation) for socket, operation, _ in wanted]
    for events in seen:
        assert_gapless(events)
        assert events[-1]["__typename"] == "ExecutionFinished"
        assert [event["cursor"] for event in events] == [event["cursor"] for event in seen[0]]
    for socket in sockets:
        assert socket.is_open()
        socket.connection.close()


def test_who_comes_goes_and_resumes_in_the_middle_misses_nothing(client):
    run = steps(client, count=30)
    with client.socket() as first, client.socket() as second, client.socket() as third, client.socket() as fourth:
        first.subscribe("run", EVENTS, id=run)
        second.subscribe("run", EVENTS, id=run)
        seen = [second.next_of("run")["payload"]["data"]["executionUpdated"] for _ in range(10)]
        third.subscribe("run", EVENTS, id=run)
        # Gone and back again, behind what it has: with variables of its own.
        second.complete("run")
        second.subscribe("again", EVENTS, id=run, after=seen[-1]["cursor"])
        fourth.subscribe("again", EVENTS, id=run, after=seen[-1]["cursor"])
        seen += updates(second, "again")
        assert_gapless(seen)
        assert updates(first, "run") == seen == updates(third, "run")
        assert updates(fourth, "again") == seen[10:]


def test_the_end_of_one_s_token_is_not_the_end_of_the_others(house, known_secrets):
    client = StudioClient(house.start(TOKENS_ACCESS_SECONDS=4), known_secrets)
    client.register()
    run = waiting_run(client)
    early = client.socket()
    early.subscribe("run", EVENTS, id=run)
    time.sleep(2)
    client.token = None
    client.login()
    with client.socket() as late, client.socket() as later:
        for socket in (late, later):
            socket.subscribe("run", EVENTS, id=run)
        assert early.closed()[0] == 4403
        client.cancel(run)
        for socket in (late, later):
            events = updates(socket, "run")
            assert_gapless(events)
            assert events[-1]["__typename"] == "ExecutionFinished"


def test_who_may_not_see_a_run_does_not_see_it_beside_those_who_may(client, studio, known_secrets):
    run = waiting_run(client)
    stranger = StudioClient(studio, known_secrets)
    stranger.register()
    with client.socket() as first, client.socket() as second, stranger.socket() as third:
        for socket in (first, second):
            socket.subscribe("run", EVENTS, id=run)
            assert socket.next_of("run")["type"] == "next"
        third.subscribe("run", EVENTS, id=run)
        assert third.errors("run")[0]["extensions"]["code"] == "NOT_FOUND"
        with TransportSocket(client.server.socket_url) as nobody:
            nobody.subscribe("run", EVENTS, id=run)
            assert nobody.errors("run")[0]["extensions"]["code"] == "UNAUTHENTICATED"
        client.cancel(run)
        for socket in (first, second):
            assert updates(socket, "run")[-1]["__typename"] == "ExecutionFinished"


def test_a_slow_reader_is_dropped_alone_and_resumes(house, known_secrets):
    server = house.start(SUBSCRIPTIONS_MAXIMUM_QUEUE_BYTES=65_536, SUBSCRIPTIONS_SLOW_READER_MILLISECONDS=300)
    client = StudioClient(server, known_secrets)
    client.register()
    large = [node(f"step{number}", "TRANSFORM", {"expression": "input"}) for number in range(40)]
    flow = client.create_flow(*chain(trigger(), delay("pause", 1000), *large))
    run = client.start(flow, {"text": "x" * 60_000})
    with narrow_socket(client) as stuck, client.socket() as one, client.socket() as other:
        for socket in (one, stuck, other):
            socket.subscribe("run", WATCH, id=run)
        everything = updates(one, "run")
        assert_gapless(everything)
        assert timeless(updates(other, "run")) == timeless(everything)
        # Longer than the patience: nobody reads meanwhile.
        time.sleep(1)
        seen = []
        while (message := stuck.next_of("run"))["type"] == "next":
            seen.append(message["payload"]["data"]["executionUpdated"])
        assert message["type"] == "error" and message["payload"][0]["extensions"]["code"] == "SLOW_READER"
        seen += client.watch(stuck, run, after=seen[-1]["cursor"], operation="again")
    assert_gapless(seen)
    assert timeless(seen) == timeless(everything)


def timeless(events):
    """Events without the run's status: that is of the moment at which a reader was told, the rest does not change."""
    return [event | {"execution": None} for event in events]
