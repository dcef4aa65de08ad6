"""Triggers that ask their services: each thing starts one run, whatever the order and the pages, and nothing of the past."""

import time

import pytest
from feed_service import PATIENCE_SECONDS, FeedService, Follower, resources
from studio_client import StudioClient, chain, transform, trigger
from test_connectors import FINISH, START

SWITCH = "mutation S($id: ID!) { %sTrigger(input: { id: $id }) { trigger { integrationEvent { nextPollAt } } } }"
UPDATE = """mutation U($input: UpdateTriggerInput!) { updateTrigger(input: $input) { trigger {
  integrationEvent { intervalSeconds settings } } } }"""
PAUSE = "mutation P($id: ID!) { pauseFlow(input: { id: $id }) { flow { id } } }"
ACTIVATE = "mutation A($id: ID!) { activateFlow(input: { id: $id }) { flow { id } } }"
REPLAY = "mutation R($id: ID!) { replayDelivery(input: { id: $id }) { delivery { execution { id } } } }"
DELIVERIES = "query D($id: ID!) { flow(id: $id) { triggers { deliveries { nodes { id } } } } }"


@pytest.fixture
def service():
    service = FeedService()
    yield service
    service.close()


@pytest.fixture
def settings(tmp_path, service):
    return resources(tmp_path, service)


@pytest.fixture
def account(house, settings, known_secrets):
    client = StudioClient(house.start(**settings), known_secrets)
    client.register()
    return client


def make_flow(client):
    return client.create_flow(*chain(trigger(), transform("last", "input.event.id")), name="Follower")


def names(prefix, count):
    return [f"{prefix}{number}" for number in range(count)]


@pytest.mark.parametrize("key", ["ascending", "descending", "disordered", "newest"])
def test_what_is_new_starts_one_run_each_and_the_past_none(account, service, key):
    service.add("news", *names("old", 7), at=1000)
    follower = Follower(account, make_flow(account), key)
    assert follower.added["integrationEvent"]["mode"] == "POLL" and follower.added["integrationEvent"]["start"] == "NOW"
    follower.wait_for_poll()
    service.add("news", *names("new", 8))
    found = follower.wait_for_runs(8)
    follower.wait_for_poll(2)
    assert sorted(follower.texts()) == sorted(names("new", 8)) == sorted(found)
    if key != "disordered":
        assert found == names("new", 8), "the oldest come first"
    shown = follower.show()
    assert shown["triggers"][0]["lastFiredAt"]
    event = shown["triggers"][0]["integrationEvent"]
    assert (event["lastError"], event["failures"], event["isFailing"]) == (None, 0, False) and event["nextPollAt"]
    if key != "disordered":
        assert shown["executionLogs"]["nodes"][0]["input"] == {
            "integration": follower.integration, "connector": "tracker", "trigger": key, "name": None,
            "event": service.feeds["news"][-1]}
    # What was found can be received again, as what was sent.
    delivery = account.execute(DELIVERIES, id=follower.flow["id"])["flow"]["triggers"][0]["deliveries"]["nodes"][0]
    assert account.execute(REPLAY, id=delivery["id"])["replayDelivery"]["delivery"]["execution"]["id"]
    follower.wait_for_runs(9)


def test_all_pages_are_walked_through_where_nothing_tells_what_is_new(account, service):
    service.add("news", *names("old", 40), at=1000)
    follower = Follower(account, make_flow(account), "unordered")
    # The first walk takes three polls.
    follower.wait_for_poll(3)
    # Wherever it stands, here at the end, it is found; and each once, however often the pages are walked through.
    service.add("news", *names("new", 20))
    found = follower.wait_for_runs(20)
    follower.wait_for_poll(6)
    assert sorted(follower.texts()) == sorted(names("new", 20)) == sorted(found)


def test_a_change_is_an_event_of_its_own_and_the_same_time_is_no_gap(account, service):
    service.add("news", "a", at=1000)
    follower = Follower(account, make_flow(account), "ascending")
    follower.wait_for_poll()
    # At the very cursor: inclusive, and told apart by the key.
    service.add("news", *names("b", 10), at=1000)
    assert sorted(follower.wait_for_runs(10)) == names("b", 10)
    with service.lock:
        service.feeds["news"][0]["updated"] = 2000
    assert follower.wait_for_runs(11)[-1] == "a"
    follower.wait_for_poll(2)
    assert len(follower.texts()) == 11


@pytest.mark.parametrize("key", ["ascending", "descending"])
def test_a_poll_starts_no_more_than_it_may_and_the_rest_comes_with_the_next(account, service, key):
    follower = Follower(account, make_flow(account), key, maximumItems=3)
    follower.wait_for_poll()
    service.add("news", *names("n", 8))
    assert sorted(follower.wait_for_runs(8)) == sorted(names("n", 8))
    follower.wait_for_poll(2)
    assert len(follower.texts()) == 8


def test_what_is_there_already_counts_when_it_is_asked_for(account, service):
    service.add("news", *names("old", 5))
    follower = Follower(account, make_flow(account), "descending", start="BEGINNING")
    assert follower.wait_for_runs(5) == names("old", 5)


def test_a_refused_token_is_renewed_and_a_limit_is_respected(account, service, known_secrets):
    from urllib.parse import parse_qs, urlsplit

    made = Follower(account, make_flow(account), "ascending", credentials={})
    started = account.execute(START, input={"id": made.integration, "redirectUrl": "https://studio.test/back"})
    query = parse_qs(urlsplit(started["startIntegrationOAuth"]["authorizationUrl"]).query)
    service.verifier_challenge = query["code_challenge"][0]
    account.execute(FINISH, input={"state": started["startIntegrationOAuth"]["state"], "code": "good"})
    # The token has expired as soon as it is there, and is renewed before the first poll.
    made.wait(lambda shown: service.refreshes and shown["triggers"][0]["integrationEvent"]["lastError"] is None
              and shown["triggers"][0]["integrationEvent"]["lastPolledAt"])
    # The service forgets the token: the poll is refused, renews it and goes on.
    refreshes = len(service.refreshes)
    service.valid_token = "token-that-nobody-has"
    service.add("news", *names("n", 4))
    assert made.wait_for_runs(4) == names("n", 4) and len(service.refreshes) == refreshes + 1
    assert made.event()["lastError"] is None
    service.answers.append((429, {"error": {"message": "Too fast"}}, {"Retry-After": "4"}))
    shown = made.wait(lambda shown: shown["triggers"][0]["integrationEvent"]["lastError"])["triggers"][0]["integrationEvent"]
    assert shown["lastError"].startswith("RATE_LIMITED") and shown["failures"] == 0
    asked = len(service.seen)
    service.add("news", "after")
    time.sleep(2)
    assert len(service.seen) == asked, "the service was asked although it wanted to be left alone"
    assert made.wait_for_runs(5)[-1] == "after" and made.event()["lastError"] is None


def test_failures_are_shown_and_end(account, service):
    follower = Follower(account, make_flow(account), "ascending")
    follower.wait_for_poll()
    service.answers = [(500, {"error": {"message": "Out of order"}}, {})] * 2
    service.add("news", "n0")
    event = follower.wait(lambda shown: shown["triggers"][0]["integrationEvent"]["failures"] >= 2)["triggers"][0]["integrationEvent"]
    assert event["lastError"] == "UNAVAILABLE: Out of order" and not event["isFailing"]
    assert follower.wait_for_runs(1) == ["n0"]
    assert (follower.event()["failures"], follower.event()["lastError"]) == (0, None)


FAILING = """query F($id: ID!) { flow(id: $id) { failingTriggers { id integrationEvent { isFailing lastError } } }
  failing: flows(filter: { hasFailingTriggers: true }) { totalCount nodes { id } }
  others: flows(filter: { hasFailingTriggers: false }) { totalCount } }"""


def test_a_flow_shows_which_of_its_triggers_fail(account, service):
    client, flow = account, make_flow(account)
    make_flow(client)

    def shown():
        found = client.execute(FAILING, id=flow["id"])
        return found["flow"]["failingTriggers"], found["failing"], found["others"]["totalCount"]

    assert shown() == ([], {"totalCount": 0, "nodes": []}, 2)
    service.answers = [(500, {"error": {"message": "Out of order"}}, {})] * 500
    # Failures are further and further apart.
    follower = Follower(client, flow, "ascending")
    seconds = 1 + 2 + 4 + 8 + PATIENCE_SECONDS
    follower.wait(lambda now: now["triggers"][0]["integrationEvent"]["isFailing"], seconds)
    failing, list_of, others = shown()
    assert failing == [{"id": follower.added["id"], "integrationEvent": {"isFailing": True, "lastError": "UNAVAILABLE: Out of order"}}]
    assert list_of == {"totalCount": 1, "nodes": [{"id": flow["id"]}]} and others == 1
    client.execute(SWITCH % "disable", id=follower.added["id"])
    assert shown() == ([], {"totalCount": 0, "nodes": []}, 2)


def test_one_that_is_switched_off_or_paused_makes_up_for_nothing(account, service):
    follower = Follower(account, make_flow(account), "ascending")
    follower.wait_for_poll()
    off = account.execute(SWITCH % "disable", id=follower.added["id"])["disableTrigger"]["trigger"]
    assert off["integrationEvent"]["nextPollAt"] is None
    service.add("news", "missed", at=5000)
    account.execute(SWITCH % "enable", id=follower.added["id"])
    follower.wait_for_poll()
    account.execute(PAUSE, id=follower.flow["id"])
    follower.wait_for_poll()
    service.add("news", "missed too", at=6000)
    follower.wait_for_poll()
    account.execute(ACTIVATE, id=follower.flow["id"])
    follower.wait_for_poll(2)
    service.add("news", "seen", at=7000)
    assert follower.wait_for_runs(1) == ["seen"]


def test_with_other_settings_it_begins_anew_and_with_another_interval_it_goes_on(account, service):
    service.add("other", "past", at=9000)
    follower = Follower(account, make_flow(account), "ascending")
    follower.wait_for_poll()
    event = {"integrationId": follower.integration, "trigger": "ascending", "settings": {"feed": "news"}, "intervalSeconds": 2}
    service.add("news", "while it changes", at=9000)
    shown = account.execute(UPDATE, input={"id": follower.added["id"], "integrationEvent": event})
    assert shown["updateTrigger"]["trigger"]["integrationEvent"]["intervalSeconds"] == 2
    assert follower.wait_for_runs(1) == ["while it changes"]
    account.execute(UPDATE, input={"id": follower.added["id"], "integrationEvent": {**event, "settings": {"feed": "other"}}})
    follower.wait_for_poll()
    service.add("other", "future", at=9001)
    assert follower.wait_for_runs(2) == ["while it changes", "future"]


def test_several_servers_start_each_once_also_when_some_are_killed(house, settings, service, known_secrets):
    database = house.migrated_database()
    servers = [house.start(database, **settings) for _ in range(3)]
    client = StudioClient(servers[0], known_secrets)
    client.register()
    followers = [Follower(client, make_flow(client), key) for key in ("ascending", "descending", "newest")]
    for follower in followers:
        follower.wait_for_poll()
    for number in range(0, 40, 4):
        service.add("news", *names(f"n{number}-", 4))
        if number == 12:
            servers[1].kill()
        if number == 24:
            servers[2].kill()
        time.sleep(0.2)
    for follower in followers:
        follower.wait_for_runs(40)
        follower.wait_for_poll(2)
        found = follower.texts()
        assert len(found) == len(set(found)) == 40, "something started no run, or two"
