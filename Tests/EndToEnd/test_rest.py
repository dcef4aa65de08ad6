"""The REST API: each endpoint of the requirements by its listed path (the ids are the rows of studio.md)."""

import re
import time
from pathlib import Path

import pytest
import requests
from private_postgres import REPOSITORY
from rest_client import RESTClient
from studio_client import chain, node, transform, trigger

DOUBLE_NODES, DOUBLE_CONNECTIONS = chain(trigger(), transform("double", "input.value * 2"))
DOUBLE = {"name": "Double", "intention": "To be tested.", "nodes": DOUBLE_NODES, "connections": DOUBLE_CONNECTIONS}
SLACK = {"type": "slack", "name": "Team", "credentials": {"botToken": "xoxb-not-a-real-token"}}

# Every endpoint of the requirements, and the test below that calls it.
ENDPOINTS = {}


def endpoint(row, method, path):
    """Says which row of the requirements a test is about."""
    def mark(test):
        ENDPOINTS[method, re.sub(r":(\w+)", r"{\1}", path)] = test.__name__
        test.__doc__ = f"{row}: {method} {path}"
        return test
    return mark


@pytest.fixture
def guest(studio, known_secrets):
    return RESTClient(studio, known_secrets)


@pytest.fixture
def api(guest):
    """Somebody with a new account, signed in."""
    guest.register()
    return guest


@pytest.fixture
def flow(api):
    return api.expect(201, "POST", "/flows", DOUBLE)


@pytest.fixture
def integration(api):
    return api.expect(201, "POST", "/integrations", SLACK)


@pytest.fixture
def workbench(api, flow):
    given = {"name": "Desk", "purpose": "To be tested.", "focus": ["tests"], "flowIds": [flow["id"]]}
    return api.expect(201, "POST", "/workbenches", given)


def run(api, flow, value=21):
    """A run of a flow, once it is over."""
    started = api.expect(202, "POST", f"/flows/{flow['id']}/execute", {"input": {"value": value}})
    end = time.monotonic() + 20
    while True:
        log = api.expect(200, "GET", f"/logs/{started['id']}")
        if log["status"] not in ("PENDING", "RUNNING", "WAITING"):
            return log
        assert time.monotonic() < end, log


# Signing in


@endpoint("R0-021", "POST", "/api/v1/auth/register")
def test_register(guest):
    answer = guest.send("POST", "/auth/register", {"email": guest.email, "password": guest.password, "name": "Ann"})
    assert answer.status_code == 201 and answer.headers["Location"] == "/api/v1/auth/me"
    payload = guest._signed_in(answer.json())
    assert payload["user"]["email"] == guest.email and payload["organization"]["id"].startswith("org_")
    assert answer.headers["Cache-Control"] == "no-store" and payload["expiresIn"] == 900
    problem = guest.refused(409, "CONFLICT", "POST", "/auth/register", {
        "email": guest.email, "password": guest.password, "name": "Ann"})
    assert problem["errors"] == [{"detail": problem["detail"], "pointer": "#/email"}]


@endpoint("R0-022", "POST", "/api/v1/auth/login")
def test_login(guest):
    guest.register()
    guest.token = None
    assert guest.login()["user"]["email"] == guest.email
    wrong = {"email": guest.email, "password": "wrong password"}
    answer = guest.send("POST", "/auth/login", wrong)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"


@endpoint("R0-023", "POST", "/api/v1/auth/refresh-token")
def test_refresh_token(api):
    old = api.refresh_token
    assert api.refresh()["refreshToken"] != old
    api.refused(401, "UNAUTHENTICATED", "POST", "/auth/refresh-token", {"refreshToken": old})


@endpoint("R0-024", "POST", "/api/v1/auth/logout")
def test_logout(api):
    assert api.expect(204, "POST", "/auth/logout", {"refreshToken": api.refresh_token}) is None
    api.refused(401, "UNAUTHENTICATED", "POST", "/auth/refresh-token", {"refreshToken": api.refresh_token})


@endpoint("R0-025", "GET", "/api/v1/auth/me")
def test_me(guest):
    guest.refused(401, "UNAUTHENTICATED", "GET", "/auth/me")
    guest.register()
    me = guest.expect(200, "GET", "/auth/me")
    assert me["user"]["email"] == guest.email and me["role"] == "OWNER"
    assert [entry["role"] for entry in me["memberships"]] == ["OWNER"]


# Integrations


@endpoint("R0-026", "GET", "/api/v1/integrations")
def test_list_integrations(api, integration):
    page = api.expect(200, "GET", "/integrations?type=slack&isConnected=false&search=tea&totalCount=true")
    assert page["items"] == [integration] and page["totalCount"] == 1
    assert api.expect(200, "GET", "/integrations?category=DATA")["items"] == []


@endpoint("R0-027", "GET", "/api/v1/integrations/:id")
def test_get_integration(api, integration):
    assert api.expect(200, "GET", f"/integrations/{integration['id']}") == integration
    assert "credentials" not in integration and "xoxb" not in str(integration)


@endpoint("R0-028", "POST", "/api/v1/integrations")
def test_create_integration(api):
    answer = api.send("POST", "/integrations", SLACK)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/integrations/{answer.json()['id']}"
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/integrations", {"type": "stripe", "name": "B", "credentials": {}})
    assert problem["errors"][0]["pointer"] == "#/credentials/secretKey"


@endpoint("R0-029", "PUT", "/api/v1/integrations/:id")
def test_update_integration(api, integration):
    path = f"/integrations/{integration['id']}"
    changed = api.expect(200, "PUT", path, {"name": "Whole team"}, headers={"If-Match": '"1"'})
    assert changed["name"] == "Whole team" and changed["revision"] == 2
    api.refused(412, "CONFLICT", "PUT", path, {"name": "Again"}, headers={"If-Match": '"1"'})


@endpoint("R0-030", "DELETE", "/api/v1/integrations/:id")
def test_delete_integration(api, integration):
    uses = node("say", "ACTION", {"type": "log", "message": "'x'"}, integrationId=integration["id"])
    nodes, connections = chain(trigger(), uses)
    api.expect(201, "POST", "/flows", {**DOUBLE, "nodes": nodes, "connections": connections})
    path = f"/integrations/{integration['id']}"
    api.refused(409, "CONFLICT", "DELETE", path)
    api.expect(204, "DELETE", path + "?force=true")
    api.refused(404, "NOT_FOUND", "GET", path)


@endpoint("R0-031", "POST", "/api/v1/integrations/:id/test")
def test_test_integration(api, world):
    def check(name, url, token):
        given = {"type": "http", "name": name, "credentials": {"baseUrl": url, "bearerToken": token}}
        made = api.expect(201, "POST", "/integrations", given)
        tested = api.expect(200, "POST", f"/integrations/{made['id']}/test")
        assert tested["integration"]["revision"] == made["revision"]
        return tested

    token = api.secrets.add("credential", "only-a-test-token")
    tested = check("works", world.url + "/who", token)
    assert tested["isAccepted"] is True and tested["integration"]["isConnected"]
    assert tested["integration"]["lastCheckedAt"]
    assert world.requests("/who/")[0].headers["authorization"] == "Bearer " + token
    tested = check("refused", world.url + "/status/401", token)
    assert tested["isAccepted"] is False and tested["message"] == "The service answered with the status 401."
    assert not tested["integration"]["isConnected"] and tested["integration"]["lastCheckedAt"]
    # No service of this machine's own network but what the tests allow.
    tested = check("private", "http://10.0.0.1/", token)
    assert tested["isAccepted"] is False and "private address" in tested["message"]
    mail = {"host": "mail.example.com", "port": 587, "user": "u", "password": "p", "from": "a@example.com"}
    made = api.expect(201, "POST", "/integrations", {"type": "smtp", "name": "Mail", "credentials": mail})
    tested = api.expect(200, "POST", f"/integrations/{made['id']}/test")
    assert tested["isAccepted"] is None and tested["integration"]["lastCheckedAt"] is None


# Flows


@endpoint("R0-032", "GET", "/api/v1/flows")
def test_list_flows(api, flow):
    page = api.expect(200, "GET", "/flows?status=ACTIVE&search=doub")
    assert [entry["id"] for entry in page["items"]] == [flow["id"]] and "totalCount" not in page
    assert page["pageInfo"]["hasNextPage"] is False


@endpoint("R0-033", "GET", "/api/v1/flows/:id")
def test_get_flow(api, flow):
    assert api.expect(200, "GET", f"/flows/{flow['id']}") == flow
    assert [entry["key"] for entry in flow["nodes"]] == ["start", "double"]
    assert flow["connections"][0]["from"]["key"] == "start"


@endpoint("R0-034", "POST", "/api/v1/flows")
def test_create_flow(api):
    answer = api.send("POST", "/flows", {**DOUBLE, "status": "PAUSED"})
    created = answer.json()
    assert answer.status_code == 201 and created["status"] == "PAUSED" and created["revision"] == 1
    assert answer.headers["Location"] == f"/api/v1/flows/{created['id']}"
    got = api.send("GET", f"/flows/{created['id']}")
    assert answer.headers["ETag"] == got.headers["ETag"]


@endpoint("R0-035", "PUT", "/api/v1/flows/:id")
def test_replace_flow(api, flow):
    nodes, connections = chain(trigger(), transform("treble", "input.value * 3"))
    given = {"name": "Treble", "nodes": nodes, "connections": connections}
    changed = api.expect(200, "PUT", f"/flows/{flow['id']}", given, headers={"If-Match": '"1"'})
    assert changed["name"] == "Treble" and changed["intention"] == flow["intention"]
    # A node whose key stays keeps its id.
    assert changed["nodes"][0]["id"] == flow["nodes"][0]["id"]
    assert run(api, changed)["result"] == 63


@endpoint("R0-036", "DELETE", "/api/v1/flows/:id")
def test_delete_flow(api, flow):
    path = f"/flows/{flow['id']}"
    api.refused(412, "CONFLICT", "DELETE", path, headers={"If-Match": '"9"'})
    api.expect(204, "DELETE", path, headers={"If-Match": "*"})
    api.refused(404, "NOT_FOUND", "DELETE", path)


@endpoint("R0-037", "POST", "/api/v1/flows/:id/execute")
def test_execute_flow(api, flow):
    answer = api.send("POST", f"/flows/{flow['id']}/execute", {"input": {"value": 4}})
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/logs/{answer.json()['id']}"
    assert answer.json()["flow"]["id"] == flow["id"]
    # The input may be left out, and so may the body.
    assert api.send("POST", f"/flows/{flow['id']}/execute").status_code == 202


@pytest.mark.parametrize("name", ["history", "executions"])
def test_runs_of_a_flow(api, flow, name):
    log = run(api, flow)
    page = api.expect(200, "GET", f"/flows/{flow['id']}/{name}?status=SUCCESS&status=FAILURE&totalCount=true")
    assert [entry["id"] for entry in page["items"]] == [log["id"]] and page["totalCount"] == 1
    assert api.expect(200, "GET", f"/flows/{flow['id']}/{name}?status=CANCELLED")["items"] == []
    metrics = api.expect(200, "GET", f"/flows/{flow['id']}")["metrics"]
    assert metrics["executionCount"] == 1 and metrics["successRate"] == 1 and metrics["successRateText"] == "100%"


endpoint("R0-038", "GET", "/api/v1/flows/:id/history")(test_runs_of_a_flow)
endpoint("R0-049", "GET", "/api/v1/flows/:flowId/executions")(test_runs_of_a_flow)


# Nodes


@endpoint("R0-039", "GET", "/api/v1/flows/:flowId/nodes")
def test_list_nodes(api, flow):
    listed = api.expect(200, "GET", f"/flows/{flow['id']}/nodes")
    assert listed == {"id": flow["id"], "revision": 1, "items": flow["nodes"]}


@endpoint("R0-040", "POST", "/api/v1/flows/:flowId/nodes")
def test_add_node(api, flow):
    given = {"key": "wait", "title": "Wait", "kind": "DELAY", "config": {"durationMilliseconds": 5}}
    answer = api.send("POST", f"/flows/{flow['id']}/nodes", given, {"If-Match": '"1"'})
    added = answer.json()
    assert answer.status_code == 201 and added["key"] == "wait" and added["order"] == 2
    assert answer.headers["Location"] == f"/api/v1/flows/{flow['id']}/nodes/{added['id']}"
    api.refused(412, "CONFLICT", "POST", f"/flows/{flow['id']}/nodes", {**given, "key": "b"}, headers={"If-Match": '"1"'})


def test_adding_a_node_is_repeated_whatever_revisions_are_named(api, flow):
    """The revision that matched is part of what the key stands for."""
    given = {"key": "wait", "title": "Wait", "kind": "DELAY", "config": {"durationMilliseconds": 5}}
    path, headers = f"/flows/{flow['id']}/nodes", {"If-Match": '"7", "1", "9"', "Idempotency-Key": "add-wait"}
    answers = [api.send("POST", path, given, headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = {**given, "title": "Another"}
    problem = api.refused(409, "CONFLICT", "POST", path, other, headers=headers)
    assert problem["errors"][0]["header"] == "Idempotency-Key"
    assert api.expect(200, "GET", path)["revision"] == 2


@endpoint("R0-041", "PUT", "/api/v1/flows/:flowId/nodes/:nodeId")
def test_update_node(api, flow):
    path = f"/flows/{flow['id']}/nodes/{flow['nodes'][1]['id']}"
    changed = api.expect(200, "PUT", path, {"title": "Twice", "config": {"expression": "input.value + input.value"}})
    assert changed["title"] == "Twice" and changed["key"] == "double"
    other = api.expect(201, "POST", "/flows", DOUBLE)
    problem = api.refused(404, "NOT_FOUND", "PUT", path.replace(flow["id"], other["id"]), {"title": "No"})
    assert problem["errors"][0]["parameter"] == "nodeId"


@endpoint("R0-042", "DELETE", "/api/v1/flows/:flowId/nodes/:nodeId")
def test_remove_node(api, flow):
    path = f"/flows/{flow['id']}/nodes/{flow['nodes'][1]['id']}"
    other = api.expect(201, "POST", "/flows", DOUBLE)
    api.refused(404, "NOT_FOUND", "DELETE", path.replace(flow["id"], other["id"]))
    api.expect(204, "DELETE", path)
    assert [entry["key"] for entry in api.expect(200, "GET", f"/flows/{flow['id']}/nodes")["items"]] == ["start"]


# Workbenches


@endpoint("R0-043", "GET", "/api/v1/workbenches")
def test_list_workbenches(api, workbench):
    page = api.expect(200, "GET", "/workbenches?search=desk&totalCount=true")
    assert [entry["id"] for entry in page["items"]] == [workbench["id"]] and page["totalCount"] == 1


@endpoint("R0-044", "GET", "/api/v1/workbenches/:id")
def test_get_workbench(api, workbench):
    assert api.expect(200, "GET", f"/workbenches/{workbench['id']}") == workbench
    assert workbench["flows"]["totalCount"] == 1 and workbench["focus"] == ["tests"]


@endpoint("R0-045", "POST", "/api/v1/workbenches")
def test_create_workbench(api):
    answer = api.send("POST", "/workbenches", {"name": "Bare"})
    assert answer.status_code == 201 and answer.json()["focus"] == [] and answer.headers["ETag"]
    assert answer.headers["Location"] == f"/api/v1/workbenches/{answer.json()['id']}"


@endpoint("R0-046", "PUT", "/api/v1/workbenches/:id")
def test_update_workbench(api, workbench):
    path = f"/workbenches/{workbench['id']}"
    changed = api.expect(200, "PUT", path, {"name": "Table", "flowIds": []}, headers={"If-Match": '"1"'})
    assert changed["name"] == "Table" and changed["flows"]["items"] == [] and changed["focus"] == ["tests"]
    api.refused(412, "CONFLICT", "PUT", path, {"name": "Chair"}, headers={"If-Match": '"1"'})


# Webhooks


@pytest.fixture
def hook(api, world):
    given = {"url": world.url + "/hook", "eventTypes": ["EXECUTION_FAILED"]}
    made = api.expect(201, "POST", "/webhooks", given)
    api.secrets.add("webhook secret", made["secret"])
    return made["webhook"]


@endpoint("R0-054", "POST", "/api/v1/webhooks")
def test_create_webhook(api, hook):
    assert hook["isActive"] and hook["eventTypes"] == ["EXECUTION_FAILED"] and hook["revision"] == 1
    answer = api.send("POST", "/webhooks", {"url": hook["url"], "eventTypes": ["FLOW_CREATED"]})
    assert answer.headers["Location"] == f"/api/v1/webhooks/{answer.json()['webhook']['id']}"
    api.secrets.add("webhook secret", answer.json()["secret"])
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/webhooks", {"url": "ftp://x", "eventTypes": ["FLOW_CREATED"]})
    assert problem["errors"][0]["pointer"] == "#/url"


@endpoint("R0-055", "GET", "/api/v1/webhooks")
def test_list_webhooks(api, hook):
    page = api.expect(200, "GET", "/webhooks?totalCount=true")
    assert page["items"] == [hook] and page["totalCount"] == 1 and "secret" not in page["items"][0]


@endpoint("R0-056", "DELETE", "/api/v1/webhooks/:id")
def test_delete_webhook(api, hook):
    path = f"/webhooks/{hook['id']}"
    api.refused(412, "CONFLICT", "DELETE", path, headers={"If-Match": '"9"'})
    api.expect(204, "DELETE", path, headers={"If-Match": '"1"'})
    api.refused(404, "NOT_FOUND", "DELETE", path)


@endpoint("R0-057", "POST", "/api/v1/webhooks/:id/test")
def test_test_webhook(api, hook, world):
    delivery = api.expect(200, "POST", f"/webhooks/{hook['id']}/test")
    assert delivery["status"] == "DELIVERED" and delivery["responseStatus"] == 200
    assert world.requests("/hook")[0].headers["webhook-id"] == delivery["id"]


# Runs


@endpoint("R0-047", "GET", "/api/v1/logs")
def test_list_logs(api, flow):
    log = run(api, flow)
    page = api.expect(200, "GET", f"/logs?flowId={flow['id']}&status=SUCCESS&search=doub")
    assert [entry["id"] for entry in page["items"]] == [log["id"]]
    assert api.expect(200, "GET", "/logs?createdUntil=2020-01-01T00:00:00Z")["items"] == []


@endpoint("R0-048", "GET", "/api/v1/logs/:id")
def test_get_log(api, flow):
    log = run(api, flow)
    assert log["status"] == "SUCCESS" and log["result"] == 42 and log["input"] == {"value": 21}
    assert [entry["nodeKey"] for entry in log["nodeExecutions"]] == ["start", "double"]
    assert log["version"]["number"] == 1 and log["flow"]["id"] == flow["id"]


# The own account


@endpoint("R0-050", "GET", "/api/v1/users/preferences")
def test_get_preferences(api):
    assert api.expect(200, "GET", "/users/preferences") == {"language": None, "timeZone": None, "values": {}}


@endpoint("R0-051", "PUT", "/api/v1/users/preferences")
def test_set_preferences(api):
    given = {"language": "pt-BR", "timeZone": "Europe/Paris", "values": {"compact": True}}
    assert api.expect(200, "PUT", "/users/preferences", given) == given
    assert api.expect(200, "PUT", "/users/preferences", {"language": None}) == {**given, "language": None}
    problem = api.refused(400, "BAD_USER_INPUT", "PUT", "/users/preferences", {"timeZone": "Mars/Base"})
    assert problem["errors"][0]["pointer"] == "#/timeZone"


@endpoint("R0-052", "GET", "/api/v1/users/theme")
def test_get_theme(api):
    assert api.expect(200, "GET", "/users/theme") == {"theme": "COPPER_TIDE"}


@endpoint("R0-053", "PUT", "/api/v1/users/theme")
def test_set_theme(api):
    assert api.expect(200, "PUT", "/users/theme", {"theme": "SOLAR_DRIFT"}) == {"theme": "SOLAR_DRIFT"}
    assert api.expect(200, "GET", "/users/theme") == {"theme": "SOLAR_DRIFT"}
    problem = api.refused(400, "BAD_USER_INPUT", "PUT", "/users/theme", {"theme": "PINK"})
    assert problem["errors"][0]["pointer"] == "#/theme" and "PINK" in problem["detail"]


# The list itself


def test_every_file_is_an_endpoint_of_the_requirements_and_tested():
    found = {}
    for path in sorted((REPOSITORY / "rest").rglob("*.graphql")):
        text = path.read_text()
        if match := re.search(r'@rest\(\s*method: (\w+),?\s*path: "([^"]+)"', text):
            found[match[1], match[2]] = path.name
    assert set(found) == set(ENDPOINTS)
