"""Flows that use a connector: its manifest lies in a folder of the test's own, its service is here."""

import json
import time

import pytest
from studio_client import StudioClient, chain, trigger
from tracker_service import (
    FINISH, FLOW, START, TEST, UPDATE, account, call, connect, outcome, settings, sign_in, tracker)

FIXTURES = (account, settings, tracker)

CONNECTOR = """query Connector($type: String!) { connector(type: $type) {
  type name category capabilities authentication documentation
  operations { key name isPaged isRepeatable inputSchema outputSchema }
  triggers { key kind events setup }
} }"""


def test_the_catalogue_shows_operations_and_triggers(account):
    shown = account.execute(CONNECTOR, type="tracker")["connector"]
    assert shown["category"] == "PROJECTS" and shown["authentication"] == ["API_KEY", "OAUTH2"]
    assert shown["capabilities"] == ["get_me", "create_item", "send_file", "list_items"]
    listing = shown["operations"][3]
    assert listing["isPaged"] and set(listing["inputSchema"]["properties"]) == {"limit", "cursor"}
    assert set(listing["outputSchema"]["properties"]) == {"items", "next"}
    assert shown["triggers"] == [{"key": "item_made", "kind": "POLL", "events": [], "setup": None}]


def test_a_node_calls_an_operation(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    assert account.execute(TEST, id=integration)["testIntegration"]["isAccepted"] is True
    flow = account.create_flow(*chain(
        trigger(), call("call", integration, "create_item", {"title": "Order {{ input.n }}", "labels": ["new"]}),
        call("list", integration, "list_items", {"limit": 4})))
    run = account.start(flow, {"n": 3})
    status, entry = outcome(account, run)
    assert status == "SUCCESS" and entry["output"] == {"id": 7, "title": "Order 3"}
    made = next(seen for seen in tracker.requests("/api/items") if seen["method"] == "POST")
    assert json.loads(made["body"]) == {"title": "Order 3", "labels": ["new"]}
    assert made["headers"]["x-key"] == "key-1234" and made["headers"]["idempotency-key"].startswith("exec_")
    listed = outcome(account, run, "list")[1]["output"]
    assert listed == {"items": [{"id": number} for number in range(1, 5)], "next": "4"}


def test_what_is_wrong_with_a_node_is_said_when_it_is_saved(account):
    integration = connect(account, {"apiKey": "key-1234"})
    for config, field, words in [
            (("delete_item", {}), "config.operation", "no operation 'delete_item'"),
            (("create_item", {}), "config.input.title", "is required"),
            (("create_item", {"title": 1}), "config.input.title", "must be of type string"),
            (("create_item", {"titel": "{{ input }}", "title": "x"}), "config.input.titel", "is unknown")]:
        nodes, connections = chain(trigger(), call("call", integration, *config))
        given = {"name": "Flow", "intention": "To fail.", "nodes": nodes, "connections": connections}
        error = account.fail(FLOW, input=given)
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        assert error["extensions"]["field"].endswith(field) and words in error["message"], error


def test_refusals_are_told_by_their_class(account, tracker):
    integration = connect(account, {"apiKey": "wrong-key"})
    answer = account.execute(TEST, id=integration)["testIntegration"]
    assert answer["isAccepted"] is False and answer["message"] == "The service answered 401: Who are you?"
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION" and "denied" in entry["error"]["message"]


def test_a_used_up_limit_is_not_hammered(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    tracker.answer = (200, {"name": "Ann"}, {"X-Remaining": "0", "X-Reset": "60"})
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    asked = len(tracker.requests("/api/me"))
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "RATE_LIMITED", entry
    assert len(tracker.requests("/api/me")) == asked


def test_a_node_that_retries_waits_as_long_as_the_service_asks(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    made = call("call", integration, "get_me")
    made["config"]["retry"] = {"maxAttempts": 2, "delayMilliseconds": 0}
    flow = account.create_flow(*chain(trigger(), made))
    tracker.answers = [(429, {"error": {"message": "Slowly"}}, {"Retry-After": "1"})]
    status, entry = outcome(account, account.start(flow))
    assert status == "SUCCESS" and entry["attempt"] == 2 and entry["output"] == {"name": "Ann"}
    # What stays wrong is not tried again.
    tracker.answers = [(403, {"error": {"message": "Never"}}, {})]
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["attempt"] == 1 and entry["error"]["code"] == "FORBIDDEN"


def test_an_account_is_connected_by_signing_in(account, tracker, house, settings, known_secrets):
    integration = connect(account, {})
    given = {"id": integration, "redirectUrl": "https://app.test/back"}
    begun = account.execute(START, input=given)["startIntegrationOAuth"]
    wrong = account.fail(FINISH, input={"state": begun["state"], "code": "bad"})
    assert wrong["message"] == "The service did not accept the code: The code is wrong."
    stranger = StudioClient(account.server, known_secrets)
    stranger.register()
    assert stranger.fail(FINISH, input={"state": begun["state"], "code": "good"})["extensions"]["field"] == "state"
    assert sign_in(account, tracker, integration) == {"id": integration, "isConnected": True, "attention": None}
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.refreshes == ["refresh-1"], "the token had expired and was renewed"


def test_a_hundred_runs_of_two_servers_renew_an_expired_token_once(house, settings, tracker, known_secrets):
    database = house.migrated_database()
    first = StudioClient(house.start(database, **settings), known_secrets)
    first.register()
    house.start(database, **settings)
    integration = connect(first, {})
    sign_in(first, tracker, integration)
    flow = first.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    runs = [first.start(flow) for _ in range(100)]
    assert [first.finish(run)[-1]["runStatus"] for run in runs] == ["SUCCESS"] * 100
    assert tracker.refreshes == ["refresh-1"]
    assert len(tracker.requests("/api/me")) == 100
    # A token that the service withdraws before its time is renewed too, once.
    tracker.valid_token = "nobody-has-this"
    runs = [first.start(flow) for _ in range(20)]
    assert [first.finish(run)[-1]["runStatus"] for run in runs] == ["SUCCESS"] * 20
    assert len(tracker.refreshes) == 2


def test_a_walk_whose_token_is_refused_goes_on_where_it_is(account, tracker):
    integration = connect(account, {"robot": "robot", "robotSecret": "robot-secret"})
    flow = account.create_flow(*chain(trigger(), call("call", integration, "list_items", {"limit": 5})))
    first = (200, {"items": [{"id": 1}], "next": "1"}, {})
    refusal = (401, {"error": {"message": "Too old", "code": "expired"}}, {})
    tracker.answers = [first, refusal]
    status, entry = outcome(account, account.start(flow))
    assert status == "SUCCESS" and [item["id"] for item in entry["output"]["items"]] == [1, 2, 3, 4, 5], entry
    asked = [seen["query"].get("after") for seen in tracker.requests("/api/items")]
    assert asked == [None, ["1"], ["1"], ["2"], ["3"], ["4"]], asked
    # Only once: what refuses new tokens as well says something else.
    tracker.answers = [first, refusal, refusal]
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION", entry
    assert len(tracker.grants) == 3


def test_a_walk_that_a_limit_stops_for_a_moment_goes_on_where_it_is(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    flow = account.create_flow(*chain(trigger(), call("call", integration, "list_items", {"limit": 5})))
    first = (200, {"items": [{"id": 1}], "next": "1"}, {})

    def limit(seconds):
        return 429, {"error": {"message": "Too fast", "code": "slow_down"}}, {"Retry-After": str(seconds)}

    tracker.answers = [first, limit(1)]
    status, entry = outcome(account, account.start(flow))
    assert status == "SUCCESS" and [item["id"] for item in entry["output"]["items"]] == [1, 2, 3, 4, 5], entry
    asked = [seen["query"].get("after") for seen in tracker.requests("/api/items")]
    assert asked == [None, ["1"], ["1"], ["2"], ["3"], ["4"]], asked
    # A page is asked for again once, and a longer pause is the node's: it is told to who retries.
    for answers in ([first, limit(1), limit(1)], [first, limit(30)]):
        tracker.answers = answers
        status, entry = outcome(account, account.start(flow))
        assert status == "FAILURE" and entry["error"]["code"] == "RATE_LIMITED", entry
        assert not tracker.answers


def asked_for_token(account, tracker, integration):
    """A run that waits for a token, which the service takes its time for."""
    tracker.token_seconds = 2
    tokens = len(tracker.requests("/token"))
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    run = account.start(flow)
    end = time.monotonic() + 15
    while len(tracker.requests("/token")) == tokens:
        assert time.monotonic() < end, "nobody asks for a token"
        time.sleep(0.02)
    return flow, run


def test_credentials_filled_in_while_tokens_are_renewed_stay(account, tracker):
    robot = {"robot": "robot", "robotSecret": "robot-secret"}
    integration = connect(account, robot)
    flow, run = asked_for_token(account, tracker, integration)
    account.execute(UPDATE, input={"id": integration, "credentials": {"apiKey": "key-1234"}})
    assert outcome(account, run)[0] == "SUCCESS"
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert [seen["headers"].get("x-key") for seen in tracker.requests("/api/me")] == ["key-1234"] * 2
    # Those that have no token yet get one.
    account.execute(UPDATE, input={"id": integration, "credentials": robot})
    flow, run = asked_for_token(account, tracker, integration)
    account.execute(UPDATE, input={"id": integration, "credentials": {**robot, "subject": "other"}})
    assert outcome(account, run)[0] == "SUCCESS"
    assert len(tracker.grants) == 3


def test_a_refusal_of_former_credentials_says_nothing_of_those_filled_in_since(account, tracker):
    integration = connect(account, {"robot": "robot", "robotSecret": "wrong"})
    flow, run = asked_for_token(account, tracker, integration)
    given = {"id": integration, "credentials": {"robot": "robot", "robotSecret": "robot-secret"}}
    account.execute(UPDATE, input=given)
    assert outcome(account, run)[0] == "SUCCESS"
    shown = account.execute("query One($id: ID!) { integration(id: $id) { attention } }", id=integration)
    assert shown["integration"] == {"attention": None}
    assert outcome(account, account.start(flow))[0] == "SUCCESS"


def test_a_refused_renewal_asks_for_attention(account, tracker):
    integration = connect(account, {})
    sign_in(account, tracker, integration)
    tracker.refuses_refresh = True
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    for _ in range(2):
        status, entry = outcome(account, account.start(flow))
        assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION"
        assert "must be connected: The grant was withdrawn" in entry["error"]["message"]
    assert len(tracker.refreshes) == 1, "it is not asked again and again"
    shown = account.execute("query One($id: ID!) { integration(id: $id) { isConnected attention } }", id=integration)
    assert shown["integration"] == {"isConnected": False, "attention": "The grant was withdrawn"}
    tracker.refuses_refresh = False
    assert sign_in(account, tracker, integration)["attention"] is None
    assert outcome(account, account.start(flow))[0] == "SUCCESS"


HINDER = """CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = 'cannot_connect_now'; END $$;
CREATE TRIGGER hinder BEFORE UPDATE ON integrations FOR EACH ROW
  WHEN (NEW.token_version <> OLD.token_version) EXECUTE FUNCTION hinder();"""


def test_a_new_token_outlives_a_database_that_does_not_take_it_for_a_moment(
        house, settings, tracker, known_secrets, postgres):
    house.allows_complaints = True
    database = house.migrated_database()
    account = StudioClient(house.start(database, **settings), known_secrets)
    account.register()
    integration = connect(account, {})
    sign_in(account, tracker, integration)
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    postgres.sql(HINDER, database["DATABASE_URL"])
    run = account.start(flow)
    end = time.monotonic() + 15
    while not tracker.refreshes:
        assert time.monotonic() < end, "nobody renews the token"
        time.sleep(0.05)
    time.sleep(1)  # some tries in vain, whenever they come
    postgres.sql("DROP TRIGGER hinder ON integrations", database["DATABASE_URL"])
    assert outcome(account, run)[0] == "SUCCESS"
    # The service gives a refresh token once: the new one was kept.
    tracker.valid_token = "nobody-has-this"
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.refreshes == ["refresh-1", "refresh-2"]


@pytest.mark.parametrize("refusal", ["before", "after"])
def test_a_new_token_that_comes_after_its_lease_is_kept(house, settings, tracker, known_secrets, postgres, refusal):
    """One server has the token and no database for longer than its lease; the other asks in vain for another
    one, and hears the refusal before the first can store what it has, or after it."""
    house.allows_complaints = True
    database = house.migrated_database()
    url = database["DATABASE_URL"]
    account = StudioClient(house.start(database, **settings), known_secrets)
    account.register()
    other = account.at(house.start(database, **settings))
    integration = connect(account, {})
    sign_in(account, tracker, integration)
    query = "query One($id: ID!) { integration(id: $id) { isConnected attention } }"

    def wait_for(condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, (tracker.refreshes, account.execute(query, id=integration))
            time.sleep(0.02)

    def version():
        return postgres.sql("SELECT token_version FROM integrations", url)

    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    postgres.sql(HINDER, url)
    former, token = version(), tracker.token

    def late(form, authorization):
        if len(tracker.refreshes) == 1 and refusal == "after":
            postgres.sql("DROP TRIGGER hinder ON integrations", url)
            wait_for(lambda: version() != former)
        return token(form, authorization)

    tracker.token = late
    runs = [client.start(flow) for client in (account, other) for _ in range(3)]
    wait_for(lambda: tracker.refreshes)
    # Both have runs that wait for the token before the right to renew it goes on to the other.
    time.sleep(1)
    postgres.sql("UPDATE integrations SET refresh_until = now() - interval '1 second'", url)
    wait_for(lambda: len(tracker.refreshes) == 2)
    if refusal == "before":
        wait_for(lambda: account.execute(query, id=integration)["integration"]["attention"])
        postgres.sql("DROP TRIGGER hinder ON integrations", url)
        wait_for(lambda: version() != former)
    ended = {account.finish(run)[-1]["runStatus"] for run in runs}
    assert ended == ({"SUCCESS"} if refusal == "after" else {"SUCCESS", "FAILURE"})
    shown = account.execute(query, id=integration)["integration"]
    assert shown == {"isConnected": True, "attention": None}
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.refreshes == ["refresh-1", "refresh-1"]
