"""A user of the Studio's API: requests over HTTP and sockets, with the few operations that tests need."""

import uuid

import requests
from transport_socket import TransportSocket

FINAL = ("SUCCESS", "FAILURE", "CANCELLED")
MEDIA_TYPE = "application/graphql-response+json"

SIGNED_IN = "accessToken expiresIn refreshToken user { id email name } organization { id }"
REGISTER = "mutation Register($input: RegisterInput!) { register(input: $input) { %s } }" % SIGNED_IN
LOGIN = "mutation Login($input: LoginInput!) { login(input: $input) { %s } }" % SIGNED_IN
REFRESH = "mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { %s } }" % SIGNED_IN

CREATE_INTEGRATION = """mutation CreateIntegration($input: CreateIntegrationInput!) {
  createIntegration(input: $input) { integration { id name type category revision } }
}"""

CREATE_FLOW = """mutation CreateFlow($input: CreateFlowInput!) {
  createFlow(input: $input) {
    flow {
      id name status revision
      nodes { id key kind order integration { id } }
      connections { id condition from { key } to { key } }
    }
  }
}"""

EXECUTE = """mutation Execute($input: ExecuteFlowInput!) {
  executeFlow(input: $input) { execution { id status } }
}"""

CANCEL = """mutation Cancel($input: CancelExecutionInput!) {
  cancelExecution(input: $input) { execution { id status } }
}"""

WATCH = """subscription Watch($id: ID!, $after: Cursor) {
  executionUpdated(id: $id, after: $after) {
    __typename
    sequence
    cursor
    at
    execution { id status }
    ... on NodeStarted { nodeKey attempt input }
    ... on NodeFinished {
      nodeKey attempt input output skipReason duration
      nodeStatus: status
      error { code message nodeId }
    }
    ... on ExecutionWaiting { until }
    ... on ExecutionLogLine { nodeKey message }
    ... on ExecutionFinished {
      runStatus: status
      result duration
      error { code message nodeId }
    }
  }
}"""

EXECUTION_LOG = """query Log($id: ID!) {
  executionLog(id: $id) {
    id status flowName input createdAt startTime endTime duration result lastSequence
    error { code message nodeId }
    nodeExecutions {
      nodeKey kind status attempt startTime endTime input output skipReason duration
      error { code message }
    }
  }
}"""


class StudioClient:
    """Knows one server, and after `register` or `login` one account."""

    def __init__(self, server, known_secrets):
        self.server = server
        self.secrets = known_secrets
        self.email = f"ann-{uuid.uuid4().hex[:12]}@example.com"
        self.password = known_secrets.add("password", f"Correct-{uuid.uuid4().hex[:12]}")
        self.token = None
        self.refresh_token = None

    def at(self, server):
        """The same account at another server of the same database."""
        other = StudioClient(server, self.secrets)
        other.email, other.password = self.email, self.password
        other.token, other.refresh_token = self.token, self.refresh_token
        return other

    # Requests

    def post(self, query, variables=None, operation_name=None, headers=None, timeout=20):
        """One request over HTTP, whatever becomes of it."""
        body = {"query": query}
        if variables is not None:
            body["variables"] = variables
        if operation_name is not None:
            body["operationName"] = operation_name
        url = self.server.url + "/graphql"
        return requests.post(url, json=body, headers={**self.headers(), **(headers or {})}, timeout=timeout)

    def headers(self):
        headers = {"Accept": MEDIA_TYPE}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def execute(self, query, **variables):
        """The data of an operation that must not have errors."""
        answer = self.post(query, variables)
        result = answer.json()
        assert "errors" not in result, result["errors"]
        assert answer.status_code == 200, answer.status_code
        return result["data"]

    def fail(self, query, **variables):
        """The first error of an operation that must have one."""
        result = self.post(query, variables).json()
        assert result.get("errors"), f"no error came: {result}"
        return result["errors"][0]

    def assert_served(self):
        """The server answers a whole query and an unhurt health check."""
        names = self.execute("{ __typename connectors(first: 1) { nodes { type } } }")
        assert names["__typename"] == "Query" and names["connectors"]["nodes"], names
        assert requests.get(self.server.url + "/health/ready", timeout=10).status_code == 200

    # Accounts

    def register(self):
        given = {"email": self.email, "password": self.password, "name": "Ann Example"}
        return self._signed_in(self.execute(REGISTER, input=given)["register"])

    def login(self):
        return self._signed_in(self.execute(LOGIN, input={"email": self.email, "password": self.password})["login"])

    def refresh(self):
        return self._signed_in(self.execute(REFRESH, input={"refreshToken": self.refresh_token})["refreshToken"])

    def _signed_in(self, payload):
        self.token = self.secrets.add("access token", payload["accessToken"])
        self.refresh_token = self.secrets.add("refresh token", payload["refreshToken"])
        return payload

    # Flows and runs

    def create_flow(self, nodes, connections, name="Test flow"):
        given = {"name": name, "intention": "To be tested.", "nodes": nodes, "connections": connections}
        return self.execute(CREATE_FLOW, input=given)["createFlow"]["flow"]

    def start(self, flow, value=None):
        """The id of a new run of a flow."""
        given = {"flowId": flow["id"], "input": value}
        return self.execute(EXECUTE, input=given)["executeFlow"]["execution"]["id"]

    def cancel(self, execution):
        return self.execute(CANCEL, input={"id": execution})["cancelExecution"]["execution"]

    def log(self, execution):
        return self.execute(EXECUTION_LOG, id=execution)["executionLog"]

    def socket(self, **options):
        """A socket that has been acknowledged."""
        return TransportSocket(self.server.socket_url, token=self.token, **options)

    def watch(self, socket, execution, after=None, operation="run"):
        """The events of a run as they come, until it ends."""
        socket.subscribe(operation, WATCH, id=execution, after=after)
        for payload in socket.results(operation):
            assert "errors" not in payload, payload["errors"]
            yield payload["data"]["executionUpdated"]

    def finish(self, execution):
        """Waits until a run is over; all its events."""
        with self.socket() as socket:
            events = list(self.watch(socket, execution))
        assert events and events[-1]["__typename"] == "ExecutionFinished", events[-1:]
        assert_gapless(events)
        return events


def assert_gapless(events, first=1):
    numbers = [event["sequence"] for event in events]
    assert numbers == list(range(first, first + len(numbers))), f"the sequence has a gap or a repeat: {numbers}"


def node(key, kind, config=None, **more):
    return {"key": key, "title": key.title(), "kind": kind, "config": config or {}, **more}


def chain(*nodes):
    """Nodes in a row: the nodes and connections of a flow."""
    keys = [entry["key"] for entry in nodes]
    return list(nodes), [{"from": left, "to": right} for left, right in zip(keys, keys[1:])]


def http(key, url, **config):
    return node(key, "ACTION", {"type": "http", "method": "GET", "url": url, **config})


def transform(key, expression):
    return node(key, "TRANSFORM", {"expression": expression})


def delay(key, milliseconds):
    return node(key, "DELAY", {"durationMilliseconds": milliseconds})


def trigger(key="start"):
    return node(key, "TRIGGER")
