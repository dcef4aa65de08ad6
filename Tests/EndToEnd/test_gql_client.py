"""The same tour with `gql`, a client that others wrote: it reads the schema, checks operations by it, and subscribes."""

import asyncio
import base64

from gql import Client, FileVar, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from graphql import build_schema, lexicographic_sort_schema, print_schema
from private_postgres import REPOSITORY
from studio_client import WATCH, assert_gapless, chain, delay, http, trigger

SECONDS = 30


def over_http(client):
    return AIOHTTPTransport(
        url=client.server.url + "/graphql", headers={"Authorization": f"Bearer {client.token}"}, timeout=20)


def over_socket(client):
    return WebsocketsTransport(
        url=client.server.socket_url, init_payload={"authorization": f"Bearer {client.token}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL])


def request(text, **variables):
    document = gql(text)
    document.variable_values = variables
    return document


def test_the_schema_that_is_served_is_the_published_one(client):
    async def schema():
        wanted = {"schema_description": True, "specified_by_url": True, "directive_is_repeatable": True,
                  "input_value_deprecation": True}
        transport = over_http(client)
        async with Client(
            transport=transport, fetch_schema_from_transport=True, introspection_args=wanted
        ) as session:
            return session.client.schema

    served = asyncio.run(asyncio.wait_for(schema(), SECONDS))
    published = build_schema((REPOSITORY / "schema.graphql").read_text())
    assert print_schema(lexicographic_sort_schema(served)) == print_schema(lexicographic_sort_schema(published))


def test_a_run_is_started_and_watched(client, world):
    flow = client.create_flow(*chain(
        trigger(), http("fetch", world.url + "/orders/9", expectedStatuses=[201]), delay("pause", 50)))

    async def watch():
        async with Client(transport=over_http(client), fetch_schema_from_transport=True) as session:
            started = await session.execute(request(
                "mutation ($id: ID!) { executeFlow(input: {flowId: $id, input: {n: 1}}) { execution { id } } }",
                id=flow["id"]))
        run = started["executeFlow"]["execution"]["id"]
        async with Client(transport=over_socket(client), fetch_schema_from_transport=True) as session:
            return [data["executionUpdated"] async for data in session.subscribe(request(WATCH, id=run))]

    events = asyncio.run(asyncio.wait_for(watch(), SECONDS))
    assert_gapless(events)
    assert events[-1]["runStatus"] == "SUCCESS"


def test_queries_and_their_errors_run_over_the_socket(client):
    async def ask():
        async with Client(transport=over_socket(client)) as session:
            answer = await session.execute(gql("{ viewer { user { email } } }"))
            try:
                await session.execute(gql("{ noSuchField }"))
            except TransportQueryError as refused:
                return answer, refused.errors
        raise AssertionError("the unknown field was not refused")

    answer, errors = asyncio.run(asyncio.wait_for(ask(), SECONDS))
    assert answer["viewer"]["user"]["email"] == client.email
    assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_picture_is_uploaded(client, tmp_path):
    path = tmp_path / "me.png"
    path.write_bytes(base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))

    async def upload():
        transport = AIOHTTPTransport(
            url=client.server.url + "/graphql", timeout=20,
            headers={"Authorization": f"Bearer {client.token}", "GraphQL-Require-Preflight": "1"})
        async with Client(transport=transport, fetch_schema_from_transport=True) as session:
            return await session.execute(request(
                "mutation ($file: Upload!) { setAvatar(file: $file) { user { avatarUrl } } }",
                file=FileVar(str(path), content_type="image/png")), upload_files=True)

    answer = asyncio.run(asyncio.wait_for(upload(), SECONDS))
    assert answer["setAvatar"]["user"]["avatarUrl"]
