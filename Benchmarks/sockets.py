#!/usr/bin/env python3
"""Idle subscriptions and fan-out of a real server: memory, and how long an event takes to reach every socket.

    Benchmarks/sockets.py --studio BINARY [--idle 10000] [--runs 100] [--watchers 1000] [--events 120]

Starts the server on a database of its own (DATABASE_URL names the server to make it on; else a private Postgres). The
load generator is this process, on the same machine; its CPU time is printed beside the server's.

Idle: so many sockets, each with a subscription to one of --runs runs that wait; the server's resident memory before and
after. Fan-out: one run with a short pause behind each node, watched by so many sockets; the time from an event's `at`,
which the worker writes before it is stored, to its arrival at each socket.
"""

import argparse
import base64
import json
import os
import re
import resource
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
# Of both servers, which share a database and so its signing keys.
MASTER_KEY = secrets.token_hex(32)
AT = re.compile(rb'"at":"([^"]+)"')
SEQUENCE = re.compile(rb'"sequence":(\d+)')
WATCH = """subscription ($id: ID!) { executionUpdated(id: $id) {
  __typename sequence cursor at ... on NodeFinished { nodeKey output } ... on ExecutionFinished { result } } }"""


class Server:
    """One `studio serve` on a free port."""

    def __init__(self, binary, database):
        settings = {
            "DATABASE_URL": database, "STUDIO_MASTER_KEY": MASTER_KEY, "PORT": "0", "PASSWORDS_COST": "4",
            "RATE_LIMITS_ENABLED": "false", "HTTP_MAXIMUM_CONNECTIONS": "20000",
        }
        environment = {"PATH": os.environ["PATH"], "STUDIO_RESOURCES": str(REPOSITORY), **settings}
        subprocess.run([binary, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [binary, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(r"Listening on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            sys.exit("the server did not start")
        self.token = None
        given = {"email": f"{secrets.token_hex(6)}@example.com", "password": "correct horse", "name": "Bench"}
        answer = self.execute("mutation ($i: RegisterInput!) { register(input: $i) { accessToken } }", i=given)
        self.token = answer["register"]["accessToken"]

    def execute(self, query, **variables):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            result = json.load(answer)
        assert "errors" not in result, result
        return result["data"]

    def flow(self, pauses, milliseconds):
        nodes = [{"key": "start", "title": "Start", "kind": "TRIGGER", "config": {}}]
        for number in range(pauses):
            config = {"durationMilliseconds": milliseconds}
            nodes.append({"key": f"pause{number}", "title": "Pause", "kind": "DELAY", "config": config})
        connections = [{"from": left["key"], "to": right["key"]} for left, right in zip(nodes, nodes[1:])]
        given = {"name": "Bench", "intention": "To be watched.", "nodes": nodes, "connections": connections}
        create = "mutation ($i: CreateFlowInput!) { createFlow(input: $i) { flow { id } } }"
        return self.execute(create, i=given)["createFlow"]["flow"]["id"]

    def start(self, flow):
        query = "mutation ($i: ExecuteFlowInput!) { executeFlow(input: $i) { execution { id } } }"
        return self.execute(query, i={"flowId": flow, "input": None})["executeFlow"]["execution"]["id"]

    def resident(self):
        """MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def cpu(self):
        """Seconds of this process."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def frame(message):
    """A masked text frame; a mask of zeros is one too."""
    data = json.dumps(message).encode()
    head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big")
    return head + b"\0\0\0\0" + data


class Crowd:
    """Sockets that subscribe to runs and note what arrives when."""

    def __init__(self, server):
        self.server = server
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        self.buffers = {}
        self.acknowledged = 0
        self.messages = 0
        self.closed = 0
        # (time of arrival, time of the event, sequence)
        self.arrivals = []

    def open(self, count, runs, at_once=50):
        for start in range(0, count, at_once):
            made = [self._connect() for _ in range(min(at_once, count - start))]
            wanted = self.acknowledged + len(made)
            while self.acknowledged < wanted:
                self.turn(5)
            for offset, connection in enumerate(made):
                payload = {"query": WATCH, "variables": {"id": runs[(start + offset) % len(runs)]}}
                connection.sendall(frame({"type": "subscribe", "id": "1", "payload": payload}))

    def _connect(self):
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((
            f"GET /graphql HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n").encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += connection.recv(1)
        assert b" 101 " in answer, answer
        connection.sendall(frame({"type": "connection_init", "payload": {"authorization": f"Bearer {self.server.token}"}}))
        connection.setblocking(False)
        self.selector.register(connection, selectors.EVENT_READ)
        self.buffers[connection] = b""
        self.sockets.append(connection)
        return connection

    def turn(self, seconds):
        """Reads what is there; False when nothing came in time."""
        ready = self.selector.select(seconds)
        for key, _ in ready:
            self._read(key.fileobj)
        return bool(ready)

    def _read(self, connection):
        try:
            data = connection.recv(262_144)
        except BlockingIOError:
            return
        now = time.time()
        if not data:
            self.closed += 1
            self.selector.unregister(connection)
            return
        data = self.buffers[connection] + data
        position = 0
        while len(data) - position >= 2:
            size, head = data[position + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(data[position + 2:position + 4], "big"), 4
            if size == 127:
                size, head = int.from_bytes(data[position + 2:position + 10], "big"), 10
            if len(data) - position < head + size:
                break
            self._message(connection, data[position] & 15, data[position + head:position + head + size], now)
            position += head + size
        self.buffers[connection] = data[position:]

    def _message(self, connection, opcode, body, now):
        if opcode == 9:
            connection.sendall(bytes([0x8A, 0x80 | len(body), 0, 0, 0, 0]) + body)
        elif b'"connection_ack"' in body:
            self.acknowledged += 1
        elif b'"next"' in body:
            self.messages += 1
            if at := AT.search(body):
                self.arrivals.append((now, at[1], int(SEQUENCE.search(body)[1])))
        elif b'"error"' in body:
            sys.exit(f"a subscription failed: {body[:500]}")

    def close(self):
        for connection in self.sockets:
            connection.close()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure_idle(server, count, runs):
    flow = server.flow(1, 3_600_000)
    ids = [server.start(flow) for _ in range(runs)]
    time.sleep(1)
    before, cpu = server.resident(), server.cpu()
    crowd = Crowd(server)
    started = time.monotonic()
    crowd.open(count, ids)
    # Queued, started, the trigger's and the pause's events: the crowd is idle when nothing comes any more.
    while crowd.turn(2):
        pass
    opened = time.monotonic() - started - 2
    after, spent = server.resident(), server.cpu() - cpu
    time.sleep(10)
    idle = server.cpu() - cpu - spent
    crowd.close()
    print(
        f"idle: {count} subscriptions to {runs} runs, {crowd.messages} events; resident {before:.0f} -> {after:.0f} MiB, "
        f"{(after - before) * 1024 / count:.1f} KiB each; opened in {opened:.1f} s, server {spent * 1000 / count:.2f} ms CPU each; "
        f"idle for 10 s it used {idle:.2f} s CPU; closed by the server: {crowd.closed}", flush=True)


def measure_fan_out(server, watchers, pauses):
    flow = server.flow(pauses, 250)
    crowd = Crowd(server)
    run = server.start(flow)
    crowd.open(watchers, [run], at_once=100)
    while crowd.turn(0.1):
        if len(crowd.arrivals) > watchers * 40:
            break
    crowd.arrivals.clear()
    cpu, own = server.cpu(), time.process_time()
    started = time.monotonic()
    while crowd.turn(2):
        pass
    took = time.monotonic() - started - 2
    spent, used = server.cpu() - cpu, time.process_time() - own
    counts, last = {}, {}
    instants = {}
    latencies = []
    for now, at, sequence in crowd.arrivals:
        if at not in instants:
            instants[at] = datetime.fromisoformat(at.decode().replace("Z", "+00:00")).timestamp()
        latency = (now - instants[at]) * 1000
        latencies.append(latency)
        counts[sequence] = counts.get(sequence, 0) + 1
        last[sequence] = max(last.get(sequence, 0), latency)
    # Those under way when the clock was started did not reach everybody in its time.
    whole = {sequence for sequence, count in counts.items() if count == watchers}
    everybody = [last[sequence] for sequence in whole]
    crowd.close()
    if not whole:
        sys.exit("no event reached every socket: the run was too short")
    print(
        f"fan-out: {watchers} sockets, {len(whole)} events to all in {took:.1f} s, {len(latencies)} messages; "
        f"each message p50 {percentile(latencies, .5):.1f}, p90 {percentile(latencies, .9):.1f}, "
        f"p99 {percentile(latencies, .99):.1f}, most {max(latencies):.1f} ms; "
        f"an event to all p50 {percentile(everybody, .5):.1f}, p99 {percentile(everybody, .99):.1f} ms; "
        f"CPU per message: server {spent * 1e6 / len(latencies):.1f}, load generator {used * 1e6 / len(latencies):.1f} us; "
        f"closed by the server: {crowd.closed}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studio", required=True)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--watchers", type=int, default=1000)
    parser.add_argument("--events", type=int, default=120)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        os.chmod(folder, 0o755)
        database = os.environ.get("DATABASE_URL") or subprocess.run(
            [REPOSITORY / "scripts" / "private-postgres", folder, str(os.getpid())], check=True, text=True,
            stdout=subprocess.PIPE).stdout.strip()
        for count, measure in (
            (options.watchers, lambda server: measure_fan_out(server, options.watchers, max(1, options.events // 2))),
            (options.idle, lambda server: measure_idle(server, options.idle, options.runs)),
        ):
            if count:
                server = Server(options.studio, database)
                try:
                    measure(server)
                finally:
                    server.stop()


if __name__ == "__main__":
    main()
