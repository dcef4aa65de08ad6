"""What services send to triggers of their integrations: verified as each signs, challenges answered as each asks.

The manifests are the ones that are shipped; signatures are made here, as the services' documentation has them."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timezone

import ed25519
import pytest
import requests
from studio_client import chain, transform, trigger

SHOWN = """id kind isEnabled integration { id type } webhook { url }
  integrationEvent { connector trigger mode settings events url intervalSeconds lastPolledAt nextPollAt isFailing }"""
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { secret trigger { %s } } }" % SHOWN
UPDATE = "mutation U($input: UpdateTriggerInput!) { updateTrigger(input: $input) { secret trigger { %s } } }" % SHOWN
ROTATE = "mutation R($input: RotateTriggerSecretInput!) { rotateTriggerSecret(input: $input) { secret trigger { %s } } }" % SHOWN
CREATE = "mutation C($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }"
SCHEMA = "query S($type: String!) { connector(type: $type) { credentialsSchema triggers { key kind } } }"
RUNS = """query R($id: ID!) { flow(id: $id) { executionLogs(first: 50) { nodes { id status input } }
  triggers { id deliveries { nodes { deliveryKey } } } } }"""
DISABLE = "mutation D($id: ID!) { disableTrigger(input: { id: $id }) { trigger { isEnabled } } }"
DELETE = "mutation D($input: DeleteIntegrationInput!) { deleteIntegration(input: $input) { deletedId } }"

SECRET = "a-secret-of-the-service"
SEED = hashlib.sha256(b"a seed").digest()


def now():
    return str(int(time.time()))


def milliseconds():
    return str(int(time.time() * 1000))


def instant():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def mac(text, algorithm="sha256", key=SECRET.encode()):
    return hmac.new(key, text, getattr(hashlib, algorithm))


def in64(code):
    return base64.b64encode(code.digest()).decode()


def with_time(at, header, sign):
    """Headers whose signature is over a time too."""
    return lambda body, url: {header: at, **sign(body, at, url)}


STANDARD_KEY = b"0123456789abcdef0123456789abcdef"
STANDARD_SECRET = "whsec_" + base64.b64encode(STANDARD_KEY).decode()


def standard(body, url, at=None):
    at = at or now()
    code = hmac.new(STANDARD_KEY, b"msg_1." + at.encode() + b"." + body, hashlib.sha256)
    return {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": "v1," + in64(code)}


def timed(make, at):
    """A signature over a time; `at` makes the time."""
    return lambda body, url, late=None: make(body, url, late or at())


# Connector, its trigger, credentials that sign, how requests are signed, a body, the event's name, the delivery's id.
# What signs a time takes another one as a third argument.
SCHEMES = {
    "github": ("repository_event", {"webhookSecret": SECRET}, lambda body, url: {
        "X-Hub-Signature-256": "sha256=" + mac(body).hexdigest(), "X-GitHub-Event": "issues", "X-GitHub-Delivery": "d-1"},
        {"action": "opened"}, "issues", "d-1"),
    "stripe": ("account_event", {"webhookSigningSecret": SECRET}, timed(lambda body, url, at: {
        "Stripe-Signature": f"t={at},v1={mac(at.encode() + b'.' + body).hexdigest()}"}, now),
        {"id": "evt_1", "type": "invoice.paid", "data": {}}, "invoice.paid", "evt_1"),
    "slack": ("workspace_event", {"signingSecret": SECRET}, timed(lambda body, url, at: {
        "X-Slack-Request-Timestamp": at, "X-Slack-Signature": "v0=" + mac(b"v0:" + at.encode() + b":" + body).hexdigest()}, now),
        {"event_id": "Ev1", "event": {"type": "message", "text": "Hé"}}, "message", "Ev1"),
    "openai": ("platform_event", {"webhookSecret": STANDARD_SECRET}, lambda body, url, late=None: standard(body, url, late),
               {"id": "evt_1", "type": "batch.completed", "data": {}}, "batch.completed", "msg_1"),
    "shopify": ("shop_event", {"clientSecret": SECRET}, lambda body, url: {
        "X-Shopify-Hmac-SHA256": in64(mac(body)), "X-Shopify-Topic": "orders/paid", "X-Shopify-Webhook-Id": "w-1"},
        {"id": 5}, "orders/paid", "w-1"),
    "gitlab": ("project_event", {"webhookToken": SECRET}, lambda body, url: {
        "X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Push Hook"}, {"object_kind": "push"}, "Push Hook", None),
    "figma": ("file_event", {"webhookPasscode": SECRET}, lambda body, url: {},
              {"event_type": "FILE_UPDATE", "passcode": SECRET}, "FILE_UPDATE", None),
    "intercom": ("intercom_event", {"clientSecret": SECRET}, lambda body, url: {
        "X-Hub-Signature": "sha1=" + mac(body, "sha1").hexdigest()},
        {"id": "notif_1", "topic": "contact.user.created"}, "contact.user.created", "notif_1"),
    "trello": ("board_event", {"apiSecret": SECRET}, lambda body, url: {
        "X-Trello-Webhook": in64(mac(body + url.encode(), "sha1"))},
        {"action": {"id": "a-1", "type": "createCard"}}, "createCard", "a-1"),
    "box": ("box_event", {"webhookSignatureKey": SECRET}, timed(lambda body, url, at: {
        "BOX-DELIVERY-ID": "b-1", "BOX-DELIVERY-TIMESTAMP": at,
        "BOX-SIGNATURE-PRIMARY": in64(mac(body + at.encode()))}, instant),
        {"id": "1", "trigger": "FILE.MOVED"}, "FILE.MOVED", "b-1"),
    "hubspot": ("crm_event", {"clientSecret": SECRET}, timed(lambda body, url, at: {
        "X-HubSpot-Request-Timestamp": at,
        "X-HubSpot-Signature-v3": in64(mac(b"POST" + url.encode() + body + at.encode()))}, milliseconds),
        [{"eventId": 7, "subscriptionType": "contact.creation"}], "contact.creation", "7 contact.creation"),
    "zendesk": ("zendesk_event", {"webhookSecret": SECRET}, timed(lambda body, url, at: {
        "X-Zendesk-Webhook-Signature-Timestamp": at,
        "X-Zendesk-Webhook-Signature": in64(mac(at.encode() + body))}, instant),
        {"id": "z-1", "type": "zen:event-type:ticket.created"}, "zen:event-type:ticket.created", "z-1"),
    "pagerduty": ("incident_event", {"webhookSecret": SECRET}, lambda body, url: {
        "X-PagerDuty-Signature": "v1=" + "0" * 64 + ",v1=" + mac(body).hexdigest()},
        {"event": {"id": "p-1", "event_type": "incident.triggered"}}, "incident.triggered", "p-1"),
    "zoom": ("zoom_event", {"webhookSecretToken": SECRET}, timed(lambda body, url, at: {
        "x-zm-request-timestamp": at,
        "x-zm-signature": "v0=" + mac(b"v0:" + at.encode() + b":" + body).hexdigest()}, now),
        {"event": "meeting.started", "payload": {}}, "meeting.started", None),
    "discord": ("app_event", {"publicKey": ed25519.public_key(SEED).hex()}, timed(lambda body, url, at: {
        "X-Signature-Timestamp": at, "X-Signature-Ed25519": ed25519.sign(SEED, at.encode() + body).hex()}, now),
        {"type": 1, "event": {"type": "APPLICATION_AUTHORIZED"}}, "APPLICATION_AUTHORIZED", None),
    "facebook": ("page_event", {"appSecret": SECRET}, lambda body, url: {
        "X-Hub-Signature-256": "sha256=" + mac(body).hexdigest()},
        {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed"}]}]}, "feed", '1 {"field":"feed"}'),
    "monday": ("board_event", {}, lambda body, url: {},
               {"event": {"type": "create_pulse", "triggerUuid": "m-1"}}, "create_pulse", "m-1"),
}
SIGNED = sorted(set(SCHEMES) - {"monday"})
TIMED = {"stripe": "100", "slack": "100", "openai": "100", "box": "2020-01-01T00:00:00Z", "hubspot": "100000",
         "zendesk": "2020-01-01T00:00:00Z", "zoom": "100", "discord": "100"}


@pytest.fixture(scope="module")
def account(shared_house, studio, known_secrets):
    from studio_client import StudioClient

    client = StudioClient(studio, known_secrets)
    client.register()
    return client


def connect(client, connector, given, name="Ours"):
    schema = client.execute(SCHEMA, type=connector)["connector"]["credentialsSchema"]
    filled = {key: "a-required-value" for key in schema.get("required", [])}
    value = {"type": connector, "name": f"{name} {time.monotonic_ns()}", "credentials": {**filled, **given}}
    return client.execute(CREATE, input=value)["createIntegration"]["integration"]["id"]


class Hook:
    """A flow with a trigger of a service."""

    def __init__(self, client, known_secrets, connector, key, credentials, **event):
        self.client = client
        self.flow = client.create_flow(*chain(trigger(), transform("last", "input.event")), name="Received")
        self.integration = connect(client, connector, credentials)
        given = {"integrationId": self.integration, "trigger": key, **event}
        made = client.execute(ADD, input={"flowId": self.flow["id"], "integrationEvent": given})["addTrigger"]
        self.shown, self.secret = made["trigger"], made["secret"]
        # What signatures are over.
        self.public_url = self.shown["integrationEvent"]["url"]
        known_secrets.add("webhook URL", self.public_url.rsplit("/", 1)[1])
        self.url = client.server.url + "/hooks/" + self.public_url.rsplit("/", 1)[1]

    def send(self, body=None, headers=None, method="POST", query=""):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return requests.request(
            method, self.url + query, data=None if body is None else data, headers={**kind, **(headers or {})}, timeout=20)

    def runs(self):
        return self.client.execute(RUNS, id=self.flow["id"])["flow"]["executionLogs"]["nodes"]


@pytest.mark.parametrize("connector", sorted(SCHEMES))
def test_each_scheme_is_verified_and_an_event_starts_one_run(account, known_secrets, connector):
    key, credentials, sign, event, name, delivery = SCHEMES[connector]
    hook = Hook(account, known_secrets, connector, key, credentials)
    assert hook.shown["kind"] == "INTEGRATION" and hook.shown["webhook"] is None and hook.secret == ""
    assert hook.shown["integrationEvent"]["mode"] == "WEBHOOK" and hook.shown["integration"]["type"] == connector
    body = json.dumps(event, ensure_ascii=False).encode()
    answer = hook.send(body, sign(body, hook.public_url))
    assert answer.status_code == 200 and answer.content == b"", answer.text
    run = answer.headers["Studio-Execution"]
    found = hook.runs()
    assert [entry["id"] for entry in found] == [run]
    assert found[0]["input"] == {
        "integration": hook.integration, "connector": connector, "trigger": key, "name": name, "event": event}
    # Sent again, it is known by its id, where the service gives one.
    again = hook.send(body, sign(body, hook.public_url))
    assert again.status_code == 200 and (again.headers["Studio-Execution"] == run) == (delivery is not None)
    shown = account.execute(RUNS, id=hook.flow["id"])["flow"]["triggers"][0]["deliveries"]["nodes"]
    assert [entry["deliveryKey"] for entry in shown] == [delivery] * (1 if delivery else 2)


@pytest.mark.parametrize("connector", SIGNED)
def test_what_is_not_signed_rightly_is_refused(account, known_secrets, connector):
    key, credentials, sign, event, _, _ = SCHEMES[connector]
    hook = Hook(account, known_secrets, connector, key, credentials)
    body = json.dumps(event).encode()
    if "passcode" in event:
        body = json.dumps({**event, "passcode": "another"}).encode()
    elif connector == "gitlab":
        assert hook.send(body, {"X-Gitlab-Token": SECRET + "x"}).status_code == 401
        assert hook.send(body).status_code == 401
    else:
        signed = sign(body, hook.public_url)
        assert hook.send(body + b" ", signed).status_code == 401
        assert hook.send(body).status_code == 401
    if connector != "gitlab":
        assert hook.send(body).status_code == 401
    assert hook.runs() == []


@pytest.mark.parametrize("connector", sorted(TIMED))
def test_what_was_signed_long_ago_is_refused(account, known_secrets, connector):
    key, credentials, sign, event, _, _ = SCHEMES[connector]
    hook = Hook(account, known_secrets, connector, key, credentials)
    body = json.dumps(event).encode()
    answer = hook.send(body, sign(body, hook.public_url, TIMED[connector]))
    assert answer.status_code == 401 and "too far from now" in answer.json()["error"], answer.text


@pytest.mark.parametrize("connector", sorted(TIMED))
@pytest.mark.parametrize("sent", [
    "9223372036854775807", "-9223372036854775808", "1e308", "9223372036854775807-01-01T00:00:00Z", "2026-01-9223372036854775807T00:00:00Z",
    "2026-01-01T9223372036854775807:00:00Z"])
def test_no_time_that_anybody_may_send_ends_the_server(account, known_secrets, connector, sent):
    key, credentials, sign, event, _, _ = SCHEMES[connector]
    hook = Hook(account, known_secrets, connector, key, credentials)
    body = json.dumps(event).encode()
    assert hook.send(body, sign(body, hook.public_url, sent)).status_code == 401
    account.assert_served()


def test_slack_asks_signed_and_gets_its_challenge(account, known_secrets):
    hook = Hook(account, known_secrets, "slack", "workspace_event", {"signingSecret": SECRET})
    body = json.dumps({"type": "url_verification", "challenge": "c-1"}).encode()
    assert hook.send(body).status_code == 401
    answer = hook.send(body, SCHEMES["slack"][2](body, hook.public_url))
    assert answer.json() == {"challenge": "c-1"} and hook.runs() == []


@pytest.mark.parametrize("connector, key, credentials, method, query, text", [
    ("facebook", "page_event", {"appSecret": SECRET}, "GET",
     "?hub.mode=subscribe&hub.verify_token=any&hub.challenge=1158201444", "1158201444"),
    ("instagram", "instagram_event", {"appSecret": SECRET}, "GET", "?hub.mode=subscribe&hub.challenge=77", "77"),
    ("dropbox", "files_changed", {"appSecret": SECRET}, "GET", "?challenge=abc%2Fd%3Cb%3E", "abc/d<b>"),
    ("onedrive", "drive_changed", {"clientStateSecret": SECRET}, "POST", "?validationToken=Validation%3A+Testing", "Validation: Testing"),
])
def test_challenges_in_the_query_are_given_back_as_plain_text(account, known_secrets, connector, key, credentials, method, query, text):
    hook = Hook(account, known_secrets, connector, key, credentials)
    answer = hook.send(method=method, query=query)
    assert answer.status_code == 200 and answer.text == text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and hook.runs() == []


def test_zoom_gets_its_token_signed(account, known_secrets):
    hook = Hook(account, known_secrets, "zoom", "zoom_event", {"webhookSecretToken": SECRET})
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "q-1"}}).encode()
    answer = hook.send(body, SCHEMES["zoom"][2](body, hook.public_url))
    assert answer.json() == {"plainToken": "q-1", "encryptedToken": mac(b"q-1").hexdigest()}


def test_monday_discord_xero_and_head_get_what_they_want(account, known_secrets):
    hook = Hook(account, known_secrets, "monday", "board_event", {})
    assert hook.send({"challenge": "m"}).json() == {"challenge": "m"}
    assert hook.send(method="HEAD").status_code == 200 and hook.runs() == []
    _, credentials, sign, _, _, _ = SCHEMES["discord"]
    hook = Hook(account, known_secrets, "discord", "app_event", credentials)
    ping = b'{"type": 0}'
    assert hook.send(ping, sign(ping, "")).status_code == 204 and hook.send(ping).status_code == 401
    hook = Hook(account, known_secrets, "xero", "xero_event", {"webhookKey": SECRET})
    intent = b'{"events": [], "entropy": "S"}'
    right = hook.send(intent, {"x-xero-signature": in64(mac(intent))})
    assert (right.status_code, right.content) == (200, b"")
    assert hook.send(intent, {"x-xero-signature": in64(mac(b"other"))}).status_code == 401 and hook.runs() == []


def test_asana_tells_its_secret_once(account, known_secrets):
    hook = Hook(account, known_secrets, "asana", "resource_event", {})
    event = b'{"events": [{"action": "changed"}]}'
    signed = {"X-Hook-Signature": mac(event).hexdigest()}
    assert hook.send(event, signed).status_code == 401
    shaken = hook.send(b"{}", {"X-Hook-Secret": SECRET})
    assert shaken.status_code == 200 and shaken.headers["X-Hook-Secret"] == SECRET and shaken.content == b""
    assert hook.send(event, signed).status_code == 200 and len(hook.runs()) == 1
    # A heartbeat holds no event.
    beat = b'{"events": []}'
    assert hook.send(beat, {"X-Hook-Signature": mac(beat).hexdigest()}).status_code == 200 and len(hook.runs()) == 1
    # Another one's secret is not taken any more.
    other = hook.send(event, {"X-Hook-Secret": "other", "X-Hook-Signature": mac(event, key=b"other").hexdigest()})
    assert other.status_code == 401 and "X-Hook-Secret" not in other.headers


def asana_event(hook, number, key):
    body = json.dumps({"events": [{"action": "changed", "resource": {"gid": str(number)}}]}).encode()
    return hook.send(body, {"X-Hook-Signature": mac(body, key=key.encode()).hexdigest()}).status_code


def test_a_told_secret_is_forgotten_for_the_next_one(account, known_secrets):
    hook = Hook(account, known_secrets, "asana", "resource_event", {})
    trigger_id, second = hook.shown["id"], known_secrets.add("a second secret of Asana", "the-second-secret-of-asana")
    hook.send(b"{}", {"X-Hook-Secret": SECRET})
    assert asana_event(hook, 1, SECRET) == 200
    both = account.fail(ROTATE, input={"id": trigger_id, "secret": second, "forgetsSecret": True})
    assert both["extensions"]["field"] == "forgetsSecret"
    rotated = account.execute(ROTATE, input={"id": trigger_id, "forgetsSecret": True})["rotateTriggerSecret"]
    assert rotated["secret"] == ""
    # A secret that is not known has the trigger read anew.
    assert hook.send(b"{}", {"X-Hook-Secret": second}).headers["X-Hook-Secret"] == second
    assert asana_event(hook, 2, second) == 200 and asana_event(hook, 3, SECRET) == 401
    # It is no former one either, once another is entered.
    third = known_secrets.add("a third secret of Asana", "the-third-secret-of-asana")
    account.execute(ROTATE, input={"id": trigger_id, "secret": third})
    assert [asana_event(hook, 4 + n, key) for n, key in enumerate([third, second, SECRET])] == [200, 200, 401]
    assert len(hook.runs()) == 4


def test_another_account_tells_a_secret_of_its_own(account, known_secrets):
    hook = Hook(account, known_secrets, "asana", "resource_event", {})
    second = known_secrets.add("a second secret of Asana", "the-second-secret-of-asana")
    hook.send(b"{}", {"X-Hook-Secret": SECRET})
    event = {"integrationId": hook.integration, "trigger": "resource_event"}
    account.execute(UPDATE, input={"id": hook.shown["id"], "integrationEvent": event})
    assert asana_event(hook, 1, SECRET) == 200
    event["integrationId"] = connect(account, "asana", {})
    account.execute(UPDATE, input={"id": hook.shown["id"], "integrationEvent": event})
    assert hook.send(b"{}", {"X-Hook-Secret": second}).status_code == 200
    assert asana_event(hook, 2, second) == 200 and asana_event(hook, 3, SECRET) == 401


REVEAL = "mutation R($id: ID!) { revealTriggerSecret(input: { id: $id }) { secret trigger { id } } }"


def test_notions_token_is_kept_and_shown_to_who_has_to_enter_it(account, known_secrets):
    hook = Hook(account, known_secrets, "notion", "workspace_event", {})
    error = account.fail(REVEAL, id=hook.shown["id"])
    assert error["extensions"]["code"] == "CONFLICT" and "not told" in error["message"]
    token = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"
    known_secrets.add("Notion's verification token", token)
    # An answer may be lost: the same is told again.
    for _ in range(2):
        answer = hook.send({"verification_token": token})
        assert (answer.status_code, answer.content) == (200, b"")
    shown = account.execute(REVEAL, id=hook.shown["id"])["revealTriggerSecret"]
    assert shown == {"secret": token, "trigger": {"id": hook.shown["id"]}} and hook.runs() == []
    events = account.execute("{ auditLog(first: 1) { nodes { action outcome before after } } }")["auditLog"]["nodes"]
    assert events[0]["action"] == "revealTriggerSecret" and token not in json.dumps(events)
    # Another one's token is not taken any more.
    assert hook.send({"verification_token": "secret_of_somebody_else"}).status_code == 401
    event = json.dumps({"id": "n-1", "type": "page.created", "entity": {"id": "p", "type": "page"}}).encode()
    for key, status in (("secret_of_somebody_else", 401), (token, 200)):
        signed = {"X-Notion-Signature": "sha256=" + mac(event, key=key.encode()).hexdigest()}
        assert hook.send(event, signed).status_code == status
    assert [run["input"]["name"] for run in hook.runs()] == ["page.created"]
    # Asana's is for Asana alone.
    asana = Hook(account, known_secrets, "asana", "resource_event", {})
    assert account.fail(REVEAL, id=asana.shown["id"])["extensions"]["code"] == "BAD_USER_INPUT"


def hubspot(*events):
    body = json.dumps(events).encode()
    return body, lambda hook: SCHEMES["hubspot"][2](body, hook.public_url)


def change(number, kind="contact.creation", **more):
    return {"eventId": number, "subscriptionType": kind, "objectId": number, "occurredAt": 1767225600000, **more}


def test_each_event_of_a_request_starts_a_run_of_its_own(account, known_secrets):
    hook = Hook(account, known_secrets, "hubspot", "crm_event", {"clientSecret": SECRET})
    first = [change(1), change(2, "contact.deletion"), change(3), change(1)]
    body, sign = hubspot(*first)
    answer = hook.send(body, sign(hook))
    assert answer.status_code == 200 and answer.content == b""
    runs = {run["id"]: run["input"] for run in hook.runs()}
    # The one that stands in the request twice is one event.
    assert sorted(run["event"][0]["eventId"] for run in runs.values()) == [1, 2, 3]
    assert all(len(run["event"]) == 1 and run["name"] == run["event"][0]["subscriptionType"] for run in runs.values())
    assert runs[answer.headers["Studio-Execution"]]["event"] == [first[0]]
    # Sent again, with one more: what is known starts nothing.
    body, sign = hubspot(*[{**event, "attemptNumber": 1} for event in first[:3]], change(4))
    again = hook.send(body, sign(hook))
    assert again.status_code == 200 and again.headers["Studio-Execution"] == answer.headers["Studio-Execution"]
    assert sorted(run["input"]["event"][0]["eventId"] for run in hook.runs()) == [1, 2, 3, 4]
    shown = account.execute(RUNS, id=hook.flow["id"])["flow"]["triggers"][0]["deliveries"]["nodes"]
    assert "2 contact.deletion 2 1767225600000" in [entry["deliveryKey"] for entry in shown] and len(shown) == 4


def test_events_of_a_request_that_nobody_waits_for_are_left_out(account, known_secrets):
    hook = Hook(account, known_secrets, "hubspot", "crm_event", {"clientSecret": SECRET}, events=["contact.deletion"])
    body, sign = hubspot(change(1), change(2, "contact.deletion"))
    assert hook.send(body, sign(hook)).status_code == 200
    assert [run["input"]["event"] for run in hook.runs()] == [[change(2, "contact.deletion")]]
    body, sign = hubspot(change(3))
    answer = hook.send(body, sign(hook))
    assert answer.status_code == 200 and "Studio-Execution" not in answer.headers and len(hook.runs()) == 1


def test_as_many_events_as_a_request_may_bring_are_one_commit(account, known_secrets):
    hook = Hook(account, known_secrets, "hubspot", "crm_event", {"clientSecret": SECRET})
    body, sign = hubspot(*[change(number) for number in range(1000)])
    assert hook.send(body, sign(hook)).status_code == 200
    count = account.execute("query C($id: ID!) { flow(id: $id) { executionLogs(first: 1) { totalCount } } }", id=hook.flow["id"])
    assert count["flow"]["executionLogs"]["totalCount"] == 1000
    body, sign = hubspot(*[{"eventId": number} for number in range(1001)])
    refused = hook.send(body, sign(hook))
    assert refused.status_code == 413 and "more events" in refused.json()["error"]


def test_a_message_and_its_states_are_events_of_their_own(account, known_secrets):
    hook = Hook(account, known_secrets, "whatsapp", "message_event", {"appSecret": SECRET})
    value = {"contacts": [{"wa_id": "9"}], "messages": [{"id": "wamid.1"}, {"id": "wamid.2"}],
             "statuses": [{"id": "wamid.0", "status": "sent"}, {"id": "wamid.0", "status": "read"}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [
        {"field": "messages", "value": value}, {"field": "account_update", "value": {"event": "X"}}]}]}).encode()
    signed = {"X-Hub-Signature-256": "sha256=" + mac(body).hexdigest()}
    for _ in range(2):
        assert hook.send(body, signed).status_code == 200
    shown = account.execute(RUNS, id=hook.flow["id"])["flow"]["triggers"][0]["deliveries"]["nodes"]
    # What has no id is taken twice.
    assert sorted(entry["deliveryKey"] or "" for entry in shown) == ["", "", "wamid.0 read", "wamid.0 sent", "wamid.1", "wamid.2"]
    values = [run["input"]["event"]["entry"][0]["changes"][0]["value"] for run in hook.runs()]
    assert {"contacts": [{"wa_id": "9"}], "messages": [{"id": "wamid.2"}]} in values


def test_each_notification_shows_its_client_state(account, known_secrets):
    hook = Hook(account, known_secrets, "onedrive", "drive_changed", {"clientStateSecret": SECRET})

    def note(number, state=SECRET):
        return {"id": f"n-{number}", "changeType": "updated", "clientState": state}

    assert hook.send({"value": [note(1), note(2, "another")]}).status_code == 401 and hook.runs() == []
    assert hook.send({"value": [note(1), note(2)]}).status_code == 200 and len(hook.runs()) == 2


def test_only_events_that_are_asked_for_start_runs(account, known_secrets):
    hook = Hook(account, known_secrets, "github", "repository_event", {"webhookSecret": SECRET}, events=["push"])

    def deliver(name, number):
        body = json.dumps({"number": number}).encode()
        return hook.send(body, {"X-Hub-Signature-256": "sha256=" + mac(body).hexdigest(), "X-GitHub-Event": name,
                                "X-GitHub-Delivery": f"d-{number}"})

    assert [deliver(name, number).status_code for number, name in enumerate(["issues", "push", "ping"])] == [200] * 3
    assert [run["input"]["event"] for run in hook.runs()] == [{"number": 1}]
    given = {"id": hook.shown["id"], "integrationEvent": {"integrationId": hook.integration, "trigger": "repository_event"}}
    assert account.execute(UPDATE, input=given)["updateTrigger"]["trigger"]["integrationEvent"]["events"] == []
    # A ping is never an event.
    assert [deliver(name, number).status_code for number, name in enumerate(["issues", "ping"], 10)] == [200] * 2
    assert sorted(run["input"]["event"]["number"] for run in hook.runs()) == [1, 10]
    account.execute(DISABLE, id=hook.shown["id"])
    assert deliver("issues", 20).status_code == 409


def test_a_trigger_may_have_a_secret_of_its_own(account, known_secrets):
    own = "own-secret-of-the-trigger"
    hook = Hook(account, known_secrets, "github", "repository_event", {"webhookSecret": SECRET}, secret=own)
    body = b'{"a": 1}'

    def deliver(key):
        return hook.send(body, {"X-Hub-Signature-256": "sha256=" + mac(body, key=key.encode()).hexdigest(),
                                "X-GitHub-Event": "push"}).status_code

    assert deliver(SECRET) == 401 and deliver(own) == 200
    account.execute(ROTATE, input={"id": hook.shown["id"], "secret": "another-secret-of-it"})
    # The former one is taken for a day.
    assert deliver("another-secret-of-it") == 200 and deliver(own) == 200 and deliver(SECRET) == 401
    # Forgotten, the one of the integration's credentials counts again.
    account.execute(ROTATE, input={"id": hook.shown["id"], "forgetsSecret": True})
    assert deliver(SECRET) == 200 and deliver("another-secret-of-it") == 401
    error = account.fail(ROTATE, input={"id": hook.shown["id"]})
    assert error["extensions"]["field"] == "secret"


def test_what_cannot_be_is_said_with_its_field(account, known_secrets):
    flow = account.create_flow(*chain(trigger(), transform("last", "1")), name="None")
    github = connect(account, "github", {})
    openai = connect(account, "openai", {})

    def field(**event):
        error = account.fail(ADD, input={"flowId": flow["id"], "integrationEvent": event})
        assert error["extensions"]["code"] in ("BAD_USER_INPUT", "NOT_FOUND"), error
        return error["extensions"]["field"], error["message"]

    issues = {"integrationId": github, "trigger": "issue_changed"}
    assert field(integrationId=github, trigger="nothing")[0] == "integrationEvent.trigger"
    assert "repository_event, issue_changed" in field(integrationId=github, trigger="nothing")[1]
    assert field(**issues) == ("integrationEvent.settings.owner", "settings.owner is required.")
    assert field(**issues, settings={"owner": "a", "repo": 1})[0] == "integrationEvent.settings.repo"
    assert field(**issues, settings={"owner": "a", "repo": "b", "x": 1})[0] == "integrationEvent.settings.x"
    given = {**issues, "settings": {"owner": "a", "repo": "b"}}
    assert field(**given, intervalSeconds=29)[0] == "integrationEvent.intervalSeconds"
    assert field(**given, maximumItems=0)[0] == "integrationEvent.maximumItems"
    assert field(**given, events=["push"])[0] == "integrationEvent.events"
    assert field(**given, secret="secret")[0] == "integrationEvent.secret"
    assert field(integrationId=github, trigger="repository_event")[0] == "integrationEvent.secret"
    assert field(integrationId=openai, trigger="platform_event", secret="short")[0] == "integrationEvent.secret"
    assert field(integrationId=flow["id"], trigger="x")[0] == "integrationEvent.integrationId"
    both = {"flowId": flow["id"], "integrationEvent": given, "schedule": {"cron": "@daily"}}
    assert "just one" in account.fail(ADD, input=both)["message"]


def test_an_integration_in_use_by_a_trigger_stays_unless_forced(account, known_secrets):
    hook = Hook(account, known_secrets, "github", "repository_event", {"webhookSecret": SECRET})
    error = account.fail(DELETE, input={"id": hook.integration})
    assert error["extensions"]["code"] == "CONFLICT" and "Received" in error["message"]
    account.execute(DELETE, input={"id": hook.integration, "force": True})
    assert account.execute(RUNS, id=hook.flow["id"])["flow"]["triggers"] == []
    assert hook.send({"a": 1}).status_code == 404
