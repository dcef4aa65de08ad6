"""Batches over HTTP: lists of requests, lists of variables, both; answered as a list or as lines."""

import json

import pytest
import requests
from studio_client import CREATE_FLOW, StudioClient
from test_http import GRAPHQL, JSON, QUERY, first_error, kind

LINES = "application/jsonl"
COUNT = "query Count($n: Int!) { connectors(first: $n) { nodes { type } } }"


def send(client, body, accept=LINES, method="POST"):
    headers = {**client.headers(), "Accept": accept, "Content-Type": JSON}
    return requests.request(
        method, client.server.url + "/graphql", data=json.dumps(body), headers=headers, timeout=20)


def lines(answer):
    assert answer.status_code == 200 and kind(answer) == LINES, answer.text
    assert answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


def sizes(entries, key):
    return {entry[key]: len(entry["data"]["connectors"]["nodes"]) for entry in entries}


def test_one_document_runs_with_each_of_its_variables(visitor):
    entries = lines(send(visitor, {"query": COUNT, "variables": [{"n": n} for n in (3, 1, 2)]}))
    assert sizes(entries, "variableIndex") == {0: 3, 1: 1, 2: 2}
    assert all(list(entry)[0] == "variableIndex" and "requestIndex" not in entry for entry in entries)


def test_several_requests_run_in_one(visitor):
    entries = lines(send(visitor, [{"query": COUNT, "variables": {"n": 2}}, {"query": QUERY}, {"query": "{"}]))
    by_index = {entry["requestIndex"]: entry for entry in entries}
    assert len(by_index[0]["data"]["connectors"]["nodes"]) == 2 and "variableIndex" not in by_index[0]
    assert by_index[1]["data"] == {"__typename": "Query"}
    assert "data" not in by_index[2] and by_index[2]["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


def test_both_kinds_go_together(visitor):
    body = [{"query": COUNT, "variables": [{"n": 1}, {"n": 2}]}, {"query": QUERY}]
    found = {(entry["requestIndex"], entry.get("variableIndex")) for entry in lines(send(visitor, body))}
    assert found == {(0, 0), (0, 1), (1, None)}


@pytest.mark.parametrize("accept", [JSON, "*/*", f"{GRAPHQL}, {JSON};q=0.9", f"{LINES};q=0.5, {JSON}"])
def test_a_client_without_lines_gets_a_list_in_order(visitor, accept):
    answer = send(visitor, [{"query": COUNT, "variables": {"n": n}} for n in (3, 1, 2)], accept)
    assert answer.status_code == 200 and kind(answer) == JSON
    assert [len(entry["data"]["connectors"]["nodes"]) for entry in answer.json()] == [3, 1, 2]
    assert [entry["requestIndex"] for entry in answer.json()] == [0, 1, 2]


def test_a_client_that_takes_neither_is_told(visitor):
    answer = send(visitor, [{"query": QUERY}], GRAPHQL)
    assert answer.status_code == 406 and LINES in first_error(answer)["message"]


def test_an_entry_that_is_no_request_spoils_its_own_answer_alone(visitor):
    entries = send(visitor, [{"query": 1}, 7, {"query": QUERY}], JSON).json()
    assert [entry["errors"][0]["extensions"]["code"] for entry in entries[:2]] == ["BAD_USER_INPUT"] * 2
    assert entries[2]["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("body, message", [
    ([], "empty"), ({"query": QUERY, "variables": []}, "empty"), ([{"query": QUERY, "variables": []}], "empty"),
    ({"query": QUERY, "variables": [{}, 7]}, "list of objects"), ({"query": 1, "variables": [{}]}, "query"),
    ([{"query": QUERY}] * 11, "10 executions"), ({"query": QUERY, "variables": [{}] * 11}, "10 executions"),
    ([{"query": QUERY, "variables": [{}] * 5}, {"query": QUERY, "variables": [{}] * 6}], "10 executions"),
    ([{"query": QUERY, "variables": [{}] * 10}, {"query": QUERY}], "10 executions"),
    ([[{"query": QUERY}] * 100] * 100, "10 executions"),
])
def test_a_batch_has_bounds(visitor, body, message):
    answer = send(visitor, body, GRAPHQL)
    assert answer.status_code == 400 and message in first_error(answer)["message"]
    assert len(answer.content) < 500


def test_mutations_of_a_batch_run_in_their_order(client):
    given = [{"input": {"name": f"Batch {n}", "intention": "To be counted."}} for n in range(10)]
    entries = lines(send(client, {"query": CREATE_FLOW, "variables": given}))
    names = [entry["data"]["createFlow"]["flow"]["name"] for entry in entries]
    assert names == [f"Batch {n}" for n in range(10)]
    newest = client.execute("{ flows(first: 10) { nodes { name } } }")["flows"]["nodes"]
    assert [flow["name"] for flow in newest] == names[::-1]


def test_query_changes_nothing_in_a_batch_either(client):
    body = [{"query": QUERY}, {"query": 'mutation { logout(input: {refreshToken: "x"}) { wasSignedIn } }'}]
    entries = send(client, body, JSON, method="QUERY").json()
    assert entries[0]["data"] == {"__typename": "Query"} and "data" not in entries[1]
    assert entries[1]["errors"][0]["message"] == "Only queries may be sent with QUERY; use POST."


def test_a_batch_needs_one_good_token(visitor):
    body = [{"query": QUERY}, {"query": QUERY}]
    answer = requests.post(visitor.server.url + "/graphql", json=body, timeout=20, headers={
        "Authorization": "Bearer x", "Accept": JSON})
    assert answer.status_code == 401 and first_error(answer)["extensions"]["code"] == "UNAUTHENTICATED"


def test_batches_can_be_turned_off(house, known_secrets):
    visitor = StudioClient(house.start(GRAPHQL_MAXIMUM_BATCH=0), known_secrets)
    assert send(visitor, [{"query": QUERY}], JSON).status_code == 400
    assert send(visitor, {"query": QUERY}, JSON).status_code == 200
