"""GraphQL over HTTP, well-behaved and not; after each test the server must go on serving."""

import json
import time

import pytest
import requests
from raw_http import RawHTTP
from studio_client import MEDIA_TYPE, StudioClient

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
QUERY = "{ __typename }"


def get(client, headers=None, **parameters):
    return requests.get(client.server.url + "/graphql", params=parameters, headers=headers, timeout=20)


def kind(answer):
    return answer.headers["Content-Type"].split(";")[0]


def first_error(answer):
    return answer.json()["errors"][0]


@pytest.mark.parametrize("accept, expected", [
    (GRAPHQL, GRAPHQL), (JSON, JSON), (None, JSON), ("*/*", JSON), (f"{JSON}, {GRAPHQL}", GRAPHQL),
    (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
])
def test_the_answer_has_the_media_type_that_was_asked_for(visitor, accept, expected):
    answer = visitor.post(QUERY, headers={"Accept": accept})
    assert answer.status_code == 200 and kind(answer) == expected
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert "charset=utf-8" in answer.headers["Content-Type"]


def test_a_query_is_answered_over_get_with_its_variables(visitor):
    query = "query Named($n: Int!) { connectors(first: $n) { nodes { type } } }"
    answer = get(visitor, query=query, variables='{"n": 1}', operationName="Named")
    assert answer.status_code == 200 and len(answer.json()["data"]["connectors"]["nodes"]) == 1


def test_a_mutation_over_get_is_refused_and_not_done(visitor):
    answer = get(visitor, query='mutation { logout(input: {refreshToken: "x"}) { wasSignedIn } }')
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert "data" not in answer.json()


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS"])
def test_another_method_is_told_the_ones_that_work(visitor, method):
    answer = requests.request(method, visitor.server.url + "/graphql", json={"query": QUERY}, timeout=20)
    assert answer.status_code == 405
    assert {entry.strip() for entry in answer.headers["Allow"].split(",")} == {"GET", "POST", "QUERY", "PUT", "DELETE"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_a_body_of_another_type_is_refused(visitor, content_type):
    answer = requests.post(
        visitor.server.url + "/graphql", data=json.dumps({"query": QUERY}),
        headers={"Content-Type": content_type, "Accept": MEDIA_TYPE}, timeout=20)
    assert answer.status_code == 415 and "application/json" in first_error(answer)["message"]


@pytest.mark.parametrize("body", [
    b"", b"{", b"nonsense", b'{"query": "{ __typename }"', b'{"query": "\xff\xfe"}', b"\x00\x01\x02",
    b"[" * 100_000, b'{"query":' * 10_000, b'{"query": 1e99999}',
])
def test_a_body_that_is_not_json_is_refused(visitor, body):
    with RawHTTP(visitor.server) as raw:
        raw.request(body, "Content-Type: application/json", f"Accept: {MEDIA_TYPE}")
        answer = raw.answer()
    assert answer.status == 400 and answer.code() == "BAD_USER_INPUT"


@pytest.mark.parametrize("body", [
    [], "text", 1, None, {}, {"query": None}, {"query": 1}, {"query": []}, {"query": QUERY, "variables": []},
    {"query": QUERY, "variables": "{}"}, {"query": QUERY, "operationName": 1}, {"query": QUERY, "extensions": "x"},
])
def test_json_that_is_no_graphql_request_is_refused(visitor, body):
    url = visitor.server.url + "/graphql"
    answer = requests.post(url, data=json.dumps(body), headers={
        "Content-Type": JSON, "Accept": MEDIA_TYPE}, timeout=20)
    assert answer.status_code == 400 and first_error(answer)["extensions"]["code"] == "BAD_USER_INPUT"
    assert "data" not in answer.json()


def test_unknown_members_and_empty_ones_are_accepted(visitor):
    body = {"query": QUERY, "variables": None, "operationName": None, "extensions": None, "id": 7}
    answer = requests.post(visitor.server.url + "/graphql", json=body, timeout=20)
    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("behavior, data", [
    (None, None), ("PROPAGATE", None), ("NULL", {"__typename": "Query", "viewer": None}), ("HALT", None),
])
def test_a_request_says_what_becomes_of_its_errors(visitor, behavior, data):
    query = "{ __typename viewer { user { id } } }"
    url = visitor.server.url + "/graphql"
    posted = requests.post(url, json={"query": query, "onError": behavior}, timeout=20).json()
    for answer in [posted, get(visitor, query=query, onError=behavior).json()]:
        assert answer["data"] == data and len(answer["errors"]) == 1
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("value", ["null", "", "ABORT", 1, ["NULL"], {}])
def test_an_unknown_behavior_is_refused(visitor, value):
    answer = requests.post(visitor.server.url + "/graphql", json={"query": QUERY, "onError": value}, headers={
        "Accept": MEDIA_TYPE}, timeout=20)
    assert answer.status_code == 400 and "data" not in answer.json()
    error = first_error(answer)
    assert error["extensions"]["code"] == "BAD_USER_INPUT" and '"onError" must be one of' in error["message"]


def test_a_document_that_does_not_parse_is_refused_with_its_place(visitor):
    answer = visitor.post("{\n  connectors(first: ) { nodes { type } }\n}")
    assert answer.status_code == 400
    error = first_error(answer)
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED" and error["message"].startswith("Syntax Error")
    assert error["locations"] == [{"line": 2, "column": 21}]


def test_a_legacy_client_gets_200_for_a_document_that_does_not_parse(visitor):
    answer = visitor.post("{", headers={"Accept": JSON})
    assert answer.status_code == 200 and kind(answer) == JSON
    assert first_error(answer)["extensions"]["code"] == "GRAPHQL_PARSE_FAILED" and "data" not in answer.json()


def test_a_document_that_is_not_valid_is_refused_with_all_its_errors(visitor):
    answer = visitor.post("{ noSuchField connectors { nodes { alsoNot } } }")
    assert answer.status_code == 400 and "data" not in answer.json()
    errors = answer.json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"] * 2
    assert errors[0]["message"] == 'Cannot query field "noSuchField" on type "Query".'
    assert errors[0]["locations"] == [{"line": 1, "column": 3}]


@pytest.mark.parametrize("value", ['"many"', "1.5", "3000000000", "true", "[[1]]", "{}"])
def test_a_variable_of_the_wrong_type_is_refused(visitor, value):
    query = "query ($n: Int!) { connectors(first: $n) { totalCount } }"
    answer = visitor.post(query, {"n": json.loads(value)})
    assert answer.status_code == 400 and "data" not in answer.json()
    error = first_error(answer)
    assert 'Variable "$n"' in error["message"] and error["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_missing_variable_is_refused(visitor):
    answer = visitor.post("query ($n: Int!) { connectors(first: $n) { totalCount } }")
    assert answer.status_code == 400 and 'Variable "$n"' in first_error(answer)["message"]


@pytest.mark.parametrize("document", ["{" * 100_000, "{ a " * 100_000, "query { f(x: " + "[" * 100_000])
def test_a_hundred_thousand_braces_are_refused(visitor, document):
    answer = visitor.post(document)
    assert answer.status_code == 400
    assert first_error(answer)["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


def test_a_document_with_too_many_aliases_is_refused(visitor):
    answer = visitor.post("{" + " ".join(f"a{i}: __typename" for i in range(20_000)) + "}")
    assert answer.status_code == 400 and len(answer.content) < 10_000


def test_an_unknown_operation_name_is_refused(visitor):
    answer = visitor.post("query A { __typename } query B { __typename }", operation_name="C")
    assert answer.status_code == 400 and '"C"' in first_error(answer)["message"]
    answer = visitor.post("query A { __typename } query B { __typename }")
    assert answer.status_code == 400 and "operation name" in first_error(answer)["message"].lower()


def test_a_subscription_over_http_is_refused(client):
    query = 'subscription { executionUpdated(id: "exec_01h455vb4pex5vsknk084sn02q") { sequence } }'
    answer = client.post(query)
    assert 400 <= answer.status_code < 500 and "data" not in answer.json()
    assert "WebSocket" in first_error(answer)["message"]


@pytest.mark.parametrize("identifier, mention", [
    ("flow_nonsense", "flow_"), ("exec_01h455vb4pex5vsknk084sn02q", "exec_"), ("", "flow_"), ("x" * 10_000, "flow_"),
    ("flow_8zzzzzzzzzzzzzzzzzzzzzzzzz", "flow_"), ("flow_01h455vb4pex5vsknk084sn02q'; --", "flow_"),
])
def test_a_wrong_id_is_told_what_was_expected(client, identifier, mention):
    answer = client.post("query ($id: ID!) { flow(id: $id) { id } }", {"id": identifier})
    error = first_error(answer)
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "id"} and mention in error["message"]
    assert len(answer.content) < 2_000


def test_an_id_that_does_not_exist_is_null_in_a_query_and_an_error_in_a_mutation(client):
    nobody = "flow_01h455vb4pex5vsknk084sn02q"
    assert client.execute("query ($id: ID!) { flow(id: $id) { id } }", id=nobody) == {"flow": None}
    error = client.fail(
        "mutation ($i: DeleteFlowInput!) { deleteFlow(input: $i) { deletedId } }", i={"id": nobody})
    assert error["extensions"]["code"] == "NOT_FOUND"


def test_a_missing_token_is_an_error_of_the_field_alone(visitor):
    answer = visitor.post("{ connectors(first: 1) { totalCount } flow(id: \"flow_01h455vb4pex5vsknk084sn02q\") { id } }")
    assert answer.status_code == 200
    assert answer.json()["data"]["flow"] is None and answer.json()["data"]["connectors"]["totalCount"] > 0
    assert first_error(answer)["extensions"]["code"] == "UNAUTHENTICATED" and first_error(answer)["path"] == ["flow"]


@pytest.mark.parametrize("authorization", [
    "Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer " + "x" * 7_000,
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "Bearer ..", "nonsense",
])
def test_a_garbage_token_is_refused_whatever_is_asked(visitor, authorization):
    answer = visitor.post(QUERY, headers={"Authorization": authorization})
    assert answer.status_code == 401 and "Bearer" in answer.headers["WWW-Authenticate"]
    assert first_error(answer)["extensions"]["code"] == "UNAUTHENTICATED" and "data" not in answer.json()


def test_a_token_with_one_letter_changed_is_refused(client):
    head, claims, signature = client.token.split(".")
    for changed in ([head, claims, flip(signature)], [head, flip(claims), signature], [flip(head), claims, signature]):
        answer = client.post(QUERY, headers={"Authorization": "Bearer " + ".".join(changed)})
        assert answer.status_code == 401, changed


def flip(text):
    middle = len(text) // 2
    return text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]


def test_a_token_of_another_studio_is_refused(client, house, known_secrets):
    stranger = StudioClient(house.start(), known_secrets)
    stranger.register()
    answer = client.post(QUERY, headers={"Authorization": f"Bearer {stranger.token}"})
    assert answer.status_code == 401 and first_error(answer)["extensions"]["code"] == "UNAUTHENTICATED"


def test_an_expired_token_is_refused_and_a_refresh_helps(house, known_secrets):
    client = StudioClient(house.start(TOKENS_ACCESS_SECONDS=1), known_secrets)
    client.register()
    end = time.monotonic() + 10
    while (answer := client.post("{ viewer { role } }")).status_code == 200:
        assert time.monotonic() < end, "the token does not expire"
        time.sleep(0.1)
    assert answer.status_code == 401 and first_error(answer)["extensions"]["code"] == "UNAUTHENTICATED"
    assert "expired" in first_error(answer)["message"]
    client.token = None
    client.refresh()
    assert client.execute("{ viewer { role } }") == {"viewer": {"role": "OWNER"}}


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_of_twenty_megabytes_is_refused(visitor, is_chunked):
    size = 20 * 1024 * 1024
    headers = ["POST /graphql HTTP/1.1", "Host: studio.test", "Content-Type: application/json"]
    headers.append("Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {size}")
    piece = b" " * 65_536
    with RawHTTP(visitor.server) as raw:
        raw.send("\r\n".join(headers).encode() + b"\r\n\r\n")
        try:
            for _ in range(size // len(piece)):
                raw.send(b"10000\r\n" + piece + b"\r\n" if is_chunked else piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server need not read it all
        answer = raw.answer()
    assert answer is not None, "the connection was closed without an answer"
    assert answer.status == 413 and "1048576 bytes" in answer.json()["errors"][0]["message"]


def test_a_client_that_waits_for_continue_is_refused_before_it_sends(visitor):
    with RawHTTP(visitor.server) as raw:
        raw.request(b"", "Content-Type: application/json", "Expect: 100-continue", length=20 * 1024 * 1024)
        answer = raw.answer()
    assert answer.status == 413


def test_a_body_just_under_the_bound_is_served(visitor):
    query = QUERY + " " * (1_048_576 - 64)
    assert visitor.post(query).json() == {"data": {"__typename": "Query"}}


def test_duplicate_headers_do_no_harm(visitor):
    body = json.dumps({"query": QUERY}).encode()
    with RawHTTP(visitor.server) as raw:
        raw.request(body, "Content-Type: application/json", "Accept: text/html", f"Accept: {JSON}", "X-A: 1", "X-A: 2")
        assert raw.answer().json() == {"data": {"__typename": "Query"}}


def test_two_authorizations_are_not_mixed(client):
    body = json.dumps({"query": QUERY}).encode()
    with RawHTTP(client.server) as raw:
        raw.request(
            body, "Content-Type: application/json", "Authorization: Bearer nonsense",
            f"Authorization: Bearer {client.token}")
        assert raw.answer().status in (400, 401)


def test_huge_headers_are_refused(visitor):
    with RawHTTP(visitor.server) as raw:
        try:
            raw.request(b"{}", "Content-Type: application/json", "X-Huge: " + "x" * 1_000_000)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = raw.answer()
    assert answer is None or answer.status in (400, 431)


def test_nonsense_instead_of_http_is_refused(visitor):
    for nonsense in (b"\x16\x03\x01\x02\x00\x01\x00", b"HELLO\r\n\r\n", b"GET\r\n\r\n", b"\x00" * 1000 + b"\r\n\r\n"):
        with RawHTTP(visitor.server) as raw:
            raw.send(nonsense)
            answer = raw.answer()
        assert answer is None or answer.status == 400


def test_conflicting_lengths_are_refused(visitor):
    body = json.dumps({"query": QUERY}).encode()
    with RawHTTP(visitor.server) as raw:
        raw.request(body, "Content-Type: application/json", "Content-Length: 5")
        answer = raw.answer()
    assert answer is None or answer.status == 400


def test_pipelined_requests_are_answered_in_order(visitor):
    requests_sent = b""
    for number in range(1, 6):
        body = json.dumps({"query": "{ r%d: __typename }" % number}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        requests_sent += head.encode() + body
    with RawHTTP(visitor.server) as raw:
        raw.send(requests_sent)
        answers = [raw.answer().json()["data"] for _ in range(5)]
    assert answers == [{f"r{number}": "Query"} for number in range(1, 6)]


def test_a_connection_is_kept_after_an_error(visitor):
    with RawHTTP(visitor.server) as raw:
        for body, status in ((b"{", 400), (json.dumps({"query": QUERY}).encode(), 200)):
            raw.request(body, "Content-Type: application/json")
            assert raw.answer().status == status


def test_a_slow_client_holds_nobody_up_and_is_let_go(house, known_secrets):
    visitor = StudioClient(house.start(HTTP_IDLE_TIMEOUT_SECONDS=1, HTTP_REQUEST_TIMEOUT_MILLISECONDS=1000), known_secrets)
    slow = [RawHTTP(visitor.server) for _ in range(50)]
    for number, raw in enumerate(slow):
        head = b"POST /graphql HTTP/1.1\r\nHost: studio.test\r\nContent-Type: application/json\r\n"
        raw.send(head if number % 2 else head + b'Content-Length: 100\r\n\r\n{"query":')
    visitor.assert_served()
    for raw in slow:
        raw.socket.settimeout(10)
        answer = raw.answer()
        assert answer is None or answer.status in (400, 408)
        raw.socket.close()
    visitor.assert_served()


def test_an_idle_connection_is_closed(house, known_secrets):
    visitor = StudioClient(house.start(HTTP_IDLE_TIMEOUT_SECONDS=1), known_secrets)
    body = json.dumps({"query": QUERY}).encode()
    for path in ("Content-Type: application/json", "Content-Type: application/json; charset=utf-8"):
        with RawHTTP(visitor.server) as raw:
            raw.request(body, path)
            assert raw.answer().status == 200
            assert raw.is_closed()


def test_a_client_that_leaves_in_the_middle_does_no_harm(visitor):
    for _ in range(20):
        with RawHTTP(visitor.server) as raw:
            raw.send(b"POST /graphql HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{")


def test_other_paths_are_served_or_not_found(visitor):
    url = visitor.server.url
    assert requests.get(url + "/no-such-path", timeout=10).status_code == 404
    assert requests.get(url + "/playground/../schema.graphql", timeout=10).status_code == 404
    assert requests.get(url + "/playground/%2e%2e/%2e%2e/etc/passwd", timeout=10).status_code == 404
    assert requests.get(url + "/health/live", timeout=10).text == "live\n"
    keys = requests.get(url + "/.well-known/jwks.json", timeout=10).json()["keys"]
    assert keys and all(key["kty"] == "RSA" and "d" not in key for key in keys)
    root = requests.get(url + "/", allow_redirects=False, timeout=10)
    assert root.status_code == 303 and root.headers["Location"] == "/playground"
