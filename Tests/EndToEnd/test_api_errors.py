"""Every row of docs/api-errors.md: what is sent, and the code, status and message that come back.

`RECORD=1` writes the table anew.
"""

import os
from dataclasses import dataclass
from typing import Callable

import pytest
import requests
from private_postgres import REPOSITORY
from studio_client import CANCEL, CREATE_FLOW, CREATE_INTEGRATION, EXECUTE, LOGIN, MEDIA_TYPE, REFRESH, REGISTER
from studio_client import chain, node, transform, trigger

PAGE = REPOSITORY / "docs" / "api-errors.md"
NOBODY = "flow_01h455vb4pex5vsknk084sn02q"
DELETE_FLOW = "mutation ($input: DeleteFlowInput!) { deleteFlow(input: $input) { deletedId } }"
UPDATE_FLOW = "mutation ($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { id } } }"
ARCHIVE = "mutation ($input: ChangeFlowStatusInput!) { archiveFlow(input: $input) { flow { status } } }"
FLOW = "query ($id: ID!) { flow(id: $id) { id } }"

CREATE_WEBHOOK = "mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }"
IMPORT = "mutation ($input: ImportFlowInput!) { importFlow(input: $input) { triggers { trigger { id } } } }"
UPLOAD = '{"query": "mutation ($file: Upload!) { setAvatar(file: $file) { user { id } } }", "variables": {"file": null}}'
CREATE_KEY = "mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }"

HEAD = """# Errors of the API

What was sent, and what comes back to a client that accepts `application/graphql-response+json`. Each row is a test in
`Tests/EndToEnd/test_api_errors.py`; `RECORD=1` writes this table anew. [api.md](api.md) explains the codes.
`UNAVAILABLE` (Postgres is away) is tested in `test_database.py`, the close codes of sockets in `test_websocket.py`.

| what was sent | code | status | message |
|---|---|--:|---|
"""


@dataclass
class Case:
    sent: str
    code: str
    status: int
    send: Callable


CASES = []


def case(sent, code, status):
    def add(send):
        CASES.append(Case(sent, code, status, send))
        return send
    return add


def raw(client, data, method="POST", content_type="application/json"):
    headers = {"Accept": MEDIA_TYPE, "Content-Type": content_type}
    return requests.request(method, client.server.url + "/graphql", data=data, headers=headers, timeout=20)


def form(client, fields):
    headers = {**client.headers(), "GraphQL-Require-Preflight": "1"}
    return requests.post(client.server.url + "/graphql", files=fields, headers=headers, timeout=20)


def announced(client, length):
    """A form of which only the length comes."""
    headers = {**client.headers(), "GraphQL-Require-Preflight": "1", "Content-Type": "multipart/form-data; boundary=x"}
    request = requests.Request("POST", client.server.url + "/graphql", data=b"--x", headers=headers).prepare()
    request.headers["Content-Length"] = str(length)
    with requests.Session() as session:
        return session.send(request, timeout=20)


def mutation(text, **given):
    return lambda client: client.post(text, {"input": given})


def query(text, **variables):
    return lambda client: client.post(text, variables)


def flow(client, *nodes):
    return client.create_flow(*chain(trigger(), *nodes))


def add_simple_cases():
    """Those that need nothing to be there before."""
    everything = [
        ("a body that is not JSON", "BAD_USER_INPUT", 400, lambda client: raw(client, '{"query": ')),
        ("JSON that is no object", "BAD_USER_INPUT", 400, lambda client: raw(client, "7")),
        ("a batch of nothing", "BAD_USER_INPUT", 400, lambda client: raw(client, "[]")),
        ("a batch of 11", "BAD_USER_INPUT", 400, lambda client: raw(client, '{"query": "{ __typename }", "variables": [%s]}' % ",".join(["{}"] * 11))),
        ("an `Accept` of nothing that is offered", "BAD_USER_INPUT", 406, lambda client: client.post(
            "{ __typename }", headers={"Accept": "text/html"})),
        ("a mutation by QUERY", "BAD_USER_INPUT", 422, lambda client: raw(
            client, '{"query": "mutation { __typename }"}', method="QUERY")),
        ("no `query`", "BAD_USER_INPUT", 400, lambda client: raw(client, "{}")),
        ("`variables` that are no object", "BAD_USER_INPUT", 400,
         lambda client: raw(client, '{"query": "{ __typename }", "variables": 1}')),
        ("another content type", "BAD_USER_INPUT", 415, lambda client: raw(client, "x", content_type="text/plain")),
        ("a body of more than 1 MiB", "BAD_USER_INPUT", 413, lambda client: raw(client, b" " * 1_048_577)),
        ("another method", "BAD_USER_INPUT", 405, lambda client: raw(client, "{}", method="PATCH")),
        ("a mutation by GET", "BAD_USER_INPUT", 405, lambda client: requests.get(
            client.server.url + "/graphql", headers={"Accept": MEDIA_TYPE}, timeout=20,
            params={"query": 'mutation { logout(input: {refreshToken: "x"}) { wasSignedIn } }'})),
        ("a subscription over HTTP", "BAD_USER_INPUT", 400,
         query(f'subscription {{ executionUpdated(id: "{NOBODY}") {{ sequence }} }}')),
        ("a document that does not parse", "GRAPHQL_PARSE_FAILED", 400, query("{ viewer { }")),
        ("100,000 open braces", "GRAPHQL_PARSE_FAILED", 400, query("{" * 100_000)),
        ("an unknown field", "GRAPHQL_VALIDATION_FAILED", 400, query("{ flos }")),
        ("an unknown argument", "GRAPHQL_VALIDATION_FAILED", 400, query("{ flows(limit: 3) { totalCount } }")),
        ("an operation name that the document has not", "GRAPHQL_VALIDATION_FAILED", 400,
         lambda client: client.post("query A { __typename }", operation_name="B")),
        ("a variable of the wrong type", "BAD_USER_INPUT", 400,
         query("query ($n: Int!) { connectors(first: $n) { totalCount } }", n="many")),
        ("a variable that is missing", "BAD_USER_INPUT", 400,
         query("query ($n: Int!) { connectors(first: $n) { totalCount } }")),
        ("an operation that costs too much", "TOO_EXPENSIVE", 400,
         query("query ($n: Int!) { flows(first: $n) { nodes { id } } }", n=1_000_000)),
        ("an id of a document that nobody sent", "PERSISTED_QUERY_NOT_FOUND", 400, lambda client: raw(
            client, '{"documentId": "sha256:%s"}' % ("0" * 64))),
        ("a page of another site", "FORBIDDEN", 403, lambda client: client.post(
            "{ __typename }", headers={"Origin": "https://elsewhere.example"})),
        ("no token", "UNAUTHENTICATED", 200, lambda client: requests.post(
            client.server.url + "/graphql", json={"query": "{ viewer { role } }"},
            headers={"Accept": MEDIA_TYPE}, timeout=20)),
        ("a wish for the plan by somebody who is no admin", "FORBIDDEN", 400, lambda client: requests.post(
            client.server.url + "/graphql", json={"query": "{ __typename }"},
            headers={"Accept": MEDIA_TYPE, "Studio-Explain": "true"}, timeout=20)),
        ("a token that is none", "UNAUTHENTICATED", 401, lambda client: client.post(
            "{ __typename }", headers={"Authorization": "Bearer nonsense"})),
        ("an API key that is none", "UNAUTHENTICATED", 401, lambda client: requests.post(
            client.server.url + "/graphql", json={"query": "{ __typename }"},
            headers={"Accept": MEDIA_TYPE, "X-API-Key": "nonsense"}, timeout=20)),
        ("an access token and an API key", "UNAUTHENTICATED", 401, lambda client: client.post(
            "{ __typename }", headers={"X-API-Key": "studio_key_x"})),
        ("an API key that ends in the past", "BAD_USER_INPUT", 200,
         mutation(CREATE_KEY, name="Late", expiresAt="2020-01-01T00:00:00Z")),
        ("an invitation that is none", "NOT_FOUND", 200, mutation(
            "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { organization { id } } }",
            token="studio_inv_x")),
        ("a refresh token that is none", "UNAUTHENTICATED", 200, mutation(REFRESH, refreshToken="nonsense")),
        ("a password of 7 bytes", "BAD_USER_INPUT", 200,
         mutation(REGISTER, email="short@example.com", password="1234567", name="Ann")),
        ("an address that is none", "BAD_USER_INPUT", 400,
         mutation(REGISTER, email="nonsense", password="12345678", name="Ann")),
        ("a literal that its scalar refuses", "BAD_USER_INPUT", 200,
         query('{ flows(filter: { createdFrom: "tomorrow" }) { totalCount } }')),
        ("null in place of an argument's default", "BAD_USER_INPUT", 200,
         query("query ($id: ID = \"x\") { flow(id: $id) { id } }", id=None)),
        ("an id of another type", "BAD_USER_INPUT", 200, query(FLOW, id=NOBODY.replace("flow", "exec"))),
        ("an id that is none", "BAD_USER_INPUT", 200, query(FLOW, id="nonsense")),
        ("a mutation of what is not there", "NOT_FOUND", 200, mutation(DELETE_FLOW, id=NOBODY)),
        ("a page of 101", "BAD_USER_INPUT", 200, query("{ flows(first: 101) { totalCount } }")),
        ("a page from both ends", "BAD_USER_INPUT", 200, query("{ flows(first: 1, last: 1) { totalCount } }")),
        ("a cursor that is none", "BAD_USER_INPUT", 200, query('{ flows(after: "x") { totalCount } }')),
        ("a cursor of another order", "BAD_USER_INPUT", 200,
         query('{ flows(after: "cursor.name-asc_00") { totalCount } }')),
        ("an unknown connector", "BAD_USER_INPUT", 200,
         mutation(CREATE_INTEGRATION, type="fax", name="Fax", credentials={})),
        ("credentials that lack something", "BAD_USER_INPUT", 200,
         mutation(CREATE_INTEGRATION, type="stripe", name="Shop", credentials={})),
        ("a flow without a name", "BAD_USER_INPUT", 200, mutation(CREATE_FLOW, name="", intention="To fail.")),
        ("a webhook with an address that is none", "BAD_USER_INPUT", 200,
         mutation(CREATE_WEBHOOK, url="ftp://example.com", eventTypes=["EXECUTION_SUCCEEDED"])),
        ("a webhook for the test's own event", "BAD_USER_INPUT", 200,
         mutation(CREATE_WEBHOOK, url="https://example.com", eventTypes=["WEBHOOK_TEST"])),
        ("a form without its first fields", "BAD_USER_INPUT", 400, lambda client: form(client, [("0", ("a", b"x"))])),
        ("a form without the file that it maps", "BAD_USER_INPUT", 400, lambda client: form(client, [
            ("operations", (None, UPLOAD)), ("map", (None, '{"0": ["variables.file"]}'))])),
        ("a file that is no picture", "BAD_USER_INPUT", 200, lambda client: form(client, [
            ("operations", (None, UPLOAD)), ("map", (None, '{"0": ["variables.file"]}')), ("0", ("a.png", b"text"))])),
        ("a form of more than 75 MiB", "BAD_USER_INPUT", 413, lambda client: announced(client, 75 * 1024 * 1024 + 1)),
        ("a document of a flow in a later format", "BAD_USER_INPUT", 200,
         mutation(IMPORT, document={"studio": "flow", "format": 99})),
    ]
    for entry in everything:
        CASES.append(Case(*entry))


add_simple_cases()


@case("a trigger that lacks something is switched on", "CONFLICT", 200)
def incomplete_trigger(client):
    lacking = {"kind": "WEBHOOK", "webhook": {"signature": "STRIPE"}}
    document = {"studio": "flow", "format": 2, "name": "Paid", "intention": "To fail.", "nodes": [],
                "connections": [], "triggers": [lacking]}
    made = client.execute(IMPORT, input={"document": document})["importFlow"]["triggers"][0]
    text = "mutation ($input: SetTriggerEnabledInput!) { enableTrigger(input: $input) { trigger { id } } }"
    return client.post(text, {"input": {"id": made["trigger"]["id"]}})


@case("a wrong password", "UNAUTHENTICATED", 200)
def wrong_password(client):
    return client.post(LOGIN, {"input": {"email": client.email, "password": "wrong password"}})


@case("an address that is taken", "CONFLICT", 200)
def taken_address(client):
    return client.post(REGISTER, {"input": {"email": client.email, "password": "12345678", "name": "Ann"}})


@case("a graph with a cycle", "BAD_USER_INPUT", 200)
def cycle(client):
    nodes, connections = chain(trigger(), transform("a", "1"), transform("b", "1"))
    connections.append({"from": "b", "to": "a"})
    given = {"name": "Cycle", "intention": "To fail.", "nodes": nodes, "connections": connections}
    return client.post(CREATE_FLOW, {"input": given})


@case("an expression that does not parse", "BAD_USER_INPUT", 200)
def broken_expression(client):
    nodes, connections = chain(trigger(), transform("broken", "1 +"))
    given = {"name": "Broken", "intention": "To fail.", "nodes": nodes, "connections": connections}
    return client.post(CREATE_FLOW, {"input": given})


@case("a config that its kind cannot use", "BAD_USER_INPUT", 200)
def bad_config(client):
    nodes, connections = chain(trigger(), node("call", "ACTION", {"type": "http", "method": "GET"}))
    given = {"name": "No URL", "intention": "To fail.", "nodes": nodes, "connections": connections}
    return client.post(CREATE_FLOW, {"input": given})


@case("an old `expectedRevision`", "CONFLICT", 200)
def old_revision(client):
    made = flow(client)
    client.execute(UPDATE_FLOW, input={"id": made["id"], "name": "Changed"})
    given = {"id": made["id"], "name": "Lost", "expectedRevision": made["revision"]}
    return client.post(UPDATE_FLOW, {"input": given})


@case("an `idempotencyKey` that was used for something else", "CONFLICT", 200)
def used_key(client):
    given = {"name": "First", "intention": "To be made once.", "idempotencyKey": "errors-1"}
    client.execute(CREATE_FLOW, input=given)
    return client.post(CREATE_FLOW, {"input": {**given, "name": "Second"}})


@case("a run of an archived flow", "CONFLICT", 200)
def archived(client):
    made = flow(client)
    client.execute(ARCHIVE, input={"id": made["id"]})
    return client.post(EXECUTE, {"input": {"flowId": made["id"]}})


@case("a run that is over is cancelled", "CONFLICT", 200)
def over(client):
    run = client.start(flow(client))
    client.finish(run)
    return client.post(CANCEL, {"input": {"id": run}})


@case("what is published lacks a trigger's node", "BAD_USER_INPUT", 200)
def node_of_a_trigger(client):
    made = flow(client, transform("a", "1"))
    add = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id } } }"
    client.execute(add, input={"flowId": made["id"], "nodeKey": "start", "schedule": {"cron": "@daily"}})
    nodes, connections = chain(trigger("other"), transform("a", "1"))
    replace = "mutation R($input: ReplaceFlowInput!) { replaceFlow(input: $input) { flow { id } } }"
    client.execute(replace, input={"id": made["id"], "nodes": nodes, "connections": connections})
    publish = "mutation P($input: PublishFlowInput!) { publishFlow(input: $input) { flow { id } } }"
    return client.post(publish, {"input": {"id": made["id"]}})


@case("an integration that a flow uses is deleted", "CONFLICT", 200)
def in_use(client):
    made = integration(client).json()["data"]["createIntegration"]["integration"]
    config = {"type": "http", "method": "GET", "url": "https://example.com"}
    flow(client, node("call", "ACTION", config, integrationId=made["id"]))
    text = "mutation ($input: DeleteIntegrationInput!) { deleteIntegration(input: $input) { deletedId } }"
    return client.post(text, {"input": {"id": made["id"]}})


@case("an integration's name that is taken", "CONFLICT", 200)
def taken_name(client):
    integration(client)
    return integration(client)


def integration(client):
    token = client.secrets.add("credential", "xoxb-of-the-table-of-errors")
    return client.post(CREATE_INTEGRATION, {"input": {"type": "slack", "name": "Chat", "credentials": {
        "botToken": token}}})


def by_key(client, text, **given):
    secret = client.execute(CREATE_KEY, input={"name": "Robot", **given})["createApiKey"]["secret"]
    return requests.post(
        client.server.url + "/graphql", json={"query": text}, timeout=20,
        headers={"Accept": MEDIA_TYPE, "X-API-Key": client.secrets.add("API key", secret)})


@case("an API key manages keys", "FORBIDDEN", 200)
def key_for_keys(client):
    return by_key(client, 'mutation { createApiKey(input: { name: "More" }) { secret } }', role="OWNER")


@case("an API key without the scope", "FORBIDDEN", 200)
def key_without_scope(client):
    text = 'mutation { createFlow(input: { name: "x", intention: "x" }) { flow { id } } }'
    return by_key(client, text, role="EDITOR", scopes=["READ"])


@case("the last owner leaves", "CONFLICT", 200)
def last_owner(client):
    organization = client.execute("{ organization { id } }")["organization"]["id"]
    text = "mutation ($input: LeaveOrganizationInput!) { leaveOrganization(input: $input) { leftId } }"
    return client.post(text, {"input": {"organizationId": organization}})


MESSAGES = {}


@pytest.mark.parametrize("row", CASES, ids=[entry.sent for entry in CASES])
def test_each_error_is_the_documented_one(client, row):
    answer = row.send(client)
    error = answer.json()["errors"][0]
    assert (error["extensions"]["code"], answer.status_code) == (row.code, row.status), error
    MESSAGES[row.sent] = error["message"].replace("|", "\\|")
    if not os.environ.get("RECORD"):
        line = f"| {row.sent} | `{row.code}` | {row.status} | {MESSAGES[row.sent]} |"
        assert line in PAGE.read_text().splitlines()


def test_each_row_of_the_page_has_its_test():
    if os.environ.get("RECORD"):
        rows = [f"| {row.sent} | `{row.code}` | {row.status} | {MESSAGES[row.sent]} |\n" for row in CASES]
        PAGE.write_text(HEAD + "".join(rows))
    rows = [line.split(" | ")[0].removeprefix("| ") for line in PAGE.read_text().splitlines()[8:]]
    assert rows == [entry.sent for entry in CASES]
