"""Runs when servers are many, are killed, and when flows do what they should not."""

import subprocess
import threading

from private_postgres import REPOSITORY, die_with_parent
from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, http, node, transform, trigger
from studio_process import DEFAULTS, STUDIO, environment


def two_servers(house, known_secrets):
    """Two servers on one database, and one account at both."""
    database = house.migrated_database()
    first, second = house.start(database), house.start(database)
    client = StudioClient(first, known_secrets)
    client.register()
    return client, client.at(second)


def read_until(client, socket, run, holds, after=None):
    """The events of a run up to the first that is looked for."""
    events = []
    socket.subscribe("run", WATCH, id=run, after=after)
    while not events or not holds(events[-1]):
        message = socket.next_of("run")
        assert message["type"] == "next", message
        events.append(message["payload"]["data"]["executionUpdated"])
    return events


def has_started(key):
    return lambda event: event["__typename"] == "NodeStarted" and event["nodeKey"] == key


def is_kind(name):
    return lambda event: event["__typename"] == name


def test_a_run_of_one_server_is_watched_at_the_other(house, known_secrets, world):
    database = house.migrated_database()
    driving = house.start(database)
    watching = house.start(database, WORKER_ENABLED="false")
    client = StudioClient(driving, known_secrets)
    client.register()
    other = client.at(watching)
    flow = client.create_flow(*chain(trigger(), http("fetch", world.url + "/held"), transform("after", "input.status")))
    world.hold("/held")
    run = other.start(flow)
    with other.socket() as there, client.socket() as here:
        seen = read_until(other, there, run, has_started("fetch"))
        world.wait_for("/held")
        world.release("/held")
        seen += [payload["data"]["executionUpdated"] for payload in there.results("run")]
        assert_gapless(seen)
        assert seen[-1]["runStatus"] == "SUCCESS" and seen[-1]["result"] == 200
        assert list(client.watch(here, run)) == replayed(seen, client, run)


def replayed(events, client, run):
    """The same events read later: only the run inside them is told as it is by then."""
    status = client.log(run)["status"]
    return [{**event, "execution": {**event["execution"], "status": status}} for event in events]


def test_cancelling_at_one_server_ends_a_call_of_the_other(house, known_secrets, world):
    database = house.migrated_database()
    driving = house.start(database)
    client = StudioClient(driving, known_secrets)
    client.register()
    other = client.at(house.start(database, WORKER_ENABLED="false"))
    world.hold("/held")
    flow = client.create_flow(*chain(trigger(), http("fetch", world.url + "/held"), transform("after", "1")))
    run = client.start(flow)
    world.wait_for("/held")
    other.cancel(run)
    events = other.finish(run)
    assert events[-1]["runStatus"] == "CANCELLED"
    ran = {entry["nodeKey"]: entry for entry in other.log(run)["nodeExecutions"]}
    assert ran["fetch"]["status"] == "CANCELLED" and ran["fetch"]["error"]["code"] == "UNKNOWN_OUTCOME"
    assert ran["after"]["status"] == "SKIPPED" and ran["after"]["skipReason"] == "RUN_CANCELLED"


def test_a_run_whose_server_is_killed_in_a_call_is_taken_up_by_the_other(house, known_secrets, world):
    database = house.migrated_database()
    doomed = house.start(database)
    client = StudioClient(doomed, known_secrets)
    client.register()
    flow = client.create_flow(*chain(
        trigger(), transform("shape", "({n: input.n + 1})"), http("fetch", world.url + "/held", method="POST"),
        transform("after", "input.status")))
    world.hold("/held")
    run = client.start(flow, {"n": 1})
    with client.socket() as socket:
        seen = read_until(client, socket, run, has_started("fetch"))
        world.wait_for("/held")
        survivor = client.at(house.start(database))
        doomed.kill()
    world.wait_for("/held", count=2)
    world.release("/held")
    with survivor.socket() as socket:
        rest = list(survivor.watch(socket, run, after=seen[-1]["cursor"]))
    assert_gapless(seen + rest)
    assert rest[-1]["runStatus"] == "SUCCESS" and rest[-1]["result"] == 200
    keys = {seen.headers["idempotency-key"] for seen in world.requests("/held")}
    assert len(keys) == 1, "the repeated call has another idempotency key"
    finished = [event["nodeKey"] for event in seen + rest if event["__typename"] == "NodeFinished"]
    assert finished == ["start", "shape", "fetch", "after"], "a node ended twice or not at all"


def test_a_run_whose_server_is_killed_in_a_delay_goes_on_at_the_restart(house, known_secrets):
    database = house.migrated_database()
    doomed = house.start(database)
    client = StudioClient(doomed, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 3_000), transform("after", "'rested'")))
    run = client.start(flow)
    with client.socket() as socket:
        seen = read_until(client, socket, run, is_kind("ExecutionWaiting"))
    doomed.kill()
    again = client.at(house.start(database))
    with again.socket() as socket:
        rest = list(again.watch(socket, run, after=seen[-1]["cursor"]))
    assert_gapless(seen + rest)
    assert rest[-1]["runStatus"] == "SUCCESS" and rest[-1]["result"] == "rested"
    assert again.log(run)["duration"] >= 3_000


def test_a_run_whose_server_is_killed_in_a_short_delay_goes_on_at_the_restart(house, known_secrets):
    database = house.migrated_database()
    doomed = house.start(database)
    client = StudioClient(doomed, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 1_500), transform("after", "'rested'")))
    run = client.start(flow)
    with client.socket() as socket:
        seen = read_until(client, socket, run, has_started("pause"))
    doomed.kill()
    again = client.at(house.start(database))
    events = again.finish(run)
    assert replayed(events[: len(seen)], again, run) == replayed(seen, again, run)
    assert events[-1]["runStatus"] == "SUCCESS"


def test_stopping_a_server_gives_its_runs_to_the_other_at_once(house, known_secrets, world):
    database = house.migrated_database()
    first = house.start(database, WORKER_LEASE_MILLISECONDS=60_000)
    client = StudioClient(first, known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 1_900), transform("after", "1")))
    run = client.start(flow)
    with client.socket() as socket:
        read_until(client, socket, run, has_started("pause"))
    other = client.at(house.start(database, WORKER_LEASE_MILLISECONDS=60_000))
    first.stop()
    # Well within the lease of a minute: it was given back, not waited for.
    assert other.finish(run)[-1]["runStatus"] == "SUCCESS"


def test_every_point_of_a_run_can_be_resumed_from(house, known_secrets):
    client, other = two_servers(house, known_secrets)
    flow = client.create_flow(*chain(trigger(), transform("a", "1"), delay("pause", 10), transform("b", "2")))
    run = client.start(flow)
    events = replayed(client.finish(run), client, run)
    with other.socket() as socket:
        for index, event in enumerate(events):
            rest = list(other.watch(socket, run, after=event["cursor"], operation=f"from{index}"))
            assert rest == events[index + 1 :]


def test_a_cursor_that_the_studio_did_not_give_is_refused(client):
    flow = client.create_flow(*chain(trigger()))
    run = client.start(flow)
    client.finish(run)
    with client.socket() as socket:
        for number, cursor in enumerate(["nonsense", "event_", "event_-1", "event_99999999999999999999", ""]):
            socket.subscribe(f"run{number}", WATCH, id=run, after=cursor)
            assert socket.errors(f"run{number}")[0]["extensions"]["code"] == "BAD_USER_INPUT", cursor


def test_private_addresses_are_refused_without_the_allowed_networks(house, known_secrets, world):
    client = StudioClient(house.start(OUTBOUND_ALLOWED_PRIVATE_NETWORKS=""), known_secrets)
    client.register()
    port = world.url.rsplit(":", 1)[1]
    hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1",
             "169.254.169.254"]
    for host in hosts:
        flow = client.create_flow(*chain(trigger(), http("fetch", f"http://{host}:{port}/secret")))
        error = client.finish(client.start(flow))[-1]["error"]
        assert error["code"] == "ADDRESS_REFUSED", (host, error)
        assert error["nodeId"] == flow["nodes"][1]["id"]
    assert world.seen == []


def test_a_failing_condition_fails_the_node_and_not_the_server(client):
    nodes, connections = chain(trigger(), transform("shape", "({})"), transform("after", "1"))
    connections[1]["condition"] = "input.nothing.at.all > 1"
    flow = client.create_flow(nodes, connections)
    run = client.start(flow, {"n": 1})
    end = client.finish(run)[-1]
    assert end["runStatus"] == "FAILURE" and end["error"]["code"] == "EXPRESSION_FAILED"
    ran = {entry["nodeKey"]: entry for entry in client.log(run)["nodeExecutions"]}
    assert ran["shape"]["status"] == "FAILURE" and ran["shape"]["error"]["code"] == "EXPRESSION_FAILED"
    assert ran["after"]["status"] == "SKIPPED"


def test_runaway_javascript_fails_its_node_while_other_runs_go_on(client):
    runaways = {
        "loop": ("(() => { while (true) {} })()", {"EXPRESSION_TIMEOUT"}),
        "memory": ("(() => { const all = []; while (true) all.push(new Array(1e6).fill(1)) })()",
                   {"EXPRESSION_TOO_LARGE", "EXPRESSION_TIMEOUT"}),
        "recursion": ("(() => { const f = () => f() + 1; return f() })()", {"EXPRESSION_FAILED"}),
        "pattern": ("/^(a+)+$/.test('a'.repeat(40) + 'b')", {"EXPRESSION_TIMEOUT", "EXPRESSION_FAILED"}),
        "size": ("'x'.repeat(2000000)", {"EXPRESSION_TOO_LARGE", "PAYLOAD_TOO_LARGE"}),
        "host": ("process.env", {"EXPRESSION_FAILED"}),
    }
    normal = client.create_flow(*chain(trigger(), transform("calm", "input.n * 2")))
    started = {}
    for name, (expression, codes) in runaways.items():
        flow = client.create_flow(*chain(trigger(), transform("wild", expression)), name=name)
        started[name] = (client.start(flow), codes, client.start(normal, {"n": len(name)}))
    for name, (run, codes, calm) in started.items():
        end = client.finish(run)[-1]
        assert end["runStatus"] == "FAILURE" and end["error"]["code"] in codes, (name, end["error"])
        assert client.finish(calm)[-1]["result"] == len(name) * 2, name


def test_a_flow_of_runaway_javascript_keeps_no_other_flow_waiting(client):
    wild = client.create_flow(*chain(trigger(), transform("wild", "(() => { while (true) {} })()")), name="wild")
    calm = client.create_flow(*chain(trigger(), transform("calm", "input.n * 2")))
    # One after the other they need eight seconds.
    runaways = [client.start(wild) for _ in range(8)]
    for number in range(5):
        assert client.finish(client.start(calm, {"n": number}))[-1]["result"] == number * 2
    waiting = [run for run in runaways if client.log(run)["status"] in ("PENDING", "RUNNING")]
    assert len(waiting) >= 4, "the calm runs ended after the runaways"
    for run in runaways:
        assert client.finish(run)[-1]["error"]["code"] == "EXPRESSION_TIMEOUT"


def test_fifty_runs_at_once_all_end(client, world):
    flow = client.create_flow(*chain(
        trigger(), transform("shape", "({n: input.n})"), http("fetch", world.url + "/many"), delay("pause", 20),
        transform("after", "run.input.n")))
    runs = {}
    lock = threading.Lock()

    def start(numbers):
        for number in numbers:
            run = client.start(flow, {"n": number})
            with lock:
                runs[run] = number

    threads = [threading.Thread(target=start, args=(range(begin, 50, 5),)) for begin in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(runs) == 50
    with client.socket() as socket:
        for run in runs:
            socket.subscribe(run, WATCH, id=run)
        for run, number in runs.items():
            events = [payload["data"]["executionUpdated"] for payload in socket.results(run)]
            assert_gapless(events)
            assert events[-1]["runStatus"] == "SUCCESS" and events[-1]["result"] == number
    assert len(world.requests("/many")) == 50


def test_parallel_branches_run_in_parallel_and_join_once(client, world):
    world.hold("/left")
    world.hold("/right")
    nodes = [trigger(), http("left", world.url + "/left"), http("right", world.url + "/right"), transform("join", "input")]
    pairs = [("start", "left"), ("start", "right"), ("left", "join"), ("right", "join")]
    flow = client.create_flow(nodes, [{"from": left, "to": right} for left, right in pairs])
    run = client.start(flow)
    # Both calls are open at once: neither waits for the other.
    world.wait_for("/left")
    world.wait_for("/right")
    world.release("/right")
    world.release("/left")
    events = client.finish(run)
    assert [event["nodeKey"] for event in events if event["__typename"] == "NodeFinished"].count("join") == 1
    assert set(events[-1]["result"]) == {"left", "right"}


def test_a_process_that_only_works_drives_the_runs_of_one_that_only_serves(house, known_secrets):
    database = house.migrated_database()
    client = StudioClient(house.start(database, WORKER_ENABLED="false"), known_secrets)
    client.register()
    flow = client.create_flow(*chain(trigger(), delay("pause", 50), transform("after", "1")))
    waiting = client.start(flow)
    assert client.log(waiting)["status"] == "PENDING"
    worker = subprocess.Popen(
        [STUDIO, "work"], cwd=REPOSITORY, env=environment({**DEFAULTS, **database}), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
    try:
        assert client.finish(waiting)[-1]["runStatus"] == "SUCCESS"
        assert client.finish(client.start(flow))[-1]["runStatus"] == "SUCCESS"
        worker.terminate()
        assert worker.wait(10) == 0
        assert worker.stdout.read().startswith("Working\n")
    finally:
        worker.kill()
