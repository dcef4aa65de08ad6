"""The demo account: what `studio demo`, and so `scripts/start --demo`, makes."""

import re

from studio_client import StudioClient
from studio_process import run_studio

KINDS = {"TRIGGER", "ACTION", "FILTER", "TRANSFORM", "DECISION", "DELAY"}
CONTENT = """{
  integrations { totalCount }
  flows { nodes { name nodes { kind } executionLogs(first: 1) { totalCount nodes { nodeExecutions { status } } } } }
  success: executionLogs(filter: {status: [SUCCESS]}) { totalCount }
  failure: executionLogs(filter: {status: [FAILURE]}) { totalCount }
  cancelled: executionLogs(filter: {status: [CANCELLED]}) { totalCount }
}"""


def test_the_demo_account_has_integrations_three_flows_of_all_kinds_and_past_runs_of_every_end(house, known_secrets):
    database = house.migrated_database()
    made = run_studio("demo", settings=database)
    assert made.returncode == 0, made.stdout + made.stderr
    email, password = re.search(r"Sign in as (\S+) with the password (\S+)\.", made.stdout).groups()
    client = StudioClient(house.start(database), known_secrets)
    client.email, client.password = email, password
    client.login()
    content = client.execute(CONTENT)
    assert content["integrations"]["totalCount"] == 3
    assert len(content["flows"]["nodes"]) == 3
    for flow in content["flows"]["nodes"]:
        assert {node["kind"] for node in flow["nodes"]} == KINDS, flow["name"]
        assert flow["executionLogs"]["totalCount"] == 40
        assert flow["executionLogs"]["nodes"][0]["nodeExecutions"]
    ends = [content[status]["totalCount"] for status in ("success", "failure", "cancelled")]
    assert sum(ends) == 120 and min(ends) > 0


def test_a_second_demo_changes_nothing(house):
    database = house.migrated_database()
    first = run_studio("demo", settings=database)
    second = run_studio("demo", settings=database)
    assert first.returncode == second.returncode == 0, second.stdout + second.stderr
    assert "there already" in second.stdout
