#!/usr/bin/env python3
"""Incoming webhooks of a real server: requests a second, and whether every run that was acknowledged has ended.

    Benchmarks/hooks.py --studio BINARY [--seconds 5] [--connections 5,200] [--synchronous 25]

Asynchronous: a trigger and one node, 1 KB, answered 202 after the commit. Synchronous: a trigger and a transform, answered
with the run's result. The server works on a database of its own (DATABASE_URL names the server to make it on; else a
private Postgres); commits wait for the disk. `wrk` loads over one thread, on the same machine.
"""

import argparse
import os
import re
import subprocess
import tempfile
import time

from sockets import REPOSITORY, Server

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


def hook(server, node, answer):
    """The path of a new trigger's URL."""
    nodes = [{"key": "start", "title": "Start", "kind": "TRIGGER", "config": {}}, {"key": "end", "title": "End", **node}]
    given = {"name": "Hook", "intention": "To be called.", "nodes": nodes, "connections": [{"from": "start", "to": "end"}]}
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


def states(database):
    """How many runs are in which state."""
    rows = subprocess.run(
        ["psql", "-XAtq", "-d", database, "-c", "SELECT status, count(*) FROM execution_logs GROUP BY 1"],
        capture_output=True, text=True, check=True).stdout.split()
    return {row.split("|")[0]: int(row.split("|")[1]) for row in rows}


def wait_until_over(database, seconds=120):
    end = time.monotonic() + seconds
    while (found := states(database)).keys() & {"pending", "running", "waiting"}:
        assert time.monotonic() < end, f"runs are stuck: {found}"
        time.sleep(0.2)
    return found


def report(name, server, database, path, connections, seconds):
    before = sum(states(database).values())
    requests, taken, errors, p50, p95 = load(server, path, connections, seconds)
    ended = wait_until_over(database)
    stored = sum(ended.values()) - before
    # What wrk cut off at its end was stored too, or not; what was answered must be there.
    lost = max(0, requests - errors - stored)
    print(f"{name}, {connections} connections: {requests / taken:.0f}/s, median {p50} ms, p95 {p95} ms; "
          f"{errors} errors, {lost} of {requests} lost, all {stored} runs ended, "
          f"{ended.get('failure', 0)} of them failed", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studio", required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="5,200")
    parser.add_argument("--synchronous", type=int, default=25)
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
        log = {"kind": "ACTION", "config": {"type": "log", "message": "received"}}
        echo = {"kind": "TRANSFORM", "config": {"expression": "input.body.text.length"}}
        asynchronous, synchronous = hook(server, log, "ACCEPTED"), hook(server, echo, "RESULT")
        for connections in options.connections.split(","):
            report("asynchronous", server, database, asynchronous, int(connections), options.seconds)
        report("synchronous", server, database, synchronous, options.synchronous, options.seconds)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
