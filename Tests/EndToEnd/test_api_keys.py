"""API keys over real sockets: what a program may do with one, and when it ends."""

import datetime
import json
import time

import pytest
import requests
from studio_client import MEDIA_TYPE, StudioClient
from transport_socket import TransportSocket
from websockets.exceptions import ConnectionClosed

CREATE = """mutation Create($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id hint role scopes isActive lastUsedAt } }
}"""

ROTATE = """mutation Rotate($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) { secret apiKey { id hint previousValidUntil } }
}"""

REVOKE = "mutation Revoke($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { isActive } } }"
WHO = "{ viewer { role apiKey { id } user { email } organization { id } } }"
LIST = "{ apiKeys { totalCount nodes { id name lastUsedAt isActive } } }"
CREATE_FLOW = 'mutation { createFlow(input: { name: "By a robot", intention: "x" }) { flow { id } } }'

# How long a process may remember a key.
MEMORY_SECONDS = 5


def make(client, **given):
    made = client.execute(CREATE, input={"name": "Robot", **given})["createApiKey"]
    client.secrets.add("API key", made["secret"])
    return made


def ask(client, query, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"query": query}
    return requests.post(client.server.url + "/graphql", json=body, headers={"Accept": MEDIA_TYPE, **named}, timeout=20)


def with_key(client, secret):
    robot = StudioClient(client.server, client.secrets)
    robot.token = secret
    return robot


def wait_until(holds):
    """Polls for what other processes may take some seconds to notice."""
    end = time.monotonic() + 3 * MEMORY_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_a_key_acts_for_its_organization_by_both_headers(client):
    made = make(client, role="EDITOR")
    key = made["apiKey"]
    assert key["isActive"] and key["lastUsedAt"] is None and len(key["scopes"]) >= 6
    assert key["hint"] == "studio_key_…" + made["secret"][-4:]
    expected = {**client.execute(WHO)["viewer"], "role": "EDITOR", "apiKey": {"id": key["id"]}}
    for headers in ({"Authorization": "Bearer " + made["secret"]}, {"X_API_Key": made["secret"]}):
        answer = ask(client, WHO, **headers)
        assert answer.status_code == 200 and answer.json()["data"]["viewer"] == expected, answer.text
    listed = client.execute(LIST)["apiKeys"]["nodes"][0]
    assert listed["id"] == key["id"] and listed["lastUsedAt"] is not None


def test_a_key_manages_no_keys_sessions_and_passwords(client):
    robot = with_key(client, make(client, role="OWNER")["secret"])
    change = 'mutation { changePassword(input: { currentPassword: "a", newPassword: "correct horse" }) { revokedSessions } }'
    revoke = 'mutation { revokeApiKey(input: { id: "key_01h455vb4pex5vsknk084sn02q" }) { apiKey { id } } }'
    create = 'mutation { createApiKey(input: { name: "More" }) { secret } }'
    for operation in (change, revoke, create, "{ sessions { totalCount } }", "{ viewer { preferences { language } } }"):
        error = robot.fail(operation)
        assert error["extensions"]["code"] == "FORBIDDEN" and error["message"].startswith("An API key cannot do this"), error


def test_scopes_and_the_role_bound_a_key(client):
    reader = with_key(client, make(client, role="EDITOR", scopes=["READ"])["secret"])
    assert reader.execute("{ flows { totalCount } }")["flows"]["totalCount"] == 0
    assert reader.fail(CREATE_FLOW)["message"] == "This needs an API key with the scope FLOWS_WRITE."
    viewer = with_key(client, make(client)["secret"])
    assert viewer.fail(CREATE_FLOW)["message"] == "This needs the role EDITOR; yours is VIEWER."
    writer = with_key(client, make(client, role="EDITOR", scopes=["FLOWS_WRITE"])["secret"])
    assert writer.execute(CREATE_FLOW)["createFlow"]["flow"]["id"].startswith("flow_")


def test_a_key_that_does_not_work_is_refused(client):
    secret = make(client)["secret"]
    for headers in (
        {"Authorization": "Bearer " + secret[:-4] + "AAAA"}, {"X_API_Key": "studio_key_x"}, {"X_API_Key": client.token},
        {"Authorization": "Bearer " + client.token, "X_API_Key": secret},
    ):
        answer = ask(client, WHO, **headers)
        assert answer.status_code == 401 and answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", answer.text
    made = make(client)
    assert ask(client, WHO, X_API_Key=made["secret"]).status_code == 200
    assert client.execute(REVOKE, input={"id": made["apiKey"]["id"]})["revokeApiKey"]["apiKey"] == {"isActive": False}
    wait_until(lambda: ask(client, WHO, X_API_Key=made["secret"]).status_code == 401)


def test_a_rotated_key_works_beside_the_new_one_for_the_grace_period(client):
    made = make(client)
    rotated = client.execute(ROTATE, input={"id": made["apiKey"]["id"], "graceSeconds": 3600})["rotateApiKey"]
    assert rotated["apiKey"]["id"] == made["apiKey"]["id"] and rotated["apiKey"]["previousValidUntil"]
    for secret in (made["secret"], rotated["secret"]):
        assert ask(client, WHO, X_API_Key=secret).status_code == 200
    last = client.execute(ROTATE, input={"id": made["apiKey"]["id"]})["rotateApiKey"]["secret"]
    assert ask(client, WHO, X_API_Key=last).status_code == 200
    wait_until(lambda: ask(client, WHO, X_API_Key=rotated["secret"]).status_code == 401)


@pytest.mark.parametrize("field", ["authorization", "x-api-key"])
def test_a_socket_takes_a_key_and_ends_with_it(client, field):
    made = make(client)
    value = ("Bearer " if field == "authorization" else "") + made["secret"]
    with TransportSocket(client.server.socket_url, init=False) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": {field: value}}))
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe("who", WHO)
        assert list(socket.results("who"))[0]["data"]["viewer"]["apiKey"] == {"id": made["apiKey"]["id"]}
        client.execute(REVOKE, input={"id": made["apiKey"]["id"]})
        with pytest.raises(ConnectionClosed) as closed:
            socket.receive(seconds=4 * MEMORY_SECONDS)
        assert closed.value.rcvd.code == 4403 and "API key" in closed.value.rcvd.reason


def test_an_expired_key_ends_in_that_second_though_it_is_remembered(client):
    ends = time.time() + 4
    at = datetime.datetime.fromtimestamp(ends, datetime.timezone.utc).isoformat()
    secret = make(client, expiresAt=at)["secret"]
    with TransportSocket(client.server.socket_url, init=False) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": {"x-api-key": secret}}))
        assert socket.receive() == {"type": "connection_ack"}
        answers = []
        while time.time() < ends + 1.5:
            begun = time.time()
            answers.append((begun, ask(client, WHO, X_API_Key=secret).status_code))
            time.sleep(0.1)
        with pytest.raises(ConnectionClosed) as closed:
            socket.receive(seconds=2)
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4403, "The API key has expired")
    assert {status for begun, status in answers if begun > ends} == {401}
    assert answers[0][1] == 200 and all(status == 200 for begun, status in answers if begun < ends - 1.5)


def test_a_key_has_a_count_of_its_own(house, known_secrets):
    server = house.start(RATE_LIMITS_ENABLED="true", RATE_LIMITS_API_KEY_REQUESTS=3)
    user = StudioClient(server, known_secrets)
    user.register()
    secret = make(user)["secret"]
    for left in (2, 1, 0):
        answer = ask(user, WHO, X_API_Key=secret)
        assert answer.status_code == 200 and answer.headers["RateLimit-Policy"] == '"api-key";q=3;w=3600'
        assert answer.headers["X-RateLimit-Remaining"] == str(left)
    assert ask(user, WHO, X_API_Key=secret).status_code == 429
    assert user.execute(WHO)["viewer"]["apiKey"] is None
