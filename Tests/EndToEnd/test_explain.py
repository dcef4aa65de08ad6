"""Operations that are explained: by `studio explain`, and over HTTP to owners and admins."""

import json
import subprocess

import pytest
from private_postgres import REPOSITORY
from studio_client import chain, transform, trigger
from studio_process import STUDIO, environment

QUERY = "query Flows($first: Int) { flows(first: $first) { nodes { name nodes { key } creator { name } } } }"
STATEMENTS = ["flow_page", "node_children", "user_by_id"]


@pytest.fixture
def explain(studio):
    """Runs `studio explain` on the server's database; the server itself is not asked."""

    def run(*arguments, stdin=""):
        return subprocess.run(
            [STUDIO, "explain", *arguments], cwd=REPOSITORY, env=environment(studio.settings), input=stdin,
            capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def owner(client):
    nodes, connections = chain(trigger(), transform("double", "input.value * 2"))
    client.create_flow(nodes, connections, name="Explained")
    return client


def names(explained):
    return [statement["name"] for step in explained["steps"] for call in step["calls"]
            for statement in call["statements"]]


def test_a_command_shows_plan_statements_rows_and_times(owner, explain, tmp_path):
    (tmp_path / "flows.graphql").write_text(QUERY)
    (tmp_path / "first.json").write_text('{"first": 5}')
    files = [str(tmp_path / "flows.graphql"), "--variables", str(tmp_path / "first.json")]
    result = explain(*files, "--user", owner.email)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "1 batch flows: AutomationFlowConnection!"
    assert "  2 batch flows.nodes: [AutomationFlow!]!" in lines
    assert "        leaves: key" in lines
    assert any(line.startswith("    flow_page: 1 rows, ") and line.endswith(" ms") for line in lines)
    assert any(line.strip().startswith("SELECT t.name") for line in lines)
    assert "      $1 uuid, $2 integer, $3 uuid" in lines
    assert lines[-1].startswith("3 levels, 3 statements, 4 rows, ")
    shown = explain(*files, "--user", owner.email, "--values")
    assert ", $2 6, $3 NULL" in shown.stdout


def test_a_command_gives_the_response_with_its_plan_as_json(owner, explain):
    organization = owner.execute("{ viewer { organization { id } } }")["viewer"]["organization"]["id"]
    result = explain("-", "--organization", organization, "--format", "json", stdin=QUERY)
    assert result.returncode == 0, result.stderr
    response = json.loads(result.stdout)
    assert response["data"]["flows"]["nodes"][0]["name"] == "Explained"
    explained = response["extensions"]["explain"]
    assert explained["statements"] == 3 and explained["levels"] == 3
    assert names(explained) == STATEMENTS


@pytest.mark.parametrize("arguments, stdin, status, complaint", [
    (["-", "--user", "OWNER"], "{ flows { nope } }", 2, 'Cannot query field "nope"'),
    (["-", "--user", "OWNER"], 'mutation { deleteFlow(input: {id: "x"}) { deletedId } }', 2, "Only queries"),
    (["-", "--user", "OWNER"], '{ flow(id: "x") { name } }', 1, "id must be an id"),
    (["-", "--user", "nobody@example.com"], "{ __typename }", 1, "There is no such member."),
    (["-", "--organization", "flow_x"], "{ __typename }", 1, "--organization must be"),
    (["-"], "{ __typename }", 2, "Name a --user or an --organization."),
    (["no-such-file.graphql", "--user", "OWNER"], "", 2, "cannot be read"),
])
def test_a_command_says_why_it_cannot(owner, explain, arguments, stdin, status, complaint):
    result = explain(*[owner.email if argument == "OWNER" else argument for argument in arguments], stdin=stdin)
    assert result.returncode == status, result.stderr
    assert complaint in result.stderr


@pytest.mark.parametrize("header, extensions", [("true", None), (None, {"explain": True})])
def test_an_owner_is_told_over_http(owner, header, extensions):
    import requests
    body = {"query": QUERY, "extensions": extensions} if extensions else {"query": QUERY}
    headers = {**owner.headers(), **({"Studio-Explain": header} if header else {})}
    answer = requests.post(owner.server.url + "/graphql", json=body, headers=headers, timeout=20)
    explained = answer.json()["extensions"]["explain"]
    assert names(explained) == STATEMENTS
    pages = explained["steps"][0]["calls"][0]["statements"]
    assert pages[0]["parameters"] == ["uuid", "integer", "uuid"] and pages[0]["rows"] == 1
    assert owner.email not in json.dumps(explained)
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_is_told(owner, visitor):
    answer = visitor.post("{ connectors(first: 1) { totalCount } }", headers={"Studio-Explain": "true"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN" and "data" not in answer.json()
    plain = owner.post(QUERY)
    assert "extensions" not in plain.json()
    ignored = owner.post(QUERY, headers={"Studio-Explain": "no"})
    assert "extensions" not in ignored.json()


def test_a_setting_decides_who_is_told(house, known_secrets):
    from studio_client import StudioClient
    everybody = StudioClient(house.start(GRAPHQL_EXPLAIN="everybody"), known_secrets)
    answer = everybody.post("{ connectors(first: 1) { totalCount } }", headers={"Studio-Explain": "true"})
    assert answer.json()["extensions"]["explain"]["statements"] == 0
    nobody = StudioClient(house.start(GRAPHQL_EXPLAIN="nobody"), known_secrets)
    nobody.register()
    answer = nobody.post(QUERY, headers={"Studio-Explain": "true"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
