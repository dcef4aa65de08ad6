"""What is forgotten, prepared and cleared away: none of it is left half done, whatever dies at whatever moment."""

import contextlib
import datetime
import os
import signal
import time

import pytest
import requests
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, SURELY, Arena, Worker
from studio_client import StudioClient, chain, trigger
from studio_process import run_studio
from test_retention import SET
from test_uploads import avatar, kept, png, send

PRUNING_POINTS = (
    "commit", "prune_audit_events", "prune_runs", "release_pruning_lease", "script", "take_pruning_lease")
PARTITION_POINTS = ("commit", "partitions_lock", "script")
STREAM_POINTS = ("begin_stream", "move_events")
FILE_POINTS = ("expect_file", "remove_file_removal", "set_avatar")
# A month that nobody keeps: the bounds are the milliseconds of its ends.
OLD_MONTH = """CREATE TABLE execution_logs_2020_01 PARTITION OF execution_logs
    FOR VALUES FROM ('016f5e66-e800-0000-0000-000000000000') TO ('016ffe0c-0c00-0000-0000-000000000000')"""


def prune(database, **more):
    return run_studio("prune", settings={**database, "RETENTION_RUN_DAYS": "1000", **more})


def test_a_process_dies_while_it_forgets(house, known_secrets, world, tell):
    arena = Arena(house, known_secrets, world)
    arena.client.execute(SET, input={"runCount": 2, "auditDays": 30})
    arena.worker()
    deaths = 0
    for label in PRUNING_POINTS:
        for moment in MOMENTS:
            arena.start(3)
            arena.wait_until_over()
            arena.sql(OLD_MONTH)
            died = prune(arena.database, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            deaths += died.returncode != 0
            # Whoever died had it for a minute; the test ends that.
            arena.sql("UPDATE upkeep_leases SET lease_until = now() - interval '1 second'")
            done = prune(arena.database)
            assert done.returncode == 0 and "Another process" not in done.stdout, done
            found = arena.sql("SELECT studio_type_id('exec', id) FROM execution_logs ORDER BY id").splitlines()
            assert found == arena.acknowledged[-2:], f"{moment}:{label}"
            for table in ("node_execution_logs", "execution_events"):
                assert arena.sql(f"""SELECT count(*) FROM {table} e WHERE NOT EXISTS (
                    SELECT 1 FROM execution_logs l WHERE l.id = e.execution_id)""") == "0", f"{moment}:{label}: {table}"
            assert arena.sql("SELECT to_regclass('execution_logs_2020_01') IS NULL") == "t", f"{moment}:{label}"
    assert deaths == len(PRUNING_POINTS) * len(MOMENTS)
    tell(f"{deaths} deaths, all but the two newest of {len(arena.acknowledged)} runs are forgotten, and the old months")
    arena.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_dies_while_it_makes_partitions(house, moment):
    database = house.migrated_database()
    Worker(database).stop()  # makes them all

    def partitions():
        return house.postgres.sql("""SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
            WHERE relkind = 'r' ORDER BY 1""", database["DATABASE_URL"])

    before = partitions()
    month = datetime.datetime.now(datetime.timezone.utc).strftime("%Y_%m")
    for label in PARTITION_POINTS:
        house.postgres.sql(
            f"DROP TABLE execution_logs_{month}, node_execution_logs_{month}", database["DATABASE_URL"])
        victim = Worker(database, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
        assert victim.has_died(SURELY), f"{label} was not reached"
        Worker(database).stop()
        assert partitions() == before, label


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", STREAM_POINTS)
def test_a_server_dies_with_the_first_events_of_an_organization(house, known_secrets, label, moment):
    house.allows_complaints = True
    database = house.migrated_database()

    def sql(statement):
        return house.postgres.sql(statement, database["DATABASE_URL"])

    victim = house.start(database, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
    victim.is_over = True
    client = StudioClient(victim, known_secrets)
    client.register()
    # When the flow is stored its event is on its way to the stream.
    with contextlib.suppress(requests.exceptions.ConnectionError):
        client.create_flow(*chain(trigger()))
    assert victim.process.wait(15) == -signal.SIGKILL, "the point was not reached"
    house.start(database)
    end = time.monotonic() + PATIENCE_SECONDS
    while sql("SELECT count(*) FROM event_outbox") != "0":
        assert time.monotonic() < end, "events wait for ever"
        time.sleep(0.05)
    assert sql("""SELECT s.last_number = sum(e.count) AND s.last_number = max(e.last_number) AND s.last_number > 0
        FROM organization_streams s JOIN organization_events e USING (organization_id) GROUP BY s.last_number""") == "t"


def test_a_server_dies_while_it_keeps_a_file(house, known_secrets, tmp_path):
    house.allows_complaints = True
    folder = tmp_path / "files"
    database = house.migrated_database()
    client = StudioClient(house.start(database, FILES_FOLDER=folder), known_secrets)
    client.register()
    avatar(client, send(client, png(10)))
    for label in FILE_POINTS:
        for moment in MOMENTS:
            # What the one before left must not be due while this one begins: it would die of that.
            house.postgres.sql("UPDATE file_removals SET due_at = now() + interval '1 hour'", database["DATABASE_URL"])
            victim = house.start(database, FILES_FOLDER=folder, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            victim.is_over = True
            with pytest.raises(requests.exceptions.ConnectionError):
                send(client.at(victim), png(10))
            victim.process.wait(10)
    # A server clears up when it begins: what was expected and never came after an hour, and what requests of dead
    # processes have left; the test ends that hour.
    house.postgres.sql("UPDATE file_removals SET due_at = now()", database["DATABASE_URL"])
    for path in kept(folder / "incoming"):
        os.utime(path, (0, 0))
    client = client.at(house.start(database, FILES_FOLDER=folder))
    url = avatar(client, send(client, png(10)))
    assert requests.get(url, timeout=10).status_code == 200
    assert house.postgres.sql("SELECT count(*) FROM file_removals", database["DATABASE_URL"]) == "0"
    assert len(kept(folder)) == 1, "a file is left that nobody knows"
