"""How accounts get tokens: by signing in and coming back to the Studio's own page, or with what is filled in."""

import base64
import html
import json
import re
from email import message_from_bytes
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from studio_client import StudioClient, chain, trigger
from tracker_service import (
    CREATE, FINISH, START, TEST, UPDATE, account, call, connect, manifest, outcome, private_key, settings, sign_in,
    tracker)

FIXTURES = (account, settings, tracker)
SHOWN = "query One($id: ID!) { integration(id: $id) { isConnected attention } }"
AUDIT = "{ auditLog(first: 1) { nodes { action outcome objectType actor { email } } } }"


def begin(client, tracker, integration, **more):
    """The state, and where the user comes back to."""
    begun = client.execute(START, input={"id": integration, **more})["startIntegrationOAuth"]
    query = parse_qs(urlsplit(begun["authorizationUrl"]).query)
    tracker.verifier_challenge = query["code_challenge"][0]
    assert query["redirect_uri"] == ["http://studio.test/oauth/callback"]
    return begun["state"], client.server.url + "/oauth/callback"


def press(page, url):
    """Sends the page's form, as a browser does when its button is clicked."""
    assert 'method="post" action="/oauth/callback"' in page.text, page.text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    form = [(html.unescape(name), html.unescape(value)) for name, value in fields]
    return requests.post(url, data=form, headers={"Sec-Fetch-Site": "same-origin"}, allow_redirects=False)


def test_the_page_tells_who_would_get_the_account_and_a_click_ends_it(account, tracker):
    integration = connect(account, {})
    state, callback = begin(account, tracker, integration)
    came = requests.get(callback, params={"state": state, "code": "good", "team": "<i>blue</i>"})
    assert came.status_code == 200 and came.headers["content-type"] == "text/html; charset=utf-8"
    assert came.headers["cache-control"] == "no-store" and "frame-ancestors 'none'" in came.headers["content-security-policy"]
    assert "<b>tracker</b>" in came.text and "<b>Ours</b>" in came.text and account.email in came.text
    assert "<i>" not in came.text and "&lt;i&gt;blue&lt;/i&gt;" in came.text
    assert not tracker.requests("/token"), "nothing is exchanged before the click"
    done = press(came, callback)
    assert done.status_code == 200 and "Connected" in done.text
    assert account.execute(SHOWN, id=integration)["integration"] == {"isConnected": True, "attention": None}
    assert account.execute(AUDIT)["auditLog"]["nodes"][0] == {
        "action": "finishIntegrationOAuth", "outcome": "SUCCESS", "objectType": "integration",
        "actor": {"email": account.email}}
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    again = press(came, callback)
    assert again.status_code == 400 and "used already" in again.text
    assert again.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_client_is_sent_on_to_where_the_settings_allow(account, tracker):
    integration = connect(account, {})
    for url in ("https://app.test/", "https://app.test.evil/done/", "https://app.test/one/more", "https://app.test/done"):
        error = account.fail(START, input={"id": integration, "returnUrl": url})
        assert error["extensions"]["field"] == "returnUrl", url
    both = {"id": integration, "redirectUrl": "https://app.test/own", "returnUrl": "https://app.test/one"}
    assert account.fail(START, input=both)["extensions"]["field"] == "returnUrl"
    state, callback = begin(account, tracker, integration, returnUrl="https://app.test/done/here?tab=2#top")
    came = requests.get(callback, params={"state": state, "code": "good"})
    assert "form-action 'self' https://app.test;" in came.headers["content-security-policy"]
    done = press(came, callback)
    assert done.status_code == 303
    assert done.headers["location"] == f"https://app.test/done/here?tab=2&integration={integration}#top"
    state, callback = begin(account, tracker, integration, returnUrl="https://app.test/one")
    refused = requests.get(callback, params={"state": state, "error": "access_denied"}, allow_redirects=False)
    assert refused.headers["location"] == "https://app.test/one?error=access_denied"
    # What the service says is no address: it stays a code.
    odd = {"state": state, "error": "x&next=https://evil.test"}
    refused = requests.get(callback, params=odd, allow_redirects=False)
    assert refused.headers["location"] == "https://app.test/one?error=failed"


def test_what_is_wrong_is_told_as_text(account, tracker):
    integration = connect(account, {})
    state, callback = begin(account, tracker, integration)

    def told(method, parameters, **headers):
        send = {"get": dict(params=parameters), "post": dict(data=parameters)}[method]
        answer = requests.request(method, callback, headers=headers, **send)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8", answer.text
        assert answer.headers["x-content-type-options"] == "nosniff" and "<" not in answer.text
        return answer.status_code, answer.text.strip()

    assert told("get", {}) == (400, "The service sent no state: begin the sign-in again.")
    assert told("get", {"state": "<b>"}) == (400, "The state is not one that you were given.")
    assert told("get", {"state": state[:-4] + "AAAA"}) == (400, "The state is not one that you were given.")
    denied = told("get", {"state": state, "error": "<script>", "error_description": "<b>no</b>"})
    assert denied == (400, "The service did not connect the account: failed.")
    assert told("post", {"state": state}) == (400, "The service sent no code.")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert told("post", {"state": state, "code": "good"}, **foreign)[0] == 403
    elsewhere = {"state": state, "code": "good", "iss": "https://evil.test"}
    assert told("post", elsewhere) == (400, "The answer comes from another service than was asked.")
    assert not tracker.requests("/token")
    assert told("post", {"state": state, "code": "bad", "iss": tracker.url})[1].endswith("The code is wrong.")
    # The state was used; and of two sign-ins the one that was begun last counts.
    first, _ = begin(account, tracker, integration)
    second, _ = begin(account, tracker, integration)
    assert "begun again since" in told("post", {"state": first, "code": "good"})[1]
    assert account.fail(FINISH, input={"state": first, "code": "good"})["extensions"]["field"] == "state"
    assert requests.post(callback, data={"state": second, "code": "good"}).status_code == 200


def test_an_account_without_credentials_says_what_it_lacks(account, tracker):
    integration = connect(account, {})
    lack = "Nobody has signed in yet. Fill in Key, or sign in with startIntegrationOAuth, or fill in Name and Key, " \
           "or fill in Key and Name."
    assert account.execute(SHOWN, id=integration)["integration"] == {"isConnected": False, "attention": lack}
    assert account.execute(TEST, id=integration)["testIntegration"]["isAccepted"] is False
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    status, entry = outcome(account, account.start(flow))
    assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION" and lack in entry["error"]["message"]
    assert not tracker.requests("/api/me")
    account.execute(UPDATE, input={"id": integration, "credentials": {"apiKey": "key-1234"}})
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    updated = account.execute(UPDATE, input={"id": integration, "credentials": {}})["updateIntegration"]["integration"]
    assert updated["attention"] == lack
    # Who cannot sign in must fill something in.
    given = {"type": "openai", "name": "AI", "credentials": {}}
    assert account.fail(CREATE, input=given)["extensions"]["code"] == "BAD_USER_INPUT"
    given = {"type": "http", "name": "Web", "credentials": {"baseUrl": tracker.url}}
    assert account.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]


@pytest.mark.parametrize("credentials, grants", [
    ({"robot": "robot", "robotSecret": "robot-secret"}, ["client_credentials"]),
    ({"robot": "robot", "privateKey": private_key()}, ["jwt"]),
    ({"robot": "robot", "privateKey": private_key().replace("\n", "\\n"), "subject": "ann"}, ["ann"]),
])
def test_tokens_are_had_with_what_is_filled_in(account, tracker, credentials, grants):
    integration = connect(account, credentials)
    assert account.execute(SHOWN, id=integration)["integration"]["attention"] is None
    flow = account.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    for _ in range(2):
        assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.grants == grants
    # A token that is withdrawn is had anew.
    tracker.valid_token = "nobody-has-this"
    assert outcome(account, account.start(flow))[0] == "SUCCESS"
    assert tracker.grants == grants * 2
    # Other credentials bring other tokens; wrong ones ask for attention, once.
    account.execute(UPDATE, input={"id": integration, "credentials": {"robot": "robot", "robotSecret": "wrong"}})
    for _ in range(2):
        status, entry = outcome(account, account.start(flow))
        assert status == "FAILURE" and "Unknown robot" in entry["error"]["message"]
    assert account.execute(SHOWN, id=integration)["integration"] == {"isConnected": False, "attention": "Unknown robot"}
    assert len(tracker.requests("/token")) == 3


def test_a_key_that_is_none_is_told(account, tracker):
    integration = connect(account, {"robot": "robot", "privateKey": "no key at all"})
    answer = account.execute(TEST, id=integration)["testIntegration"]
    assert answer["isAccepted"] is False and "The private key is not an RSA key in PEM." in answer["message"]
    assert not tracker.requests("/token")


def test_a_hundred_runs_of_two_servers_have_one_token_from_a_secret(house, settings, tracker, known_secrets):
    database = house.migrated_database()
    first = StudioClient(house.start(database, **settings), known_secrets)
    first.register()
    house.start(database, **settings)
    integration = connect(first, {"robot": "robot", "robotSecret": "robot-secret"})
    flow = first.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    runs = [first.start(flow) for _ in range(100)]
    assert [first.finish(run)[-1]["runStatus"] for run in runs] == ["SUCCESS"] * 100
    assert tracker.grants == ["client_credentials"]
    assert len(tracker.requests("/api/me")) == 100


def test_a_file_is_sent_as_a_part_of_a_form(account, tracker):
    integration = connect(account, {"apiKey": "key-1234"})
    content = bytes(range(256))
    given = {"file": base64.b64encode(content).decode(), "name": 'a "b".bin'}
    flow = account.create_flow(*chain(trigger(), call("call", integration, "send_file", given)))
    status, entry = outcome(account, account.start(flow))
    assert status == "SUCCESS", entry
    answer = entry["output"]
    form = message_from_bytes(
        b"Content-Type: " + answer["type"].encode() + b"\r\n\r\n" + base64.b64decode(answer["body"]))
    note, file = form.get_payload()
    assert note.get_content_type() == "application/json" and note.get_payload() == '{"by":"a \\"b\\".bin"}'
    assert file.get_param("name", header="content-disposition") == "file"
    assert file.get_filename() == "a %22b%22.bin" and file.get_payload(decode=True) == content


@pytest.fixture
def photos(house, settings, tracker, known_secrets):
    """A service whose sign-in gives tokens of an hour, which are exchanged for tokens that live long; those are renewed
    with themselves."""
    made = {**manifest(tracker.url), "type": "photos", "name": "Photos"}
    long = {"method": "GET", "url": tracker.url + "/long", "parameters": {
        "grant_type": "exchange", "client_secret": "{client.secret}", "access_token": "{oauth.accessToken}"}}
    renewal = {"method": "GET", "url": tracker.url + "/renew", "aheadSeconds": 31_536_000, "minimumAgeSeconds": 0,
               "parameters": {"grant_type": "renew", "access_token": "{oauth.accessToken}"}}
    sign = {**made["authentication"][1], "longLived": long, "renewal": renewal}
    made["authentication"] = [made["authentication"][0], sign]
    (settings["STUDIO_RESOURCES"] / "connectors" / "photos.json").write_text(json.dumps(made))
    client = {"clientId": "studio-id", "clientSecret": "studio-secret"}
    settings["CONNECTORS_OAUTH_CLIENTS"].write_text(json.dumps({"tracker": client, "photos": client}))
    studio = StudioClient(house.start(**settings), known_secrets)
    studio.register()
    return studio


def test_a_short_token_is_exchanged_and_the_long_one_is_renewed_in_time(photos, tracker):
    integration = connect(photos, {}, "photos")
    flow = photos.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    assert sign_in(photos, tracker, integration)["isConnected"] is True
    assert tracker.trades == [
        ("/long", {"grant_type": "exchange", "client_secret": "studio-secret", "access_token": "token-1"})]
    # A renewal that fails costs nothing while the token is valid, and is not tried with every call.
    tracker.refuses_refresh = True
    for _ in range(2):
        assert outcome(photos, photos.start(flow))[0] == "SUCCESS" and len(tracker.trades) == 2
    assert photos.execute(SHOWN, id=integration)["integration"] == {"isConnected": True, "attention": None}
    tracker.refuses_refresh = False
    sign_in(photos, tracker, integration)
    long = tracker.valid_token
    assert outcome(photos, photos.start(flow))[0] == "SUCCESS"
    assert tracker.trades[-1] == ("/renew", {"grant_type": "renew", "access_token": long})
    assert tracker.valid_token != long and tracker.refreshes == []
    # What has ended and is not renewed needs somebody who signs in.
    tracker.trade_seconds = 60
    sign_in(photos, tracker, integration)
    tracker.refuses_refresh = True
    status, entry = outcome(photos, photos.start(flow))
    assert status == "FAILURE" and "The session has ended" in entry["error"]["message"]
    assert photos.execute(SHOWN, id=integration)["integration"]["attention"] == "The session has ended"


def test_a_token_that_is_refused_is_renewed_or_asks_for_attention(photos, tracker):
    integration = connect(photos, {}, "photos")
    flow = photos.create_flow(*chain(trigger(), call("call", integration, "get_me")))
    sign_in(photos, tracker, integration)
    # The service has withdrawn it: that it would live on for weeks does not count.
    tracker.valid_token = "nobody-has-this"
    for _ in range(2):
        status, entry = outcome(photos, photos.start(flow))
        assert status == "FAILURE" and entry["error"]["code"] == "AUTHENTICATION"
    assert photos.execute(SHOWN, id=integration)["integration"]["attention"] == "The session has ended"


def test_a_token_that_cannot_be_exchanged_connects_nothing(photos, tracker):
    integration = connect(photos, {}, "photos")
    tracker.refuses_refresh = True
    begun = photos.execute(START, input={"id": integration, "redirectUrl": "https://app.test/back"})["startIntegrationOAuth"]
    tracker.verifier_challenge = parse_qs(urlsplit(begun["authorizationUrl"]).query)["code_challenge"][0]
    error = photos.fail(FINISH, input={"state": begun["state"], "code": "good"})
    assert "The session has ended" in error["message"]
    assert photos.execute(SHOWN, id=integration)["integration"]["isConnected"] is False
