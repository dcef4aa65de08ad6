"""The tour with the code that sgqlc-codegen writes. Prints one JSON object of what it saw."""

import json
import sys

import studio_schema as schema
from sgqlc.endpoint.requests import RequestsEndpoint
from sgqlc.endpoint.websocket import WebSocketEndpoint
from sgqlc.operation import Operation


def executed(endpoint, operation):
    answer = endpoint(operation)
    assert "errors" not in answer, answer
    return operation + answer


def tour(url, socket_url, email, password):
    login = Operation(schema.Mutation)
    login.login(input={"email": email, "password": password}).access_token()
    token = executed(RequestsEndpoint(url), login).login.access_token
    bearer = {"Authorization": f"Bearer {token}"}
    endpoint = RequestsEndpoint(url, base_headers=bearer)

    create = Operation(schema.Mutation)
    flow = create.create_flow(input=schema.CreateFlowInput(
        name="Of a Python client", intention="To be watched.",
        nodes=[
            schema.FlowNodeInput(key="start", title="Start", kind="TRIGGER"),
            schema.FlowNodeInput(
                key="double", title="Double", kind="TRANSFORM", config={"expression": "({twice: run.input.order * 2})"}),
        ],
        connections=[schema.FlowConnectionInput(from_="start", to="double")])).flow
    flow.id()
    flow.nodes().key()
    flow = executed(endpoint, create).create_flow.flow

    execute = Operation(schema.Mutation)
    execute.execute_flow(input={"flowId": flow.id, "input": {"order": 7}}).execution.id()
    run = executed(endpoint, execute).execute_flow.execution.id

    watch = Operation(schema.Subscription)
    event = watch.execution_updated(id=run)
    event.sequence()
    finished = event.__as__(schema.ExecutionFinished)
    finished.status()
    finished.result()
    socket = WebSocketEndpoint(socket_url, connection_payload=bearer)
    events = [(watch + answer).execution_updated for answer in socket(watch)]
    return {
        "nodeKeys": [node.key for node in flow.nodes], "sequences": [event.sequence for event in events],
        "status": events[-1].status, "result": events[-1].result,
    }


print(json.dumps(tour(*sys.argv[1:])))
