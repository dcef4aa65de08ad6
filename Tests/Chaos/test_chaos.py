"""No acknowledged run is lost and none is stuck, whatever dies at whatever moment.

`CHAOS_RUNS=2000 pytest Tests/Chaos` takes as long as one likes; without it the suite is short. Counts are printed (-s).
"""

import os
import signal
import subprocess
import threading
import time

import pytest
import requests
from chaos_world import Arena, recorded
from local_world import LocalWorld
from private_postgres import PrivatePostgres
from studio_client import EXECUTE, StudioClient, chain, http, trigger

RUNS = int(os.environ.get("CHAOS_RUNS", "200"))


MOMENTS = ("before", "after")
# Every statement by which a worker changes something, and by which a server accepts a run: a process dies before
# and after each. `test_the_points_are_all_there_are` finds new ones.
WORKER_POINTS = (
    "adopt_runs", "begin", "claim_deliveries", "claim_polls", "claim_runs", "commit", "commit_run", "commit_runs",
    "free_call_slots", "give_call_slots", "give_run_slots", "heal_run_slots", "lock_places", "lock_stream", "move_events", "notify",
    "prune_deliveries", "prune_fires", "prune_flow_events", "prune_idempotency_keys", "prune_received", "reap_runs",
    "renew_lease", "take_call_slots", "take_fire", "take_run_slots", "use_signals")
ACCEPTING_POINTS = (
    "answer_idempotency_key", "begin", "commit", "enqueue_run", "insert_audit_event", "notify", "release_savepoint",
    "savepoint", "take_idempotency_key")
# The same when the flow as it stands has no version yet.
FIRST_RUN_POINTS = ("commit", "enqueue_run", "insert_version")
# What a worker does from time to time only, whatever it works for.
UPKEEP = {"prune_idempotency_keys"}


@pytest.fixture
def arena(house, known_secrets, world):
    arena = Arena(house, known_secrets, world)
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def battlefield(shared_house, known_secrets):
    """One for all points: what a dead process leaves behind, the next one finds."""
    world = LocalWorld()
    arena = Arena(shared_house, known_secrets, world)
    arena.deaths = 0
    yield arena
    arena.close()
    world.close()


def test_the_points_are_all_there_are(house, arena, tmp_path):
    worker = arena.worker(STUDIO_CRASH_RECORD=tmp_path / "worker")
    arena.start(8)
    arena.start(1, arena.slow_flow)
    arena.start(3, arena.limited_flow)
    arena.start(2, arena.single_flow)
    arena.wait_until_over()
    worker.stop()
    server = house.start(arena.database, WORKER_ENABLED="false", STUDIO_CRASH_RECORD=tmp_path / "server")
    accept(arena.client.at(server), arena, "point")
    server.stop()
    assert recorded(tmp_path / "worker") <= set(WORKER_POINTS)
    assert recorded(tmp_path / "server") <= set(ACCEPTING_POINTS) | UPKEEP


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", WORKER_POINTS)
def test_a_worker_dies(battlefield, label, moment):
    # A later occurrence too: the first claim or commit of a process is not like those that follow.
    for number in (1, 2):
        victim = battlefield.worker(STUDIO_CRASH_POINT=f"{moment}:{label}:{number}")
        battlefield.start(max(1, RUNS // 2 // (4 * len(WORKER_POINTS))))
        battlefield.start(1, battlefield.slow_flow)
        battlefield.start(2, battlefield.limited_flow)
        if "run_slots" in label:
            battlefield.start(2, battlefield.single_flow)
        has_died = victim.has_died(1.5)
        victim.stop()
        battlefield.deaths += has_died
        battlefield.spare_the_unlucky()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", ACCEPTING_POINTS)
def test_a_server_dies_while_it_accepts(shared_house, battlefield, label, moment):
    key = f"{moment}:{label}"
    victim = shared_house.start(
        battlefield.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    try:
        battlefield.acknowledged.append(accept(battlefield.client.at(victim), battlefield, key))
    except requests.exceptions.ConnectionError:
        pass  # nothing was acknowledged
    # The client does what clients do: it asks again, elsewhere, with the same key.
    battlefield.acknowledged.append(accept(battlefield.client, battlefield, key))
    victim.is_over = True
    victim.process.kill()
    battlefield.deaths += victim.process.wait(10) == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", FIRST_RUN_POINTS)
def test_a_server_dies_while_it_stores_a_first_version(shared_house, battlefield, label, moment):
    flow = battlefield.client.create_flow(*chain(
        trigger(), http("effect", battlefield.world.url + "/effect/{{ run.id }}", method="POST")))
    victim = shared_house.start(
        battlefield.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    victim.is_over = True
    with pytest.raises(requests.exceptions.ConnectionError):
        battlefield.client.at(victim).start(flow)
    battlefield.deaths += victim.process.wait(10) == -signal.SIGKILL
    battlefield.start(1, flow)


def test_every_run_of_the_dead_has_ended(battlefield):
    rescuer = battlefield.worker()
    battlefield.wait_until_over()
    rescuer.stop()
    accepted = battlefield.sql("""SELECT count(*), count(DISTINCT input->>'key') FROM execution_logs
        WHERE input ? 'key'""").split("|")
    assert accepted[0] == accepted[1], "a run was accepted twice under one key"
    print(f"\n{battlefield.deaths} deaths: {battlefield.assert_all_is_well()}")
    assert battlefield.deaths >= len(WORKER_POINTS) + len(ACCEPTING_POINTS), "too few of the points were reached"


def accept(client, arena, key):
    given = {"flowId": arena.flow["id"], "input": {"key": key, "n": 1}, "idempotencyKey": key}
    return client.execute(EXECUTE, input=given)["executeFlow"]["execution"]["id"]


def test_one_of_two_workers_is_killed_under_load(arena):
    first, second = arena.worker(), arena.worker()
    starting = threading.Thread(target=arena.start, args=(RUNS // 4,))
    starting.start()
    arena.world.wait_for_any(RUNS // 20)
    first.kill()
    starting.join()
    arena.wait_until_over()
    second.stop()
    print(f"\n{arena.assert_all_is_well()}")


def test_a_worker_that_stalls_stores_nothing_afterwards(arena):
    stalled = arena.worker()
    arena.start(4)
    arena.world.wait_for_any(1)
    stalled.stall()
    arena.start(4)
    other = arena.worker()
    arena.wait_until_over()
    before = arena.sql("SELECT sum(last_sequence), sum(epoch), sum(step) FROM execution_logs")
    stalled.go_on()
    time.sleep(1.5)
    assert arena.sql("SELECT sum(last_sequence), sum(epoch), sum(step) FROM execution_logs") == before
    other.stop()
    print(f"\n{arena.assert_all_is_well()}")


def test_postgres_is_killed(house, known_secrets, world):
    postgres = PrivatePostgres().start()
    try:
        arena = Arena(house, known_secrets, world, postgres)
        arena.worker()
        arena.start(10)
        os.kill(postgres.server_pid(), signal.SIGKILL)
        postgres.kill_parent()
        start_again(postgres)
        started = 0
        end = time.monotonic() + 30
        while started < 10 and time.monotonic() < end:
            try:
                arena.start(1)
                started += 1
            except (AssertionError, requests.exceptions.RequestException):
                time.sleep(0.1)  # refused: nothing was acknowledged
        assert started == 10
        arena.wait_until_over()
        print(f"\n{arena.assert_all_is_well()}")
        arena.close()
    finally:
        house.close()
        postgres.remove()


def start_again(postgres):
    """The children of a killed postmaster take a moment to go, and keep the next one out until then."""
    end = time.monotonic() + 30
    while True:
        try:
            return postgres.start()
        except AssertionError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_connections_break_again_and_again(arena):
    arena.worker()
    starting = threading.Thread(target=start_stubbornly, args=(arena, RUNS // 8))
    starting.start()
    while starting.is_alive():
        arena.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()")
        time.sleep(0.1)
    starting.join()
    arena.wait_until_over()
    print(f"\n{arena.assert_all_is_well()}")


def start_stubbornly(arena, count):
    """What is refused was not accepted, or its client does not know: only what is told counts."""
    while len(arena.acknowledged) < count:
        try:
            arena.start(1)
        except AssertionError:
            time.sleep(0.02)


def test_the_database_does_not_answer_for_a_while(arena):
    """Every connection of the worker's pool waits for a lock; when it is gone all goes on."""
    arena.worker(DATABASE_POOL_SIZE="2")
    arena.start(6)
    locked = subprocess.Popen(
        ["psql", "-X", "-q", "-d", arena.database["DATABASE_URL"], "-c",
         "BEGIN; LOCK TABLE execution_logs IN SHARE MODE; SELECT pg_sleep(2.5); COMMIT"],
        stdout=subprocess.DEVNULL)
    locked.wait(20)
    arena.start(6)
    arena.wait_until_over()
    print(f"\n{arena.assert_all_is_well()}")


def test_the_clock_of_a_machine_jumps(arena, tmp_path):
    """A worker an hour ahead, then two behind: delays and leases are the database's matter."""
    clock = tmp_path / "clock"
    clock.write_text(str(3_600_000))
    arena.worker(STUDIO_CLOCK_FILE=clock)
    arena.start(5)
    arena.start(2, arena.slow_flow)
    arena.world.wait_for_any(3)
    clock.write_text(str(-7_200_000))
    arena.start(5)
    arena.start(2, arena.slow_flow)
    arena.wait_until_over(30)
    strange = arena.sql("""SELECT count(*) FROM run_events
        WHERE at NOT BETWEEN now() - interval '10 minutes' AND now() + interval '1 minute'""")
    assert strange == "0", "events have times of a wrong clock"
    print(f"\n{arena.assert_all_is_well()}")


def test_a_full_disk_refuses_files_and_nothing_else(house, known_secrets, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        house.allows_complaints = True
        server = house.start(FILES_FOLDER=str(folder))
        client = StudioClient(server, known_secrets)
        client.register()
        picture = b"\x89PNG\r\n\x1a\n" + bytes(1 << 20)
        answer = requests.post(
            server.url + "/graphql", timeout=20,
            headers={**client.headers(), "GraphQL-Require-Preflight": "1"},
            data={"operations": '{"query": "mutation ($f: Upload!) { setAvatar(file: $f) { user { id } } }", '
                                '"variables": {"f": null}}', "map": '{"0": ["variables.f"]}'},
            files={"0": ("a.png", picture, "image/png")})
        errors = answer.json()["errors"]
        assert errors[0]["extensions"]["code"] in ("UNAVAILABLE", "INTERNAL"), errors
        assert "ENOSPC" not in answer.text and str(folder) not in answer.text
        client.assert_served()
    finally:
        house.close()
        subprocess.run(["umount", folder], check=False)
