"""The database goes away and comes back; the server stops while it is asked."""

import subprocess
import threading
import time

import pytest
import requests
from private_postgres import PrivatePostgres, die_with_parent, psql
from raw_http import RawHTTP
from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, http, transform, trigger

PATIENCE_SECONDS = 30


@pytest.fixture
def own_postgres():
    """A Postgres that the test may stop."""
    server = PrivatePostgres()
    try:
        yield server.start()
    finally:
        server.remove()


def is_ready(server):
    return requests.get(server.url + "/health/ready", timeout=10).status_code == 200


def wait_until(holds, what):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"not within {PATIENCE_SECONDS} seconds: {what}"
        time.sleep(0.1)


def test_a_database_that_goes_away_and_comes_back(house, own_postgres, known_secrets):
    house.allows_complaints = True
    server = house.start(house.migrated_database(own_postgres), DATABASE_WAIT_MILLISECONDS=1000)
    client = StudioClient(server, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 6_000), transform("after", "'awake'")))
    run = client.start(flow)
    with client.socket() as socket:
        socket.subscribe("run", WATCH, id=run)
        seen = []
        while not seen or seen[-1]["__typename"] != "ExecutionWaiting":
            seen.append(socket.next_of("run")["payload"]["data"]["executionUpdated"])
        own_postgres.stop()
        assert_unavailable(client, server)
        own_postgres.start()
        wait_until(lambda: is_ready(server), "the server is ready again")
        assert client.execute("query ($id: ID!) { flow(id: $id) { id } }", id=flow["id"])["flow"]["id"] == flow["id"]
        assert_run_ends(client, socket, run, seen)


def assert_unavailable(client, server):
    """Every request is answered, and says that it is the database."""
    for _ in range(3):
        answer = client.post("{ flows { totalCount } }")
        error = answer.json()["errors"][0]
        assert error["extensions"]["code"] == "UNAVAILABLE", error
        for detail in ("SELECT", "libpq", "socket", ".s.PGSQL", "host="):
            assert detail not in answer.text, answer.text
    assert client.post("{ __typename connectors(first: 1) { totalCount } }").status_code in (200, 503)
    assert requests.get(server.url + "/health/ready", timeout=10).status_code == 503
    assert requests.get(server.url + "/health/live", timeout=10).status_code == 200
    stranger = StudioClient(server, client.secrets)
    error = stranger.fail(
        "mutation ($i: LoginInput!) { login(input: $i) { expiresIn } }",
        i={"email": client.email, "password": client.password})
    assert error["extensions"]["code"] == "UNAVAILABLE", error


def assert_run_ends(client, socket, run, seen):
    """The open subscription goes on, or is told; either way nothing is lost."""
    while (message := socket.next_of("run"))["type"] == "next" and "errors" not in message["payload"]:
        seen.append(message["payload"]["data"]["executionUpdated"])
    if message["type"] != "complete":
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "UNAVAILABLE", errors
        seen += client.watch(socket, run, after=seen[-1]["cursor"], operation="again")
    assert_gapless(seen)
    assert seen[-1]["runStatus"] == "SUCCESS" and seen[-1]["result"] == "awake"


def test_connections_that_are_cut_are_made_again(house, own_postgres, known_secrets):
    house.allows_complaints = True
    server = house.start(house.migrated_database(own_postgres))
    client = StudioClient(server, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), transform("after", "1")))
    for _ in range(3):
        own_postgres.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname LIKE 'tests%'")
        wait_until(lambda: is_ready(server), "the server is ready again")
        wait_until(lambda: "errors" not in client.post("{ flows { totalCount } }").json(), "flows are listed")
        assert client.finish(client.start(flow))[-1]["runStatus"] == "SUCCESS"


def test_a_server_waits_for_no_database_at_its_stop(house, own_postgres, known_secrets):
    house.allows_complaints = True
    server = house.start(house.migrated_database(own_postgres))
    own_postgres.stop()
    assert server.stop() < 3


def test_stopping_answers_the_open_request_and_tells_the_open_socket(house, known_secrets, postgres):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 3_600_000)))
    run = client.start(flow)
    answers = []
    with client.socket() as socket, LockedFlows(postgres, database["DATABASE_URL"]) as lock:
        socket.subscribe("run", WATCH, id=run)
        socket.next_of("run")
        query = "mutation ($i: UpdateFlowInput!) { updateFlow(input: $i) { flow { name } } }"
        asking = threading.Thread(
            target=lambda: answers.append(client.post(query, {"i": {"id": flow["id"], "name": "Renamed"}})))
        asking.start()
        wait_until(lambda: lock.has_waiter(), "the request waits for the lock")
        stopping = threading.Thread(target=lambda: answers.append(server.stop()))
        stopping.start()
        assert socket.closed()[0] == 1001
        lock.release()
        asking.join(10)
        stopping.join(10)
    answer, seconds = answers
    assert answer.json() == {"data": {"updateFlow": {"flow": {"name": "Renamed"}}}}
    assert seconds < 2, f"stopping took {seconds:.1f} seconds"


class LockedFlows:
    """Holds the flows' rows in a session of its own, so that a change of one waits."""

    hold = "DO $$ BEGIN PERFORM 1 FROM automation_flows FOR UPDATE; PERFORM pg_sleep(60); END $$"

    def __init__(self, postgres, url):
        self._postgres, self._url = postgres, url
        self._session = subprocess.Popen(
            [psql(), "-X", "-q", "-d", url + " application_name=holder", "-c", self.hold], stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent)
        wait_until(lambda: self._count("application_name = 'holder' AND wait_event = 'PgSleep'"), "the rows are held")

    def has_waiter(self):
        return self._count("cardinality(pg_blocking_pids(pid)) > 0")

    def _count(self, condition):
        query = f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}"
        return int(self._postgres.sql(query, self._url)) > 0

    def release(self):
        end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'holder'"
        self._postgres.sql(end, self._url)
        self._session.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release()


def test_stopping_with_a_held_call_is_quick_and_the_run_goes_on_later(house, known_secrets, world):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    world.hold("/held")
    flow = client.create_flow(*chain(trigger(), http("fetch", world.url + "/held"), transform("after", "1")))
    run = client.start(flow)
    world.wait_for("/held")
    assert server.stop() < 2
    world.release("/held")
    again = client.at(house.start(database))
    assert again.finish(run)[-1]["runStatus"] == "SUCCESS"


def test_idle_connections_do_not_hold_the_server_up(house, known_secrets):
    server = house.start()
    client = StudioClient(server, known_secrets)
    with RawHTTP(server) as kept, RawHTTP(server) as silent:
        kept.request(b'{"query": "{ __typename }"}', "Content-Type: application/json")
        assert kept.answer().status == 200
        client.assert_served()
        assert server.stop() < 2
        assert kept.is_closed() and silent.is_closed()
