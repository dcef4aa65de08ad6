"""Outgoing webhooks: what is sent is signed, retried, taken over after a crash, and never lost.

Signatures are verified here with the standard library alone, as a receiver would do it."""

import base64
import hashlib
import hmac
import time
from concurrent.futures import ThreadPoolExecutor

from studio_client import StudioClient, chain, transform, trigger

CREATE = """mutation Create($input: CreateWebhookInput!) {
  createWebhook(input: $input) { secret webhook { id url eventTypes isActive revision } }
}"""
UPDATE = """mutation Update($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) { webhook { id isActive disabledReason revision } }
}"""
ROTATE = "mutation R($id: ID!) { rotateWebhookSecret(input: { id: $id }) { secret } }"
TEST = """mutation T($id: ID!) { testWebhook(input: { id: $id }) {
  delivery { id status attempts responseStatus responseExcerpt error durationMs eventType payload } } }"""
REDELIVER = "mutation R($id: ID!) { redeliver(input: { id: $id }) { delivery { id status attempts } } }"
SHOW = """query Show($id: ID!) { webhook(id: $id) { isActive disabledReason failingSince deliveries {
  totalCount nodes { id eventType status attempts nextAttemptAt lastAttemptAt responseStatus responseExcerpt
    error durationMs payload finishedAt } } } }"""

PATIENCE_SECONDS = 15


def create(client, known_secrets, url, *event_types, **more):
    made = client.execute(CREATE, input={"url": url, "eventTypes": list(event_types), **more})["createWebhook"]
    known_secrets.add("webhook secret", made["secret"])
    assert made["secret"].startswith("whsec_")
    return made["webhook"]["id"], made["secret"]


def signature(seen, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    signed = f"{seen.headers['webhook-id']}.{seen.headers['webhook-timestamp']}.".encode() + seen.body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def verify(seen, *keys):
    """The header has one signature for each of the keys, in this order, and a time of now."""
    assert seen.headers["webhook-signature"].split(" ") == [signature(seen, key) for key in keys]
    assert abs(int(seen.headers["webhook-timestamp"]) - time.time()) < 60
    assert seen.method == "POST" and seen.headers["content-type"] == "application/json"


def deliveries(client, webhook, holds):
    """The webhook with its deliveries, once they are as they should be."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds((shown := client.execute(SHOW, id=webhook)["webhook"])["deliveries"]["nodes"]):
        assert time.monotonic() < end, shown
        time.sleep(0.05)
    return shown


def run(client, expression="input.value"):
    flow = client.create_flow(*chain(trigger(), transform("double", expression)), name="Told")
    execution = client.start(flow, {"value": 21})
    client.finish(execution)
    return flow, execution


def test_the_end_of_a_run_is_told_once_and_signed(client, world, known_secrets):
    webhook, secret = create(
        client, known_secrets, world.url + "/hook", "EXECUTION_SUCCEEDED", "EXECUTION_FAILED")
    flow, execution = run(client)
    seen = world.wait_for("/hook")[0]
    verify(seen, secret)
    body = seen.json()
    assert body["type"] == "execution.succeeded" and body["timestamp"].endswith("Z")
    data = body["data"]
    assert data["id"] == client.log(execution)["id"]
    assert data["flow"] == {"id": flow["id"], "name": "Told"}
    assert data["status"] == "SUCCESS" and data["error"] is None and data["durationMs"] >= 0
    run(client, "nowhere.x")
    assert world.wait_for("/hook", 2)[1].json()["type"] == "execution.failed"
    shown = deliveries(client, webhook, lambda all: [d["status"] for d in all] == ["DELIVERED"] * 2)
    first = shown["deliveries"]["nodes"][1]
    assert first["id"] == seen.headers["webhook-id"] and first["payload"] == body
    assert first["attempts"] == 1 and first["responseStatus"] == 200 and first["nextAttemptAt"] is None
    assert first["responseExcerpt"] == '{"path": "/hook"}' and first["error"] is None
    assert shown["failingSince"] is None
    assert len(world.requests("/hook")) == 2


def test_a_receiver_that_says_much_has_taken_it_all_the_same(client, world, known_secrets):
    webhook, _ = create(client, known_secrets, world.url + "/long", "EXECUTION_SUCCEEDED")
    run(client)
    shown = deliveries(client, webhook, lambda all: all and all[0]["lastAttemptAt"])["deliveries"]["nodes"][0]
    assert (shown["status"], shown["attempts"], shown["responseStatus"]) == ("DELIVERED", 1, 200), shown
    assert len(shown["responseExcerpt"]) == 2048 and shown["responseExcerpt"].startswith('{"text": "xxx')


def test_changes_of_flows_and_integrations_are_told_and_others_are_not(client, world, known_secrets):
    create(client, known_secrets, world.url + "/flows", "FLOW_CREATED", "FLOW_UPDATED", "FLOW_DELETED")
    create(client, known_secrets, world.url + "/integrations", "INTEGRATION_CREATED", "INTEGRATION_DELETED")
    create(client, known_secrets, world.url + "/off", "FLOW_CREATED", isActive=False)
    flow = client.create_flow(*chain(trigger()), name="Watched")
    client.execute("mutation ($id: ID!) { pauseFlow(input: { id: $id }) { flow { id } } }", id=flow["id"])
    client.execute("mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }", id=flow["id"])
    made = client.execute(
        """mutation { createIntegration(input: { type: "http", name: "I", credentials: {} }) {
        integration { id } } }""")["createIntegration"]["integration"]
    client.execute(
        "mutation ($id: ID!) { deleteIntegration(input: { id: $id }) { deletedId } }", id=made["id"])
    told = {seen.json()["type"]: seen.json()["data"] for seen in world.wait_for("/flows", 3)}
    assert set(told) == {"flow.created", "flow.updated", "flow.deleted"}
    assert told["flow.updated"] == {"id": flow["id"], "name": "Watched", "status": "PAUSED", "revision": 2}
    told = {seen.json()["type"]: seen.json()["data"]["id"] for seen in world.wait_for("/integrations", 2)}
    assert told == {"integration.created": made["id"], "integration.deleted": made["id"]}
    assert not world.requests("/off")


def test_what_fails_waits_for_its_next_attempt_and_can_be_sent_again_after_its_end(
        client, world, known_secrets):
    webhook, _ = create(client, known_secrets, world.url + "/status/500", "EXECUTION_SUCCEEDED")
    run(client)
    shown = deliveries(client, webhook, lambda all: all and all[0]["attempts"] == 1 and all[0]["lastAttemptAt"])
    waiting = shown["deliveries"]["nodes"][0]
    assert waiting["status"] == "PENDING" and waiting["responseStatus"] == 500 and waiting["nextAttemptAt"]
    assert shown["failingSince"] and shown["isActive"]
    error = client.fail(REDELIVER, id=waiting["id"])
    assert error["extensions"]["code"] == "CONFLICT"
    client.execute(UPDATE, input={"id": webhook, "isActive": False})
    shown = deliveries(client, webhook, lambda all: all[0]["status"] == "CANCELLED")
    assert client.fail(REDELIVER, id=waiting["id"])["extensions"]["code"] == "CONFLICT"
    client.execute(UPDATE, input={"id": webhook, "isActive": True, "url": world.url + "/better"})
    again = client.execute(REDELIVER, id=waiting["id"])["redeliver"]["delivery"]
    assert again["id"] == waiting["id"]
    seen = world.wait_for("/better")[0]
    assert seen.headers["webhook-id"] == world.requests("/status/500")[0].headers["webhook-id"] == waiting["id"]
    deliveries(client, webhook, lambda all: all[0]["status"] == "DELIVERED" and all[0]["attempts"] == 2)


def test_410_switches_the_webhook_off(client, world, known_secrets):
    webhook, _ = create(client, known_secrets, world.url + "/status/410", "EXECUTION_SUCCEEDED")
    run(client)
    deliveries(client, webhook, lambda all: all and all[0]["status"] == "FAILED")
    # The webhook and its deliveries are two statements: only what is read after the end shows both.
    shown = client.execute(SHOW, id=webhook)["webhook"]
    assert shown["isActive"] is False and shown["disabledReason"] == "GONE"
    run(client)
    assert client.execute(SHOW, id=webhook)["webhook"]["deliveries"]["totalCount"] == 1
    changed = client.execute(UPDATE, input={"id": webhook, "isActive": True})["updateWebhook"]["webhook"]
    assert changed["isActive"] is True and changed["disabledReason"] is None


def test_a_former_url_that_is_gone_does_not_switch_off_the_new_one(client, world, known_secrets):
    webhook, _ = create(client, known_secrets, world.url + "/status/410", "EXECUTION_SUCCEEDED")
    world.hold("/status/410")
    run(client)
    told = world.wait_for("/status/410")[0]
    client.execute(UPDATE, input={"id": webhook, "url": world.url + "/moved"})
    world.release("/status/410")
    assert world.wait_for("/moved")[0].headers["webhook-id"] == told.headers["webhook-id"]
    shown = deliveries(client, webhook, lambda all: [d["status"] for d in all] == ["DELIVERED"])
    assert shown["isActive"] is True and shown["disabledReason"] is None


def test_a_webhook_that_is_deleted_while_it_is_tested_is_not_found(client, world, known_secrets):
    webhook, _ = create(client, known_secrets, world.url + "/deleted", "FLOW_CREATED")
    world.hold("/deleted")
    with ThreadPoolExecutor(1) as threads:
        tested = threads.submit(client.fail, TEST, id=webhook)
        world.wait_for("/deleted")
        client.execute("mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { deletedId } }", id=webhook)
        world.release("/deleted")
        assert tested.result()["extensions"] == {"code": "NOT_FOUND", "field": "id"}


def test_a_test_is_sent_at_once_and_shows_the_answer(client, world, known_secrets):
    webhook, secret = create(client, known_secrets, world.url + "/probe", "FLOW_CREATED", isActive=False)
    made = client.execute(TEST, id=webhook)["testWebhook"]["delivery"]
    assert made["status"] == "DELIVERED" and made["responseStatus"] == 200 and made["attempts"] == 1
    assert made["eventType"] == "WEBHOOK_TEST" and made["durationMs"] >= 0
    seen = world.requests("/probe")[0]
    verify(seen, secret)
    assert seen.json() == made["payload"] and seen.json()["data"] == {"webhookId": webhook}
    client.execute(UPDATE, input={"id": webhook, "url": "http://127.0.0.1:9/"})
    made = client.execute(TEST, id=webhook)["testWebhook"]["delivery"]
    assert made["status"] == "FAILED" and made["responseStatus"] is None and "127.0.0.1" in made["error"]
    client.execute(UPDATE, input={"id": webhook, "url": "http://10.0.0.1/"})
    made = client.execute(TEST, id=webhook)["testWebhook"]["delivery"]
    assert made["status"] == "FAILED" and "not allowed" in made["error"]


def test_a_new_secret_signs_beside_the_old_one(client, world, known_secrets):
    webhook, old = create(client, known_secrets, world.url + "/rotating", "FLOW_CREATED")
    new = client.execute(ROTATE, id=webhook)["rotateWebhookSecret"]["secret"]
    known_secrets.add("webhook secret", new)
    client.execute(TEST, id=webhook)
    verify(world.requests("/rotating")[0], new, old)


def test_one_that_hangs_keeps_nobody_waiting_and_a_killed_server_loses_nothing(house, world, known_secrets):
    database = house.migrated_database()
    first = house.start(database)
    client = StudioClient(first, known_secrets)
    client.register()
    slow, secret = create(client, known_secrets, world.url + "/slow", "FLOW_CREATED")
    create(client, known_secrets, world.url + "/quick", "FLOW_CREATED")
    world.hold("/slow")
    for number in range(12):
        client.create_flow(*chain(trigger()), name=f"Flow {number}")
    world.wait_for("/quick", 12)
    # Eight at once for one webhook; the rest waits its turn.
    held = world.wait_for("/slow", 8)
    states = [d["status"] for d in client.execute(SHOW, id=slow)["webhook"]["deliveries"]["nodes"]]
    assert sorted(states) == ["PENDING"] * 4 + ["SENDING"] * 8
    first.kill()
    world.release("/slow")
    # The dead server's lease is a minute; the test ends it.
    house.postgres.sql(
        "UPDATE webhook_deliveries SET due_at = now() WHERE status = 'sending'", database["DATABASE_URL"])
    second = house.start(database)
    client = client.at(second)
    deliveries(client, slow, lambda all: [d["status"] for d in all] == ["DELIVERED"] * 12)
    seen = world.requests("/slow")
    for request in seen:
        verify(request, secret)
    ids = [request.headers["webhook-id"] for request in seen]
    assert len(set(ids)) == 12, "none is lost, and what was sent twice has the same id"
    assert set(ids[:8]) == {request.headers["webhook-id"] for request in held}


def test_bad_input_names_its_field(client, known_secrets):
    for given, field in [
        ({"url": "ftp://x.test/", "eventTypes": ["FLOW_CREATED"]}, "url"),
        ({"url": "https://a:b@x.test/", "eventTypes": ["FLOW_CREATED"]}, "url"),
        ({"url": "https://x.test/" + "x" * 2000, "eventTypes": ["FLOW_CREATED"]}, "url"),
        ({"url": "https://x.test/", "eventTypes": []}, "eventTypes"),
        ({"url": "https://x.test/", "eventTypes": ["FLOW_CREATED", "WEBHOOK_TEST"]}, "eventTypes.1"),
        ({"url": "https://x.test/", "eventTypes": ["FLOW_CREATED"], "description": "d" * 201}, "description"),
    ]:
        error = client.fail(CREATE, input=given)
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}, error
    names = client.execute("{ eventTypes { type name } }")["eventTypes"]
    assert {"type": "EXECUTION_SUCCEEDED", "name": "execution.succeeded"} in names and len(names) == 9
