"""The OpenAPI document is valid and tells the truth: schemathesis sends what it allows and what it does not."""

import itertools
import json

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from rest_client import RESTClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance, negative_data_rejection, response_headers_conformance, response_schema_conformance,
    status_code_conformance)
from studio_process import run_studio
from test_rest import DOUBLE, ENDPOINTS

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]
# Of each kind, what the document allows and what it does not; always the same ones.
CASES = 30


@pytest.fixture(scope="module")
def document(studio):
    return requests.get(studio.url + "/openapi.json", timeout=20).json()


@pytest.fixture(scope="module")
def schema(studio):
    schema = schemathesis.openapi.from_url(studio.url + "/openapi.json")
    # A tag that is none in If-Match refuses a request before its body is looked at.
    rejection = schema.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "412"]
    return schema


class Inhabitants:
    """An account with one object of each kind, made anew when a test has deleted it."""

    def __init__(self, studio, known_secrets, world):
        self.client = RESTClient(studio, known_secrets)
        self.client.register()
        self.url = world.url
        self.paths = {
            "integrations": lambda: self._made("/integrations", {
                "type": "http", "name": f"Web {next(self._numbers)}", "credentials": {"baseUrl": self.url}}),
            "flows": lambda: self._made("/flows", DOUBLE),
            "workbenches": lambda: self._made("/workbenches", {"name": "Desk"}),
            "webhooks": lambda: self._made("/webhooks", {"url": self.url, "eventTypes": ["FLOW_DELETED"]}),
            "logs": lambda: self.client.expect(202, "POST", f"/flows/{self.flow()['id']}/execute", {})["id"],
        }
        self._numbers = itertools.count()
        self._flow = None

    def _made(self, path, body):
        made = self.client.expect(201, "POST", path, body)
        return (made.get("webhook") or made)["id"]

    def flow(self):
        if not self._flow or self.client.send("GET", f"/flows/{self._flow['id']}").status_code != 200:
            self._flow = self.client.expect(201, "POST", "/flows", DOUBLE)
        return self._flow

    def settle(self, case):
        """Puts ids of what is there into the path."""
        names = set(case.path_parameters)
        if names == {"id"}:
            case.path_parameters["id"] = self.paths[case.path.split("/")[3]]()
        if "flowId" in names:
            flow = self.client.expect(201, "POST", "/flows", DOUBLE)
            case.path_parameters["flowId"] = flow["id"]
            if "nodeId" in names:
                case.path_parameters["nodeId"] = flow["nodes"][-1]["id"]


@pytest.fixture(scope="module")
def inhabitants(studio, known_secrets):
    from local_world import LocalWorld
    world = LocalWorld()
    yield Inhabitants(studio, known_secrets, world)
    world.close()


def test_the_document_is_valid_and_lists_all_endpoints(document):
    validate(document)
    listed = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    assert listed == set(ENDPOINTS)
    names = [operation["operationId"] for entry in document["paths"].values() for operation in entry.values()]
    assert len(set(names)) == len(names)
    for entry in document["paths"].values():
        for operation in entry.values():
            assert operation["summary"] and operation["tags"]


def test_the_command_prints_what_is_served(document):
    printed = run_studio("openapi", "print")
    assert printed.returncode == 0 and json.loads(printed.stdout) == document


def test_the_document_is_cached(studio):
    answer = requests.get(studio.url + "/openapi.json", timeout=20)
    assert answer.headers["Content-Type"] == "application/json"
    again = requests.get(
        studio.url + "/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}, timeout=20)
    assert again.status_code == 304 and again.content == b""


def test_the_page_for_people_needs_nobody_else(studio):
    page = requests.get(studio.url + "/api/docs", timeout=20)
    assert page.status_code == 200 and "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "http" not in page.text.replace("http-equiv", "")


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("method, path", sorted(ENDPOINTS), ids=lambda part: part.removeprefix("/api/v1"))
def test_nothing_undocumented_is_answered(schema, inhabitants, method, path, mode):
    operation = schema[path][method]
    numbers = itertools.count()
    headers = {"Authorization": f"Bearer {inhabitants.client.token}"}

    @settings(
        max_examples=CASES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        number = next(numbers)
        if path.startswith("/api/v1/webhooks/{id}/test") and number % 5:
            number = 1
        if case.path_parameters and number % 3 == 0:
            inhabitants.settle(case)
        case.call_and_validate(checks=CHECKS, headers=headers, timeout=30)

    send()
