"""The audit log over real sockets: who changed what, from where, and who may see it."""

import re

import requests
from studio_client import LOGIN, MEDIA_TYPE
from test_api_keys import make, with_key
from test_database import wait_until
from test_organizations import CREATE, join, switch
from transport_socket import TransportSocket

LOG = """query Log($filter: AuditLogFilter, $first: Int, $after: Cursor) {
  auditLog(first: $first, after: $after, filter: $filter) {
    totalCount
    nodes {
      id at action outcome actor { email } apiKey { id } objectType objectId before after address userAgent requestId
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

CREATE_FLOW = 'mutation { createFlow(input: { name: "Audited", intention: "x" }) { flow { id } } }'
UPDATE_FLOW = 'mutation Update($id: ID!) { updateFlow(input: { id: $id, name: "Changed" }) { flow { id } } }'


def log(client, **conditions):
    return client.execute(LOG, filter=conditions, first=100)["auditLog"]["nodes"]


def test_an_event_says_who_what_when_and_from_where(client):
    answer = client.post(CREATE_FLOW, headers={"User-Agent": "audit-test/1", "X-Request-Id": "mine-1"})
    assert answer.headers["X-Request-Id"] == "mine-1"
    flow = answer.json()["data"]["createFlow"]["flow"]["id"]
    changed = client.post(UPDATE_FLOW, {"id": flow}, headers={"X-Request-Id": "not one: " + "x" * 200})
    assert re.fullmatch("[0-9a-f]{32}", changed.headers["X-Request-Id"])
    update, create = log(client, objectId=flow)
    assert (create["action"], create["outcome"], create["objectType"]) == ("createFlow", "SUCCESS", "flow")
    assert create["actor"] == {"email": client.email} and create["apiKey"] is None
    assert create["address"] == "127.0.0.1" and create["userAgent"] == "audit-test/1" and create["requestId"] == "mine-1"
    assert create["before"] is None and create["after"]["name"] == "Audited"
    assert update["requestId"] == changed.headers["X-Request-Id"]
    assert (update["before"]["name"], update["after"]["name"]) == ("Audited", "Changed")
    assert update["before"]["revision"] + 1 == update["after"]["revision"]


def test_sign_ins_are_there_the_refused_ones_too(client):
    client.post(LOGIN, {"input": {"email": client.email, "password": "wrong password"}})
    client.login()
    events = log(client)
    assert [(event["action"], event["outcome"]) for event in events] == [
        ("login", "SUCCESS"), ("login", "FAILURE"), ("register", "SUCCESS")]
    assert all(event["actor"] == {"email": client.email} and event["address"] == "127.0.0.1" for event in events)
    assert events[1]["after"] == {"email": client.email} and events[1]["objectId"] is None
    assert events[0]["objectId"].startswith("sess_")


def test_api_keys_batches_and_sockets_are_known(client):
    made = make(client, role="EDITOR")
    robot = with_key(client, made["secret"])
    robot.execute(CREATE_FLOW)
    assert log(client, action="createFlow")[0]["apiKey"] == {"id": made["apiKey"]["id"]}
    for kind in ("application/json", "application/jsonl"):
        headers = {**client.headers(), "Accept": kind}
        body = [{"query": CREATE_FLOW}, {"query": CREATE_FLOW}]
        assert requests.post(client.server.url + "/graphql", json=body, headers=headers, timeout=20).status_code == 200
    with TransportSocket(client.server.socket_url, token=client.token) as socket:
        socket.subscribe("create", CREATE_FLOW)
        assert "errors" not in list(socket.results("create"))[0]
    events = log(client, action="createFlow")
    assert len(events) == 6 and {event["address"] for event in events} == {"127.0.0.1"}
    assert all(event["requestId"] for event in events)
    assert len({event["requestId"] for event in events}) == 4, "a batch is one request"


def test_the_log_is_paged_and_is_its_organizations_own(client):
    for _ in range(3):
        client.execute(CREATE_FLOW)
    first = client.execute(LOG, first=2)["auditLog"]
    assert first["totalCount"] == 4 and first["pageInfo"]["hasNextPage"]
    rest = client.execute(LOG, first=2, after=first["pageInfo"]["endCursor"])["auditLog"]
    ids = [event["id"] for event in first["nodes"] + rest["nodes"]]
    assert len(set(ids)) == 4 and ids == sorted(ids, reverse=True)
    made = client.execute(CREATE, input={"name": "Second"})["createOrganization"]["organization"]
    switch(client, made["id"])
    assert [event["action"] for event in log(client)] == ["createOrganization"]


def test_only_admins_and_their_keys_with_the_scope_read_it(client):
    editor, admin = join(client, "EDITOR"), join(client, "ADMIN")
    assert editor.fail(LOG)["extensions"]["code"] == "FORBIDDEN"
    assert admin.execute(LOG, filter={"action": "acceptInvitation"})["auditLog"]["totalCount"] == 2
    blind = with_key(client, make(client, role="ADMIN", scopes=["READ"])["secret"])
    assert blind.fail(LOG)["message"] == "This needs an API key with the scope AUDIT_READ."
    reader = with_key(client, make(client, role="ADMIN", scopes=["AUDIT_READ"])["secret"])
    assert reader.execute(LOG)["auditLog"]["totalCount"] > 4


def test_no_secret_reaches_the_log(client):
    token = client.secrets.add("credential", "xoxb-never-in-the-audit-log")
    client.execute(
        "mutation Create($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }",
        input={"type": "slack", "name": "Chat", "credentials": {"botToken": token}})
    secret = make(client)["secret"]
    headers = {"Accept": MEDIA_TYPE, **client.headers()}
    text = requests.post(client.server.url + "/graphql", json={"query": LOG}, headers=headers, timeout=20).text
    assert "createApiKey" in text and "createIntegration" in text
    for hidden in (token, secret, client.password, "hash", "credentials"):
        assert hidden not in text, hidden


def test_what_a_role_or_a_key_may_not_do_is_there_within_bounds(client):
    viewer = join(client, "VIEWER")
    for _ in range(25):
        assert viewer.fail(CREATE_FLOW)["extensions"]["code"] == "FORBIDDEN"
    robot = with_key(client, make(client, role="ADMIN", scopes=["READ"])["secret"])
    assert robot.fail(CREATE_FLOW)["extensions"]["code"] == "FORBIDDEN"
    wait_until(lambda: len(log(client, outcome="REFUSED")) == 21, "the refusals are stored")
    events = log(client, outcome="REFUSED")
    assert {(event["action"], event["objectId"], event["after"]) for event in events} == {("createFlow", None, None)}
    assert [event["actor"]["email"] for event in events] == [client.email] + [viewer.email] * 20
    assert events[0]["apiKey"] and events[1]["address"] == "127.0.0.1" and events[1]["requestId"]
