"""How much a client may ask for: by address without signing in, by user with a token."""

import json
import time
from socket import create_connection

import pytest
import requests
from studio_client import StudioClient
from test_http import JSON, QUERY, first_error


def server(house, **settings):
    given = {"RATE_LIMITS_ADDRESS_REQUESTS": 5, "RATE_LIMITS_USER_REQUESTS": 8, **settings}
    return house.start(RATE_LIMITS_ENABLED="true", **given)


def ask(client, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(
        client.server.url + "/graphql", json=body or {"query": QUERY}, headers={**client.headers(), **named}, timeout=20)


def assert_refused(answer):
    assert answer.status_code == 429 and "data" not in answer.json()
    error = first_error(answer)
    wait = int(answer.headers["Retry-After"])
    assert wait > 0 and error["extensions"] == {"code": "RATE_LIMITED", "retryAfterSeconds": wait}
    assert answer.headers["X-RateLimit-Remaining"] == "0" and ";r=0;" in answer.headers["RateLimit"]


def test_an_address_is_told_what_is_left_and_refused_at_the_end(house, known_secrets):
    visitor = StudioClient(server(house), known_secrets)
    for left in (4, 3, 2, 1, 0):
        answer = ask(visitor)
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"address";q=5;w=60'
        assert answer.headers["RateLimit"].startswith(f'"address";r={left};t=')
        assert answer.headers["X-RateLimit-Limit"] == "5" and answer.headers["X-RateLimit-Remaining"] == str(left)
        assert 0 <= int(answer.headers["X-RateLimit-Reset"]) - time.time() <= 61 and "Retry-After" not in answer.headers
    assert_refused(ask(visitor))
    assert_refused(ask(visitor, Authorization="Bearer nonsense"))
    assert_refused(requests.get(visitor.server.url + "/graphql", params={"query": QUERY}, timeout=20))
    assert requests.get(visitor.server.url + "/health/ready", timeout=20).status_code == 200


def test_a_token_that_is_none_counts_for_its_address(house, known_secrets):
    visitor = StudioClient(server(house), known_secrets)
    for _ in range(5):
        assert ask(visitor, Authorization="Bearer nonsense").status_code == 401
    assert_refused(ask(visitor))


def test_a_user_has_a_count_of_their_own(house, known_secrets):
    studio = server(house)
    users = [StudioClient(studio, known_secrets) for _ in range(2)]
    for user in users:
        user.register()
    for user in users:
        for left in range(7, -1, -1):
            answer = ask(user)
            assert answer.status_code == 200 and answer.headers["RateLimit"].startswith(f'"user";r={left};')
            assert answer.headers["RateLimit-Policy"] == '"user";q=8;w=900'
        assert_refused(ask(user))


def test_a_batch_counts_each_of_its_executions(house, known_secrets):
    visitor = StudioClient(server(house), known_secrets)
    answer = ask(visitor, [{"query": QUERY}] * 4, Accept=JSON)
    assert answer.status_code == 200 and answer.headers["X-RateLimit-Remaining"] == "1"
    refused = ask(visitor, [{"query": QUERY}] * 2, Accept=JSON)
    assert refused.status_code == 429
    assert ask(visitor).status_code == 200
    assert_refused(ask(visitor))


def test_what_is_no_request_counts_as_one(house, known_secrets):
    studio = server(house)
    visitor = StudioClient(studio, known_secrets)
    url = studio.url + "/graphql"
    assert ask(visitor, {"query": 1}).status_code == 400
    assert ask(visitor, [{"query": QUERY}] * 11, Accept=JSON).status_code == 400
    assert requests.post(url, data="{", headers={"Content-Type": "application/json"}, timeout=20).status_code == 400
    assert requests.post(url, data="x", headers={"Content-Type": "text/plain"}, timeout=20).status_code == 415
    answer = requests.get(url, timeout=20)
    assert answer.status_code == 400 and answer.headers["X-RateLimit-Remaining"] == "0"
    assert_refused(ask(visitor, {"query": 1}))


def test_a_form_is_counted_before_it_is_received(house, known_secrets, tmp_path):
    client = StudioClient(server(house, FILES_FOLDER=tmp_path), known_secrets)
    client.register()

    def upload(operations):
        form = [("operations", (None, json.dumps(operations))), ("map", (None, "{}"))]
        return requests.post(
            client.server.url + "/graphql", files=form, timeout=20,
            headers={**client.headers(), "Accept": JSON, "GraphQL-Require-Preflight": "1"})

    for left, operations, status in [(7, {"query": QUERY}, 200), (5, [{"query": QUERY}] * 2, 200), (4, 1, 400)]:
        answer = upload(operations)
        assert answer.status_code == status and answer.headers["X-RateLimit-Remaining"] == str(left)
    for _ in range(4):
        assert ask(client).status_code == 200
    # A body that would never end: the answer comes before it is read.
    with create_connection(("127.0.0.1", client.server.port), timeout=20) as connection:
        connection.sendall((
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            f"Authorization: Bearer {client.token}\r\nGraphQL-Require-Preflight: 1\r\nContent-Length: 9000000\r\n\r\n"
        ).encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 429 ")


def test_a_socket_is_counted_too(house, known_secrets):
    client = StudioClient(server(house), known_secrets)
    client.register()
    with client.socket() as socket:
        for number in range(8):
            socket.subscribe(str(number), QUERY)
            assert socket.result(str(number)) == {"data": {"__typename": "Query"}}
        socket.subscribe("much", QUERY)
        assert socket.errors("much")[0]["extensions"]["code"] == "RATE_LIMITED"
    assert_refused(ask(client))
    visitor = StudioClient(client.server, known_secrets)
    with visitor.socket() as socket:
        # Registering was the first.
        for number in range(4):
            socket.subscribe(str(number), QUERY)
            assert socket.result(str(number)) == {"data": {"__typename": "Query"}}
        socket.subscribe("much", QUERY)
        assert socket.errors("much")[0]["extensions"]["code"] == "RATE_LIMITED"


def test_who_waits_as_long_as_told_may_ask_again(house, known_secrets):
    visitor = StudioClient(server(house, RATE_LIMITS_ADDRESS_REQUESTS=2, RATE_LIMITS_ADDRESS_SECONDS=1), known_secrets)
    answers = [ask(visitor) for _ in range(3)]
    end = time.monotonic() + 20
    while answers[-1].status_code == 200:
        assert time.monotonic() < end, "nothing is refused"
        answers.append(ask(visitor))
    assert_refused(answers[-1])
    time.sleep(int(answers[-1].headers["Retry-After"]))
    assert ask(visitor).status_code == 200


def test_a_proxy_that_is_trusted_tells_the_address(house, known_secrets):
    visitor = StudioClient(server(house, HTTP_TRUSTED_PROXIES="127.0.0.0/8,10.0.0.0/8"), known_secrets)
    for _ in range(5):
        assert ask(visitor, X_Forwarded_For="203.0.113.1").status_code == 200
    assert_refused(ask(visitor, X_Forwarded_For="203.0.113.1"))
    # What the client wrote itself stands before what the proxies added.
    assert_refused(ask(visitor, X_Forwarded_For="198.51.100.7, 203.0.113.1, 10.1.2.3"))
    assert ask(visitor, X_Forwarded_For="203.0.113.2").status_code == 200
    # An address of IPv6 is one household with its neighbours.
    for number in range(5):
        assert ask(visitor, X_Forwarded_For=f"2001:db8:1:2::{number}").status_code == 200
    assert_refused(ask(visitor, X_Forwarded_For="2001:db8:1:2:ffff::1"))
    assert ask(visitor, X_Forwarded_For="2001:db8:1:3::1").status_code == 200


def test_nobody_else_is_believed(house, known_secrets):
    visitor = StudioClient(server(house), known_secrets)
    for number in range(5):
        assert ask(visitor, X_Forwarded_For=f"203.0.113.{number}").status_code == 200
    assert_refused(ask(visitor, X_Forwarded_For="203.0.113.9"))


def test_the_limits_of_the_documents_are_the_default(house, known_secrets):
    visitor = StudioClient(house.start(RATE_LIMITS_ENABLED="true"), known_secrets)
    assert ask(visitor).headers["RateLimit-Policy"] == '"address";q=100;w=60'
    visitor.register()
    assert ask(visitor).headers["RateLimit-Policy"] == '"user";q=1000;w=900'


def test_without_limits_nothing_is_told(visitor):
    assert not [name for name in ask(visitor).headers if "ratelimit" in name.lower()]
