#!/usr/bin/env python3
"""Incoming webhooks of a real server: requests a second, and whether every run that was acknowledged has ended.

    Benchmarks/hooks.py --studio BINARY [--seconds 5] [--connections 5,200] [--synchronous 25] [--paced 20] [--loops 50]

Asynchronous: a trigger and one node, 1 KB, answered 202 after the commit. Synchronous: a trigger and a transform, answered
with the run's result. Paced: 2,000 a minute of a trigger, a transform and a log line, from before the request is sent to the
run's stored end. Loop: 40 elements with a log line for each, one run after the other, from the request to its answer. The server
works on a database of its own (DATABASE_URL names the server to make it on; else a private Postgres); commits wait
for the disk. `wrk` loads over one thread, on the same machine.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sockets import REPOSITORY, Server

sys.path.insert(0, str(Path(__file__).resolve().parent / "api"))
from load import cpu  # noqa: E402

SCRIPT = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"text":"%s"}'
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%.2f %%.2f\\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
""" % ("x" * 1000)


LOG = {"kind": "ACTION", "config": {"type": "log", "message": "received"}}
PACE = 2000 / 60


def hook(server, answer, *nodes):
    """The path of a new trigger's URL: its nodes stand in a chain, those of a loop inside it."""
    nodes = [{"key": "start", "kind": "TRIGGER", "config": {}}] + [{"key": f"n{n}", **each} for n, each in enumerate(nodes)]
    chain = [node["key"] for node in nodes if "parent" not in node]
    given = {"name": "Hook", "intention": "To be called.", "nodes": [{"title": node["key"], **node} for node in nodes],
             "connections": [{"from": one, "to": next_one} for one, next_one in zip(chain, chain[1:])]}
    flow = server.execute("mutation ($i: CreateFlowInput!) { createFlow(input: $i) { flow { id } } }", i=given)
    given = {"flowId": flow["createFlow"]["flow"]["id"], "webhook": {"signature": "NONE", "answer": answer}}
    added = server.execute(
        "mutation ($i: AddTriggerInput!) { addTrigger(input: $i) { trigger { webhook { url } } } }", i=given)
    return "/hooks/" + added["addTrigger"]["trigger"]["webhook"]["url"].rsplit("/", 1)[1]


def load(server, path, connections, seconds):
    """Requests, seconds, errors, and the latencies' 50th and 95th percentile in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{server.port}{path}"],
            capture_output=True, text=True, check=True)
    fields = re.search(r"RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)", done.stdout)
    return int(fields[1]), int(fields[2]) / 1e6, int(fields[3]), float(fields[4]), float(fields[5])


def psql(database, statement):
    return subprocess.run(["psql", "-XAtq", "-d", database, "-c", statement],
                          capture_output=True, text=True, check=True).stdout.strip()


def states(database):
    """How many runs are in which state."""
    rows = psql(database, "SELECT status, count(*) FROM execution_logs GROUP BY 1").split()
    return {row.split("|")[0]: int(row.split("|")[1]) for row in rows}


def wait_until_over(database, seconds=120):
    end = time.monotonic() + seconds
    while (found := states(database)).keys() & {"pending", "running", "waiting"}:
        assert time.monotonic() < end, f"runs are stuck: {found}"
        time.sleep(0.2)
    return found


def spent(server, database):
    """CPU seconds so far of the server with its sandboxes, and of Postgres where it runs on this machine."""
    postmaster = int(psql(database, "SELECT pg_read_file('postmaster.pid', 0, 12)").split()[0])
    return cpu([server.process.pid]), cpu([postmaster])


def commits(database):
    """Transactions so far that have changed something: each has a number of its own."""
    return int(psql(database, "SELECT pg_snapshot_xmax(pg_current_snapshot())"))


def flushes(database, seconds=1.0):
    """How often a second the disk below Postgres's log takes 8 KiB for certain; None where that is elsewhere."""
    folder = Path(psql(database, "SHOW data_directory"))
    if not os.access(folder, os.W_OK):
        return None
    with tempfile.NamedTemporaryFile(dir=folder, prefix="flushes-") as file:
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            os.pwrite(file.fileno(), b"x" * 8192, 0)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


def report(name, server, database, path, connections, seconds):
    before, costs, transactions = sum(states(database).values()), spent(server, database), commits(database)
    requests, taken, errors, p50, p95 = load(server, path, connections, seconds)
    ended = wait_until_over(database)
    transactions = (commits(database) - transactions) / requests
    costs = [1e6 * (after - first) / requests for first, after in zip(costs, spent(server, database))]
    stored = sum(ended.values()) - before
    # What wrk cut off at its end was stored too, or not; what was answered must be there.
    lost = max(0, requests - errors - stored)
    print(f"{name}, {connections} connections: {requests / taken:.0f}/s, median {p50} ms, p95 {p95} ms; "
          f"{errors} errors, {lost} of {requests} lost, all {stored} runs ended, "
          f"{ended.get('failure', 0)} of them failed; CPU of a request and its run: server {costs[0]:.0f} us, "
          f"Postgres {costs[1]:.0f} us, {transactions:.2f} transactions that change something", flush=True)


def percentiles(database, times):
    """For how many runs an expression over them is known, and its 50th and 95th percentile in milliseconds."""
    return psql(
        database, f"SELECT count(t), round(1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 1), "
        f"round(1000 * percentile_cont(0.95) WITHIN GROUP (ORDER BY t)::numeric, 1) "
        f"FROM (SELECT {times} AS t FROM execution_logs WHERE status = 'success') times").split("|")


def send(server, path, bodies):
    """Sends the bodies one after the other over one connection; what makes one decides when. The seconds that each took."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    times = []
    for body in bodies:
        start = time.monotonic()
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status < 300, f"{answer.status}: {text[:200]}"
        times.append(time.monotonic() - start)
    connection.close()
    return times


def paced(server, database, path, seconds):
    def bodies():
        start = time.time()
        for number in range(int(seconds * PACE)):
            time.sleep(max(0, start + number / PACE - time.time()))
            yield {"sent": time.time()}
    send(server, path, bodies())
    wait_until_over(database)
    count, p50, p95 = percentiles(database, "extract(epoch FROM end_time) - (input #>> '{body,sent}')::float8")
    print(f"{PACE * 60:.0f} a minute of {count}: median {p50} ms, p95 {p95} ms from the request to the stored end", flush=True)


def loops(server, database, path, count):
    times = sorted(send(server, path, [{"items": list(range(40))}] * count))
    wait_until_over(database)
    lines = psql(database, "SELECT count(*) FROM node_execution_logs WHERE iteration > 0")
    assert int(lines) == 40 * count, f"{lines} iterations are stored"
    print(f"loop of 40, {count} runs: median {times[count // 2] * 1000:.1f} ms, p95 {times[count * 95 // 100] * 1000:.1f} ms "
          "from the request to its answer", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studio", required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="5,200")
    parser.add_argument("--synchronous", type=int, default=25)
    parser.add_argument("--paced", type=int, default=20, help="seconds; 0 leaves it out")
    parser.add_argument("--loops", type=int, default=50, help="runs; 0 leaves it out")
    options = parser.parse_args()
    database = os.environ.get("DATABASE_URL")
    if not database:
        started = subprocess.run(
            [REPOSITORY / "scripts/private-postgres", REPOSITORY / ".studio/benchmark-hooks", str(os.getpid())],
            stdout=subprocess.PIPE, text=True, check=True)
        database = started.stdout.strip()
    name = f"hooks_{os.getpid()}"
    subprocess.run(["psql", "-Xq", "-d", database, "-c", f"CREATE DATABASE {name}"], check=True)
    database = re.sub(r"dbname=\S+", f"dbname={name}", database)
    server = Server(options.studio, database)
    try:
        echo = {"kind": "TRANSFORM", "config": {"expression": "input.body.text.length"}}
        each = {"kind": "LOOP", "config": {"items": "input.body.items"}}
        if rate := flushes(database):
            print(f"the disk: {rate:.0f} flushes a second; so many commits of each connection at most", flush=True)
        asynchronous, synchronous = hook(server, "ACCEPTED", LOG), hook(server, "RESULT", echo)
        if options.paced:
            setting = {"kind": "TRANSFORM", "config": {"expression": "({at: input.body.sent})"}}
            paced(server, database, hook(server, "ACCEPTED", setting, LOG), options.paced)
        if options.loops:
            looped = hook(server, "RESULT", each, {**LOG, "parent": "n0"})
            loops(server, database, looped, options.loops)
        for connections in options.connections.split(","):
            report("asynchronous", server, database, asynchronous, int(connections), options.seconds)
        report("synchronous", server, database, synchronous, options.synchronous, options.seconds)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
