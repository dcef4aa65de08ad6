"""`@defer` and `@stream` over multipart/mixed, event streams and sockets: the pieces together are the whole."""

import threading

import pytest
import requests
from event_stream import EventStream
from studio_client import StudioClient, chain, delay, trigger
from test_database import LockedFlows, wait_until

APOLLO = "multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json,application/json;q=0.9"
BOUNDARY = b"---"

DEFERRED = """query ($n: Int!) {
  viewer { role ...Later @defer(label: "later") }
  flows(first: $n) { totalCount nodes { name ... @defer { id nodes { key kind } } } }
}
fragment Later on Viewer { user { email name } }"""
STREAMED = "query ($n: Int!) { flows(first: $n) { nodes @stream(initialCount: 1, label: \"flows\") { name nodes { key } } } }"


def whole(query):
    for directive in ('@defer(label: "later")', "@defer", '@stream(initialCount: 1, label: "flows")'):
        query = query.replace(directive, "")
    return query


def parts(answer):
    """The payloads of a multipart answer, whose framing must be what clients split it by."""
    assert answer.headers["Content-Type"] == 'multipart/mixed; boundary="-"'
    body = answer.content
    assert body.startswith(BOUNDARY + b"\r\n") and body.endswith(b"\r\n-----\r\n")
    payloads = []
    for part in body[len(BOUNDARY):-len(b"\r\n-----\r\n")].split(b"\r\n---"):
        head, _, text = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        assert head.lower() == b"content-type: application/json; charset=utf-8"
        payloads.append(requests.compat.json.loads(text))
    return payloads


def at(value, path):
    for step in path:
        value = value[step]
    return value


def merged(payloads):
    """What a client has in the end; each id must be pending before it is used, and complete at the end."""
    first, *rest = payloads
    data, pending = first["data"], {entry["id"]: entry for entry in first.get("pending", [])}
    assert pending and first["hasNext"] is True
    for payload in rest:
        pending |= {entry["id"]: entry for entry in payload.get("pending", [])}
        for piece in payload.get("incremental", []):
            place = at(data, pending[piece["id"]]["path"] + piece.get("subPath", []))
            if "items" in piece:
                place.extend(piece["items"])
            else:
                merge(place, piece["data"])
        for done in payload.get("completed", []):
            assert "errors" not in done, done
            del pending[done["id"]]
    assert not pending and [payload["hasNext"] for payload in payloads] == [True] * (len(payloads) - 1) + [False]
    return data


def merge(place, more):
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(place.get(name), dict):
            merge(place[name], value)
        else:
            place[name] = value


@pytest.fixture
def account(client):
    for number in range(4):
        client.create_flow(*chain(trigger(), delay("pause", 10)), name=f"Flow {number}")
    return client


def over_http(client, query, accept=APOLLO):
    answer = client.post(query, {"n": 3}, headers={"Accept": accept})
    assert answer.status_code == 200
    return parts(answer)


def over_events(client, query):
    with EventStream(client, {"query": query, "variables": {"n": 3}}) as stream:
        return [payload for _, payload in stream.results()]


def over_socket(client, query):
    with client.socket() as socket:
        socket.subscribe("1", query, n=3)
        return list(socket.results("1"))


@pytest.mark.parametrize("transport", [over_http, over_events, over_socket])
@pytest.mark.parametrize("query", [DEFERRED, STREAMED])
def test_the_pieces_together_are_the_whole(account, transport, query):
    payloads = transport(account, query)
    assert len(payloads) > 1
    assert merged(payloads) == account.execute(whole(query), n=3)


def test_the_first_piece_has_what_is_not_deferred(account):
    first = over_http(account, DEFERRED)[0]
    assert first["data"]["viewer"] == {"role": "OWNER"}
    assert all(set(flow) == {"name"} for flow in first["data"]["flows"]["nodes"])
    assert {"label": "later", "path": ["viewer"]}.items() <= next(
        entry for entry in first["pending"] if entry.get("label")).items()


@pytest.mark.parametrize("accept", [
    "multipart/mixed", "multipart/mixed, application/json", "application/json, multipart/mixed", 'multipart/mixed; q=0.5, */*'])
def test_parts_are_for_who_names_them(account, accept):
    assert merged(over_http(account, DEFERRED, accept))["viewer"]["user"]["email"] == account.email


@pytest.mark.parametrize("accept", [
    "application/json", "*/*", "multipart/*, application/json", "multipart/mixed;q=0, application/json",
    "multipart/mixed; deferSpec=20220824, application/json", 'multipart/mixed;subscriptionSpec="1.0", application/json'])
def test_everybody_else_has_it_all_at_once(account, accept):
    answer = account.post(DEFERRED, {"n": 3}, headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json() == {"data": account.execute(whole(DEFERRED), n=3)}


def test_nothing_deferred_is_one_ordinary_response(account):
    query = "query ($n: Int!, $late: Boolean = false) { flows(first: $n) { nodes { name ... @defer(if: $late) { id } } } }"
    answer = account.post(query, {"n": 2}, headers={"Accept": APOLLO})
    assert answer.headers["Content-Type"].startswith("application/graphql-response+json")
    assert set(answer.json()) == {"data"}
    [only] = parts(account.post(query, {"n": 2}, headers={"Accept": "multipart/mixed"}))
    assert only == answer.json()


def test_a_request_that_is_refused_is_one_ordinary_response(account):
    for query, code in [("{", "GRAPHQL_PARSE_FAILED"), ("{ ... @defer { nonsense } }", "GRAPHQL_VALIDATION_FAILED"),
                        ("query ($n: Int!) { ... @defer { flows(first: $n) { totalCount } } }", "BAD_USER_INPUT")]:
        answer = account.post(query, headers={"Accept": APOLLO})
        assert answer.status_code == 400 and answer.json()["errors"][0]["extensions"]["code"] == code


def test_costs_and_levels_hold_for_what_is_deferred(account):
    query = "{ ... @defer { flows(first: 100) { nodes { executionLogs(first: 100) { nodes { nodeExecutions { id } } } } } } }"
    answer = account.post(query, headers={"Accept": APOLLO})
    assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_EXPENSIVE"
    [payload] = over_events(account, query)
    assert payload["errors"][0]["extensions"]["code"] == "TOO_EXPENSIVE"


def test_an_error_in_a_fragment_is_told_in_its_piece(visitor):
    payloads = parts(visitor.post("{ __typename ... @defer { viewer { role } } }", headers={"Accept": APOLLO}))
    assert payloads[0]["data"] == {"__typename": "Query"}
    assert "UNAUTHENTICATED" in str(payloads[1:]) and payloads[-1]["hasNext"] is False


def test_mutations_defer_too(account):
    query = """mutation ($i: CreateFlowInput!) {
      createFlow(input: $i) { flow { name ... @defer { id nodes { key } } } } }"""
    given = {"i": {"name": "Deferred", "intention": "To be tested."}}
    data = merged(parts(account.post(query, given, headers={"Accept": APOLLO})))
    assert data["createFlow"]["flow"]["name"] == "Deferred" and data["createFlow"]["flow"]["nodes"] == []


def test_a_subscription_heeds_no_defer(account):
    run = account.start(account.create_flow(*chain(trigger())))
    account.finish(run)
    query = "subscription ($id: ID!) { executionUpdated(id: $id) { sequence ... @defer(if: false) { cursor } } }"
    with EventStream(account, {"query": query, "variables": {"id": run}}) as stream:
        assert [payload["data"]["executionUpdated"]["cursor"] for _, payload in stream.results()][0] == "event_1"


def test_what_takes_too_long_is_given_up_and_told(house, known_secrets, postgres):
    database = house.migrated_database()
    client = StudioClient(house.start(database, HTTP_REQUEST_TIMEOUT_MILLISECONDS=1500), known_secrets)
    client.register()
    client.create_flow(*chain(trigger()))
    query = "{ __typename ... @defer { flows(first: 1) { nodes { name } } } }"
    with LockedTables(postgres, database["DATABASE_URL"]) as lock:
        answers = []
        asking = threading.Thread(target=lambda: answers.append(client.post(query, headers={"Accept": "multipart/mixed"})))
        asking.start()
        wait_until(lock.has_waiter, "the deferred statement waits for the lock")
        asking.join(15)
        payloads = parts(answers[0])
        assert payloads[0]["data"] == {"__typename": "Query"}
        assert payloads[-1]["hasNext"] is False and "TIMEOUT" in str(payloads[-1])
        wait_until(lambda: not lock.has_waiter(), "the statement is given up")


class LockedTables(LockedFlows):
    """Holds the whole table of flows, so that reads of it wait too."""

    hold = "DO $$ BEGIN LOCK TABLE automation_flows IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(60); END $$"
