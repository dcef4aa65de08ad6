"""The older sub-protocol `graphql-ws` (subscriptions-transport-ws), by hand and with the `gql` client."""

import asyncio
import json

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, trigger
from test_websocket import open_socket, waiting_run

LEGACY = "graphql-ws"
SECONDS = 30


def legacy_socket(client, **options):
    socket = open_socket(client, subprotocols=[LEGACY], **options)
    assert socket.connection.subprotocol == LEGACY
    return socket


def ready(client):
    socket = legacy_socket(client)
    socket.initialise(client.token)
    assert socket.receive() == {"type": "connection_ack"}
    assert socket.receive() == {"type": "ka"}
    return socket


def start(socket, operation, query, **variables):
    socket.send({"type": "start", "id": operation, "payload": {"query": query, "variables": variables}})


def results(socket, operation):
    while (message := socket.next_of(operation))["type"] == "data":
        yield message["payload"]
    assert message == {"type": "complete", "id": operation}, message


def test_a_client_that_offers_both_gets_the_newer_one(visitor):
    with open_socket(visitor, subprotocols=[LEGACY, "graphql-transport-ws"]) as socket:
        assert socket.connection.subprotocol == "graphql-transport-ws"


def test_a_run_is_watched_to_its_end_and_resumed(client):
    run = client.start(client.create_flow(*chain(trigger(), delay("pause", 30))))
    client.finish(run)
    with ready(client) as socket:
        start(socket, "run", WATCH, id=run)
        events = [payload["data"]["executionUpdated"] for payload in results(socket, "run")]
        assert_gapless(events)
        start(socket, "run", WATCH, id=run, after=events[1]["cursor"])
        assert_gapless([payload["data"]["executionUpdated"] for payload in results(socket, "run")], first=3)


def test_what_is_started_before_the_acknowledgement_is_executed_after_it(client):
    with legacy_socket(client) as socket:
        socket.initialise(client.token)
        start(socket, "1", "{ viewer { user { email } } }")
        assert [socket.receive()["type"] for _ in range(2)] == ["connection_ack", "ka"]
        assert list(results(socket, "1")) == [{"data": {"viewer": {"user": {"email": client.email}}}}]


def test_a_wrong_token_is_told_and_closed(visitor):
    with legacy_socket(visitor) as socket:
        socket.initialise("nonsense")
        message = socket.receive()
        assert message["type"] == "connection_error" and message["payload"]["message"]
        assert socket.closed()[0] == 4403


@pytest.mark.parametrize("query, code", [("{", "GRAPHQL_PARSE_FAILED"), ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED")])
def test_a_refused_operation_is_one_error(client, query, code):
    with ready(client) as socket:
        start(socket, "bad", query)
        message = socket.next_of("bad")
        assert message["type"] == "error" and message["payload"]["extensions"]["code"] == code
        start(socket, "bad", "{ __typename }")
        assert list(results(socket, "bad")) == [{"data": {"__typename": "Query"}}]


def test_a_stop_is_answered_with_complete(client):
    run = waiting_run(client)
    with ready(client) as socket:
        start(socket, "run", WATCH, id=run)
        assert socket.next_of("run")["type"] == "data"
        socket.send({"type": "stop", "id": "run"})
        while (message := socket.next_of("run"))["type"] == "data":
            pass
        assert message == {"type": "complete", "id": "run"}
    client.cancel(run)


def test_nonsense_is_answered_and_the_socket_goes_on(client):
    with ready(client) as socket:
        for message in ["nonsense", "{}", json.dumps({"type": "subscribe", "id": "1"})]:
            socket.send(message)
            assert socket.receive()["type"] == "connection_error"
        start(socket, "1", "{ __typename }")
        assert list(results(socket, "1")) == [{"data": {"__typename": "Query"}}]


def test_the_client_ends_the_connection(client):
    with ready(client) as socket:
        socket.send({"type": "connection_terminate"})
        assert socket.closed()[0] == 1000


def test_it_is_kept_alive_and_ends_with_its_token(house, known_secrets):
    client = StudioClient(house.start(WEBSOCKET_PING_SECONDS=1, TOKENS_ACCESS_SECONDS=3), known_secrets)
    client.register()
    with ready(client) as socket:
        assert socket.receive() == {"type": "ka"}
        while (message := socket.receive())["type"] == "ka":
            pass
        assert message["type"] == "connection_error" and "expired" in message["payload"]["message"]
        assert socket.closed()[0] == 4403


def test_limits_and_rates_are_those_of_the_other_protocol(house, known_secrets):
    server = house.start(WEBSOCKET_MAXIMUM_OPERATIONS=1, RATE_LIMITS_ENABLED="true", RATE_LIMITS_USER_REQUESTS=5)
    client = StudioClient(server, known_secrets)
    client.register()
    run = waiting_run(client)
    with ready(client) as socket:
        start(socket, "run", WATCH, id=run)
        socket.next_of("run")
        start(socket, "more", "{ __typename }")
        assert socket.next_of("more")["type"] == "error"
    with ready(client) as socket:
        for number in range(5):
            start(socket, str(number), "{ __typename }")
            message = socket.next_of(str(number))
            if message["type"] == "error":
                break
            assert socket.next_of(str(number))["type"] == "complete"
        assert message["payload"]["extensions"]["code"] == "RATE_LIMITED"


def test_the_gql_client_speaks_it(client):
    run = client.start(client.create_flow(*chain(trigger(), delay("pause", 30))))

    async def watch():
        transport = WebsocketsTransport(
            url=client.server.socket_url, init_payload={"authorization": f"Bearer {client.token}"},
            subprotocols=[WebsocketsTransport.APOLLO_SUBPROTOCOL])
        async with Client(transport=transport) as session:
            document = gql(WATCH)
            document.variable_values = {"id": run}
            events = [data["executionUpdated"] async for data in session.subscribe(document)]
            try:
                await session.execute(gql("{ noSuchField }"))
            except TransportQueryError as refused:
                return events, refused.errors
        raise AssertionError("the unknown field was not refused")

    events, errors = asyncio.run(asyncio.wait_for(watch(), SECONDS))
    assert_gapless(events)
    assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
