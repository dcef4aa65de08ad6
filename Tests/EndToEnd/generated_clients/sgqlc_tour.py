"""The tour with the code that sgqlc-codegen writes. Prints one JSON object of what it saw."""

import json
import sys

import studio_schema as schema
from sgqlc.endpoint.requests import RequestsEndpoint
from sgqlc.endpoint.websocket import WebSocketEndpoint
from sgqlc.operation import Operation
from sgqlc.types import Variable


def executed(endpoint, operation, **variables):
    answer = endpoint(operation, variables)
    assert "errors" not in answer, answer
    return operation + answer


def tour(url, socket_url, email, password):
    login = Operation(schema.Mutation)
    login.login(input={"email": email, "password": password}).access_token()
    token = executed(RequestsEndpoint(url), login).login.access_token
    bearer = {"Authorization": f"Bearer {token}"}
    endpoint = RequestsEndpoint(url, base_headers=bearer)

    # JSON goes by variables: sgqlc would write it as JSON into the document.
    create = Operation(schema.Mutation, name="Create", variables={"config": schema.JSON})
    flow = create.create_flow(input=schema.CreateFlowInput(
        name="Of a Python client", intention="To be watched.",
        nodes=[
            schema.FlowNodeInput(key="start", title="Start", kind="TRIGGER"),
            schema.FlowNodeInput(key="double", title="Double", kind="TRANSFORM", config=Variable("config")),
        ],
        connections=[schema.FlowConnectionInput(from_="start", to="double")])).flow
    flow.id()
    flow.nodes().key()
    config = {"expression": "({twice: run.input.order * 2})"}
    flow = executed(endpoint, create, config=config).create_flow.flow

    execute = Operation(schema.Mutation, name="Execute", variables={"order": schema.JSON})
    execute.execute_flow(input=schema.ExecuteFlowInput(flow_id=flow.id, input=Variable("order"))).execution.id()
    run = executed(endpoint, execute, order={"order": 7}).execute_flow.execution.id

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
