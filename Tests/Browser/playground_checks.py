"""What the playground must do, check by check and in this order: each goes on where the one before it left the page."""

BAD_QUERY = "query Bad {\n  connectors(first: 1) {\n    nodes {\n      noSuchField\n    }\n  }\n}\n"

LOGIN = 'mutation Inline { login(input: { email: "%s", password: "%s" }) { expiresIn } }'

WATCH = """subscription Watch($id: ID!) {
  executionUpdated(id: $id) {
    __typename
    sequence
    cursor
    at
    ... on NodeFinished {
      nodeKey
      status
    }
  }
}
"""


def page_is_clean(page, api):
    """the page is served under a strict policy and loads without errors or violations"""
    policy = api.header("/playground", "content-security-policy")
    assert "default-src 'self'" in policy, f"Content-Security-Policy is {policy!r}"
    assert "unsafe" not in policy, f"the policy allows what it should not: {policy!r}"
    page.open()
    assert page.text("#query-editor .syntax-keyword") == "query", "the starter document is not highlighted"


def documentation_shows_types(page, api):
    """the documentation shows the schema's types and their fields"""
    page.wait_for_text("#docs-body", "AutomationFlow")
    page.fill("#docs-search", "executionUpdated")
    page.wait_for_text("#docs-body", "1 match")
    page.click_text("#docs-body .type-link", "Subscription")
    page.wait_for_text("#docs-body h3", "Subscription")
    page.click_text("#docs-body .type-link", "ExecutionEvent")
    page.wait_for_text("#docs-body", "Possible types")
    page.click("#docs-back")
    page.wait_for_text("#docs-body h3", "Subscription")


def query_runs(page, api):
    """a query runs and its answer shows"""
    page.write("{ __typename connectors(first: 2) { nodes { type name } } }")
    page.press_control("ENTER")
    page.wait_for_text("#response-status", "200")
    page.wait_for_text("#response-body", '"__typename": "Query"')
    expected = api.run("{ connectors(first: 2) { nodes { type name } } }")["connectors"]["nodes"]
    assert len(expected) == 2, f"the catalogue answered {expected}"
    for node in expected:
        page.wait_for_text("#response-body", f'"name": "{node["name"]}"')


def answer_folds(page, api):
    """an answer folds and opens again"""
    page.click("#response-body .json-toggle")
    assert '"__typename"' not in page.text("#response-body"), "the folded answer still shows its keys"
    page.click("#response-body .json-toggle")
    page.wait_for_text("#response-body", '"__typename": "Query"')


def variables_are_sent(page, api):
    """variables reach the server, and broken ones are marked before anything is sent"""
    page.write("query Some($first: Int!) { connectors(first: $first) { nodes { type } } }")
    page.write('{ "first": 1 ', "#variables-editor")
    page.press_control("ENTER")
    page.wait_for_text("#response-body", "Variables:")
    page.wait_for("#variables-editor .gutter-broken")
    page.write('{ "first": 1 }', "#variables-editor")
    page.press_control("ENTER")
    page.wait_for_text("#response-body", '"connectors"')
    count = len(page.texts("#response-body .syntax-key", '"type"'))
    assert count == 1, f"{count} connectors came for first: 1"


def bad_query_is_underlined(page, api):
    """a bad query shows the server's error at its place"""
    page.write(BAD_QUERY)
    page.press_control("ENTER")
    page.wait_for("#query-editor .mark-problem")
    marked = page.text("#query-editor .mark-problem")
    assert marked == "noSuchField", f"the underlined text is {marked!r}"
    page.wait_for_text("#problems", "Line 4")
    page.wait_for_text("#query-editor .gutter-broken", "4")
    page.forgive("status of 400")  # a document that does not validate


def completion_offers_fields(page, api):
    """completion offers fields, arguments and variables of the schema"""
    page.write("")
    page.keys("query Find($search: String) {\nconnectors(se")
    page.wait_for_text(".completion-item", "search")
    page.press("TAB")
    page.keys("$")
    page.wait_for_text(".completion-item", "$search")
    page.press("TAB")
    page.press("END")
    page.keys(" {\nnodes {\nca")
    page.wait_for_text(".completion-list", "capabilities")
    page.wait_for_text(".completion-list", "category")
    page.press("ARROW_DOWN")
    page.press("ENTER")
    text = page.value("#query-editor textarea")
    assert "connectors(search: $search)" in text, f"the editor holds {text!r}"
    assert "category" in text or "capabilities" in text, f"the editor holds {text!r}"


def document_is_formatted(page, api):
    """formatting lays a document out and keeps its comments"""
    page.write("query A{connectors(first:1,search:\"x\"){nodes{type # why\nname}}}")
    page.click("#format")
    lines = ["query A {", '  connectors(first: 1, search: "x") {', "    nodes {", "      type # why", "      name"]
    expected = "\n".join([*lines, "    }", "  }", "}", ""])
    text = page.value("#query-editor textarea")
    assert text == expected, f"the editor holds {text!r}"


def account_is_made(page, api):
    """registering and signing in work through the panel, and requests carry the token"""
    page.click("#open-account")
    page.click("#account-form label:nth-of-type(2)")
    page.fill("[name=name]", "Ann Example")
    page.fill("[name=email]", api.email)
    page.fill("[name=password]", api.password)
    page.click("#account-submit")
    page.wait_for_text("#open-account", api.email)
    page.click("#open-account")
    page.click("#sign-out")
    page.wait_for_text("#open-account", "Sign in")
    page.click("#open-account")
    page.click("#account-form label:nth-of-type(1)")
    page.fill("[name=email]", api.email)
    page.fill("[name=password]", api.password + "!")
    page.click("#account-submit")
    page.wait_for("#account-message:not(:empty)")
    page.fill("[name=password]", api.password)
    page.click("#account-submit")
    page.wait_for_text("#open-account", api.email)
    page.write("{ viewer { user { email } } }")
    page.press_control("ENTER")
    page.wait_for_text("#response-body", api.email)
    api.login()


def query_is_explained(page, api):
    """an explained query shows its plan: steps, statements, rows and times"""
    page.click("#explain")
    page.write("{ flows(first: 3) { totalCount nodes { name creator { name } } } }")
    page.press_control("ENTER")
    page.wait_for_text(".plan-head", "3 levels")
    page.wait_for_text("#response-body", "flow_page")
    paths = page.texts(".plan-path")
    assert paths == ["flows", "flows.totalCount", "flows.nodes", "flows.nodes.creator"], f"the steps are {paths}"
    page.click(".plan-sql summary")
    page.wait_for_text(".plan-sql pre", "SELECT t.name")
    assert '"explain"' not in page.text("#response-body .json"), "the plan is shown twice"
    page.click("#explain")
    page.press_control("ENTER")
    page.wait_for_text("#response-body", '"totalCount"')
    assert page.count(".plan") == 0, "a plan shows that nobody asked for"


def run_is_watched(page, api):
    """a subscription shows every event of a run, live, until the run ends"""
    execution = api.start(api.flow("Watched", 600_000))
    watch(page, execution)
    page.wait_for_text("#response-body", "ExecutionWaiting")
    assert page.count(".chip-live") == 1, "the subscription is not shown as live"
    assert "ExecutionFinished" not in page.text("#response-body"), "the run ended before its delay"
    api.cancel(execution)
    page.wait_for_text("#response-body", "ExecutionFinished")
    page.wait_for('#response-status [data-state="completed"]')
    numbers = [int(text.split()[-1]) for text in page.texts(".event-head .fact")]
    assert numbers == list(range(1, len(numbers) + 1)), f"the sequence numbers are {numbers}"
    assert numbers[-1] == api.last_sequence(execution), f"the last event shown is {numbers[-1]}"


def run_goes_through(page, api):
    """a short run is watched to its success"""
    execution = api.start(api.flow("Short", 300))
    watch(page, execution)
    page.wait_for('#response-status [data-state="completed"]')
    shown = page.text("#response-body")
    for name in ["ExecutionQueued", "NodeStarted", "NodeFinished", "ExecutionFinished"]:
        assert name in shown, f"no {name} among the events"
    status = api.status(execution)
    assert status == "SUCCESS", f"the run ended with {status}"


def subscription_stops(page, api):
    """stopping a subscription ends the events but not the run"""
    execution = api.start(api.flow("Stopped", 600_000))
    watch(page, execution)
    page.wait_for_text("#response-body", "ExecutionWaiting")
    page.click("#run")
    page.wait_for('#response-status [data-state="stopped"]')
    before = page.count(".event")
    status = api.status(execution)
    assert status == "WAITING", f"the run is {status} after the page stopped watching"
    api.cancel(execution)
    api.wait_until_over(execution)
    assert page.count(".event") == before, "events came after the stop"


def refused_subscription_is_explained(page, api):
    """a subscription that the server refuses shows why"""
    page.write("subscription Nothing { executionUpdated(id: \"flow_nonsense\") { noSuchField } }")
    page.press_control("ENTER")
    page.wait_for('#response-status [data-state="failed"]')
    page.wait_for_text("#response-body", "noSuchField")
    page.wait_for("#query-editor .mark-problem")


def work_is_remembered(page, api):
    """documents, history and the session outlast a reload; the password is stored nowhere"""
    page.write(LOGIN % (api.email, api.password))
    page.press_control("ENTER")
    page.wait_for_text("#response-body", '"login"')
    page.write("query Kept { __typename }")
    page.press_control("ENTER")
    page.wait_for_text("#response-body", '"__typename"')
    page.open()
    assert "query Kept" in page.value("#query-editor textarea"), "the document is gone after a reload"
    page.wait_for_text("#open-account", api.email)
    page.click("#open-history")
    page.wait_for_text("#history-list", "Kept")
    page.press("ESCAPE")
    stored = page.stored()
    assert api.password not in stored, "the password lies in the browser's storage"


def watch(page, execution):
    page.write(WATCH)
    page.write('{ "id": "%s" }' % execution, "#variables-editor")
    page.press_control("ENTER")


CHECKS = [
    page_is_clean, documentation_shows_types, query_runs, answer_folds, variables_are_sent,
    bad_query_is_underlined, completion_offers_fields, document_is_formatted, account_is_made,
    query_is_explained, run_is_watched, run_goes_through, subscription_stops,
    refused_subscription_is_explained, work_is_remembered,
]
