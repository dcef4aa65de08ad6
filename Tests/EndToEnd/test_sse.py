"""GraphQL over Server-Sent Events in both modes, against the rules of its protocol; resuming, limits, clients that break off."""

import time

import pytest
import requests
from event_stream import TOKEN, EventStream
from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, node, trigger
from test_database import wait_until

CREATE = "mutation ($i: CreateFlowInput!) { createFlow(input: $i) { flow { name } } }"


def watching(run, after=None):
    return {"query": WATCH, "variables": {"id": run, "after": after}}


def short_run(client):
    flow = client.create_flow(*chain(trigger(), delay("pause", 30), delay("more", 30)))
    run = client.start(flow)
    client.finish(run)
    return run


def waiting_run(client):
    return client.start(client.create_flow(*chain(trigger(), delay("pause", 3_600_000), delay("after", 0))))


def streams_of(server):
    """Connections of clients that the server holds."""
    from test_websocket import open_sockets

    return open_sockets(server)


# Distinct connections mode


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_run_is_watched_to_its_end(client, method):
    run = short_run(client)
    if method == "POST":
        stream = EventStream(client, watching(run))
    else:
        stream = EventStream(client, parameters={"query": WATCH, "variables": '{"id": "%s"}' % run})
    with stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert "no-cache" in stream.headers["cache-control"] and "content-encoding" not in stream.headers
        events = []
        for identifier, payload in stream.results():
            events.append(payload["data"]["executionUpdated"])
            assert identifier == events[-1]["cursor"]
        assert stream.comments >= 1
    assert_gapless(events)
    assert events[-1]["runStatus"] == "SUCCESS"


def test_queries_and_mutations_run_over_a_stream(client):
    with EventStream(client, {"query": "{ viewer { user { email } } }"}) as stream:
        assert list(stream.results()) == [(None, {"data": {"viewer": {"user": {"email": client.email}}}})]
    given = {"name": "By event", "intention": "To be tested."}
    with EventStream(client, {"query": CREATE, "variables": {"i": given}}) as stream:
        assert list(stream.results()) == [(None, {"data": {"createFlow": {"flow": {"name": "By event"}}}})]


@pytest.mark.parametrize("query, code", [
    ("{", "GRAPHQL_PARSE_FAILED"), ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
    ("query ($n: Int!) { connectors(first: $n) { totalCount } }", "BAD_USER_INPUT"),
    ('subscription { executionUpdated(id: "exec_01h455vb4pex5vsknk084sn02q") { cursor } }', "NOT_FOUND"),
    ('subscription { executionUpdated(id: "nonsense") { cursor } }', "BAD_USER_INPUT"),
])
def test_what_is_wrong_with_an_operation_is_told_in_the_stream(client, query, code):
    with EventStream(client, {"query": query}) as stream:
        assert stream.status == 200
        [(identifier, payload)] = stream.results()
    assert identifier is None and "data" not in payload
    assert payload["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("body, status", [([{"query": "{ __typename }"}], 406), ({"query": 7}, 400), ({}, 400)])
def test_what_is_no_request_is_refused_by_its_status(client, body, status):
    with EventStream(client, body) as stream:
        assert stream.status == status and stream.headers["content-type"].startswith("application/json")


def test_a_wrong_token_is_refused_by_its_status(client):
    with EventStream(client, {"query": "{ __typename }"}, headers={"Authorization": "Bearer nonsense"}) as stream:
        assert stream.status == 401 and stream.headers["www-authenticate"] == "Bearer"


def test_a_mutation_by_get_is_refused(client):
    with EventStream(client, parameters={"query": "mutation { __typename }"}) as stream:
        assert stream.status == 405 and stream.headers["allow"] == "POST"


def test_a_head_request_starts_nothing(client):
    with EventStream(client, method="HEAD", parameters={"query": "{ __typename }"}) as stream:
        assert stream.status == 200 and stream.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("accept, is_stream", [
    ("text/event-stream", True), ("text/event-stream, */*;q=0.1", True), ("text/event-stream;q=0.5, application/json", True),
    ("application/json, text/event-stream;q=0", False), ("application/json", False), ("*/*", False), (None, False),
])
def test_a_subscription_is_a_stream_for_who_reads_streams(client, accept, is_stream):
    run = short_run(client)
    with EventStream(client, watching(run), headers={"Accept": accept}) as stream:
        assert (stream.headers["content-type"].startswith("text/event-stream")) is is_stream
        if is_stream:
            assert_gapless([payload["data"]["executionUpdated"] for _, payload in stream.results()])
        else:
            assert b"text/event-stream" in stream.body()


def test_a_query_is_one_response_for_who_reads_both(client):
    accept = "application/json, text/event-stream, multipart/mixed"
    with EventStream(client, {"query": "{ __typename }"}, headers={"Accept": accept}) as stream:
        assert stream.headers["content-type"].startswith("application/json")


# Resuming


def test_a_stream_resumes_behind_the_last_event_without_gap_or_repeat(client):
    run = short_run(client)
    with EventStream(client, watching(run)) as stream:
        everything = [payload["data"]["executionUpdated"] for _, payload in stream.results()]
    for position in range(len(everything)):
        cursor = everything[position]["cursor"]
        with EventStream(client, watching(run), headers={"Last-Event-ID": cursor}) as stream:
            rest = [payload["data"]["executionUpdated"]["sequence"] for _, payload in stream.results()]
        assert rest == [event["sequence"] for event in everything[position + 1:]]


def test_the_last_event_is_newer_than_after(client):
    run = short_run(client)
    with EventStream(client, watching(run, after="event_1"), headers={"Last-Event-ID": "event_3"}) as stream:
        assert next(stream.results())[0] == "event_4"
    with EventStream(client, watching(run, after="event_2")) as stream:
        assert next(stream.results())[0] == "event_3"


def test_a_last_event_that_is_none_is_an_error(client):
    with EventStream(client, watching(short_run(client)), headers={"Last-Event-ID": "nonsense"}) as stream:
        [(_, payload)] = stream.results()
        assert payload["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_breaking_off_again_and_again_loses_nothing(client):
    flow = client.create_flow(*chain(trigger(), *[delay(f"pause{number}", 20) for number in range(20)]))
    run = client.start(flow)
    seen, last = [], None
    while not seen or seen[-1]["__typename"] != "ExecutionFinished":
        with EventStream(client, watching(run), headers={"Last-Event-ID": last}) as stream:
            for identifier, payload in stream.results():
                seen.append(payload["data"]["executionUpdated"])
                last = identifier
                if len(seen) % 3 == 0:
                    break
    assert_gapless(seen)


# Life


def test_a_client_that_hangs_up_is_forgotten(house, known_secrets):
    server = house.start(SSE_MAXIMUM_STREAMS_PER_CLIENT=2)
    client = StudioClient(server, known_secrets)
    client.register()
    run = waiting_run(client)
    for _ in range(10):
        wait_until(lambda: not is_refused(client, run), "there is room for a stream")
    client.cancel(run)
    client.finish(run)


def is_refused(client, run):
    with EventStream(client, watching(run)) as stream:
        if stream.status == 200:
            stream.event()
        return stream.status == 429


def test_streams_are_bounded_for_a_client_and_in_all(house, known_secrets):
    server = house.start(SSE_MAXIMUM_STREAMS=3, SSE_MAXIMUM_STREAMS_PER_CLIENT=2)
    clients = [StudioClient(server, known_secrets) for _ in range(2)]
    streams = []
    for client in clients:
        client.register()
        run = waiting_run(client)
        streams += [EventStream(client, watching(run)) for _ in range(2)]
        streams.append(EventStream(client, watching(run)))
    assert [stream.status for stream in streams] == [200, 200, 429, 200, 429, 429]
    for stream in streams:
        stream.close()


def test_stopping_the_server_ends_streams_so_that_they_resume(house, known_secrets):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    run = waiting_run(client)
    with EventStream(client, watching(run)) as stream:
        seen = [stream.event()]
        assert server.stop() < 2
        while event := stream.event():
            assert event[0] == "next"
            seen.append(event)
    there = client.at(house.start(database))
    there.cancel(run)
    with EventStream(there, watching(run), headers={"Last-Event-ID": seen[-1][1]}) as stream:
        seen += [("next", identifier, payload) for identifier, payload in stream.results()]
    assert_gapless([payload["data"]["executionUpdated"] for _, _, payload in seen])


# Single connection mode


def control(client, method, token=None, parameters=None, body=None, **headers):
    given = {"Authorization": f"Bearer {client.token}" if client.token else None, TOKEN: token, **headers}
    return requests.request(
        method, client.server.url + "/graphql", headers={name: value for name, value in given.items() if value},
        params=parameters, json=body, timeout=20)


def reserve(client):
    answer = control(client, "PUT")
    assert answer.status_code == 201 and answer.headers["Content-Type"].startswith("text/plain")
    return client.secrets.add("event stream token", answer.text)


def operation(identifier, request):
    return {**request, "extensions": {"operationId": identifier}}


def test_one_connection_carries_many_operations(client):
    run = short_run(client)
    token = reserve(client)
    with EventStream(client, headers={TOKEN: token}) as stream:
        assert stream.status == 200
        for identifier, request in {
            "run": watching(run), "query": {"query": "{ __typename }"}, "again": watching(run, after="event_2"),
        }.items():
            answer = control(client, "POST", token, body=operation(identifier, request))
            assert answer.status_code == 202 and answer.content == b""
        kept = {}
        events = list(stream.results_of("run", kept))
        assert [identifier for identifier, _ in events] == [event["data"]["executionUpdated"]["cursor"] for _, event in events]
        assert_gapless([payload["data"]["executionUpdated"] for _, payload in events])
        assert list(stream.results_of("query", kept)) == [(None, {"data": {"__typename": "Query"}})]
        assert next(stream.results_of("again", kept))[0] == "event_3"


def test_the_token_may_stand_in_the_address_and_needs_no_other(client):
    token = reserve(client)
    stranger = StudioClient(client.server, client.secrets)
    with EventStream(stranger, parameters={"token": token}) as stream:
        assert stream.status == 200
        answer = control(client, "GET", parameters={
            "token": token, "query": "{ __typename }", "extensions": '{"operationId": "1"}'})
        assert answer.status_code == 202
        assert list(stream.results_of("1", {})) == [(None, {"data": {"__typename": "Query"}})]


def test_results_that_come_before_the_connection_wait_for_it(client):
    token = reserve(client)
    assert control(client, "POST", token, body=operation("1", {"query": "{ __typename }"})).status_code == 202
    with EventStream(client, headers={TOKEN: token}) as stream:
        assert list(stream.results_of("1", {})) == [(None, {"data": {"__typename": "Query"}})]


def test_a_stream_has_one_connection(client):
    token = reserve(client)
    with EventStream(client, headers={TOKEN: token}) as first, EventStream(client, headers={TOKEN: token}) as second:
        assert (first.status, second.status) == (200, 409)
    wait_until(lambda: connect_status(client, token) == 404, "the reservation is over with its connection")


def connect_status(client, token):
    with EventStream(client, headers={TOKEN: token}) as stream:
        return stream.status


def test_an_operation_is_stopped_and_its_id_is_free(client):
    run = waiting_run(client)
    token = reserve(client)
    with EventStream(client, headers={TOKEN: token}) as stream:
        assert control(client, "POST", token, body=operation("run", watching(run))).status_code == 202
        assert stream.event()[2]["id"] == "run"
        assert control(client, "POST", token, body=operation("run", watching(run))).status_code == 409
        assert control(client, "DELETE", token, {"operationId": "run"}).status_code == 200
        assert control(client, "DELETE", token, {"operationId": "run"}).status_code == 200
        assert control(client, "POST", token, body=operation("run", {"query": "{ __typename }"})).status_code == 202
        while (event := stream.event())[2].get("payload") != {"data": {"__typename": "Query"}}:
            assert event[0] == "next"
        assert stream.event() == ("complete", None, {"id": "run"})
    client.cancel(run)


@pytest.mark.parametrize("request_of, status", [
    (lambda client, token: control(client, "POST", token, body={"query": "{ __typename }"}), 400),
    (lambda client, token: control(client, "POST", token, body=operation(7, {"query": "{ __typename }"})), 400),
    (lambda client, token: control(client, "POST", token, body=operation("x" * 257, {"query": "{ __typename }"})), 400),
    (lambda client, token: control(
        client, "POST", token, body=operation("1", {"query": "{ nonsense }"}), Accept="application/graphql-response+json"), 400),
    # A client that waits for results on the stream learns from the status alone that there will be none.
    (lambda client, token: control(client, "POST", token, body=operation("1", {"query": "{ nonsense }"})), 400),
    (lambda client, token: control(
        client, "POST", token, body=operation("1", {"documentId": "sha256:" + "0" * 64}), Accept="application/json"), 400),
    (lambda client, token: control(client, "POST", "f" * 64, body=operation("1", {"query": "{ __typename }"})), 404),
    (lambda client, token: control(client, "DELETE", token), 400),
    (lambda client, token: control(client, "DELETE", "f" * 64, {"operationId": "1"}), 404),
    (lambda client, token: control(client, "DELETE"), 404),
    (lambda client, token: control(client, "PUT", token), 409),
    (lambda client, token: control(client, "PUT", Accept="application/json"), 406),
    (lambda client, token: control(client, "GET", token, {
        "query": "mutation { __typename }", "extensions": '{"operationId": "1"}'}), 405),
])
def test_requests_that_break_the_rules_are_refused(client, request_of, status):
    answer = request_of(client, reserve(client))
    assert answer.status_code == status and answer.json()["errors"][0]["message"], answer.text


def test_a_strangers_token_is_of_no_use(client):
    token = reserve(client)
    stranger = StudioClient(client.server, client.secrets)
    assert control(stranger, "POST", token, body=operation("1", {"query": "{ __typename }"})).status_code == 404
    stranger.register()
    assert control(stranger, "POST", token, body=operation("1", {"query": "{ __typename }"})).status_code == 404
    assert control(stranger, "DELETE", token, {"operationId": "1"}).status_code == 404


def test_operations_of_a_stream_are_bounded(house, known_secrets):
    client = StudioClient(house.start(WEBSOCKET_MAXIMUM_OPERATIONS=2), known_secrets)
    client.register()
    run = waiting_run(client)
    token = reserve(client)
    with EventStream(client, headers={TOKEN: token}):
        statuses = [control(client, "POST", token, body=operation(str(number), watching(run))).status_code for number in range(3)]
        assert statuses == [202, 202, 429]
    client.cancel(run)


# Slow readers


def test_a_reader_that_stops_is_told_when_it_reads_again(house, known_secrets):
    server = house.start(
        SUBSCRIPTIONS_MAXIMUM_QUEUE_BYTES=65_536, SUBSCRIPTIONS_SLOW_READER_MILLISECONDS=300, DATABASE_POOL_SIZE=4)
    client = StudioClient(server, known_secrets)
    client.register()
    run = large_run(client)
    with EventStream(client, watching(run), receive_buffer=4096) as slow, EventStream(client, watching(run)) as quick:
        assert_gapless([payload["data"]["executionUpdated"] for _, payload in quick.results()])
        wait_until(lambda: "SLOW_READER" in server.log or has_been_told(server), "the patience is over")
        events = list(slow.results())
    told = events[-1][1]
    assert told["errors"][0]["extensions"]["code"] == "SLOW_READER"
    last = events[-2][0]
    with EventStream(client, watching(run), headers={"Last-Event-ID": last}) as again:
        rest = [payload["data"]["executionUpdated"] for _, payload in again.results()]
    assert_gapless([payload["data"]["executionUpdated"] for _, payload in events[:-1]] + rest)


_started = {}


def has_been_told(server):
    """The patience of the server's settings, and some more."""
    return time.monotonic() - _started.setdefault(server.port, time.monotonic()) > 1.5


def large_run(client):
    """A run whose events are far larger than what the kernel keeps for a connection."""
    steps = [node(f"step{number}", "TRANSFORM", {"expression": "input"}) for number in range(40)]
    flow = client.create_flow(*chain(trigger(), *steps))
    run = client.start(flow, {"text": "x" * 60_000})
    client.finish(run)
    return run
