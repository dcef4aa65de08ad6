"""Clients that hang up: what they asked for is given up, on every transport; what they changed is not."""

import socket

import pytest
from event_stream import TOKEN, EventStream
from raw_http import RawHTTP
from studio_client import StudioClient, chain, trigger
from test_database import LockedFlows, wait_until
from test_incremental import LockedTables

QUERY = '{"query": "{ flows(first: 1) { nodes { name } } }"}'


@pytest.fixture
def locked(house, known_secrets, postgres):
    """A client whose reads of flows wait."""
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    client.create_flow(*chain(trigger()))
    with LockedTables(postgres, database["DATABASE_URL"]) as lock:
        yield client, lock
    client.assert_served()


def assert_given_up(lock, hang_up):
    wait_until(lock.has_waiter, "the statement waits for the lock")
    hang_up()
    # The statement's own deadline, like the request's, is thirty seconds away.
    wait_until(lambda: not lock.has_waiter(), "the statement is given up")


@pytest.mark.parametrize("accept", ["application/json", "multipart/mixed"])
def test_a_query_over_http(locked, accept):
    client, lock = locked
    raw = RawHTTP(client.server)
    raw.request(QUERY.encode(), "Content-Type: application/json", f"Accept: {accept}", f"Authorization: Bearer {client.token}")
    assert_given_up(lock, raw.socket.close)


def test_a_query_of_a_client_that_closes_its_half(locked):
    client, lock = locked
    raw = RawHTTP(client.server)
    raw.request(QUERY.encode(), "Content-Type: application/json", f"Authorization: Bearer {client.token}")
    assert_given_up(lock, lambda: raw.socket.shutdown(socket.SHUT_WR))


def test_a_deferred_part(locked):
    client, lock = locked
    raw = RawHTTP(client.server)
    raw.request(
        b'{"query": "{ __typename ... @defer { flows(first: 1) { nodes { name } } } }"}',
        "Content-Type: application/json", "Accept: multipart/mixed", f"Authorization: Bearer {client.token}")
    assert_given_up(lock, raw.socket.close)


def test_a_query_over_an_event_stream(locked):
    client, lock = locked
    stream = EventStream(client, {"query": "{ flows(first: 1) { nodes { name } } }"})
    assert_given_up(lock, stream.close)


def test_a_query_over_a_socket(locked):
    client, lock = locked
    opened = client.socket()
    opened.subscribe("1", "{ flows(first: 1) { nodes { name } } }")
    assert_given_up(lock, lambda: opened.complete("1"))
    opened.subscribe("2", "{ flows(first: 1) { nodes { name } } }")
    assert_given_up(lock, lambda: opened.connection.socket.shutdown(socket.SHUT_RDWR))


def test_a_mutation_is_finished_all_the_same(house, known_secrets, postgres):
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger()))
    with LockedFlows(postgres, database["DATABASE_URL"]) as lock:
        raw = RawHTTP(client.server)
        body = '{"query": "mutation { updateFlow(input: {id: \\"%s\\", name: \\"Renamed\\"}) { flow { name } } }"}' % flow["id"]
        raw.request(body.encode(), "Content-Type: application/json", f"Authorization: Bearer {client.token}")
        wait_until(lock.has_waiter, "the statement waits for the lock")
        raw.socket.close()
    name = lambda: client.execute("query ($id: ID!) { flow(id: $id) { name } }", id=flow["id"])["flow"]["name"]
    wait_until(lambda: name() == "Renamed", "the change is made")


def over_an_event_stream(client, query):
    return EventStream(client, {"query": query}).close


def over_a_shared_event_stream(client, query):
    token = EventStream(client, method="PUT", headers={"Accept": "text/plain"}).body().decode()
    named = {TOKEN: token}
    stream = EventStream(client, headers=named)
    request = {"query": query, "extensions": {"operationId": "1"}}
    assert EventStream(client, request, headers={**named, "Accept": "*/*"}).status == 202
    return lambda: (
        EventStream(client, method="DELETE", headers={**named, "Accept": "*/*"}, parameters={"operationId": "1"}),
        stream.close())


def by_completing(client, query):
    opened = client.socket()
    opened.subscribe("1", query)
    return lambda: opened.complete("1")


def by_closing_the_socket(client, query):
    opened = client.socket()
    opened.subscribe("1", query)
    return lambda: opened.connection.socket.shutdown(socket.SHUT_RDWR)


LIVE = [over_an_event_stream, over_a_shared_event_stream, by_completing, by_closing_the_socket]


@pytest.mark.parametrize("start", LIVE)
def test_all_fields_of_a_mutation_over_a_live_transport_are_executed(house, known_secrets, postgres, start):
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    flows = [client.create_flow(*chain(trigger()))["id"] for _ in range(2)]
    changes = [f'f{n}: updateFlow(input: {{id: "{id}", name: "Renamed {n}"}}) {{ flow {{ name }} }}' for n, id in enumerate(flows)]
    with LockedFlows(postgres, database["DATABASE_URL"]) as lock:
        hang_up = start(client, "mutation { %s }" % " ".join(changes))
        wait_until(lock.has_waiter, "the first change waits for the lock")
        hang_up()
        # The server has read of the end of the operation when it answers what came behind it.
        client.assert_served()
    names = lambda: {node["name"] for node in client.execute("{ flows { nodes { name } } }")["flows"]["nodes"]}
    wait_until(lambda: names() == {"Renamed 0", "Renamed 1"}, "both changes are made")
