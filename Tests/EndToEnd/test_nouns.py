"""Workbenches, the own account and carried flows, over real sockets with real tokens."""

from studio_client import chain, transform, trigger

SESSIONS = "{ sessions { totalCount nodes { id } } viewer { session { id } } }"

CHANGE_PASSWORD = """mutation Change($input: ChangePasswordInput!) {
  changePassword(input: $input) { revokedSessions }
}"""

REVOKE = "mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedId } }"

CREATE_WORKBENCH = """mutation Create($input: CreateWorkbenchInput!) {
  createWorkbench(input: $input) { workbench { id focus revision flows { totalCount nodes { name } } } }
}"""

EXPORT = "mutation Export($input: ExportFlowInput!) { exportFlow(input: $input) { document } }"

IMPORT = """mutation Import($input: ImportFlowInput!) {
  importFlow(input: $input) { flow { id status nodes { key } } missingIntegrations { nodeKey } }
}"""


def test_a_token_knows_its_session_and_a_new_password_ends_the_others(visitor):
    visitor.register()
    first = visitor.execute(SESSIONS)
    assert first["sessions"]["totalCount"] == 1
    assert first["viewer"]["session"] == first["sessions"]["nodes"][0]
    visitor.login()
    second = visitor.execute(SESSIONS)
    assert second["sessions"]["totalCount"] == 2
    assert second["viewer"]["session"] == second["sessions"]["nodes"][0] != first["viewer"]["session"]
    given = {"currentPassword": visitor.password, "newPassword": visitor.password + "!"}
    assert visitor.execute(CHANGE_PASSWORD, input=given)["changePassword"]["revokedSessions"] == 1
    left = visitor.execute(SESSIONS)
    assert left["sessions"]["nodes"] == [second["viewer"]["session"]]
    visitor.execute(REVOKE, input=second["viewer"]["session"])
    assert visitor.execute(SESSIONS)["sessions"]["totalCount"] == 0


def test_a_flow_lies_on_a_workbench_and_is_carried_away(client):
    nodes, connections = chain(trigger(), transform("double", "input.value * 2"))
    flow = client.create_flow(nodes, connections, name="Carried")
    bench = client.execute(CREATE_WORKBENCH, input={"name": "Desk", "focus": ["tests"], "flowIds": [flow["id"]]})
    bench = bench["createWorkbench"]["workbench"]
    assert bench["focus"] == ["tests"] and bench["revision"] == 1
    assert bench["flows"] == {"totalCount": 1, "nodes": [{"name": "Carried"}]}
    document = client.execute(EXPORT, input={"id": flow["id"]})["exportFlow"]["document"]
    carried = client.execute(IMPORT, input={"document": document, "status": "ACTIVE"})["importFlow"]
    assert carried["missingIntegrations"] == [] and carried["flow"]["status"] == "ACTIVE"
    run = client.start(carried["flow"], {"value": 21})
    client.finish(run)
    assert client.log(run)["result"] == 42
