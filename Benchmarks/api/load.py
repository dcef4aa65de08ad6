"""One measurement: wrk against a server, or pgbench, with the CPU time and statements that it cost."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")


def processes(roots):
    """The processes and all below them."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(_stat(name)[1]), []).append(int(name))
            except OSError:
                pass
    found, todo = [], list(roots)
    while todo:
        process = todo.pop()
        found.append(process)
        todo += children.get(process, [])
    return found


def _stat(process):
    """The fields behind the name: state, parent, …; user and system time are 11 and 12."""
    with open(f"/proc/{process}/stat") as file:
        text = file.read()
    return text[text.rindex(")") + 2:].split()


def cpu(roots):
    """CPU seconds of the processes, all below them, and what has ended below them."""
    total = 0
    for process in processes(roots):
        try:
            total += sum(map(int, _stat(process)[11:15]))
        except OSError:
            pass
    return total / TICKS


def machine():
    """CPU seconds that the whole machine was busy."""
    with open("/proc/stat") as file:
        fields = [int(word) for word in file.readline().split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:8])) / TICKS


def _is_auxiliary(process):
    try:
        title = pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return re.search(rb"postgres: .*(checkpointer|background|walwriter|autovacuum|logical|stats|archiver)", title)


class Meter:
    """CPU and statements between two moments. Of Postgres the checkpointer and its like are not counted."""

    def __init__(self, postgres, roots):
        self.postgres, self.roots = postgres, roots
        self.auxiliary = [process for process in processes([postgres.pid]) if _is_auxiliary(process)]

    def read(self):
        server = cpu(self.roots) if self.roots else 0.0
        return server, cpu([self.postgres.pid]) - cpu(self.auxiliary), machine()

    def run(self, load, in_flight):
        """`load` gives requests, seconds and more. The server still works off what was in flight at the end."""
        self.postgres.reset()
        before = self.read()
        children = os.times()
        requests, seconds, more = load()
        after_children = os.times()
        after, calm, deadline = self.read(), 0, time.time() + 5
        last = after
        while calm < 2 and time.time() < deadline:
            time.sleep(0.05)
            now = self.read()
            calm = calm + 1 if now[0] + now[1] - last[0] - last[1] < 0.015 else 0
            last = now
        client = sum(after_children[2:4]) - sum(children[2:4])
        server, database = last[0] - before[0], last[1] - before[1]
        worked = requests + in_flight
        return {
            "rps": requests / seconds, "server_ms": server * 1000 / worked, "postgres_ms": database * 1000 / worked,
            "statements": self.postgres.statements() / worked,
            "others": max(0.0, (after[2] - before[2] - server - database - client) / seconds), **more}


class Target:
    """What is measured: a server with its requests' bodies by query."""

    def __init__(self, name, url, roots, bodies, headers=(), after_changes=None):
        self.name, self.url, self.roots, self.headers = name, url, roots, list(headers)
        self.bodies = bodies
        self.after_changes = after_changes
        self.skip = 0

    def load(self, query, connections, seconds):
        """The load to run, for `Meter.run`."""
        file = tempfile.NamedTemporaryFile("w", suffix=".jsonl")
        file.write("\n".join(self.bodies[query]) + "\n")
        file.flush()
        environment = dict(
            os.environ, BODIES=file.name, HEADERS="\n".join(self.headers), SKIP=str(self.skip),
            WORD=f"bench{time.time_ns() // 1000:x}_")
        self.skip += 37

        def run():
            with file:
                done = subprocess.run(
                    ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", HERE / "load.lua",
                     self.url], env=environment, capture_output=True, text=True)
            result = re.search(r"^RESULT (.*)$", done.stdout, re.M)
            if not result:
                raise RuntimeError(f"wrk: {done.stdout[-500:]}{done.stderr[-500:]}")
            counts = json.loads(result[1])
            seconds_taken = counts["microseconds"] / 1e6
            return counts["requests"], seconds_taken, {
                "p50_ms": counts["p50"] / 1000, "p99_ms": counts["p99"] / 1000, "errors": counts["errors"],
                "bytes": counts["bytes"] / max(1, counts["requests"])}

        return run

    def measure(self, meter_of, query, connections, seconds):
        meter = meter_of(self.roots)
        sample = meter.run(self.load(query, connections, seconds), connections)
        if query == "q4" and self.after_changes:
            self.after_changes()
        return sample


class Script:
    """A statement under pgbench: what Postgres alone needs. `texts` are pgbench scripts by query."""

    def __init__(self, name, port, database, texts):
        self.name, self.port, self.database, self.bodies = name, port, database, texts
        self.after_changes = None

    def load(self, query, connections, seconds):
        file = tempfile.NamedTemporaryFile("w", suffix=".sql")
        os.chmod(file.name, 0o644)
        file.write(self.bodies[query])
        file.flush()
        command = ["pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", str(self.port), "-U", "api", "-c",
                   str(connections), "-j", "1", "-T", str(seconds), "-f", file.name, self.database]

        def run():
            with file:
                done = subprocess.run(command, capture_output=True, text=True)
            count = re.search(r"transactions actually processed: (\d+)", done.stdout)
            if not count:
                raise RuntimeError(f"pgbench: {done.stdout[-500:]}{done.stderr[-800:]}")
            rate = float(re.search(r"tps = ([\d.]+) \(without", done.stdout)[1])
            latency = float(re.search(r"latency average = ([\d.]+)", done.stdout)[1])
            return int(count[1]), int(count[1]) / rate, {"p50_ms": latency, "p99_ms": 0, "errors": 0, "bytes": 0}

        return run

    def measure(self, meter_of, query, connections, seconds):
        sample = meter_of([]).run(self.load(query, connections, seconds), 0)
        if query == "q4" and self.after_changes:
            self.after_changes()
        return sample
