"""Persisted documents: by documentId, by Apollo's automatic persisted queries, and those that the operator trusts."""

import hashlib
import json

import pytest
import requests
from studio_client import StudioClient
from studio_process import run_studio
from test_http import JSON, first_error

COUNT = "query Count($n: Int!) { connectors(first: $n) { nodes { type } } }"
HELLO = "{ __typename }"
LOGOUT = 'mutation { logout(input: {refreshToken: "x"}) { wasSignedIn } }'


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def automatic(text, version=1):
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": sha256(text)}}}


def post(client, **body):
    return requests.post(client.server.url + "/graphql", json=body, headers=client.headers(), timeout=20)


def get(client, **parameters):
    named = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    return requests.get(client.server.url + "/graphql", params=named, headers=client.headers(), timeout=20)


def code(answer):
    return first_error(answer)["extensions"]["code"]


def test_a_document_is_sent_once_and_named_from_then_on(visitor):
    text = COUNT + " # once"
    first = post(visitor, **automatic(text), variables={"n": 1})
    assert first.status_code == 400 and code(first) == "PERSISTED_QUERY_NOT_FOUND"
    assert first_error(first)["message"] == "PersistedQueryNotFound" and "data" not in first.json()
    for body in ({"query": text}, {}, {}):
        answer = post(visitor, **automatic(text), **body, variables={"n": 1})
        assert answer.status_code == 200 and len(answer.json()["data"]["connectors"]["nodes"]) == 1
    assert get(visitor, **automatic(text), variables={"n": 2}).status_code == 200
    named = post(visitor, documentId="sha256:" + sha256(text), variables={"n": 2})
    assert len(named.json()["data"]["connectors"]["nodes"]) == 2
    assert get(visitor, documentId="sha256:" + sha256(text), variables={"n": 2}).status_code == 200


def test_a_document_id_may_come_with_its_document(visitor):
    text = HELLO + " # by id"
    assert code(post(visitor, documentId="sha256:" + sha256(text))) == "PERSISTED_QUERY_NOT_FOUND"
    for body in ({"query": text}, {}):
        assert post(visitor, documentId="sha256:" + sha256(text), **body).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("body", [
    {"query": HELLO, "documentId": "sha256:" + sha256("{ a }")}, {"query": HELLO, "documentId": "mine"},
    {"query": HELLO, "documentId": "x-mine:1"}, {"query": HELLO, **automatic("{ a }")},
])
def test_a_hash_of_another_document_is_refused(visitor, body):
    answer = post(visitor, **body)
    assert answer.status_code == 400 and code(answer) == "BAD_USER_INPUT"


@pytest.mark.parametrize("name", ["nothing", "", "sha256:", "sha256:" + "f" * 64, "md5:x", "x" * 100_000])
def test_an_unknown_id_is_told(visitor, name):
    answer = post(visitor, documentId=name)
    assert answer.status_code == 400 and code(answer) == "PERSISTED_QUERY_NOT_FOUND" and len(answer.content) < 500


@pytest.mark.parametrize("extension", [7, {}, {"version": 2, "sha256Hash": "x"}, {"version": 1}, {"version": 1, "sha256Hash": 1}])
def test_an_extension_of_another_version_is_not_supported(visitor, extension):
    answer = post(visitor, query=HELLO, extensions={"persistedQuery": extension})
    assert answer.status_code == 400 and code(answer) == "PERSISTED_QUERY_NOT_SUPPORTED"


def test_an_id_that_is_no_text_is_no_request(visitor):
    assert post(visitor, documentId=7).status_code == 400
    assert "no \"query\"" in first_error(post(visitor, documentId=None))["message"]


def test_what_is_not_valid_is_not_remembered(visitor):
    text = "{ noSuchField }"
    assert code(post(visitor, query=text, **automatic(text))) == "GRAPHQL_VALIDATION_FAILED"
    assert code(post(visitor, **automatic(text))) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_named_mutation_is_still_not_for_get(visitor):
    assert post(visitor, query=LOGOUT, **automatic(LOGOUT)).status_code == 200
    answer = get(visitor, **automatic(LOGOUT))
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"


def test_the_memory_is_bounded_and_the_oldest_goes(house, known_secrets):
    visitor = StudioClient(house.start(GRAPHQL_AUTOMATIC_DOCUMENT_BYTES=20_000), known_secrets)
    texts = [f"{{ __typename }} # {number} " + "x" * 800 for number in range(40)]
    for text in texts:
        assert post(visitor, query=text, **automatic(text)).status_code == 200
    known = [post(visitor, **automatic(text)).status_code == 200 for text in texts[::-1]]
    assert known[0] and not known[-1] and sum(known) <= 20
    huge = HELLO + " " * 30_000
    assert post(visitor, query=huge, **automatic(huge)).status_code == 200
    assert code(post(visitor, **automatic(huge))) == "PERSISTED_QUERY_NOT_FOUND"


def test_remembering_can_be_turned_off(house, known_secrets):
    visitor = StudioClient(house.start(GRAPHQL_AUTOMATIC_DOCUMENT_BYTES=0), known_secrets)
    assert code(post(visitor, **automatic(HELLO))) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert post(visitor, query=HELLO, **automatic(HELLO)).status_code == 200
    assert code(post(visitor, documentId="sha256:" + sha256(HELLO))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.fixture(params=["folder", "map", "operations"])
def trusted(request, house, known_secrets, tmp_path):
    """A server that executes two documents alone."""
    if request.param == "folder":
        path = tmp_path / "documents"
        path.mkdir()
        (path / "count.graphql").write_text(COUNT)
        (path / "hello.gql").write_text(HELLO)
        (path / "README.md").write_text("{ viewer { role } }")
    else:
        path = tmp_path / "manifest.json"
        operations = [{"id": sha256(COUNT), "name": "Count", "type": "query", "body": COUNT}, {"id": "hello", "body": HELLO}]
        named = {"sha256:" + sha256(COUNT): COUNT, "hello": HELLO}
        path.write_text(json.dumps(named if request.param == "map" else {"version": 1, "operations": operations}))
    server = house.start(GRAPHQL_TRUSTED_DOCUMENTS=path, GRAPHQL_ONLY_TRUSTED_DOCUMENTS="true")
    client = StudioClient(server, known_secrets)
    client.has_names = request.param != "folder"
    return client


def test_only_trusted_documents_are_executed(trusted):
    for body in ({"documentId": "sha256:" + sha256(COUNT)}, automatic(COUNT), {"query": COUNT}, {"query": COUNT, **automatic(COUNT)}):
        assert post(trusted, **body, variables={"n": 1}).status_code == 200, body
    assert get(trusted, documentId="sha256:" + sha256(HELLO)).json() == {"data": {"__typename": "Query"}}
    if trusted.has_names:
        assert post(trusted, documentId="hello").json() == {"data": {"__typename": "Query"}}
    other = "{ viewer { role } }"
    for body in ({"query": other}, {"query": other, **automatic(other)}, {"query": COUNT + " "}):
        answer = post(trusted, **body)
        assert answer.status_code == 400 and code(answer) == "DOCUMENT_NOT_TRUSTED", body
    assert code(post(trusted, **automatic(other))) == "PERSISTED_QUERY_NOT_FOUND"
    entries = requests.post(trusted.server.url + "/graphql", json=[{"query": other}], timeout=20).json()
    assert entries[0]["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


def test_sockets_keep_to_trusted_documents_too(trusted):
    with trusted.socket() as socket:
        socket.subscribe("no", "{ viewer { role } }")
        message = socket.receive()
    assert message["type"] == "error" and message["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', "{}", '{"operations": [{"id": "x"}]}', '{"%s": "{ a }"}' % ("0" * 64)])
def test_a_manifest_that_cannot_be_used_stops_the_start(house, tmp_path, content):
    path = tmp_path / "manifest.json"
    path.write_text(content)
    settings = {**house.migrated_database(), "GRAPHQL_TRUSTED_DOCUMENTS": path}
    result = run_studio("serve", settings=settings)
    assert result.returncode != 0 and "GRAPHQL_TRUSTED_DOCUMENTS" in result.stdout + result.stderr


def test_trusting_nothing_stops_the_start(house):
    settings = {**house.migrated_database(), "GRAPHQL_ONLY_TRUSTED_DOCUMENTS": "true"}
    result = run_studio("serve", settings=settings)
    assert result.returncode != 0 and "GRAPHQL_TRUSTED_DOCUMENTS" in result.stdout + result.stderr
