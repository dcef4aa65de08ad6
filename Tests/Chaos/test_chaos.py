"""No acknowledged run is lost and none is stuck: machines, connections, clocks and disks that fail.

`CHAOS_RUNS=2000` makes it longer; without it the suite is short.
"""

import os
import signal
import subprocess
import threading
import time

import pytest
import requests
from chaos_world import RUNS, Arena
from private_postgres import PrivatePostgres
from studio_client import StudioClient


def test_one_of_two_workers_is_killed_under_load(arena, tell):
    first, second = arena.worker(), arena.worker()
    starting = threading.Thread(target=arena.start, args=(RUNS // 4,))
    starting.start()
    arena.world.wait_for_any(RUNS // 20)
    first.kill()
    starting.join()
    arena.wait_until_over()
    second.stop()
    tell(arena.assert_all_is_well())


def test_a_worker_that_stalls_stores_nothing_afterwards(arena, tell):
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
    tell(arena.assert_all_is_well())


def test_postgres_is_killed(house, known_secrets, world, tell):
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
        tell(arena.assert_all_is_well())
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


def test_connections_break_again_and_again(arena, tell):
    arena.worker()
    starting = threading.Thread(target=start_stubbornly, args=(arena, RUNS // 8))
    starting.start()
    while starting.is_alive():
        arena.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()")
        time.sleep(0.1)
    starting.join()
    arena.wait_until_over()
    tell(arena.assert_all_is_well())


def start_stubbornly(arena, count):
    """What is refused was not accepted, or its client does not know: only what is told counts."""
    while len(arena.acknowledged) < count:
        try:
            arena.start(1)
        except AssertionError:
            time.sleep(0.02)


def test_the_database_does_not_answer_for_a_while(arena, tell):
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
    tell(arena.assert_all_is_well())


def test_the_clock_of_a_machine_jumps(arena, tmp_path, tell):
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
    tell(arena.assert_all_is_well())


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
