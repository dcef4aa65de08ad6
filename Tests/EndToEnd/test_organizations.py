"""Organizations and their members over real sockets: inviting, roles, leaving, and working in another one."""

import time

import pytest
from event_stream import EventStream
from studio_client import StudioClient
from test_api_keys import MEMORY_SECONDS, WHO, make, wait_until
from transport_socket import TransportSocket
from websockets.exceptions import ConnectionClosed

INVITE = """mutation Invite($input: InviteMemberInput!) {
  inviteMember(input: $input) { token invitation { id email role acceptedAt inviter { email } } }
}"""

ACCEPT = """mutation Accept($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { organization { id name } }
}"""

SWITCH = """mutation Switch($input: SwitchOrganizationInput!) {
  switchOrganization(input: $input) { accessToken expiresIn viewer { role organization { id } } }
}"""

CHANGE_ROLE = """mutation Change($input: ChangeMemberRoleInput!) {
  changeMemberRole(input: $input) { membership { role user { email } } }
}"""

REMOVE = "mutation Remove($input: RemoveMemberInput!) { removeMember(input: $input) { removedId } }"
LEAVE = "mutation Leave($input: LeaveOrganizationInput!) { leaveOrganization(input: $input) { leftId } }"
CREATE = "mutation Create($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id name } } }"
RENAME = "mutation Rename($input: RenameOrganizationInput!) { renameOrganization(input: $input) { organization { name } } }"
MEMBERS = "{ members { totalCount nodes { id role user { email } organization { id } } } }"
OWN = "{ organization { id name } organizations { id name } viewer { memberships { role organization { id } user { email } } } }"
CREATE_FLOW = 'mutation { createFlow(input: { name: "F", intention: "x" }) { flow { id } } }'


def organization_of(client):
    return client.execute(OWN)["organization"]["id"]


def switch(client, organization):
    switched = client.execute(SWITCH, input={"organizationId": organization})["switchOrganization"]
    client.token = client.secrets.add("access token", switched["accessToken"])
    assert switched["viewer"]["organization"]["id"] == organization and switched["expiresIn"] > 0
    return switched["viewer"]["role"]


def join(owner, role="EDITOR"):
    """Somebody new, signed in, who accepted an invitation and works in the owner's organization."""
    member = StudioClient(owner.server, owner.secrets)
    member.register()
    token = owner.execute(INVITE, input={"email": member.email, "role": role})["inviteMember"]["token"]
    accepted = member.execute(ACCEPT, input={"token": owner.secrets.add("invitation", token)})["acceptInvitation"]
    assert switch(member, accepted["organization"]["id"]) == role
    return member


def membership_of(owner, member):
    return next(entry["id"] for entry in owner.execute(MEMBERS)["members"]["nodes"] if entry["user"]["email"] == member.email)


def test_somebody_is_invited_and_works_in_both_organizations(client):
    guest = StudioClient(client.server, client.secrets)
    guest.register()
    home = organization_of(guest)
    invited = client.execute(INVITE, input={"email": guest.email.upper(), "role": "EDITOR"})["inviteMember"]
    assert invited["invitation"]["acceptedAt"] is None and invited["invitation"]["inviter"]["email"] == client.email
    assert client.execute("{ invitations(filter: { isOpen: true }) { totalCount } }")["invitations"]["totalCount"] == 1
    token = client.secrets.add("invitation", invited["token"])
    assert client.fail(ACCEPT, input={"token": token})["extensions"]["code"] == "NOT_FOUND"
    organization = guest.execute(ACCEPT, input={"token": token})["acceptInvitation"]["organization"]["id"]
    assert guest.fail(ACCEPT, input={"token": token})["extensions"]["code"] == "NOT_FOUND"
    assert client.fail(INVITE, input={"email": guest.email})["extensions"]["code"] == "CONFLICT"
    own = guest.execute(OWN)
    assert own["organization"]["id"] == home and [each["id"] for each in own["organizations"]] == [home, organization]
    assert [each["role"] for each in own["viewer"]["memberships"]] == ["OWNER", "EDITOR"]
    assert switch(guest, organization) == "EDITOR"
    guest.execute(CREATE_FLOW)
    assert client.execute("{ flows { nodes { creator { email } } } }")["flows"]["nodes"] == [{"creator": {"email": guest.email}}]
    guest.refresh()
    assert organization_of(guest) == organization
    assert switch(guest, home) == "OWNER"
    assert guest.execute("{ flows { totalCount } }")["flows"]["totalCount"] == 0
    members = client.execute(MEMBERS)["members"]
    assert members["totalCount"] == 2 and {entry["organization"]["id"] for entry in members["nodes"]} == {organization}


def test_an_organization_is_created_renamed_and_left(client):
    made = client.execute(CREATE, input={"name": "Second"})["createOrganization"]["organization"]
    assert made["name"] == "Second"
    assert switch(client, made["id"]) == "OWNER"
    assert client.execute(RENAME, input={"name": "Renamed"})["renameOrganization"]["organization"]["name"] == "Renamed"
    error = client.fail(LEAVE, input={"organizationId": made["id"]})
    assert error["extensions"]["code"] == "CONFLICT" and "needs an owner" in error["message"]
    heir = join(client, "OWNER")
    assert client.execute(LEAVE, input={"organizationId": made["id"]})["leaveOrganization"]["leftId"] == made["id"]
    wait_until(lambda: client.post(OWN).status_code == 401)
    assert heir.execute(MEMBERS)["members"]["totalCount"] == 1
    # A token that is not accepted is an error, whatever is asked for.
    client.token = None
    client.login()
    assert [each["name"] for each in client.execute(OWN)["organizations"]] == ["Ann Example"]
    assert client.fail(SWITCH, input={"organizationId": made["id"]})["extensions"]["code"] == "NOT_FOUND"


def test_roles_bound_who_manages_whom(client):
    admin, editor = join(client, "ADMIN"), join(client, "EDITOR")
    owner_id, editor_id = membership_of(client, client), membership_of(client, editor)
    for error in (
        admin.fail(CHANGE_ROLE, input={"id": owner_id, "role": "VIEWER"}), admin.fail(REMOVE, input={"id": owner_id}),
        admin.fail(CHANGE_ROLE, input={"id": editor_id, "role": "OWNER"}),
        admin.fail(INVITE, input={"email": "x@example.com", "role": "OWNER"}),
    ):
        assert error["extensions"]["code"] == "FORBIDDEN" and error["message"].startswith("This needs the role OWNER"), error
    assert editor.fail(REMOVE, input={"id": editor_id})["extensions"]["code"] == "FORBIDDEN"
    assert editor.fail("{ invitations { totalCount } }")["extensions"]["code"] == "FORBIDDEN"
    assert client.fail(CHANGE_ROLE, input={"id": owner_id, "role": "ADMIN"})["extensions"]["code"] == "CONFLICT"
    changed = admin.execute(CHANGE_ROLE, input={"id": editor_id, "role": "VIEWER"})["changeMemberRole"]["membership"]
    assert changed == {"role": "VIEWER", "user": {"email": editor.email}}


def test_a_changed_role_and_a_removal_count_within_seconds(client):
    editor = join(client)
    editor.execute(CREATE_FLOW)
    identifier = membership_of(client, editor)
    client.execute(CHANGE_ROLE, input={"id": identifier, "role": "VIEWER"})
    wait_until(lambda: "errors" in editor.post(CREATE_FLOW).json())
    assert editor.fail(CREATE_FLOW)["message"] == "This needs the role EDITOR; yours is VIEWER."
    with TransportSocket(client.server.socket_url, token=editor.token) as socket:
        socket.subscribe("who", WHO)
        assert list(socket.results("who"))[0]["data"]["viewer"]["role"] == "VIEWER"
        assert client.execute(REMOVE, input={"id": identifier})["removeMember"]["removedId"] == identifier
        wait_until(lambda: editor.post(WHO).status_code == 401)
        with pytest.raises(ConnectionClosed) as closed:
            socket.subscribe("who", WHO)
            socket.receive(seconds=2 * MEMORY_SECONDS)
        assert closed.value.rcvd.code == 4403, closed.value


def test_what_is_watched_ends_when_the_role_is_changed(client):
    admin = join(client, "ADMIN")
    flow = client.execute(CREATE_FLOW)["createFlow"]["flow"]["id"]
    add = "mutation A($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id } } }"
    client.execute(add, input={"flowId": flow, "webhook": {}})
    robot = StudioClient(client.server, client.secrets)
    # A key has what its creator has, and is asked for more often than a member.
    robot.token = make(admin, role="ADMIN")["secret"]
    watch = "subscription { flowChanged { flow { triggers { webhook { url } } } } }"
    change = "mutation C($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { id } } }"
    with TransportSocket(client.server.socket_url, token=robot.token) as socket, EventStream(robot, {"query": watch}) as stream:
        socket.subscribe("watch", watch)
        stream.place()
        client.execute(change, input={"id": flow, "name": "G"})
        assert stream.event()[2]["data"]["flowChanged"]["flow"]["triggers"][0]["webhook"]["url"], "an editor sees the URL"
        client.execute(CHANGE_ROLE, input={"id": membership_of(client, admin), "role": "VIEWER"})
        error = stream.last_errors()[0]
        assert error["extensions"]["code"] == "UNAUTHENTICATED" and "role" in error["message"], error
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.receive(seconds=4 * MEMORY_SECONDS)
        assert closed.value.rcvd.code == 4403 and "role" in closed.value.rcvd.reason, closed.value
    with EventStream(robot, {"query": watch}) as stream:
        stream.place()
        client.execute(change, input={"id": flow, "name": "H"})
        assert stream.event()[2]["data"]["flowChanged"]["flow"]["triggers"][0]["webhook"]["url"] is None


def test_a_key_ends_with_the_membership_of_its_creator(client):
    admin = join(client, "ADMIN")
    robot = StudioClient(client.server, client.secrets)
    robot.token = make(admin, role="ADMIN")["secret"]
    assert robot.execute(WHO)["viewer"]["role"] == "ADMIN"
    client.execute(CHANGE_ROLE, input={"id": membership_of(client, admin), "role": "OPERATOR"})
    wait_until(lambda: robot.execute(WHO)["viewer"]["role"] == "OPERATOR")
    client.execute(REMOVE, input={"id": membership_of(client, admin)})
    wait_until(lambda: robot.post(WHO).status_code == 401)
