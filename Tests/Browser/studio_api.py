"""The Studio's API as the browser test needs it, with the standard library alone."""

import json
import time
import urllib.error
import urllib.request
import uuid


class StudioAPI:
    """One account of its own; `login` is called after the page has registered it."""

    def __init__(self, base):
        self.base = base
        self.email = f"browser-{uuid.uuid4().hex[:12]}@example.com"
        self.password = f"Correct-{uuid.uuid4().hex[:10]}"
        self.token = None

    def header(self, path, name):
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return answer.headers.get(name, "")

    def run(self, query, **variables):
        """The data of an operation; errors fail the check with their messages."""
        headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.base + "/graphql", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                result = json.load(answer)
        except urllib.error.HTTPError as error:
            result = json.loads(error.read() or b"{}")
        assert not result.get("errors"), f"the API answered {result.get('errors')}"
        return result["data"]

    def login(self):
        query = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
        payload = self.run(query, input={"email": self.email, "password": self.password})
        self.token = payload["login"]["accessToken"]

    def flow(self, name, delay_milliseconds):
        """A flow: trigger, log line, delay, log line. Returns its id."""
        nodes = [
            node("start", "TRIGGER", {}),
            node("before", "ACTION", {"type": "log", "message": "Before the delay"}),
            node("pause", "DELAY", {"durationMilliseconds": delay_milliseconds}),
            node("after", "ACTION", {"type": "log", "message": "After the delay"}),
        ]
        keys = [entry["key"] for entry in nodes]
        connections = [{"from": left, "to": right} for left, right in zip(keys, keys[1:])]
        query = "mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }"
        given = {"name": name, "intention": "Shows a run.", "nodes": nodes, "connections": connections}
        return self.run(query, input=given)["createFlow"]["flow"]["id"]

    def start(self, flow):
        query = "mutation ($input: ExecuteFlowInput!) { executeFlow(input: $input) { execution { id } } }"
        return self.run(query, input={"flowId": flow, "input": {}})["executeFlow"]["execution"]["id"]

    def cancel(self, execution):
        query = "mutation ($input: CancelExecutionInput!) { cancelExecution(input: $input) { execution { id } } }"
        self.run(query, input={"id": execution})

    def status(self, execution):
        query = "query ($id: ID!) { executionLog(id: $id) { status } }"
        return self.run(query, id=execution)["executionLog"]["status"]

    def last_sequence(self, execution):
        query = "query ($id: ID!) { executionLog(id: $id) { lastSequence } }"
        return self.run(query, id=execution)["executionLog"]["lastSequence"]

    def wait_until_over(self, execution):
        end = time.monotonic() + 20
        while self.status(execution) not in ("SUCCESS", "FAILURE", "CANCELLED"):
            assert time.monotonic() < end, "the run did not end within 20 seconds"
            time.sleep(0.1)


def node(key, kind, config):
    return {"key": key, "title": key.title(), "kind": kind, "config": config}
