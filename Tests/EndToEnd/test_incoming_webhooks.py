"""Incoming webhooks: acknowledged after the commit, signed as the services sign, each delivery once, replayed.

Signatures are made here with the standard library alone, as a service would do it."""

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from studio_client import chain, delay, transform, trigger

SHOWN = "id kind isEnabled revision nodeKey lastFiredAt webhook { url signature answer deliveryHeader }"
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { secret trigger { %s } } }" % SHOWN
UPDATE = "mutation U($input: UpdateTriggerInput!) { updateTrigger(input: $input) { secret trigger { %s } } }" % SHOWN
ROTATE = "mutation R($input: RotateTriggerSecretInput!) { rotateTriggerSecret(input: $input) { secret trigger { %s } } }" % SHOWN
ENABLE = "mutation E($id: ID!) { enableTrigger(input: { id: $id }) { trigger { isEnabled } } }"
DISABLE = "mutation D($id: ID!) { disableTrigger(input: { id: $id }) { trigger { isEnabled } } }"
REMOVE = "mutation D($id: ID!) { removeTrigger(input: { id: $id }) { deletedId } }"
REPLAY = "mutation R($id: ID!) { replayDelivery(input: { id: $id }) { delivery { id request replayOf { id } execution { id } } } }"
DELIVERIES = """query D($id: ID!) { node(id: $id) { ... on FlowTrigger { lastFiredAt deliveries {
  totalCount nodes { id deliveryKey address request receivedAt execution { id status } trigger { id } } } } } }"""
PAUSE = "mutation ($id: ID!) { pauseFlow(input: { id: $id }) { flow { id } } }"
ACTIVATE = "mutation ($id: ID!) { activateFlow(input: { id: $id }) { flow { id } } }"


def make_flow(client, expression="input.body", *more):
    return client.create_flow(*chain(trigger(), *more, transform("last", expression)), name="Received")


def add(client, known_secrets, flow, **webhook):
    made = client.execute(ADD, input={"flowId": flow["id"], "webhook": webhook})["addTrigger"]
    if made["secret"]:
        known_secrets.add("trigger secret", made["secret"])
    known_secrets.add("webhook URL", made["trigger"]["webhook"]["url"].rsplit("/", 1)[1])
    return made["trigger"], made["secret"]


def address(client, shown):
    """The URL on this test's port: what the API shows is under the public URL."""
    return client.server.url + "/hooks/" + shown["webhook"]["url"].rsplit("/", 1)[1]


def send(url, body=None, method="POST", **headers):
    data = json.dumps(body).encode() if isinstance(body, (dict, list)) or body is None else body
    headers = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return requests.request(method, url, data=data, headers=headers, timeout=20)


def mac(key, text):
    return hmac.new(key, text, hashlib.sha256)


def deliveries(client, shown):
    return client.execute(DELIVERIES, id=shown["id"])["node"]["deliveries"]


def test_bodies_are_read_in_the_encoding_that_they_say_they_have(client, known_secrets):
    shown, _ = add(client, known_secrets, make_flow(client, "input"), answer="RESULT")
    url, text = address(client, shown), '{"name": "Zoë"}'
    for body, kind, seen in [
        (b"\xef\xbb\xbf" + text.encode(), "application/json", {"name": "Zoë"}),
        (text.encode("latin-1"), "application/json; charset=iso-8859-1", {"name": "Zoë"}),
        (text.encode("utf-16"), "application/json; charset=utf-16", {"name": "Zoë"}),
        (b"a=Zo%EB&b=Zo\xeb", "application/x-www-form-urlencoded; charset=iso-8859-1", {"a": "Zoë", "b": "Zoë"}),
        (b"a=Zo%C3%AB", "application/x-www-form-urlencoded", {"a": "Zoë"}),
        ("Zoë".encode("latin-1"), "text/plain; charset=iso-8859-1", "Zoë"),
    ]:
        answer = requests.post(url, data=body, headers={"Content-Type": kind}, timeout=20)
        assert answer.status_code == 200 and answer.json()["body"] == seen, (kind, answer.text)
    unknown = requests.post(url, data=b"Zo\xeb", headers={"Content-Type": "text/plain"}, timeout=20).json()
    assert unknown["bodyEncoding"] == "base64" and base64.b64decode(unknown["body"]) == b"Zo\xeb"


def test_a_request_is_acknowledged_with_its_run_and_the_run_sees_it(client, known_secrets):
    flow = make_flow(client, "({ input })")
    shown, secret = add(client, known_secrets, flow)
    assert shown["kind"] == "WEBHOOK" and shown["isEnabled"] and secret == "" and shown["lastFiredAt"] is None
    assert shown["webhook"]["url"].startswith("http://studio.test/hooks/")
    url = address(client, shown)
    answer = send(
        url + "?a=1&a=2&b=x%20y", {"order": 7}, X_Trace="t1", Authorization="Bearer hidden", Cookie="hidden=1")
    assert answer.status_code == 202, answer.text
    log = client.finish(answer.json()["execution"])
    seen = client.log(answer.json()["execution"])["result"]["input"]
    assert seen["method"] == "POST" and seen["body"] == {"order": 7} and log
    assert seen["query"] == {"a": ["1", "2"], "b": "x y"} and seen["headers"]["x-trace"] == "t1"
    assert "hidden" not in json.dumps(seen)
    received = deliveries(client, shown)["nodes"]
    assert [entry["id"] for entry in received] == [answer.json()["delivery"]]
    assert received[0]["request"] == seen and received[0]["address"] == "127.0.0.1"
    assert received[0]["execution"]["id"] == answer.json()["execution"]
    assert client.execute(DELIVERIES, id=shown["id"])["node"]["lastFiredAt"]


def test_any_method_and_any_body_is_taken(client, known_secrets):
    shown, _ = add(client, known_secrets, make_flow(client, "input"), answer="RESULT")
    url = address(client, shown)
    assert requests.get(url, timeout=20).json()["body"] is None
    assert requests.put(url, data={"a": "1", "b": ["2", "3"]}, timeout=20).json()["body"] == {"a": "1", "b": ["2", "3"]}
    form = requests.post(url, data="a=100%+5&%zz=%4", headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=20).json()
    assert form["body"] == {"a": "100% 5", "%zz": "%4"}
    assert requests.post(url, data="<a/>", headers={"Content-Type": "text/xml"}, timeout=20).json()["body"] == "<a/>"
    answer = requests.delete(url, data=b"\xff\x00", headers={"Content-Type": "image/png"}, timeout=20).json()
    assert base64.b64decode(answer["body"]) == b"\xff\x00" and answer["bodyEncoding"] == "base64"
    assert answer["method"] == "DELETE"
    refused = requests.post(url, data="{", headers={"Content-Type": "application/json"}, timeout=20)
    assert refused.status_code == 400 and "JSON" in refused.json()["error"]
    assert requests.post(url, data=b"x" * 300_000, timeout=20).status_code == 413
    assert deliveries(client, shown)["totalCount"] == 5


def test_an_unknown_url_is_not_found_and_what_is_off_is_refused(client, known_secrets):
    flow = make_flow(client)
    shown, _ = add(client, known_secrets, flow)
    url = address(client, shown)
    other = url[:-1] + ("A" if url[-1] != "A" else "Q")
    for wrong in (client.server.url + "/hooks/x", other, client.server.url + "/hooks/" + "A" * 64):
        assert send(wrong, {}).status_code == 404
    client.execute(PAUSE, id=flow["id"])
    assert send(url, {}).status_code == 409
    client.execute(ACTIVATE, id=flow["id"])
    assert send(url, {}).status_code == 202
    client.execute(DISABLE, id=shown["id"])
    assert send(url, {}).status_code == 409
    client.execute(ENABLE, id=shown["id"])
    assert send(url, {}).status_code == 202
    turned = client.execute(ROTATE, input={"id": shown["id"]})["rotateTriggerSecret"]["trigger"]
    known_secrets.add("webhook URL", turned["webhook"]["url"].rsplit("/", 1)[1])
    assert turned["webhook"]["url"] != shown["webhook"]["url"]
    assert send(url, {}).status_code == 404
    assert send(address(client, turned), {}).status_code == 202
    client.execute(REMOVE, id=shown["id"])
    assert send(address(client, turned), {}).status_code == 404


def test_standard_webhooks_are_verified_and_each_id_is_taken_once(client, known_secrets):
    shown, secret = add(client, known_secrets, make_flow(client), signature="STANDARD")
    url, body = address(client, shown), b'{"n": 1}'

    def signed(key, number, at=None):
        at = str(int(at or time.time()))
        code = mac(base64.b64decode(key.removeprefix("whsec_")), f"{number}.{at}.".encode() + body).digest()
        return {"webhook_id": number, "webhook_timestamp": at,
                "webhook_signature": "v1,AAAA v1," + base64.b64encode(code).decode()}

    assert send(url, body).status_code == 401
    assert send(url, b'{"n": 2}', **signed(secret, "m1")).status_code == 401
    assert send(url, body, **signed(secret, "m1", time.time() - 1000)).status_code == 401
    first = send(url, body, **signed(secret, "m1"))
    assert first.status_code == 202
    again = send(url, body, **signed(secret, "m1"))
    assert again.status_code == 202
    assert again.json() == {"execution": first.json()["execution"], "duplicate": True}
    new = client.execute(ROTATE, input={"id": shown["id"]})["rotateTriggerSecret"]
    known_secrets.add("trigger secret", new["secret"])
    assert new["secret"] != secret and new["trigger"]["webhook"]["url"] == shown["webhook"]["url"]
    assert send(url, body, **signed(secret, "m2")).status_code == 202
    assert send(url, body, **signed(new["secret"], "m3")).status_code == 202
    assert [entry["deliveryKey"] for entry in deliveries(client, shown)["nodes"]] == ["m3", "m2", "m1"]


def test_the_signatures_of_github_stripe_and_slack_are_verified(client, known_secrets):
    flow = make_flow(client)
    github, secret = add(client, known_secrets, flow, signature="GITHUB")
    body = b'{"zen": "x"}'
    good = {"X_Hub_Signature_256": "sha256=" + mac(secret.encode(), body).hexdigest(), "X_GitHub_Delivery": "g1"}
    assert send(address(client, github), body, **good).status_code == 202
    assert send(address(client, github), body, **good).json()["duplicate"]
    assert send(address(client, github), body + b" ", **good).status_code == 401

    stripe, _ = add(client, known_secrets, flow, signature="STRIPE", secret="whsec_of_stripe")
    body, now = b'{"id": "evt_1"}', str(int(time.time()))
    code = mac(b"whsec_of_stripe", now.encode() + b"." + body).hexdigest()
    assert send(address(client, stripe), body, Stripe_Signature=f"t={now},v1={code},v0=1").status_code == 202
    assert send(address(client, stripe), body, Stripe_Signature=f"t={now},v1={code}").json()["duplicate"]
    assert send(address(client, stripe), body, Stripe_Signature=f"t=1,v1={code}").status_code == 401

    slack, _ = add(client, known_secrets, flow, signature="SLACK", secret="slack-signing-secret")

    def signed(text):
        code = mac(b"slack-signing-secret", b"v0:" + now.encode() + b":" + text).hexdigest()
        return {"X_Slack_Request_Timestamp": now, "X_Slack_Signature": "v0=" + code}

    challenge = b'{"type": "url_verification", "challenge": "abc"}'
    assert send(address(client, slack), challenge, **signed(challenge)).json() == {"challenge": "abc"}
    assert send(address(client, slack), challenge).status_code == 401
    event = b'{"type": "event_callback", "event_id": "E1"}'
    assert send(address(client, slack), event, **signed(event)).status_code == 202
    assert send(address(client, slack), event, **signed(event)).json()["duplicate"]
    assert deliveries(client, slack)["totalCount"] == 1


def test_the_answer_is_the_runs_result_or_a_nodes_output_or_its_id_when_it_takes_too_long(client, known_secrets):
    flow = client.create_flow(
        *chain(trigger(), transform("early", "input.body.n * 2"), delay("pause", 3000), transform("late", "1")),
        name="Answers")
    early, _ = add(client, known_secrets, flow, answer="NODE", answerNodeKey="early")
    answer = send(address(client, early), {"n": 21})
    assert (answer.status_code, answer.json()) == (200, 42)
    assert client.log(answer.headers["studio-execution"])["status"] in ("RUNNING", "WAITING")
    slow, _ = add(client, known_secrets, flow, answer="RESULT", answerTimeoutMs=100)
    answer = send(address(client, slow), {"n": 1})
    assert answer.status_code == 202 and answer.json()["execution"].startswith("exec_")
    failing, _ = add(client, known_secrets, make_flow(client, "nowhere.x"), answer="RESULT")
    answer = send(address(client, failing), {})
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "EXPRESSION_FAILED"


def test_a_request_of_known_length_and_a_chunked_one_are_answered_alike(client, known_secrets):
    """The first is answered where it arrives, the other one passes the router."""
    shown, _ = add(client, known_secrets, make_flow(client, "[input.body, input.query]"), answer="RESULT")
    url = address(client, shown)
    for target, body, status in ((url + "?a=%C3%A4", b'{"n":1}', 200), (url, b"{", 400), (url[:-1], b"1", 404), (url, b"", 200)):
        whole, chunked = (send(target, given) for given in (body, iter([body] if body else [])))
        assert (whole.status_code, chunked.status_code) == (status, status)
        assert whole.json() == chunked.json() and sorted(whole.headers) == sorted(chunked.headers)
        changing = {"Date", "x-request-id", "studio-execution", "RateLimit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
        assert {whole.headers[name] for name in set(whole.headers) - changing} == {
            chunked.headers[name] for name in set(chunked.headers) - changing}


def test_who_waits_for_a_result_learns_the_run_when_the_server_stops(house, known_secrets):
    from studio_client import StudioClient

    server = house.start(house.migrated_database())
    client = StudioClient(server, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 600_000)), name="Slow")
    shown, _ = add(client, known_secrets, flow, answer="RESULT", answerTimeoutMs=30_000)
    url = address(client, shown)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(send, url, given) for given in ({"n": 1}, iter([b"{}"]))]
        end = time.monotonic() + 20
        while deliveries(client, shown)["totalCount"] < 2:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert server.stop() < 15
        for answer in answers:
            assert answer.result().status_code == 202 and answer.result().json()["execution"].startswith("exec_")


def test_deliveries_that_come_together_share_commits_and_each_starts_one_run(client, known_secrets):
    shown, _ = add(client, known_secrets, make_flow(client), deliveryHeader="X-Id")
    url = address(client, shown)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: send(url, {"n": number}, X_Id=f"d{number % 50}"), range(150)))
    assert {answer.status_code for answer in answers} == {202}
    first = {}
    for number, answer in enumerate(answers):
        first.setdefault(number % 50, set()).add(answer.json()["execution"])
    assert all(len(runs) == 1 for runs in first.values())
    assert deliveries(client, shown)["totalCount"] == 50
    for runs in first.values():
        client.finish(runs.pop())


def test_what_was_received_can_be_received_again(client, known_secrets):
    flow = make_flow(client)
    shown, _ = add(client, known_secrets, flow, deliveryHeader="X-Id")
    first = send(address(client, shown), {"n": 1}, X_Id="once").json()
    again = client.execute(REPLAY, id=first["delivery"])["replayDelivery"]["delivery"]
    assert again["replayOf"]["id"] == first["delivery"] and again["execution"]["id"] != first["execution"]
    assert client.finish(again["execution"]["id"]) and client.log(again["execution"]["id"])["result"] == {"n": 1}
    client.execute(PAUSE, id=flow["id"])
    assert client.fail(REPLAY, id=first["delivery"])["extensions"]["code"] == "CONFLICT"


def test_an_edit_counts_for_the_next_request(client, known_secrets):
    flow = make_flow(client, "1")
    shown, _ = add(client, known_secrets, flow, answer="RESULT")
    url = address(client, shown)
    assert send(url, {}).json() == 1
    node = next(node["id"] for node in flow["nodes"] if node["key"] == "last")
    client.execute(
        "mutation ($id: ID!) { updateNode(input: { id: $id, config: { expression: \"2\" } }) { node { id } } }", id=node)
    assert send(url, {}).json() == 2
    changed = client.execute(UPDATE, input={"id": shown["id"], "webhook": {"signature": "GITHUB"}})["updateTrigger"]
    known_secrets.add("trigger secret", changed["secret"])
    assert changed["secret"] and send(url, {}).status_code == 401


def test_a_trigger_that_cannot_be_is_refused_with_the_field(client, known_secrets):
    flow = make_flow(client)

    def field(**webhook):
        return client.fail(ADD, input={"flowId": flow["id"], "webhook": webhook})["extensions"]["field"]

    assert field(signature="STRIPE") == "webhook.secret"
    assert field(signature="STANDARD", secret="short") == "webhook.secret"
    assert field(secret="something") == "webhook.secret"
    assert field(answer="NODE") == field(answer="NODE", answerNodeKey="nobody") == "webhook.answerNodeKey"
    assert field(toleranceSeconds=0) == "webhook.toleranceSeconds"
    assert field(answerTimeoutMs=70_000) == "webhook.answerTimeoutMs"
    assert field(deliveryHeader="no name") == "webhook.deliveryHeader"
    wrong = {"flowId": flow["id"], "nodeKey": "last", "webhook": {}}
    assert client.fail(ADD, input=wrong)["extensions"]["field"] == "nodeKey"
    for _ in range(20):
        add(client, known_secrets, flow)
    assert client.fail(ADD, input={"flowId": flow["id"], "webhook": {}})["extensions"]["field"] == "flowId"


def test_an_acknowledged_delivery_survives_the_server(house, known_secrets):
    from studio_client import StudioClient

    database = house.migrated_database()
    server = house.start(database, WORKER_ENABLED="false")
    client = StudioClient(server, known_secrets)
    client.register()
    shown, _ = add(client, known_secrets, make_flow(client))
    runs = [send(address(client, shown), {"n": number}).json()["execution"] for number in range(20)]
    server.kill()
    next_client = client.at(house.start(database))
    for number, run in enumerate(runs):
        next_client.finish(run)
        assert next_client.log(run)["result"] == {"n": number}
