"""Flows carried from one Studio to another: exported there, imported here, and started by their triggers here.

Both Studios have databases and master keys of their own."""

import base64
import hashlib
import hmac
import json
import time

import pytest
import requests
from studio_client import StudioClient, chain, node, transform, trigger

EXPORT = "mutation E($id: ID!) { exportFlow(input: { id: $id }) { document } }"
IMPORT = """mutation I($input: ImportFlowInput!) { importFlow(input: $input) {
  flow { id status errorFlow { name } triggers { id kind isEnabled nextFireAt sourceFlow { name }
    webhook { url signature answerNodeKey } integrationEvent { url trigger settings } } }
  triggers { secret trigger { id kind webhook { url } integrationEvent { url } } }
  missingIntegrations { nodeKey } warnings { code field message } } }"""
DUPLICATE = """mutation D($input: DuplicateFlowInput!) { duplicateFlow(input: $input) {
  flow { id triggers { id isEnabled nextFireAt } } } }"""
ADD = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { secret trigger { id webhook { url } } } }"
UPDATE = "mutation U($input: UpdateTriggerInput!) { updateTrigger(input: $input) { trigger { id isEnabled } } }"
ENABLE = "mutation E($id: ID!) { enableTrigger(input: { id: $id }) { trigger { isEnabled } } }"
ROTATE = "mutation R($input: RotateTriggerSecretInput!) { rotateTriggerSecret(input: $input) { secret } }"
UPDATE_FLOW = "mutation U($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { id } } }"
NODES = "query N($id: ID!) { flow(id: $id) { nodes { id } } }"
VALIDATE = "mutation V($id: ID!) { validateFlow(input: { id: $id }) { problems { nodeKey } } }"
PUBLISH = "mutation P($id: ID!) { publishFlow(input: { id: $id }) { version { id } } }"
UPDATE_NODE = "mutation U($input: UpdateNodeInput!) { updateNode(input: $input) { node { id } } }"
ACTIVATE = "mutation A($id: ID!) { activateFlow(input: { id: $id }) { flow { id } } }"
CREATE = "mutation C($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }"
RUNS = "query R($id: ID!) { flow(id: $id) { executionLogs(first: 50) { nodes { id status input } } } }"
PATIENCE_SECONDS = 15
GITHUB = "a-secret-of-github"


def standard(secret, body):
    """Headers that Standard Webhooks demands."""
    at = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.new(key, b"msg_1." + at.encode() + b"." + body, hashlib.sha256).digest()
    return {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": "v1," + base64.b64encode(code).decode()}


def post(client, url, body, headers):
    """To a trigger's URL, on this test's port."""
    url = client.server.url + "/hooks/" + url.rsplit("/", 1)[1]
    return requests.post(url, data=body, headers={"Content-Type": "application/json", **headers}, timeout=20)


def runs(client, flow, wanted):
    """The inputs of a flow's runs, when there is one that is wanted."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = [run["input"] for run in client.execute(RUNS, id=flow)["flow"]["executionLogs"]["nodes"]]
        if any(wanted(run) for run in found):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def connect(client, **credentials):
    given = {"name": "Code", "type": "github", "credentials": credentials}
    return client.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]


def furnished(client):
    """A flow with a trigger of each kind, and an error flow; the secrets that no document may have."""
    alarm = client.create_flow(*chain(trigger(), transform("last", "input.flow.name")), name="Alarm")
    flow = client.create_flow(*chain(trigger(), transform("last", "({ got: input })")), name="Carried")
    client.execute(UPDATE_FLOW, input={"id": flow["id"], "errorFlowId": alarm["id"]})
    github = connect(client, accessToken="gh-token-1234567890", webhookSecret=GITHUB)
    secrets = [GITHUB, "gh-token-1234567890", "/hooks/", "flow_", "intg_", "trig_"]
    for event in [
        {"schedule": {"cron": "* * * * * *", "catchUp": "NONE"}, "nodeKey": "start"},
        {"webhook": {"signature": "STANDARD", "answer": "NODE", "answerNodeKey": "last"}},
        {"flowEvent": {"flowId": alarm["id"], "states": ["SUCCESS", "FAILURE"]}},
        {"integrationEvent": {"integrationId": github, "trigger": "repository_event", "events": ["push"]}},
    ]:
        added = client.execute(ADD, input={"flowId": flow["id"], **event})["addTrigger"]
        if added["secret"]:
            secrets.append(client.secrets.add("trigger secret", added["secret"]))
    return flow, secrets


def carry(client, document, **more):
    """Imports a document; what it shows once is remembered as secret."""
    made = client.execute(IMPORT, input={"document": document, **more})["importFlow"]
    for entry in made["triggers"]:
        if entry["secret"]:
            client.secrets.add("trigger secret", entry["secret"])
    return made


def test_an_imported_flow_is_started_by_its_own_triggers(client, stranger):
    flow, secrets = furnished(client)
    document = client.execute(EXPORT, id=flow["id"])["exportFlow"]["document"]
    text = json.dumps(document)
    assert [secret for secret in secrets if secret in text] == []
    assert document["format"] == 2 and document["errorFlow"] == {"name": "Alarm"}

    alarm = stranger.create_flow(*chain(trigger(), transform("last", "1")), name="Alarm")
    connect(stranger, accessToken="gh-token-of-stranger", webhookSecret="another-of-github")
    made = carry(stranger, document)
    assert made["warnings"] == [] and made["missingIntegrations"] == []
    assert made["flow"]["status"] == "PAUSED" and made["flow"]["errorFlow"] == {"name": "Alarm"}
    kinds = ["SCHEDULE", "WEBHOOK", "FLOW_EVENT", "INTEGRATION"]
    assert [entry["kind"] for entry in made["flow"]["triggers"]] == kinds
    assert all(entry["isEnabled"] for entry in made["flow"]["triggers"])
    assert made["flow"]["triggers"][0]["nextFireAt"] and made["flow"]["triggers"][2]["sourceFlow"] == {"name": "Alarm"}
    url, secret = made["triggers"][1]["trigger"]["webhook"]["url"], made["triggers"][1]["secret"]
    assert secret.startswith("whsec_") and secret not in secrets
    # Before the flow is active nothing starts it.
    body = b'{"n": 21}'
    assert post(stranger, url, body, standard(secret, body)).status_code == 409
    stranger.execute(ACTIVATE, id=made["flow"]["id"])

    answer = post(stranger, url, body, standard(secret, body))
    assert answer.status_code == 200 and answer.json()["got"]["body"] == {"n": 21}, answer.text
    old = next(entry for entry in secrets if entry.startswith("whsec_"))
    assert post(stranger, url, body, standard(old, body)).status_code == 401
    runs(stranger, made["flow"]["id"], lambda run: run.get("cron") == "* * * * * *")
    stranger.start(alarm)
    runs(stranger, made["flow"]["id"], lambda run: run.get("flow", {}).get("name") == "Alarm")
    hook = made["triggers"][3]["trigger"]["integrationEvent"]["url"]
    signed = {"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=" + hmac.new(
        b"another-of-github", body, hashlib.sha256).hexdigest()}
    assert post(stranger, hook, body, signed).status_code == 200
    runs(stranger, made["flow"]["id"], lambda run: run.get("connector") == "github")


def test_what_is_missing_is_said_and_can_be_given(client, stranger):
    flow, _ = furnished(client)
    added = client.execute(ADD, input={"flowId": flow["id"], "webhook": {"signature": "STRIPE", "secret": "whsec_stripes"}})
    client.secrets.add("trigger secret", added["addTrigger"]["secret"])
    document = client.execute(EXPORT, id=flow["id"])["exportFlow"]["document"]
    made = carry(stranger, document, status="ACTIVE")
    assert [(entry["code"], entry["field"]) for entry in made["warnings"]] == [
        ("MISSING_FLOW", "errorFlow"), ("MISSING_FLOW", "triggers.2.flowEvent.flow"),
        ("MISSING_INTEGRATION", "triggers.3.integrationEvent.integration"), ("MISSING_SECRET", "triggers.4.webhook")]
    ids = [entry["id"] for entry in made["flow"]["triggers"]]
    assert [entry["isEnabled"] for entry in made["flow"]["triggers"]] == [True, True, False, False, False]
    # The names of what is missing are kept: the next export is the same but for what is off.
    again = stranger.execute(EXPORT, id=made["flow"]["id"])["exportFlow"]["document"]
    for entry, shown in zip(document["triggers"], made["flow"]["triggers"]):
        entry["isEnabled"] = shown["isEnabled"]
    assert again == document and again["errorFlow"] == {"name": "Alarm"}
    assert made["flow"]["triggers"][3]["integrationEvent"]["trigger"] == "repository_event"
    for place in (2, 3, 4):
        assert stranger.fail(ENABLE, id=ids[place])["extensions"]["code"] == "CONFLICT"
    alarm = stranger.create_flow(*chain(trigger(), transform("last", "1")), name="Other")
    stranger.execute(UPDATE, input={"id": ids[2], "flowEvent": {"flowId": alarm["id"]}})
    github = connect(stranger, accessToken="gh-token-of-stranger")
    event = {"integrationId": github, "trigger": "repository_event", "secret": "a-secret-for-this-trigger"}
    stranger.secrets.add("trigger secret", event["secret"])
    stranger.execute(UPDATE, input={"id": ids[3], "integrationEvent": event})
    stranger.execute(ROTATE, input={"id": ids[4], "secret": stranger.secrets.add("trigger secret", "whsec_of_the_stranger")})
    for place in (2, 3, 4):
        assert stranger.execute(ENABLE, id=ids[place])["enableTrigger"]["trigger"]["isEnabled"]
    stranger.start(alarm)
    runs(stranger, made["flow"]["id"], lambda run: run.get("flow", {}).get("name") == "Other")


def test_operations_of_connectors_get_their_integrations_one_by_one(client, stranger):
    def issue(key, integration):
        return node(key, "ACTION", {"type": "connector", "operation": "create_issue", "input": {
            "owner": "acme", "repo": "shop", "title": "Order {{ input.id }}"}}, integrationId=integration)

    account = connect(client, accessToken="gh-token-1234567890")
    flow = client.create_flow(*chain(trigger(), issue("first", account), issue("second", account)))
    document = client.execute(EXPORT, id=flow["id"])["exportFlow"]["document"]
    made = carry(stranger, document)
    assert made["missingIntegrations"] == [{"nodeKey": "first"}, {"nodeKey": "second"}]
    flow = made["flow"]["id"]
    assert stranger.execute(EXPORT, id=flow)["exportFlow"]["document"] == document
    problems = stranger.execute(VALIDATE, id=flow)["validateFlow"]["problems"]
    assert problems == [{"nodeKey": "first"}, {"nodeKey": "second"}]
    nodes = [entry["id"] for entry in stranger.execute(NODES, id=flow)["flow"]["nodes"][1:]]
    assert "needs an integration" in stranger.fail(PUBLISH, id=flow)["message"]
    account = connect(stranger, accessToken="gh-token-of-stranger")
    for entry in nodes:
        stranger.execute(UPDATE_NODE, input={"id": entry, "integrationId": account})
    assert stranger.execute(VALIDATE, id=flow)["validateFlow"]["problems"] == []
    stranger.execute(PUBLISH, id=flow)
    # What is given must be right, also while it is drawn.
    wrong = {"type": "connector", "operation": "nonsense", "input": {}}
    assert "has no operation 'nonsense'" in stranger.fail(
        UPDATE_NODE, input={"id": nodes[0], "config": wrong})["message"]


def test_a_copy_starts_nothing_by_itself(client):
    flow, _ = furnished(client)
    copy = client.execute(DUPLICATE, input={"id": flow["id"]})["duplicateFlow"]["flow"]
    assert [entry["isEnabled"] for entry in copy["triggers"]] == [False] * 4
    client.execute(ACTIVATE, id=copy["id"])
    count = len(runs(client, flow["id"], lambda run: "cron" in run))
    end = time.monotonic() + PATIENCE_SECONDS
    while len(client.execute(RUNS, id=flow["id"])["flow"]["executionLogs"]["nodes"]) < count + 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert client.execute(RUNS, id=copy["id"])["flow"]["executionLogs"]["nodes"] == []
    client.execute(ENABLE, id=copy["triggers"][0]["id"])
    runs(client, copy["id"], lambda run: "cron" in run)


def large(count):
    """A document with many nodes of nearly 64 KiB."""
    nodes, connections = chain(trigger(), *(
        node(f"n{number}", "ACTION", {"type": "log", "message": "m" * 65_000}) for number in range(count)))
    nodes = [{key: entry[key] for key in ("key", "title", "kind", "config")} for entry in nodes]
    return {"studio": "flow", "format": 2, "name": "Large", "intention": "I", "nodes": nodes, "connections": connections}


def send(client, content, content_type="application/json", **more):
    operations = {"query": IMPORT, "variables": {"input": {"file": None, **more}}}
    form = [
        ("operations", (None, json.dumps(operations))), ("map", (None, '{"0": ["variables.input.file"]}')),
        ("0", ("flow.json", content, content_type)),
    ]
    return requests.post(
        client.server.url + "/graphql", files=form, timeout=120,
        headers={**client.headers(), "GraphQL-Require-Preflight": "1"})


def test_what_is_larger_than_a_request_comes_as_a_file(client, stranger):
    document = large(30)
    assert client.post(IMPORT, {"input": {"document": document}}).status_code == 413
    first = send(client, json.dumps(document)).json()["data"]["importFlow"]["flow"]
    exported = client.execute(EXPORT, id=first["id"])["exportFlow"]["document"]
    assert [entry["config"] for entry in exported["nodes"]] == [entry["config"] for entry in document["nodes"]]
    # As an editor may have saved it.
    second = send(stranger, b"\xef\xbb\xbf" + json.dumps(exported).encode(), name="Here").json()["data"]["importFlow"]["flow"]
    again = stranger.execute(EXPORT, id=second["id"])["exportFlow"]["document"]
    assert again == {**exported, "name": "Here"}


def test_each_wrong_member_is_told_once_whether_it_comes_in_a_request_or_in_a_file(client):
    schedule = {"kind": "SCHEDULE", "schedule": {"cron": "nonsense", "jitterSeconds": -1}}
    webhook = {"kind": "WEBHOOK", "webhook": {"deliveryHeader": "x" * 101}}
    document = {"studio": "flow", "format": 2, "name": "", "intention": 7, "runPriority": "", "nodes": [{"key": "a"}],
                "connections": [{"from": "a", "to": "b"}], "triggers": [schedule, webhook]}
    wrong = ["name", "intention", "runPriority", "nodes.0.kind", "nodes.0.title", "connections.0.to",
             "triggers.0.schedule.jitterSeconds", "triggers.0.schedule.cron", "triggers.1.webhook.deliveryHeader"]
    answers = {"document": client.post(IMPORT, {"input": {"document": document}}), "file": send(client, json.dumps(document))}
    for name, answer in answers.items():
        told = [error["extensions"]["field"] for error in answer.json()["errors"]]
        assert told == [f"{name}.{field}" for field in wrong], answer.text


def test_files_of_json_have_a_bound_of_their_own(client):
    content = json.dumps(large(170))
    assert len(content) > 10 * 1024 * 1024
    refused = send(client, content, "application/octet-stream")
    assert refused.status_code == 413 and "Files may have 10485760 bytes" in refused.text
    made = send(client, content).json()
    assert made["data"]["importFlow"]["warnings"] == []
    beyond = send(client, b" " * (64 * 1024 * 1024 + 1))
    assert beyond.status_code == 413 and "Files of JSON may have 67108864 bytes at most." in beyond.text
    # A picture is no document, whatever its part says.
    picture = requests.post(
        client.server.url + "/graphql", timeout=60, headers={**client.headers(), "GraphQL-Require-Preflight": "1"},
        files=[
            ("operations", (None, json.dumps({
                "query": "mutation S($file: Upload!) { setAvatar(file: $file) { user { id } } }",
                "variables": {"file": None}}))),
            ("map", (None, '{"0": ["variables.file"]}')),
            ("0", ("me.gif", b"GIF89a" + bytes(10 * 1024 * 1024), "application/json"))])
    assert picture.json()["errors"][0]["message"] == "file may have 10485760 bytes at most."
