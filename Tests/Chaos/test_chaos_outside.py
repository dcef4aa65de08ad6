"""What is told to others and asked of them: every delivery is made and every token renewed, whatever dies at whatever
moment."""

import time
from collections import Counter

import pytest
import requests
from chaos_points import MOMENTS
from chaos_world import PATIENCE_SECONDS, SURELY, Arena
from studio_client import chain, trigger
from test_webhooks import REDELIVER, SHOW, TEST, create
from tracker_service import call, connect, settings, sign_in, tracker

FIXTURES = (settings, tracker)

# The statements of a delivery, and of a renewal of tokens, that change something.
DELIVERY_POINTS = ("claim_deliveries:1", "record_delivery:1", "record_delivery:2")
TEST_POINTS = ("insert_test_delivery",)
REFRESH_POINTS = ("take_integration_refresh", "store_refreshed_integration")
REFUSED_POINTS = ("give_integration_refresh_back",)


def deliveries(arena, webhook):
    return arena.client.execute(SHOW, id=webhook)["webhook"]["deliveries"]["nodes"]


def wait_until_delivered(arena, webhook):
    end = time.monotonic() + PATIENCE_SECONDS
    while {entry["status"] for entry in deliveries(arena, webhook)} - {"DELIVERED"}:
        # The lease of a delivery is a minute; the test ends it.
        arena.sql("UPDATE webhook_deliveries SET due_at = now() WHERE status = 'sending'")
        assert time.monotonic() < end, deliveries(arena, webhook)
        time.sleep(0.1)


def test_a_worker_dies_while_it_delivers(house, known_secrets, world, tell):
    arena = Arena(house, known_secrets, world)
    webhook, _ = create(arena.client, known_secrets, world.url + "/told", "EXECUTION_SUCCEEDED")
    arena.start(2)
    first = arena.worker()
    arena.wait_until_over()
    world.wait_for("/told", 2)
    wait_until_delivered(arena, webhook)
    first.stop()
    deaths, wanted = 0, 2
    for point in DELIVERY_POINTS:
        for moment in MOMENTS:
            # Told that they are made again: two are due when the victim begins.
            for entry in deliveries(arena, webhook):
                arena.client.execute(REDELIVER, id=entry["id"])
            wanted += 2
            victim = arena.worker(STUDIO_CRASH_POINT=f"{moment}:{point}")
            deaths += victim.has_died(SURELY)
            victim.stop()
            rescuer = arena.worker()
            wait_until_delivered(arena, webhook)
            rescuer.stop()
    made = Counter(seen.headers["webhook-id"] for seen in world.requests("/told"))
    runs = {seen.headers["webhook-id"]: seen.json()["data"]["id"] for seen in world.requests("/told")}
    assert sorted(runs.values()) == sorted(arena.acknowledged), "a delivery has one id, whoever makes it"
    assert all(count >= wanted // 2 for count in made.values()), "a delivery was told and not made"
    assert deaths == len(DELIVERY_POINTS) * len(MOMENTS)
    tell(f"{deaths} deaths, {wanted} deliveries wanted, {sum(made.values())} made; {arena.assert_all_is_well()}")
    arena.close()


def test_a_server_dies_while_it_tries_a_webhook(house, known_secrets, world):
    arena = Arena(house, known_secrets, world)
    webhook, _ = create(arena.client, known_secrets, world.url + "/told", "FLOW_DELETED")
    for label in TEST_POINTS:
        for moment in MOMENTS:
            victim = house.start(arena.database, WORKER_ENABLED="false", STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            victim.is_over = True
            with pytest.raises(requests.exceptions.ConnectionError):
                arena.client.at(victim).execute(TEST, id=webhook)
            victim.process.wait(10)
    arena.client.execute(TEST, id=webhook)
    stored = len(deliveries(arena, webhook))
    arena.worker()
    wait_until_delivered(arena, webhook)
    assert len({seen.headers["webhook-id"] for seen in world.requests("/told")}) == stored >= 1
    arena.close()


def account(house, known_secrets, world, settings, tracker):
    """An arena with a flow that calls a service, whose token has run out."""
    arena = Arena(house, known_secrets, world, **settings)
    arena.integration = connect(arena.client, {})
    sign_in(arena.client, tracker, arena.integration)
    arena.calling = arena.client.create_flow(*chain(trigger(), call("call", arena.integration, "get_me")))
    return arena


def die_and_finish(arena, settings, point, *, seconds=10):
    victim = arena.worker(**settings, STUDIO_CRASH_POINT=point)
    assert victim.has_died(seconds), f"{point} was not reached"
    # The right to renew is over after half a minute; the test ends it.
    arena.sql("UPDATE integrations SET refresh_until = now() WHERE refresh_until IS NOT NULL")
    rescuer = arena.worker(**settings)
    arena.wait_until_over()
    rescuer.stop()


def end_of(arena, run):
    log = arena.client.log(run)
    return log["status"], (log["error"] or {}).get("code")


def test_a_worker_dies_while_it_renews_a_token(house, known_secrets, world, settings, tracker, tell):
    arena = account(house, known_secrets, world, settings, tracker)
    issue, issued, runs = tracker.issue, [tracker.valid_refresh], []

    def lasting():
        """What was given may be given again: the service knows that answers are lost."""
        given, made = tracker.valid_refresh, issue()
        issued.append(tracker.valid_refresh)
        tracker.valid_refresh = given
        return made

    tracker.issue = lasting
    for label in REFRESH_POINTS:
        for moment in MOMENTS:
            tracker.valid_token, tracker.valid_refresh = "nobody has this", issued[-1]
            asked = len(tracker.refreshes)
            runs += [arena.client.start(arena.calling) for _ in range(3)]
            die_and_finish(arena, settings, f"{moment}:{label}:1")
            # The service is asked twice only when what it had said was lost.
            lost = (label, moment) == ("store_refreshed_integration", "before")
            assert len(tracker.refreshes) - asked == (2 if lost else 1), f"{moment}:{label}"
    assert [end_of(arena, run) for run in runs] == [("SUCCESS", None)] * len(runs)
    tell(f"{len(REFRESH_POINTS) * len(MOMENTS)} deaths, {len(runs)} runs with an expired token")
    arena.close()


def test_a_service_that_takes_a_token_once_has_its_account_connected_again(house, known_secrets, world, settings, tracker):
    """What it had said was lost with the worker: nobody can know the new token, and the run says so."""
    arena = account(house, known_secrets, world, settings, tracker)
    run = arena.client.start(arena.calling)
    die_and_finish(arena, settings, "before:store_refreshed_integration:1")
    assert end_of(arena, run) == ("FAILURE", "AUTHENTICATION")
    sign_in(arena.client, tracker, arena.integration)
    again = arena.client.start(arena.calling)
    arena.worker(**settings)
    arena.wait_until_over()
    assert end_of(arena, again) == ("SUCCESS", None)
    arena.close()


def test_a_worker_dies_when_a_token_is_refused(house, known_secrets, world, settings, tracker):
    arena = account(house, known_secrets, world, settings, tracker)
    query = "query One($id: ID!) { integration(id: $id) { attention } }"
    for label in REFUSED_POINTS:
        for moment in MOMENTS:
            tracker.refuses_refresh = True
            run = arena.client.start(arena.calling)
            die_and_finish(arena, settings, f"{moment}:{label}:1")
            assert end_of(arena, run) == ("FAILURE", "AUTHENTICATION")
            shown = arena.client.execute(query, id=arena.integration)["integration"]
            assert shown["attention"] == "The grant was withdrawn"
            tracker.refuses_refresh = False
            sign_in(arena.client, tracker, arena.integration)
    arena.close()
