"""Flows that use a connector: its manifest lies in a folder of the test's own, its service is here."""

import json
import shutil
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from private_postgres import REPOSITORY
from studio_client import StudioClient, chain, node, trigger

CONNECTOR = """query Connector($type: String!) { connector(type: $type) {
  type name category capabilities authentication documentation
  operations { key name isPaged isRepeatable inputSchema outputSchema }
  triggers { key kind events setup }
} }"""
CREATE = """mutation Create($input: CreateIntegrationInput!) {
  createIntegration(input: $input) { integration { id capabilities } }
}"""
UPDATE = """mutation Update($input: UpdateIntegrationInput!) {
  updateIntegration(input: $input) { integration { id attention } }
}"""
TEST = """mutation Test($id: ID!) { testIntegration(input: { id: $id }) {
  isAccepted message integration { isConnected attention }
} }"""
START = """mutation Start($input: StartIntegrationOAuthInput!) {
  startIntegrationOAuth(input: $input) { authorizationUrl state expiresAt }
}"""
FINISH = """mutation Finish($input: FinishIntegrationOAuthInput!) {
  finishIntegrationOAuth(input: $input) { integration { id isConnected attention } }
}"""
FLOW = "mutation Flow($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }"

TEXT = {"type": "string", "description": "A text."}


def manifest(url):
    """A service with a key or with tokens: items are made and listed."""
    def schema(**properties):
        return {"type": "object", "properties": properties, "additionalProperties": False}

    secret = {"type": "string", "title": "Key", "description": "A key.", "maxLength": 200, "writeOnly": True}
    return {
        "format": 1, "type": "tracker", "name": "Tracker", "category": "projects", "description": "Items.",
        "authentication": [
            {"kind": "apiKey", "name": "X-Key", "value": "{credentials.apiKey}"},
            {"kind": "oauth2", "authorizeUrl": url + "/authorize", "tokenUrl": url + "/token",
             "scopes": ["items", "me"], "pkce": True, "clientAuthentication": "basic",
             "keep": {"team": "callback.team"}},
        ],
        "credentials": schema(apiKey=secret),
        "baseUrl": url + "/api",
        "errors": {"message": "body.error.message", "code": "body.error.code"},
        "rateLimits": {"headers": [{"remaining": "X-Remaining", "reset": "X-Reset"}]},
        "idempotencyHeader": "Idempotency-Key",
        "test": {"operation": "get_me"},
        "operations": {
            "get_me": {
                "name": "Me", "description": "Who asks.", "input": schema(),
                "output": {"type": "object"}, "request": {"method": "GET", "path": "/me"}},
            "create_item": {
                "name": "Create", "description": "Makes an item.",
                "input": {**schema(title=TEXT, labels={"type": "array", "description": "Labels.", "items": TEXT}),
                          "required": ["title"]},
                "output": {"type": "object"},
                "request": {"method": "POST", "path": "/items", "body": {
                    "title": "{input.title}", "labels": "{input.labels}"}},
                "response": {"output": {"id": "{body.id}", "title": "{body.title}"}}},
            "list_items": {
                "name": "List", "description": "All items.", "input": schema(), "output": {"type": "object"},
                "request": {"method": "GET", "path": "/items"},
                "paging": {"kind": "cursor", "parameter": "after", "cursor": "body.next", "items": "body.items",
                           "size": {"parameter": "count", "maximum": 2}}},
        },
        "triggers": {"item_made": {
            "name": "An item is made", "description": "Asked for.", "kind": "poll", "operation": "list_items",
            "id": "item.id", "output": {"type": "object"}}},
    }


class Tracker:
    """The service and its authorization server."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = []
        self.refreshes = []
        self.verifier_challenge = None
        self.valid_token = "token-0"
        self.valid_refresh = "refresh-0"
        self.refuses_refresh = False
        self.answer = None
        # Given before anything else, each once.
        self.answers = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def requests(self, path):
        with self.lock:
            return [entry for entry in self.seen if entry["path"] == path]

    def issue(self, lifetime=3600):
        number = len(self.refreshes) + 1
        self.valid_token, self.valid_refresh = f"token-{number}", f"refresh-{number}"
        return 200, {"access_token": self.valid_token, "refresh_token": self.valid_refresh,
                     "expires_in": lifetime, "token_type": "Bearer"}, {}

    def token(self, form):
        given = {name: values[0] for name, values in form.items()}
        if given["grant_type"] == "authorization_code":
            digest = urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
            if given["code"] != "good" or digest != self.verifier_challenge:
                return 400, {"error": "invalid_grant", "error_description": "The code is wrong"}, {}
            # Expired as soon as it is there: the first use renews it.
            return self.issue(lifetime=1)
        self.refreshes.append(given["refresh_token"])
        if self.refuses_refresh or given["refresh_token"] != self.valid_refresh:
            return 400, {"error": "invalid_grant", "error_description": "The grant was withdrawn"}, {}
        return self.issue()

    def _answer(self, entry):
        path, headers = entry["path"], entry["headers"]
        if path == "/token":
            expected = "Basic c3R1ZGlvLWlkOnN0dWRpby1zZWNyZXQ="  # studio-id:studio-secret
            assert headers.get("authorization") == expected, headers
            return self.token(parse_qs(entry["body"].decode()))
        allowed = headers.get("x-key") == "key-1234" or headers.get("authorization") == f"Bearer {self.valid_token}"
        if not allowed:
            return 401, {"error": {"message": "Who are you?", "code": "denied"}}, {}
        if self.answers:
            return self.answers.pop(0)
        if self.answer:
            return self.answer
        if path == "/api/me":
            return 200, {"name": "Ann"}, {}
        if entry["method"] == "POST":
            return 201, {"id": 7, "made": True, **json.loads(entry["body"])}, {}
        after = int(entry["query"].get("after", ["0"])[0])
        count = int(entry["query"]["count"][0])
        items = [{"id": number} for number in range(1, 6)][after:after + count]
        return 200, {"items": items, "next": str(after + count) if after + count < 5 else None}, {}

    def _handler(self):
        tracker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                entry = {"method": self.command, "path": parts.path, "query": parse_qs(parts.query), "body": body,
                         "headers": {name.lower(): value for name, value in self.headers.items()}}
                with tracker.lock:
                    tracker.seen.append(entry)
                    status, answer, headers = tracker._answer(entry)
                if parts.path == "/token":
                    time.sleep(0.3)  # so that others come meanwhile
                text = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        return Handler


@pytest.fixture
def tracker():
    service = Tracker()
    yield service
    service.close()


@pytest.fixture
def settings(tmp_path, tracker):
    """Resources with one connector more, and the Studio as its client."""
    folder = tmp_path / "resources"
    for name in ("playground", "rest", "clients", "connectors"):
        shutil.copytree(REPOSITORY / name, folder / name)
    (folder / "connectors" / "tracker.json").write_text(json.dumps(manifest(tracker.url)))
    clients = tmp_path / "clients.json"
    clients.write_text(json.dumps({"tracker": {"clientId": "studio-id", "clientSecret": "studio-secret"}}))
    return {"STUDIO_RESOURCES": folder, "CONNECTORS_OAUTH_CLIENTS": clients}


@pytest.fixture
def account(house, settings, known_secrets):
    client = StudioClient(house.start(**settings), known_secrets)
    client.register()
    return client


def connect(client, credentials):
    given = {"type": "tracker", "name": "Ours", "credentials": credentials}
    return client.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]


def call(key, integration, operation, value=None):
    config = {"type": "connector", "operation": operation, "input": value or {}}
    return node(key, "ACTION", config, integrationId=integration)


def outcome(client, run, key="call"):
    client.finish(run)
    log = client.log(run)
    return log["status"], next(entry for entry in log["nodeExecutions"] if entry["nodeKey"] == key)


def test_the_catalogue_shows_operations_and_triggers(account):
    shown = account.execute(CONNECTOR, type="tracker")["connector"]
    assert shown["category"] == "PROJECTS" and shown["authentication"] == ["API_KEY", "OAUTH2"]
    assert shown["capabilities"] == ["get_me", "create_item", "list_items"]
    listing = shown["operations"][2]
    assert listing["isPaged"] and set(listing["inputSchema"]["properties"]) == {"limit", "cursor"}
    assert set(listing["outputSchema"]["properties"]) == {"items", "next"}
    assert shown["triggers"] == [{"key": "item_made", "kind": "POLL", "events": [], "setup": None}]


def test_a_node_calls_an_operation(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    assert account.execute(TEST, id=integration)["testIntegration"]["isAccepted"] is True
    flow = account.create_flow(*chain(
        trigger(), call("call", integration, "create_item", {"title": "Order {{ input.n }}", "labels": ["new"]}),
        call("list", integration, "list_items", {"limit": 4})))
    run = account.start(flow, {"n": 3})
    status, entry = outcome(account, run)
    assert status == "SUCCESS" and entry["output"] == {"id": 7, "title": "Order 3"}
    made = next(seen for seen in tracker.requests("/api/items") if seen["method"] == "POST")
    assert json.loads(made["body"]) == {"title": "Order 3", "labels": ["new"]}
    assert made["headers"]["x-key"] == "key-1234" and made["headers"]["idempotency-key"].startswith("exec_")
    listed = outcome(account, run, "list")[1]["output"]
    assert listed == {"items": [{"id": number} for number in range(1, 5)], "next": "4"}


def test_what_is_wrong_with_a_node_is_said_when_it_is_saved(account):
    integration = connect(account, {"apiKey": "key-1234"})
    for config, field, words in [
            (("delete_item", {}), "config.operation", "no operation 'delete_item'"),
            (("create_item", {}), "config.input.title", "is required"),
            (("create_item", {"title": 1}), "config.input.title", "must be of type string"),
            (("create_item", {"titel": "{{ input }}", "title": "x"}), "config.input.titel", "is unknown")]:
        nodes, connections = chain(trigger(), call("call", integration, *config))
        given = {"name": "Flow", "intention": "To fail.", "nodes": nodes, "connections": connections}
        error = account.fail(FLOW, input=given)
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        assert error["extensions"]["field"].endswith(field) and words in error["message"], error


def test_refusals_are_told_by_their_class(account, tracker):
    integration = connect(account, {"apiKey": "wrong-key"})
    answer = account.execute(TEST, id=integration)["testIntegration"]
    assert answer["isAccepted"] is False and answer["message"] == "The service answered 401: Who are you?"
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION" and "denied" in entry["error"]["message"]


def test_a_used_up_limit_is_not_hammered(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    tracker.answer = (200, {"name": "Ann"}, {"X-Remaining": "0", "X-Reset": "60"})
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    asked = len(tracker.requests("/api/me"))
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "RATE_LIMITED", entry
    assert len(tracker.requests("/api/me")) == asked


def test_a_node_that_retries_waits_as_long_as_the_service_asks(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    made = call("call", integration, "get_me")
    made["config"]["retry"] = {"maxAttempts": 2, "delayMilliseconds": 0}
    flow = account.create_flow(*chain(trigger(), made))
    tracker.answers = [(429, {"error": {"message": "Slowly"}}, {"Retry-After": "1"})]
    status, entry = outcome(account, account.start(flow))
    assert status == "SUCCESS" and entry["attempt"] == 2 and entry["output"] == {"name": "Ann"}
    # What stays wrong is not tried again.
    tracker.answers = [(403, {"error": {"message": "Never"}}, {})]
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["attempt"] == 1 and entry["error"]["code"] == "FORBIDDEN"


def sign_in(client, tracker, integration):
    given = {"id": integration, "redirectUrl": "https://app.test/back"}
    begun = client.execute(START, input=given)["startIntegrationOAuth"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun["authorizationUrl"]).query).items()}
    assert query["client_id"] == "studio-id" and query["scope"] == "items me"
    assert query["state"] == begun["state"] and query["code_challenge_method"] == "S256"
    tracker.verifier_challenge = query["code_challenge"]
    ended = {"state": begun["state"], "code": "good", "parameters": {"team": "blue"}}
    return client.execute(FINISH, input=ended)["finishIntegrationOAuth"]["integration"]


def test_an_account_is_connected_by_signing_in(account, tracker, house, settings, known_secrets):
    integration = connect(account, {})
    given = {"id": integration, "redirectUrl": "https://app.test/back"}
    begun = account.execute(START, input=given)["startIntegrationOAuth"]
    wrong = account.fail(FINISH, input={"state": begun["state"], "code": "bad"})
    assert wrong["message"] == "The service did not accept the code: The code is wrong."
    stranger = StudioClient(account.server, known_secrets)
    stranger.register()
    assert stranger.fail(FINISH, input={"state": begun["state"], "code": "good"})["extensions"]["field"] == "state"
    assert sign_in(account, tracker, integration) == {"id": integration, "isConnected": True, "attention": None}
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.refreshes == ["refresh-1"], "the token had expired and was renewed"


def test_a_hundred_runs_of_two_servers_renew_an_expired_token_once(house, settings, tracker, known_secrets):
    database = house.migrated_database()
    first = StudioClient(house.start(database, **settings), known_secrets)
    first.register()
    house.start(database, **settings)
    integration = connect(first, {})
    sign_in(first, tracker, integration)
    flow = first.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    runs = [first.start(flow) for _ in range(100)]
    assert [first.finish(run)[-1]["runStatus"] for run in runs] == ["SUCCESS"] * 100
    assert tracker.refreshes == ["refresh-1"]
    assert len(tracker.requests("/api/me")) == 100
    # A token that the service withdraws before its time is renewed too, once.
    tracker.valid_token = "nobody-has-this"
    runs = [first.start(flow) for _ in range(20)]
    assert [first.finish(run)[-1]["runStatus"] for run in runs] == ["SUCCESS"] * 20
    assert len(tracker.refreshes) == 2


def test_a_refused_renewal_asks_for_attention(account, tracker):
    integration = connect(account, {})
    sign_in(account, tracker, integration)
    tracker.refuses_refresh = True
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    for _ in range(2):
        status, entry = outcome(account, account.start(flow))
        assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION"
        assert "must be connected: The grant was withdrawn" in entry["error"]["message"]
    assert len(tracker.refreshes) == 1, "it is not asked again and again"
    shown = account.execute("query One($id: ID!) { integration(id: $id) { isConnected attention } }", id=integration)
    assert shown["integration"] == {"isConnected": False, "attention": "The grant was withdrawn"}
    tracker.refuses_refresh = False
    assert sign_in(account, tracker, integration)["attention"] is None
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
