"""What an operation may be and cost, how long it may take, and how long its answer may be kept."""

import threading

import pytest
import requests
from studio_client import StudioClient, chain, trigger
from test_database import LockedFlows, wait_until
from test_http import QUERY, first_error

UPDATE = "mutation ($i: UpdateFlowInput!) { updateFlow(input: $i) { flow { name } } }"
CONNECTORS = "query ($n: Int) { connectors(first: $n) { nodes { type } } }"


def cost(client, query, variables=None):
    answer = client.post(query, variables, headers={"GraphQL-Cost": "report"})
    assert "errors" not in answer.json(), answer.text
    parts = dict(part.strip().split("=") for part in answer.headers["GraphQL-Cost"].split(","))
    return float(parts["fieldCost"]), float(parts["typeCost"])


@pytest.mark.parametrize("query, variables, expected", [
    (QUERY, None, (0, 0)),
    ("{ viewer { role } }", None, (1, 1)),
    # A connection of one, its list of twenty.
    ("{ flows { nodes { name } } }", None, (2, 21)),
    ("{ flows(first: 3) { nodes { name } } }", None, (2, 4)),
    ("{ flows(first: 3) { edges { node { name } } } }", None, (5, 7)),
    ("query ($n: Int = 4) { flows(first: $n) { nodes { name } } }", None, (2, 5)),
    ("query ($n: Int = 4) { flows(first: $n) { nodes { name } } }", {"n": 7}, (2, 8)),
    ('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {"ids": ["flow_01h455vb4pex5vsknk084sn02q"] * 5}, (1, 5)),
    ('{ nodes(ids: ["flow_01h455vb4pex5vsknk084sn02q"]) { id } }', None, (1, 1)),
    # The same field in two fragments is executed once.
    ("{ flows(first: 3) { ...A ...A nodes { id } } } fragment A on AutomationFlowConnection { nodes { name } }", None, (2, 4)),
    # Plain lists are taken to have ten.
    ("{ flows(first: 3) { nodes { nodes { key } } } }", None, (5, 34)),
    ("{ flows(first: 2) { nodes { executionLogs(first: 5) { nodes { nodeExecutions { id } } } } } }", None, (2 + 2 + 2 + 10, 3 + 2 + 10 + 100)),
])
def test_the_cost_is_told_to_who_asks(client, query, variables, expected):
    assert cost(client, query, variables) == expected


def test_nobody_else_is_told_the_cost(client):
    assert "GraphQL-Cost" not in client.post("{ viewer { role } }").headers


@pytest.mark.parametrize("query, variables, mention", [
    ("{ flows(first: 100) { nodes { executionLogs(first: 100) { nodes { nodeExecutions { id } } } } } }", None, "100"),
    ("query ($n: Int!) { flows(first: $n) { nodes { nodes { id } } } }", {"n": 2_000_000_000}, "cost"),
    (CONNECTORS, {"n": 1e300}, "cost"),
    ("{" + " ".join(f"a{n}: __typename b{n}: viewer {{ role }}" for n in range(101)) + "}", None, "aliases"),
    ("{ viewer { user { ...F } } } fragment F on User {" + " ".join(f"a{n}: id" for n in range(101)) + "}", None, "aliases"),
    ("{" + " ".join(f"a{n}: viewer {{ role }}" for n in range(201)) + "}", None, "fields in one selection set"),
    ("{ __schema { types {" + " ".join(f"a{n}: name" for n in range(101)) + "} } }", None, "aliases"),
    ("{" + " ".join(f'a{n}: __type(name: "Flow") {{ name }}' for n in range(101)) + "}", None, "aliases"),
])
def test_what_is_too_much_is_refused_before_anything_is_read(client, query, variables, mention):
    answer = client.post(query, variables)
    assert answer.status_code == 400 and "data" not in answer.json()
    error = first_error(answer)
    assert error["extensions"] == {"code": "TOO_EXPENSIVE"} and mention in error["message"], error
    assert error["message"].endswith("is the most.") and len(answer.content) < 500


def test_the_limits_are_settings(house, known_secrets):
    client = StudioClient(house.start(
        GRAPHQL_MAXIMUM_LEVELS=4, GRAPHQL_MAXIMUM_BREADTH=5, GRAPHQL_MAXIMUM_ALIASES=1, GRAPHQL_MAXIMUM_FIELD_COST=5,
        GRAPHQL_MAXIMUM_TYPE_COST=30), known_secrets)
    client.register()
    fine = ["{ flows { nodes { nodes { id } } } }".replace("flows", "flows(first: 1)"), "{ a: viewer { role } }",
            "{ viewer { role user { id name } } __typename }", "{ flows(first: 29) { nodes { id } } }"]
    for query in fine:
        assert client.post(query).status_code == 200, query
    much = {"{ flows(first: 1) { nodes { nodes { flow { id } } } } }": "levels deep",
            "{ viewer { user { id name email avatarUrl createdAt updatedAt } } }": "fields in one selection set",
            "{ a: viewer { role } b: viewer { role } }": "aliases",
            "{ flows(first: 5) { edges { node { id } } } }": "fields cost",
            "{ flows(first: 30) { nodes { id } } }": "objects cost"}
    for query, mention in much.items():
        answer = client.post(query)
        assert answer.status_code == 400 and mention in first_error(answer)["message"], query
    with client.socket() as socket:
        socket.subscribe("much", "{ flows(first: 30) { nodes { id } } }")
        assert socket.errors("much")[0]["extensions"]["code"] == "TOO_EXPENSIVE"


def test_introspection_is_not_counted(visitor):
    deep = "{ __schema { types { fields { type { " + "ofType { " * 7 + "name" + " }" * 7 + " } } } } }"
    assert visitor.post(deep).status_code == 200


@pytest.mark.parametrize("query, expected", [
    ("{ connectors(first: 1) { nodes { type name } totalCount pageInfo { hasNextPage } } }", "max-age=300, public"),
    ('{ connector(type: "slack") { name } __typename }', "max-age=300, public"),
    ("query ($n: Int) { connectors(first: $n) { edges { cursor node { type } } } }", "max-age=300, public"),
    (QUERY, "no-store"), ("{ __schema { queryType { name } } connectors { totalCount } }", "no-store"),
    ("{ connectors(first: 1) { totalCount } viewer { role } }", "no-store"),
    ("{ connectors(first: 1000) { totalCount } }", "no-store"), ("{", "no-store"),
    ("mutation { __typename }", "no-store"),
])
def test_an_answer_says_how_long_it_may_be_kept(visitor, query, expected):
    for answer in (visitor.post(query), requests.get(visitor.server.url + "/graphql", params={"query": query}, timeout=20)):
        assert answer.headers["Cache-Control"] == expected, answer.text


def test_an_answer_to_somebody_is_not_for_shared_caches(client):
    assert client.post("{ connectors { totalCount } }").headers["Cache-Control"] == "max-age=300, private"
    assert client.post("{ viewer { role } }").headers["Cache-Control"] == "no-store"


def test_a_request_that_takes_too_long_is_given_up_with_its_statement(house, known_secrets, postgres):
    database = house.migrated_database()
    client = StudioClient(house.start(database, HTTP_REQUEST_TIMEOUT_MILLISECONDS=1500), known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger()))
    given = {"i": {"id": flow["id"], "name": "Renamed"}}
    answers = []
    with LockedFlows(postgres, database["DATABASE_URL"]) as lock:
        asking = threading.Thread(target=lambda: answers.append(client.post(UPDATE, given)))
        asking.start()
        wait_until(lock.has_waiter, "the statement waits for the lock")
        asking.join(15)
        assert answers[0].status_code == 503 and answers[0].json()["data"] is None
        assert first_error(answers[0])["extensions"]["code"] == "TIMEOUT"
        # The statement's own deadline is thirty seconds away.
        wait_until(lambda: not lock.has_waiter(), "the statement is given up")
        client.assert_served()
    assert client.execute("query ($id: ID!) { flow(id: $id) { name } }", id=flow["id"]) == {"flow": {"name": "Test flow"}}
    assert client.post(UPDATE, given).json() == {"data": {"updateFlow": {"flow": {"name": "Renamed"}}}}
