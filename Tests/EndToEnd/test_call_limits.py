"""Servers on one database keep to a service's limits together."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from studio_client import StudioClient
from tracker_service import TEST, connect, manifest, settings, tracker

FIXTURES = (settings, tracker)


@pytest.fixture
def allowed(settings, tracker):
    """Says what the service's documentation allows."""
    def allow(*limits):
        path = settings["STUDIO_RESOURCES"] / "connectors" / "tracker.json"
        told = manifest(tracker.url)
        told["rateLimits"]["limits"] = [{"requests": requests, "seconds": seconds} for requests, seconds in limits]
        path.write_text(json.dumps(told))
    return allow


@pytest.fixture
def two(house, settings, known_secrets):
    """Starts two servers; one account with both."""
    def start():
        database = house.migrated_database()
        first = StudioClient(house.start(database, **settings), known_secrets)
        first.register()
        return first, first.at(house.start(database, **settings))
    return start


def asks(client, integration):
    """Why the call was refused; None when it was made."""
    answer = client.execute(TEST, id=integration)["testIntegration"]
    return None if answer["isAccepted"] else answer["message"]


def test_two_servers_together_make_no_more_calls_than_are_allowed(allowed, two, tracker):
    allowed((20, 3600), (1000, 86400))
    clients = two()
    integration = connect(clients[0], {"apiKey": "key-1234"})
    with ThreadPoolExecutor(4) as pool:
        refusals = list(pool.map(lambda number: asks(clients[number % 2], integration), range(60)))
    assert len(tracker.requests("/api/me")) == 20, "neither more nor less"
    assert refusals.count(None) == 20
    assert all("was not asked" in refusal for refusal in refusals if refusal), refusals


def test_what_one_server_was_told_the_other_knows(two, tracker):
    clients = two()
    integration = connect(clients[0], {"apiKey": "key-1234"})
    assert asks(clients[1], integration) is None
    tracker.answers = [(429, {"error": {"message": "Too many"}}, {"Retry-After": "3600"})]
    assert "Too many" in asks(clients[0], integration)
    assert "was not asked" in asks(clients[1], integration)
    assert len(tracker.requests("/api/me")) == 2


def test_that_nothing_remains_the_other_knows(two, tracker):
    clients = two()
    integration = connect(clients[0], {"apiKey": "key-1234"})
    tracker.answers = [(200, {"name": "Ann"}, {"X-Remaining": "50", "X-Reset": "3600"}),
                       (200, {"name": "Ann"}, {"X-Remaining": "0", "X-Reset": "3600"})]
    assert asks(clients[1], integration) is None
    assert asks(clients[0], integration) is None
    assert "was not asked" in asks(clients[1], integration)
    assert len(tracker.requests("/api/me")) == 2
