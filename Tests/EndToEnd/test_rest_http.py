"""What holds for every REST endpoint: problems, conditions, pages, methods, media types, limits."""

import gzip
import json

import pytest
import requests
from rest_client import PROBLEM, RESTClient
from test_rest import DOUBLE, api, flow, guest  # noqa: F401 (fixtures)

STRANGER = "https://evil.example.com"


def test_each_wrong_field_is_told(api):  # noqa: F811
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/flows", {
        "intention": 7, "status": "ASLEEP", "nodes": [{"key": "a", "title": 1, "kind": "TRIGGER"}], "colour": "red"})
    assert problem["errors"] == [
        {"detail": "There is no such member.", "pointer": "#/colour"},
        {"detail": "This is required.", "pointer": "#/name"},
    ]
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/flows", {
        "name": "A", "intention": 7, "status": "ASLEEP", "nodes": [{"key": "a", "title": 1, "kind": "TRIGGER"}]})
    assert [entry["pointer"] for entry in problem["errors"]] == ["#/intention", "#/status", "#/nodes/0/title"]
    assert problem["detail"] == "3 things are wrong with the request."
    # Bounds that the schema's types cannot say.
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/flows", {
        "name": "", "intention": "", "nodes": [{"key": "a", "title": "", "kind": "TRIGGER"}]})
    assert [entry["pointer"] for entry in problem["errors"]] == ["#/name", "#/intention", "#/nodes/0/title"]
    problem = api.refused(400, "BAD_USER_INPUT", "GET", "/flows?first=many&status=ASLEEP")
    assert [entry["parameter"] for entry in problem["errors"]] == ["first", "status"]
    problem = api.refused(400, "BAD_USER_INPUT", "GET", "/flows?first=101")
    assert problem["errors"] == [{"detail": "first must be 1 to 100.", "parameter": "first"}]


@pytest.mark.parametrize("query", ["limit=5", "first=1&first=2", "after=%", "first=", "status=", "after=x", "createdFrom=now"])
def test_a_wrong_query_is_refused(api, query):  # noqa: F811
    api.refused(400, "BAD_USER_INPUT", "GET", "/flows?" + query)


@pytest.mark.parametrize("body", ["[]", "null", "1", '"x"', "{", "", '{"a":1,"a":2}', "\x00"])
def test_a_wrong_body_is_refused(api, body):  # noqa: F811
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    answer = requests.post(api.server.url + "/api/v1/flows", data=body, headers=headers, timeout=20)
    assert answer.status_code == 400 and answer.headers["Content-Type"] == PROBLEM


def test_a_byte_order_mark_before_a_body_is_ignored(api):  # noqa: F811
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    body = b"\xef\xbb\xbf" + json.dumps(DOUBLE).encode()
    assert requests.post(api.server.url + "/api/v1/flows", data=body, headers=headers, timeout=20).status_code == 201


def test_a_graph_that_cannot_run_tells_its_problems(api):  # noqa: F811
    broken = {**DOUBLE, "connections": DOUBLE["connections"] + [{"from": "double", "to": "start"}]}
    problem = api.refused(400, "BAD_USER_INPUT", "POST", "/flows", broken)
    assert any(entry["code"] == "CYCLE" for entry in problem["problems"])


def test_who_is_not_signed_in_is_told_first(guest):  # noqa: F811
    answer = guest.send("POST", "/flows", {"nonsense": 1})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    guest.token = "nonsense"
    guest.refused(401, "UNAUTHENTICATED", "GET", "/flows")
    guest.refused(401, "UNAUTHENTICATED", "POST", "/auth/login", {})


def test_what_belongs_to_others_is_not_there(api, flow, studio, known_secrets):  # noqa: F811
    other = RESTClient(studio, known_secrets)
    other.register()
    for method, path, body in [
            ("GET", "", None), ("DELETE", "", None), ("GET", "/nodes", None), ("GET", "/history", None),
            ("POST", "/execute", {}), ("PUT", "", {"nodes": [], "connections": []})]:
        other.refused(404, "NOT_FOUND", method, f"/flows/{flow['id']}{path}", body)
    api.refused(400, "BAD_USER_INPUT", "GET", "/flows/nonsense")
    api.refused(400, "BAD_USER_INPUT", "GET", f"/logs/{flow['id']}")


def test_an_unchanged_version_is_not_sent_again(api, flow):  # noqa: F811
    path = f"/flows/{flow['id']}"
    first = api.send("GET", path)
    tag = first.headers["ETag"]
    assert tag.startswith('"1-') and first.headers["Cache-Control"] == "private, no-cache"
    for condition in (tag, f'"x", W/{tag}', "*"):
        again = api.send("GET", path, headers={"If-None-Match": condition})
        assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == tag
    api.expect(200, "PUT", f"{path}/nodes/{flow['nodes'][0]['id']}", {"title": "Begin"})
    changed = api.send("GET", path, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"].startswith('"2-')
    # Lists have versions too.
    page = api.send("GET", "/flows")
    assert api.send("GET", "/flows", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_a_version_of_somebody_else_is_refused(api, flow):  # noqa: F811
    path = f"/flows/{flow['id']}/nodes/{flow['nodes'][0]['id']}"
    tag = api.send("GET", f"/flows/{flow['id']}").headers["ETag"]
    api.expect(200, "PUT", path, {"title": "Begin"}, headers={"If-Match": tag})
    problem = api.refused(412, "CONFLICT", "PUT", path, {"title": "End"}, headers={"If-Match": tag})
    assert problem["errors"][0]["header"] == "If-Match" and "revision 2" in problem["detail"]
    for nonsense in ('"x"', "W/" + tag, '"0", "1"', "1", '"+2"', 'W/"2"', '"02", *'):
        api.refused(412, "CONFLICT", "PUT", path, {"title": "End"}, headers={"If-Match": nonsense})
    listed = api.send("PUT", path, {"title": "End"}, headers={"If-Match": f'"x", {tag}, W/"2", "2-abc", "9"'})
    assert listed.status_code == 200 and listed.json()["title"] == "End"
    api.refused(412, "CONFLICT", "PUT", path, {"title": "Again"}, headers={"If-Match": '"1", "2"'})
    api.expect(200, "PUT", path, {"title": "Any"}, headers={"If-Match": "*"})


def test_what_is_changed_is_in_the_audit_log(api):  # noqa: F811
    given = {"type": "http", "name": "Web", "credentials": {"baseUrl": "http://10.0.0.1/"}}
    made = api.expect(201, "POST", "/integrations", given)
    answer = api.send("POST", f"/integrations/{made['id']}/test", headers={"X-Request-Id": "my-own-1"})
    assert answer.status_code == 200 and answer.headers["X-Request-Id"] == "my-own-1"
    query = "{ auditLog(first: 2) { nodes { action objectId requestId } } }"
    log = requests.post(
        api.server.url + "/graphql", json={"query": query}, timeout=20,
        headers={"Authorization": f"Bearer {api.token}"}).json()["data"]["auditLog"]["nodes"]
    assert [entry["action"] for entry in log] == ["testIntegration", "createIntegration"]
    assert log[0]["objectId"] == made["id"] and log[0]["requestId"] == "my-own-1"


def test_a_repeated_request_with_one_key_is_executed_once(api):  # noqa: F811
    key = {"Idempotency-Key": '"once-and-only-once"'}
    first = api.expect(201, "POST", "/flows", DOUBLE, headers=key)
    assert api.expect(201, "POST", "/flows", DOUBLE, headers=key)["id"] == first["id"]
    problem = api.refused(409, "CONFLICT", "POST", "/flows", {**DOUBLE, "name": "Other"}, headers=key)
    assert problem["errors"][0]["header"] == "Idempotency-Key"
    api.refused(400, "BAD_USER_INPUT", "POST", "/flows", DOUBLE, headers={"Idempotency-Key": "x" * 256})
    assert len(api.expect(200, "GET", "/flows")["items"]) == 1


def test_pages_are_linked(api):  # noqa: F811
    for number in range(5):
        api.expect(201, "POST", "/flows", {**DOUBLE, "name": f"Flow {number}"})
    answer = api.send("GET", "/flows?status=ACTIVE&first=2&search=flow%20")
    names = [entry["name"] for entry in answer.json()["items"]]
    assert answer.links["first"]["url"] == "/api/v1/flows?status=ACTIVE&search=flow%20&first=2"
    while "next" in answer.links:
        answer = requests.get(
            api.server.url + answer.links["next"]["url"], headers={"Authorization": f"Bearer {api.token}"}, timeout=20)
        assert answer.status_code == 200
        names += [entry["name"] for entry in answer.json()["items"]]
    assert names == [f"Flow {number}" for number in (4, 3, 2, 1, 0)]
    # And back again.
    names = [entry["name"] for entry in answer.json()["items"]]
    while "prev" in answer.links:
        answer = requests.get(
            api.server.url + answer.links["prev"]["url"], headers={"Authorization": f"Bearer {api.token}"}, timeout=20)
        assert answer.status_code == 200
        names = [entry["name"] for entry in answer.json()["items"]] + names
    assert names == [f"Flow {number}" for number in (4, 3, 2, 1, 0)]
    ordered = api.expect(200, "GET", "/flows?last=2&orderBy=NAME&direction=ASC")["items"]
    assert [entry["name"] for entry in ordered] == ["Flow 3", "Flow 4"]
    problem = api.refused(400, "BAD_USER_INPUT", "GET", "/flows?last=2&first=2")
    assert problem["errors"][0]["parameter"] in ("first", "last")


def test_methods(api, flow):  # noqa: F811
    path = f"/flows/{flow['id']}"
    for method in ("PATCH", "POST", "TRACE"):
        answer = api.send(method, path)
        assert answer.status_code == 405 and answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    options = api.send("OPTIONS", path)
    assert options.status_code == 204 and options.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    got, head = api.send("GET", path), api.send("HEAD", path)
    assert head.status_code == 200 and head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"] and head.headers["Content-Length"]
    api.refused(404, "NOT_FOUND", "GET", "/nothing")
    api.refused(404, "NOT_FOUND", "GET", "/flows/")
    assert requests.get(api.server.url + "/api/v2/flows", timeout=20).status_code == 404


def test_media_types(api, flow):  # noqa: F811
    api.refused(406, "BAD_USER_INPUT", "GET", "/flows", headers={"Accept": "text/html"})
    api.expect(200, "GET", "/flows", headers={"Accept": "text/html, application/*;q=0.1"})
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x"):
        answer = requests.post(
            api.server.url + "/api/v1/flows", data=json.dumps(DOUBLE), timeout=20,
            headers={"Authorization": f"Bearer {api.token}", "Content-Type": kind})
        assert answer.status_code == 415 and answer.headers["Content-Type"] == PROBLEM
    headers = {
        "Authorization": f"Bearer {api.token}", "Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = requests.post(
        api.server.url + "/api/v1/flows", data=gzip.compress(json.dumps(DOUBLE).encode()), headers=headers, timeout=20)
    assert answer.status_code == 201


def test_large_answers_are_compressed(api):  # noqa: F811
    flow = api.expect(201, "POST", "/flows", {**DOUBLE, "intention": "To be tested. " * 100})  # noqa: F811
    plain = api.send("GET", f"/flows/{flow['id']}", headers={"Accept-Encoding": "identity"})
    packed = api.send("GET", f"/flows/{flow['id']}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain.json() and packed.headers["ETag"] != plain.headers["ETag"]
    again = api.send("GET", f"/flows/{flow['id']}", headers={"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_a_large_body_is_refused(api):  # noqa: F811
    answer = api.send("POST", "/flows", {"name": "x" * 1_100_000})
    assert answer.status_code == 413 and answer.headers["Content-Type"] == PROBLEM


def test_a_page_of_another_site_is_refused(api):  # noqa: F811
    api.refused(403, "FORBIDDEN", "GET", "/flows", headers={"Origin": STRANGER})
    api.refused(403, "FORBIDDEN", "POST", "/flows", DOUBLE, headers={"Sec-Fetch-Site": "cross-site"})


def test_rates_and_origins_are_those_of_graphql(shared_house, known_secrets):
    server = shared_house.start(
        RATE_LIMITS_ENABLED="true", RATE_LIMITS_ADDRESS_REQUESTS=3, HTTP_CORS_ORIGINS="https://app.example.com")
    guest = RESTClient(server, known_secrets)  # noqa: F811
    friend = {"Origin": "https://app.example.com", "Sec-Fetch-Site": "cross-site"}
    answer = guest.send("GET", "/flows", headers=friend)
    assert answer.status_code == 401 and answer.headers["X-RateLimit-Remaining"] == "2"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    for name in ("Location", "ETag", "Link"):
        assert name in answer.headers["Access-Control-Expose-Headers"]
    preflight = guest.send("OPTIONS", "/flows", headers={**friend, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 204 and preflight.headers["Access-Control-Allow-Methods"] == "POST"
    guest.send("GET", "/flows")
    guest.send("GET", "/flows")
    problem = guest.refused(429, "RATE_LIMITED", "GET", "/flows")
    assert "Try" in problem["detail"] or "try" in problem["detail"]
    assert int(guest.send("GET", "/flows").headers["Retry-After"]) > 0


def test_the_operations_run_whatever_documents_clients_may_send(shared_house, known_secrets, tmp_path):
    (tmp_path / "one.graphql").write_text("{ connectors { totalCount } }")
    server = shared_house.start(GRAPHQL_TRUSTED_DOCUMENTS=tmp_path, GRAPHQL_ONLY_TRUSTED_DOCUMENTS="true")
    guest = RESTClient(server, known_secrets)  # noqa: F811
    guest.register()
    assert guest.expect(200, "GET", "/flows")["items"] == []
