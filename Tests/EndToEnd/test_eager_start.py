"""A server that works itself has its own worker start what it accepts: nothing goes through the queue."""

import time

import requests
from studio_client import StudioClient, chain, transform, trigger

PUBLISH = "mutation ($id: ID!) { publishFlow(input: { id: $id }) { version { number } } }"
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { webhook { url } } } }"
PATIENCE_SECONDS = 15


def recorded(file):
    """The names of the statements by which the server has changed something."""
    return set(file.read_text().split()) if file.exists() else set()


def wait_for(file, name):
    end = time.monotonic() + PATIENCE_SECONDS
    while name not in recorded(file):
        assert time.monotonic() < end, recorded(file)
        time.sleep(0.02)


def test_what_a_server_accepts_its_worker_starts_without_a_claim(house, known_secrets, tmp_path):
    file = tmp_path / "recorded"
    client = StudioClient(house.start(STUDIO_CRASH_RECORD=file), known_secrets)
    # The last thing of a worker's first round; then it takes runs.
    wait_for(file, "adopt_runs")
    client.register()
    flow = client.create_flow(*chain(trigger(), transform("last", "6 * 7")))
    client.execute(PUBLISH, id=flow["id"])
    given = {"flowId": flow["id"], "webhook": {"signature": "NONE", "answer": "RESULT"}}
    url = client.execute(ADD, input=given)["addTrigger"]["trigger"]["webhook"]["url"]
    run = client.start(flow)
    assert client.finish(run)[-1]["result"] == 42
    answer = requests.post(client.server.url + "/hooks/" + url.rsplit("/", 1)[1], json={}, timeout=20)
    assert (answer.status_code, answer.json()) == (200, 42)
    names = recorded(file)
    assert {"enqueue_runs", "accept_deliveries"} <= names and names & {"commit_run", "commit_runs"}
    assert "claim_runs" not in names and "enqueue_run" not in names


def test_where_no_worker_is_runs_wait_in_the_queue(house, known_secrets, tmp_path):
    database = house.migrated_database()
    file = tmp_path / "recorded"
    accepting = house.start(database, WORKER_ENABLED="false", STUDIO_CRASH_RECORD=tmp_path / "accepting")
    client = StudioClient(accepting, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), transform("last", "6 * 7")))
    client.execute(PUBLISH, id=flow["id"])
    run = client.start(flow)
    house.start(database, STUDIO_CRASH_RECORD=file)
    assert client.finish(run)[-1]["result"] == 42
    assert "enqueue_runs" in recorded(tmp_path / "accepting") and "claim_runs" in recorded(file)
