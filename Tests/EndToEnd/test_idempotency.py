"""The same mutation sent again, at once, and over the death of its server: executed once."""

import threading
import uuid

import requests
from studio_client import CREATE_FLOW, EXECUTE, MEDIA_TYPE, StudioClient, chain, transform, trigger

COUNT = "query Count($id: ID!) { executionLogs(filter: { flowId: $id }) { totalCount } }"


def test_many_at_once_are_one(client):
    nodes, connections = chain(trigger(), transform("double", "input.value * 2"))
    given = {"name": "Once", "intention": "I", "nodes": nodes, "connections": connections,
             "idempotencyKey": str(uuid.uuid4())}
    flows = together(8, lambda: client.execute(CREATE_FLOW, input=given)["createFlow"]["flow"])
    assert all(flow == flows[0] for flow in flows)
    assert client.execute("{ flows { totalCount } }")["flows"]["totalCount"] == 1
    start = {"flowId": flows[0]["id"], "input": {"value": 21}, "idempotencyKey": str(uuid.uuid4())}
    runs = together(8, lambda: client.execute(EXECUTE, input=start)["executeFlow"]["execution"]["id"])
    assert len(set(runs)) == 1
    client.finish(runs[0])
    assert client.log(runs[0])["result"] == 42
    assert client.execute(COUNT, id=flows[0]["id"])["executionLogs"]["totalCount"] == 1
    assert client.execute(EXECUTE, input=start)["executeFlow"]["execution"] == {
        "id": runs[0], "status": "SUCCESS"}


def test_runs_asked_for_while_servers_are_killed_are_accepted_once(house, known_secrets):
    database = house.migrated_database()
    server = house.start(database)
    client = StudioClient(server, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger()))
    keys = [str(uuid.uuid4()) for _ in range(60)]
    for round_number in range(3):
        answered = threading.Semaphore(0)

        def ask(key):
            body = {"query": EXECUTE, "variables": {"input": {"flowId": flow["id"], "idempotencyKey": key}}}
            try:
                requests.post(server.url + "/graphql", json=body, timeout=20, headers={
                    "Authorization": f"Bearer {client.token}", "Accept": MEDIA_TYPE})
            except requests.RequestException:
                pass  # the server was killed; nobody knows what became of it
            answered.release()

        threads = [threading.Thread(target=ask, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for _ in range(5 * round_number + 1):
            answered.acquire()
        server.kill()
        for thread in threads:
            thread.join()
        server = house.start(database)
        client = client.at(server)
    for key in keys:
        client.execute(EXECUTE, input={"flowId": flow["id"], "idempotencyKey": key})
    assert client.execute(COUNT, id=flow["id"])["executionLogs"]["totalCount"] == len(keys)
    sql = "SELECT count(*), count(answer) FROM idempotency_keys"
    assert house.postgres.sql(sql, database["DATABASE_URL"]) == "60|60"


def together(count, work):
    """What so many threads got that began at the same time."""
    barrier = threading.Barrier(count)
    results = []

    def begin():
        barrier.wait()
        results.append(work())

    threads = [threading.Thread(target=begin) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count
    return results
