"""Lists walked from both ends and in any order, and figures of runs, over real sockets."""

import pytest
from studio_client import chain, transform, trigger

PAGE = """query Page($first: Int, $after: Cursor, $last: Int, $before: Cursor, $orderBy: FlowOrder) {
  flows(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

ORDERS = {
    None: ["Delta", "charlie", "Bravo", "alpha"],
    "NAME ASC": ["alpha", "Bravo", "charlie", "Delta"],
    "NAME DESC": ["Delta", "charlie", "Bravo", "alpha"],
    "CREATED_AT ASC": ["alpha", "Bravo", "charlie", "Delta"],
    "LAST_EXECUTED_AT DESC": ["Bravo", "Delta", "charlie", "alpha"],
}


@pytest.fixture
def flows(client):
    """Four flows; the second one has run."""
    nodes, connections = chain(trigger(), transform("double", "input.value * 2"))
    made = [client.create_flow(nodes, connections, name=name) for name in ["alpha", "Bravo", "charlie", "Delta"]]
    run = client.start(made[1], {"value": 21})
    client.finish(run)
    return made


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_is_the_same_from_both_ends(client, flows, order):
    given = dict(zip(("field", "direction"), order.split())) if order else None
    forward, cursor = [], None
    while True:
        page = client.execute(PAGE, first=3, after=cursor, orderBy=given)["flows"]
        forward += [node["name"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    backward, cursor = [], None
    while True:
        page = client.execute(PAGE, last=3, before=cursor, orderBy=given)["flows"]
        backward = [node["name"] for node in page["nodes"]] + backward
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert forward == backward == ORDERS[order]


def test_a_cursor_outlives_its_row(client, flows):
    given = {"field": "NAME", "direction": "ASC"}
    page = client.execute(PAGE, first=2, orderBy=given)["flows"]
    client.execute("mutation Delete($input: DeleteFlowInput!) { deleteFlow(input: $input) { deletedId } }",
                   input={"id": flows[1]["id"]})
    rest = client.execute(PAGE, first=2, after=page["pageInfo"]["endCursor"], orderBy=given)["flows"]
    assert [node["name"] for node in rest["nodes"]] == ["charlie", "Delta"]


def test_figures_come_from_runs(client, flows):
    data = client.execute("""query Figures($id: ID!) {
      flow(id: $id) { metrics(period: LAST_24_HOURS) { executionCount failureCount successRate successRateText
        avgRuntimeMs avgRuntime volumePerDay volumePerDayText notes } }
      viewer { organization { metrics { executionCount successRateText } } }
    }""", id=flows[1]["id"])
    metrics = data["flow"]["metrics"]
    assert metrics.pop("avgRuntimeMs") >= 0 and metrics.pop("avgRuntime")
    assert metrics == {
        "executionCount": 1, "failureCount": 0, "successRate": 1, "successRateText": "100%", "volumePerDay": 1,
        "volumePerDayText": "1", "notes": ""}
    assert data["viewer"]["organization"]["metrics"] == {"executionCount": 1, "successRateText": "100%"}
    noted = client.execute("""mutation Note($input: UpdateFlowInput!) {
      updateFlow(input: $input) { flow { metrics { notes } } }
    }""", input={"id": flows[1]["id"], "notes": "Fine so far."})
    assert noted["updateFlow"]["flow"]["metrics"]["notes"] == "Fine so far."
