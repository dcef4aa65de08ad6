"""Subscriptions over multipart/mixed as Apollo's clients read them: parts, heartbeats, errors, resuming, slow readers."""

import time

import pytest
from event_stream import EventStream, PartStream
from studio_client import StudioClient, assert_gapless, chain, delay, trigger
from test_database import wait_until
from test_sse import large_run, short_run, waiting_run, watching


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_run_is_watched_to_its_end(client, method):
    run = short_run(client)
    request = watching(run)
    if method == "POST":
        stream = PartStream(client, request)
    else:
        stream = PartStream(client, parameters={"query": request["query"], "variables": '{"id": "%s"}' % run})
    with stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"
        assert "no-cache" in stream.headers["cache-control"] and "content-encoding" not in stream.headers
        events = list(stream.updates())
    assert stream.heartbeats == 1, "a heartbeat comes with the head"
    assert_gapless(events)
    assert events[-1]["runStatus"] == "SUCCESS"


def test_a_part_is_there_before_the_next_event(client):
    run = waiting_run(client)
    with PartStream(client, watching(run)) as stream:
        parts = stream.parts()
        # Nothing happens in the run any more: who waited for the next boundary would wait for an hour.
        while next(parts)["payload"]["data"]["executionUpdated"]["__typename"] != "ExecutionWaiting":
            pass
    client.cancel(run)


def test_after_resumes_without_gap_or_repeat(client):
    run = short_run(client)
    with PartStream(client, watching(run)) as stream:
        everything = list(stream.updates())
    for position, event in enumerate(everything):
        with PartStream(client, watching(run, after=event["cursor"])) as stream:
            rest = [event["sequence"] for event in stream.updates()]
        assert rest == [event["sequence"] for event in everything[position + 1:]]


def test_breaking_off_again_and_again_loses_nothing(client):
    flow = client.create_flow(*chain(trigger(), *[delay(f"pause{number}", 20) for number in range(20)]))
    run = client.start(flow)
    seen = []
    while not seen or seen[-1]["__typename"] != "ExecutionFinished":
        with PartStream(client, watching(run, after=seen[-1]["cursor"] if seen else None)) as stream:
            for event in stream.updates():
                seen.append(event)
                if len(seen) % 3 == 0:
                    break
    assert_gapless(seen)


# Who gets parts


@pytest.mark.parametrize("accept, kind", [
    ('multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json', "multipart/mixed"),
    ("multipart/mixed; subscriptionSpec=1.0", "multipart/mixed"),
    ("application/json, multipart/mixed;subscriptionSpec=1.0;q=0.5", "multipart/mixed"),
    ("text/event-stream, multipart/mixed;subscriptionSpec=1.0", "text/event-stream"),
    ("text/event-stream;q=0.5, multipart/mixed;subscriptionSpec=1.0", "multipart/mixed"),
    ("multipart/mixed;subscriptionSpec=1.0;q=0, application/json", "application/json"),
    ("multipart/mixed;subscriptionSpec=2.0, application/json", "application/json"),
    ("multipart/mixed, application/json", "application/json"),
])
def test_parts_are_for_who_names_the_protocol(client, accept, kind):
    with EventStream(client, watching(short_run(client)), headers={"Accept": accept}) as stream:
        assert stream.headers["content-type"].startswith(kind)
        if kind == "application/json":
            assert b"subscriptionSpec=1.0" in stream.body()


def test_a_query_is_an_ordinary_response(client):
    with PartStream(client, {"query": "{ __typename }"}) as stream:
        assert stream.headers["content-type"].startswith("application/json")
    accept = "multipart/mixed;subscriptionSpec=1.0"
    with PartStream(client, {"query": "{ __typename }"}, headers={"Accept": accept}) as stream:
        assert stream.status == 406


# Errors


def test_an_operation_that_is_no_operation_is_an_ordinary_response(client):
    for query, code in [("subscription {", "GRAPHQL_PARSE_FAILED"), ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED")]:
        answer = client.post(query, headers={"Accept": PartStream.ACCEPT})
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("run, code", [("exec_01h455vb4pex5vsknk084sn02q", "NOT_FOUND"), ("nonsense", "BAD_USER_INPUT")])
def test_errors_of_the_operation_are_in_its_payload(client, run, code):
    with PartStream(client, watching(run)) as stream:
        [part] = stream.parts()
    assert set(part) == {"payload"} and part["payload"]["errors"][0]["extensions"]["code"] == code
    assert stream.has_last_boundary


def test_a_wrong_token_is_refused_by_its_status(client):
    with PartStream(client, watching("any"), headers={"Authorization": "Bearer nonsense"}) as stream:
        assert stream.status == 401


# Life


def test_answers_of_parts_are_counted_with_event_streams(house, known_secrets):
    client = StudioClient(house.start(SSE_MAXIMUM_STREAMS_PER_CLIENT=2), known_secrets)
    client.register()
    run = waiting_run(client)
    with PartStream(client, watching(run)) as first, EventStream(client, watching(run)) as second:
        assert (first.status, second.status) == (200, 200)
        with PartStream(client, watching(run)) as third:
            assert third.status == 429
    wait_until(lambda: not is_refused(client, run), "who hangs up is forgotten")
    client.cancel(run)


def is_refused(client, run):
    with PartStream(client, watching(run)) as stream:
        return stream.status == 429


def test_stopping_the_server_ends_the_answer_without_its_last_boundary(house, known_secrets):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    run = waiting_run(client)
    with PartStream(client, watching(run)) as stream:
        parts = stream.parts()
        seen = [next(parts)["payload"]["data"]["executionUpdated"]]
        assert server.stop() < 2
        seen += [part["payload"]["data"]["executionUpdated"] for part in parts]
        assert not stream.has_last_boundary
    there = client.at(house.start(database))
    there.cancel(run)
    with PartStream(there, watching(run, after=seen[-1]["cursor"])) as stream:
        seen += stream.updates()
    assert_gapless(seen)


def test_a_reader_that_stops_is_told_when_it_reads_again(house, known_secrets):
    server = house.start(
        SUBSCRIPTIONS_MAXIMUM_QUEUE_BYTES=65_536, SUBSCRIPTIONS_SLOW_READER_MILLISECONDS=300, DATABASE_POOL_SIZE=4)
    client = StudioClient(server, known_secrets)
    client.register()
    run = large_run(client)
    with PartStream(client, watching(run), receive_buffer=4096) as slow, PartStream(client, watching(run)) as quick:
        assert_gapless(list(quick.updates()))
        # What waits for the slow one is replaced by the error when its patience is over: then all is read.
        wait_until(is_over(0.8), "the patience is over")
        parts = list(slow.parts())
    assert parts[-1]["payload"] is None and parts[-1]["errors"][0]["extensions"]["code"] == "SLOW_READER"
    seen = [part["payload"]["data"]["executionUpdated"] for part in parts[:-1]]
    with PartStream(client, watching(run, after=seen[-1]["cursor"])) as again:
        seen += again.updates()
    assert_gapless(seen)


def is_over(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
