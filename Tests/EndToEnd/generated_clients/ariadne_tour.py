"""The tour with the client that ariadne-codegen writes. Prints one JSON object of what it saw."""

import asyncio
import base64
import io
import json
import sys

from studio_api import Studio, Upload
from studio_api.enums import NodeKind, Theme
from studio_api.exceptions import GraphQLClientGraphQLMultiError
from studio_api.input_types import CreateFlowInput, FlowConnectionInput, FlowNodeInput, LoginInput, UpdateFlowInput

# A picture of one pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def nodes():
    yield FlowNodeInput(key="start", title="Start", kind=NodeKind.TRIGGER)
    yield FlowNodeInput(
        key="double", title="Double", kind=NodeKind.TRANSFORM, config={"expression": "({twice: run.input.order * 2})"})


async def tour(url, socket_url, email, password):
    signed_in = (await Studio(url).login(LoginInput(email=email, password=password))).login
    bearer = {"Authorization": f"Bearer {signed_in.access_token}"}
    # Files are sent as a form does: the header says that this is no page of another site.
    client = Studio(url, headers={**bearer, "GraphQL-Require-Preflight": "1"}, ws_url=socket_url, ws_connection_init_payload=bearer)
    themed = (await client.set_theme(Theme.MINT_VOLTAGE)).set_theme.user
    picture = Upload(filename="me.png", content=io.BytesIO(base64.b64decode(PIXEL)), content_type="image/png")
    avatar = (await client.set_avatar(picture)).set_avatar.user.avatar_url
    flow = (await client.create_flow(CreateFlowInput(
        name="Of a Python client", intention="To be watched.", nodes=list(nodes()),
        connections=[FlowConnectionInput(**{"from": "start", "to": "double"})]))).create_flow.flow
    page = (await client.flows(first=5, with_nodes=True)).flows
    found = (await client.anything(flow.id)).node
    try:
        await client.update_flow(UpdateFlowInput(id=flow.id, name="Another", expected_revision=99))
        conflict = None
    except GraphQLClientGraphQLMultiError as error:
        conflict = error.errors[0].extensions["code"]
    run = (await client.execute_flow(flow.id, {"order": 7})).execute_flow.execution
    events = [update.execution_updated async for update in client.run(run.id)]
    return {
        "theme": themed.theme, "avatar": avatar, "flow": found.name, "type": found.typename__, "conflict": conflict,
        "nodeKeys": [node.key for node in page.nodes[0].nodes],
        "sequences": [event.sequence for event in events], "status": events[-1].status, "result": events[-1].result,
    }


print(json.dumps(asyncio.run(tour(*sys.argv[1:]))))
