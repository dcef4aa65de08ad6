"""Pages of other sites: CORS by configuration, and requests that a browser sends unasked."""

import pytest
import requests
from studio_client import StudioClient
from test_http import JSON, QUERY, first_error
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

FRIEND = "https://app.example.com"
STRANGER = "https://evil.example.com"


@pytest.fixture(scope="module")
def open_studio(shared_house, known_secrets):
    server = shared_house.start(HTTP_CORS_ORIGINS=f"{FRIEND}, http://localhost:5173")
    return StudioClient(server, known_secrets)


def get(client, path="/graphql", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(client.server.url + path, params={"query": QUERY}, headers=named, timeout=20)


def preflight(client, origin, method="POST", path="/graphql"):
    headers = {
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type"}
    return requests.options(client.server.url + path, headers=headers, timeout=20)


def test_a_browser_is_told_that_an_allowed_page_may_call(open_studio):
    answer = preflight(open_studio, FRIEND)
    assert answer.status_code == 204 and answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0 and "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert preflight(open_studio, FRIEND, "QUERY").headers["Access-Control-Allow-Methods"] == "QUERY"
    assert preflight(open_studio, FRIEND, path="/.well-known/jwks.json").status_code == 204


@pytest.mark.parametrize("origin", [STRANGER, "null", "https://app.example.com.evil.com", "http://app.example.com", FRIEND + ":8443"])
def test_a_browser_is_told_that_another_page_may_not(open_studio, origin):
    answer = preflight(open_studio, origin)
    assert answer.status_code == 403 and "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("body", [{"query": QUERY}, {"query": "{"}, []])
def test_an_allowed_page_may_read_answers_and_errors(open_studio, body):
    answer = requests.post(open_studio.server.url + "/graphql", json=body, headers={
        "Origin": FRIEND, "Sec-Fetch-Site": "cross-site"}, timeout=20)
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND and "Origin" in answer.headers["Vary"]
    assert "GraphQL-Cost" in answer.headers["Access-Control-Expose-Headers"]


def test_another_page_is_refused_whatever_it_sends(open_studio):
    for site in ({"Origin": STRANGER}, {"Origin": STRANGER, "Sec-Fetch-Site": "cross-site"}):
        for answer in (get(open_studio, **site), requests.post(
                open_studio.server.url + "/graphql", json={"query": QUERY}, headers=site, timeout=20)):
            assert answer.status_code == 403 and first_error(answer)["extensions"]["code"] == "FORBIDDEN"
            assert "data" not in answer.json() and "Access-Control-Allow-Origin" not in answer.headers


def opens(client, subprotocol="graphql-transport-ws", **headers):
    """Whether a page gets a socket; the status of the refusal if not."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with connect(client.server.socket_url, subprotocols=[subprotocol], proxy=None, additional_headers=named):
            return True
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.parametrize("subprotocol", ["graphql-transport-ws", "graphql-ws"])
def test_a_socket_is_for_the_pages_that_may_ask(open_studio, subprotocol):
    for site in ({"Origin": STRANGER}, {"Origin": "null"}, {"Origin": FRIEND + ":8443"},
                 {"Origin": STRANGER, "Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):
        assert opens(open_studio, subprotocol, **site) == 403, site
    for site in ({}, {"Origin": FRIEND}, {"Origin": FRIEND, "Sec_Fetch_Site": "cross-site"},
                 {"Origin": open_studio.server.url}, {"Origin": "http://studio.test"},
                 {"Origin": "https://elsewhere.example.com", "Sec_Fetch_Site": "same-origin"}):
        assert opens(open_studio, subprotocol, **site) is True, site


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_an_image_of_another_site_asks_nothing(visitor, site):
    answer = get(visitor, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="image")
    assert answer.status_code == 403


@pytest.mark.parametrize("content_type, status", [
    ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("text/plain; application/json", 415),
    # Files come as forms: those want the header that no page of another site can send unasked.
    ("multipart/form-data; boundary=x", 403)])
def test_a_form_of_another_site_asks_nothing(visitor, content_type, status):
    answer = requests.post(visitor.server.url + "/graphql", data='{"query": "{ __typename }"}', headers={
        "Content-Type": content_type}, timeout=20)
    assert answer.status_code == status


def test_ones_own_pages_and_plain_clients_ask_as_before(visitor):
    assert get(visitor).status_code == 200
    assert get(visitor, Origin=visitor.server.url).status_code == 200
    assert get(visitor, Origin="http://studio.test").status_code == 200
    assert get(visitor, Origin=visitor.server.url, Sec_Fetch_Site="same-origin").status_code == 200
    assert get(visitor, Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate").status_code == 200
    assert "Access-Control-Allow-Origin" not in get(visitor, Origin=visitor.server.url).headers


def test_every_origin_may_be_allowed(house, known_secrets):
    visitor = StudioClient(house.start(HTTP_CORS_ORIGINS="*"), known_secrets)
    assert preflight(visitor, STRANGER).headers["Access-Control-Allow-Origin"] == "*"
    answer = get(visitor, Origin=STRANGER, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert opens(visitor, Origin=STRANGER, Sec_Fetch_Site="cross-site") is True


def test_get_may_need_a_header_that_only_an_allowed_page_can_send(house, known_secrets):
    visitor = StudioClient(house.start(HTTP_REQUIRE_PREFLIGHT="true"), known_secrets)
    assert opens(visitor, Origin=visitor.server.url) is True
    refused = get(visitor)
    assert refused.status_code == 403 and "GraphQL-Require-Preflight" in first_error(refused)["message"]
    for name in ("GraphQL_Require_Preflight", "Apollo_Require_Preflight", "X_Apollo_Operation_Name"):
        assert get(visitor, **{name: "1"}).status_code == 200
    assert get(visitor, GraphQL_Require_Preflight="").status_code == 403
    visitor.assert_served()


def test_an_origin_that_is_none_stops_the_start(house):
    from studio_process import run_studio
    settings = {**house.migrated_database(), "HTTP_CORS_ORIGINS": "app.example.com"}
    result = run_studio("serve", settings=settings)
    assert result.returncode != 0 and "HTTP_CORS_ORIGINS" in result.stdout + result.stderr
