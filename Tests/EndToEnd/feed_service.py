"""A service with a feed that triggers ask for: the connector, and the service itself."""

import json
import shutil
import time

from private_postgres import REPOSITORY
from tracker_service import Tracker, manifest

ADD = """mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id integrationEvent {
  mode intervalSeconds maximumItems start lastPolledAt nextPollAt lastError failures isFailing url } } } }"""
SHOW = """query S($id: ID!) { flow(id: $id) {
  executionLogs(first: 100) { nodes { id status input } }
  triggers { id lastFiredAt deliveries(first: 100) { nodes { deliveryKey request } } integrationEvent {
    intervalSeconds lastPolledAt nextPollAt lastError failures isFailing } } } }"""
CREATE = "mutation C($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }"
PATIENCE_SECONDS = 20
SETTINGS = {"TRIGGERS_MINIMUM_POLL_SECONDS": "1"}


def feed_manifest(url):
    made = manifest(url)
    text = {"type": "string", "description": "A text."}
    since_type = {"type": ["integer", "string"], "description": "A time, inclusive."}
    poll = {"name": "Something is new", "description": "Asked for.", "kind": "poll", "operation": "list_feed",
            "intervalSeconds": 30, "output": {"type": "object"},
            "settings": {"type": "object", "properties": {"feed": text}, "required": ["feed"], "additionalProperties": False}}
    newest = {"$if": "cursor", "then": "asc", "else": "desc"}
    made["operations"]["list_feed"] = {
        "name": "Feed", "description": "What is new.", "output": {"type": "object"},
        "input": {"type": "object", "properties": {"feed": text, "since": since_type, "order": text}, "required": ["feed"],
                  "additionalProperties": False},
        "request": {"method": "GET", "path": "/feeds/{input.feed}", "query": {"since": "{input.since}", "order": "{input.order}"}},
        "paging": {"kind": "cursor", "parameter": "after", "cursor": "body.next", "items": "body.items",
                   "size": {"parameter": "count", "maximum": 3}}}
    since = {"feed": "{settings.feed}", "since": "{cursor}"}
    both = {"id": ["item.id", "item.updated"], "cursor": "item.updated"}
    made["triggers"].update({
        "ascending": {**poll, **both, "order": "ascending", "input": {**since, "order": newest}},
        "descending": {**poll, **both, "order": "descending", "input": {**since, "order": "desc"}},
        "disordered": {**poll, **both, "order": "none", "start": "epochSeconds", "input": {**since, "order": "any"}},
        # Neither order nor cursor; a poll sees 15 things.
        "unordered": {**poll, "id": "item.id", "order": "none", "input": {"feed": "{settings.feed}", "order": "any", "limit": 3}},
        "newest": {**poll, "id": "item.id", "input": {"feed": "{settings.feed}", "order": "desc"}},
    })
    return made


class FeedService(Tracker):
    """Items have a time, which is a number; `since` is inclusive, as it is with most services."""

    def __init__(self):
        super().__init__()
        self.feeds = {}
        self.delay = 0

    def add(self, feed, *texts, at=None):
        with self.lock:
            items = self.feeds.setdefault(feed, [])
            for text in texts:
                items.append({"id": text, "updated": at if at is not None else int(time.time()) + len(items)})

    def _answer(self, entry):
        parts = entry["path"].split("/")
        if parts[1:3] == ["api", "feeds"] and not self.answers:
            allowed = entry["headers"].get("x-key") == "key-1234"
            if allowed or entry["headers"].get("authorization") == f"Bearer {self.valid_token}":
                return self._feed(parts[3], {name: values[0] for name, values in entry["query"].items()})
        return super()._answer(entry)

    def _feed(self, feed, query):
        items = [item for item in self.feeds.get(feed, []) if item["updated"] >= int(query.get("since", 0))]
        items.sort(key=lambda item: item["updated"], reverse=query["order"] == "desc")
        if query["order"] == "any":
            items = items[::2] + items[1::2]
        start, count = int(query.get("after", 0)), int(query["count"])
        more = start + count < len(items)
        return 200, {"items": items[start:start + count], "next": str(start + count) if more else None}, {}


def resources(folder, service):
    """Resources with the service's connector, and the Studio as its client: settings of a server."""
    for name in ("playground", "rest", "clients", "connectors"):
        shutil.copytree(REPOSITORY / name, folder / name)
    (folder / "connectors" / "tracker.json").write_text(json.dumps(feed_manifest(service.url)))
    clients = folder / "clients.json"
    clients.write_text(json.dumps({"tracker": {"clientId": "studio-id", "clientSecret": "studio-secret"}}))
    return {**SETTINGS, "STUDIO_RESOURCES": folder, "CONNECTORS_OAUTH_CLIENTS": clients}


class Follower:
    """A flow that is started by a feed."""

    def __init__(self, client, flow, trigger, feed="news", credentials=None, integration=None, **event):
        self.client, self.flow = client, flow
        if integration is None:
            filled = {"apiKey": "key-1234"} if credentials is None else credentials
            given = {"type": "tracker", "name": f"Account {time.monotonic_ns()}", "credentials": filled}
            integration = client.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]
        self.integration = integration
        given = {"integrationId": integration, "trigger": trigger, "settings": {"feed": feed}, "intervalSeconds": 1, **event}
        self.added = client.execute(ADD, input={"flowId": flow["id"], "integrationEvent": given})["addTrigger"]["trigger"]

    def show(self):
        return self.client.execute(SHOW, id=self.flow["id"])["flow"]

    def event(self):
        return self.show()["triggers"][0]["integrationEvent"]

    def texts(self):
        return [run["input"]["event"]["id"] for run in reversed(self.show()["executionLogs"]["nodes"])]

    def wait(self, holds, seconds=PATIENCE_SECONDS):
        """Waits until something holds of what is shown."""
        end = time.monotonic() + seconds
        while not holds(shown := self.show()):
            assert time.monotonic() < end, shown
            time.sleep(0.05)
        return shown

    def wait_for_poll(self, count=1):
        for _ in range(count):
            before = self.event()["lastPolledAt"]
            self.wait(lambda shown: shown["triggers"][0]["integrationEvent"]["lastPolledAt"] != before)

    def wait_for_runs(self, count, seconds=PATIENCE_SECONDS):
        self.wait(lambda shown: len(shown["executionLogs"]["nodes"]) >= count, seconds)
        return self.texts()
