"""GraphQL over HTTP: media types by weight, methods, and the statuses of the profile `draft-2026`."""

import json

import pytest
import requests
from studio_client import StudioClient
from test_http import GRAPHQL, JSON, QUERY, first_error, kind

LINES = "application/jsonl"
LOGOUT = 'mutation { logout(input: {refreshToken: "x"}) { wasSignedIn } }'
SUBSCRIBE = 'subscription { executionUpdated(id: "exec_01h455vb4pex5vsknk084sn02q") { sequence } }'


def send(client, method, body=None, accept=GRAPHQL, **parameters):
    headers = {"Accept": accept, "Content-Type": JSON}
    return requests.request(
        method, client.server.url + "/graphql", data=None if body is None else json.dumps(body), params=parameters,
        headers=headers, timeout=20)


@pytest.mark.parametrize("accept, expected", [
    (f"{JSON};q=0.5, {GRAPHQL};q=0.4", JSON), (f"{JSON};q=0.4, {GRAPHQL};q=0.5", GRAPHQL),
    (f"{GRAPHQL};q=0, */*", JSON), (f"{JSON};q=0, */*;q=0.1", GRAPHQL), (f"{JSON};q=0, application/*", GRAPHQL),
    ("application/*", JSON), ("text/html, */*;q=0.1", JSON), (f"text/html, {GRAPHQL} ; q=0.001", GRAPHQL),
    (f"{GRAPHQL};q=0.5, */*", JSON), ("APPLICATION/JSON", JSON), ("", JSON), (",", JSON), (f"{JSON};q=nonsense, {GRAPHQL}", GRAPHQL),
])
def test_the_media_type_with_the_highest_weight_is_taken(visitor, accept, expected):
    answer = send(visitor, "POST", {"query": QUERY}, accept)
    assert answer.status_code == 200 and kind(answer) == expected


@pytest.mark.parametrize("accept", ["text/html", "application/xml", f"{JSON};q=0", "*/*;q=0", LINES, "nonsense"])
def test_what_is_not_offered_is_not_acceptable(visitor, accept):
    answer = send(visitor, "POST", {"query": LOGOUT}, accept)
    assert answer.status_code == 406 and kind(answer) == JSON
    assert first_error(answer)["extensions"]["code"] == "BAD_USER_INPUT" and "Accept" in first_error(answer)["message"]


def test_query_asks_with_a_body(visitor):
    body = {"query": "query N($n: Int!) { connectors(first: $n) { nodes { type } } }", "variables": {"n": 2}}
    answer = send(visitor, "QUERY", body)
    assert answer.status_code == 200 and len(answer.json()["data"]["connectors"]["nodes"]) == 2


@pytest.mark.parametrize("document", [LOGOUT, SUBSCRIBE])
def test_query_changes_nothing(visitor, document):
    answer = send(visitor, "QUERY", {"query": document})
    assert answer.status_code == 422 and "data" not in answer.json()
    assert first_error(answer)["message"] == "Only queries may be sent with QUERY; use POST."


def test_query_without_a_content_type_is_refused(visitor):
    answer = requests.request("QUERY", visitor.server.url + "/graphql", data=b"{}", timeout=20)
    assert answer.status_code == 415


def test_head_is_get_without_a_body(visitor):
    answer = send(visitor, "HEAD", query=QUERY)
    assert answer.status_code == 200 and answer.content == b"" and kind(answer) == GRAPHQL
    assert send(visitor, "HEAD", query=LOGOUT).status_code == 405


@pytest.fixture(scope="module")
def draft(shared_house, known_secrets):
    return StudioClient(shared_house.start(GRAPHQL_STATUS_PROFILE="draft-2026"), known_secrets)


@pytest.mark.parametrize("body, status", [
    ({"query": QUERY}, 200),
    ({"query": "{ __typename viewer { role } }"}, 294),
    ({"query": "{ viewer { user { id } } }"}, 294),
    ({"query": "{"}, 400),
    ({"query": "{ noSuchField }"}, 422),
    ({"query": "query A { __typename } query B { __typename }"}, 422),
    ({"query": QUERY, "operationName": "B"}, 422),
    ({"query": "query ($n: Int!) { connectors(first: $n) { totalCount } }"}, 422),
    ({"query": QUERY, "variables": [7]}, 422),
    ({"query": QUERY, "onError": "ABORT"}, 422),
    ({"qeury": QUERY}, 422),
    ([], 422),
    ("text", 422),
])
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
def test_a_status_of_the_draft(draft, body, status, accept):
    answer = send(draft, "POST", body, accept)
    assert answer.status_code == status
    # A client of JSON alone gets it for what succeeded; what did not says that it is a GraphQL response.
    assert kind(answer) == (accept if status < 300 else GRAPHQL)
    assert ("data" in answer.json()) == (status < 300)


def test_other_statuses_of_the_draft(draft):
    url = draft.server.url + "/graphql"
    assert requests.post(url, data="{", headers={"Content-Type": JSON}, timeout=20).status_code == 400
    assert requests.post(url, data="{}", headers={"Content-Type": "text/plain"}, timeout=20).status_code == 415
    assert send(draft, "POST", {"query": QUERY}, "text/html").status_code == 406
    assert send(draft, "POST", {"query": QUERY, "x": "x" * 1_048_576}).status_code == 413
    for method, allowed in (("PATCH", "GET, POST, QUERY, PUT, DELETE"),):
        answer = send(draft, method)
        assert answer.status_code == 405 and answer.headers["Allow"] == allowed
    answer = send(draft, "GET", query=LOGOUT)
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert draft.post(QUERY, headers={"Authorization": "Bearer x"}).status_code == 401
