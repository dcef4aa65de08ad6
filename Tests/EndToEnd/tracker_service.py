"""A service that the Studio is connected to, for tests: its manifest, and the service with its authorization server."""

import json
import shutil
import threading
import time
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from private_postgres import REPOSITORY
from studio_client import StudioClient, node

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

# A key for tests alone: its primes.
P = int(
    "e831824a59ab4da53d2ae9316b70a13132647c927e991058e5f1fb8b63243dddc40400fb47356f2840ad6e3c3a799a868727"
    "c7b4e6c62ab39789f1a3504337c58714447196a9eb42d752d8256c08bafa7bd6c685b45130297f4c02a285145c227a6d98f9"
    "27c71296ada33f30b7b36ccc0c5ff2e96c10f96b249e65a5e68f4fff", 16)
Q = int(
    "bce7dffa58b978a1afdd69bd07c19c6ed2edd31a7827fa9aab3f893c94cd7e37456507f8165b95fc6f26996a9d9c64f34b55"
    "ca1182fcec2e1cfc3ec4706ebfa5b438e4ac257ed392ce3eb8c3dd4158eb63c23ab983b803bcd06056a5c91e8b12198f706c"
    "f53b96230726f3e6a0082e1e49be94f2915f1dc9e9d51794ba89026f", 16)
E = 65537


def private_key():
    """The key in PEM (RFC 8017 § A.1.2)."""
    d = pow(E, -1, (P - 1) * (Q - 1))
    numbers = [0, P * Q, E, d, P, Q, d % (P - 1), d % (Q - 1), pow(Q, -1, P)]

    def element(tag, content):
        size = len(content)
        long = bytes([129, size]) if size < 256 else bytes([130, size >> 8, size & 255])
        length = bytes([size]) if size < 128 else long
        return bytes([tag]) + length + content

    der = element(48, b"".join(element(2, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in numbers))
    text = b64encode(der).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN RSA " + "PRIVATE KEY-----", *lines, "-----END RSA " + "PRIVATE KEY-----"])


def verified(token):
    """The claims of a JWT that is signed with the key, by RS256 (RFC 8017 § 8.2.2)."""
    def decoded(text):
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))

    signed, signature = token.rsplit(".", 1)
    header, claims = (json.loads(decoded(part)) for part in signed.split("."))
    assert header == {"alg": "RS256", "typ": "JWT"}, header
    prefix = bytes.fromhex("3031300d060960864801650304020105000420")
    tail = b"\x00" + prefix + sha256(signed.encode()).digest()
    number = pow(int.from_bytes(decoded(signature), "big"), E, P * Q)
    assert number.to_bytes(256, "big") == b"\x00\x01" + b"\xff" * (254 - len(tail)) + tail
    return claims


def manifest(url):
    """A service with a key or with tokens: items are made and listed."""
    def schema(**properties):
        return {"type": "object", "properties": properties, "additionalProperties": False}

    secret = {"type": "string", "title": "Key", "description": "A key.", "maxLength": 200, "writeOnly": True}
    name = {"type": "string", "title": "Name", "description": "A name.", "maxLength": 200}
    client = {
        "kind": "oauth2", "grant": "clientCredentials", "tokenUrl": url + "/token", "scopes": ["items"],
        "clientAuthentication": "basic", "clientId": "{credentials.robot}",
        "clientSecret": "{credentials.robotSecret}"}
    key = {
        "kind": "oauth2", "grant": "jwtBearer", "tokenUrl": url + "/token",
        "assertion": {"key": "{credentials.privateKey}", "lifetimeSeconds": 300, "claims": {
            "iss": "{credentials.robot}", "sub": "{credentials.subject}", "aud": url + "/token"}}}
    return {
        "format": 1, "type": "tracker", "name": "Tracker", "category": "projects", "description": "Items.",
        "authentication": [
            {"kind": "apiKey", "name": "X-Key", "value": "{credentials.apiKey}"},
            {"kind": "oauth2", "authorizeUrl": url + "/authorize", "tokenUrl": url + "/token",
             "scopes": ["items", "me"], "pkce": True, "clientAuthentication": "basic",
             "keep": {"team": "callback.team"}},
            client, key,
        ],
        "credentials": schema(
            apiKey=secret, robot=name, robotSecret=secret, subject=name,
            privateKey={**secret, "maxLength": 8000}),
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
            "send_file": {
                "name": "Send", "description": "Stores a file.", "input": schema(file=TEXT, name=TEXT),
                "output": {"type": "object"},
                "request": {"method": "POST", "path": "/files", "parts": [
                    {"name": "note", "value": {"by": "{input.name}"}},
                    {"name": "file", "base64": "{input.file}", "fileName": "{input.name}"}]}},
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
        # What was had without signing in: the grants' names.
        self.grants = []
        # Tokens that were had for tokens, and how long they live.
        self.trades = []
        self.trade_seconds = 5_184_000
        self.verifier_challenge = None
        self.valid_token = "token-0"
        self.valid_refresh = "refresh-0"
        self.refuses_refresh = False
        # Long enough that others come meanwhile.
        self.token_seconds = 0.3
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
        number = len(self.refreshes) + len(self.grants) + len(self.trades) + 1
        self.valid_token, self.valid_refresh = f"token-{number}", f"refresh-{number}"
        return 200, {"access_token": self.valid_token, "refresh_token": self.valid_refresh,
                     "expires_in": lifetime, "token_type": "Bearer"}, {}

    def token(self, form, authorization):
        given = {name: values[0] for name, values in form.items()}
        if given["grant_type"] == "client_credentials":
            assert given["scope"] == "items", given
            if authorization != "Basic " + b64encode(b"robot:robot-secret").decode():
                return 401, {"error": "invalid_client", "error_description": "Unknown robot"}, {}
            self.grants.append("client_credentials")
            return self.issue()
        if given["grant_type"].endswith("jwt-bearer"):
            claims = verified(given["assertion"])
            now = time.time()
            assert claims["iss"] == "robot" and claims["aud"] == self.url + "/token", claims
            assert now - 60 < claims["iat"] <= now < claims["exp"] <= now + 300, claims
            self.grants.append(claims.get("sub", "jwt"))
            return self.issue()
        assert authorization == "Basic " + b64encode(b"studio-id:studio-secret").decode()
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

    def trade(self, path, given):
        given = {name: values[0] for name, values in given.items()}
        self.trades.append((path, given))
        if self.refuses_refresh or given["access_token"] != self.valid_token:
            return 400, {"error": {"message": "The session has ended", "code": 190}}, {}
        status, tokens, headers = self.issue(self.trade_seconds)
        return status, {"access_token": tokens["access_token"], "expires_in": tokens["expires_in"]}, headers

    def _answer(self, entry):
        path, headers = entry["path"], entry["headers"]
        if path in ("/long", "/renew"):
            return self.trade(path, entry["query"])
        if path == "/token":
            return self.token(parse_qs(entry["body"].decode()), headers.get("authorization"))
        allowed = headers.get("x-key") == "key-1234" or headers.get("authorization") == f"Bearer {self.valid_token}"
        if not allowed:
            return 401, {"error": {"message": "Who are you?", "code": "denied"}}, {}
        if self.answers:
            return self.answers.pop(0)
        if self.answer:
            return self.answer
        if path == "/api/me":
            return 200, {"name": "Ann"}, {}
        if path == "/api/files":
            return 200, {"type": headers["content-type"], "body": b64encode(entry["body"]).decode()}, {}
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
                    time.sleep(tracker.token_seconds)
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
    return {
        "STUDIO_RESOURCES": folder, "CONNECTORS_OAUTH_CLIENTS": clients,
        "CONNECTORS_RETURN_URLS": "https://app.test/done/,https://app.test/one"}


@pytest.fixture
def account(house, settings, known_secrets):
    client = StudioClient(house.start(**settings), known_secrets)
    client.register()
    return client


def connect(client, credentials, connector="tracker"):
    given = {"type": connector, "name": "Ours", "credentials": credentials}
    return client.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]


def call(key, integration, operation, value=None):
    config = {"type": "connector", "operation": operation, "input": value or {}}
    return node(key, "ACTION", config, integrationId=integration)


def outcome(client, run, key="call"):
    client.finish(run)
    log = client.log(run)
    return log["status"], next(entry for entry in log["nodeExecutions"] if entry["nodeKey"] == key)


def sign_in(client, tracker, integration):
    given = {"id": integration, "redirectUrl": "https://app.test/back"}
    begun = client.execute(START, input=given)["startIntegrationOAuth"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun["authorizationUrl"]).query).items()}
    assert query["client_id"] == "studio-id" and query["scope"] == "items me"
    assert query["state"] == begun["state"] and query["code_challenge_method"] == "S256"
    tracker.verifier_challenge = query["code_challenge"]
    ended = {"state": begun["state"], "code": "good", "parameters": {"team": "blue"}}
    return client.execute(FINISH, input=ended)["finishIntegrationOAuth"]["integration"]
