#!/usr/bin/env python3
"""Measures the API: q1 a flow by id, q2 a nested page of 378 rows, q3 a page of 100 runs, q4 a node added, q5
introspection, with a verified access token. Answers are compared with Postgres's own first.

Of all servers each query is measured one right after the other, round by round, so that a busy machine meets all of
them alike; the median of the rounds counts. Time is only compared: read CPU and statements first.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from load import Meter, Target
from peers import Peers
from workload import QUERIES, Workload
from world import ROOT, Postgres, Process, Studio, post

HERE = pathlib.Path(__file__).resolve().parent
DATABASE = "benchmark"
# What is asked of the server, at 32 connections: another server's figure, how it is compared, and the least or most.
GOALS = [
    ("q2", "requests/s", "node", lambda a, b: a["rps"] / b["rps"], ">=", 6),
    ("q2", "requests/s", "limit", lambda a, b: a["rps"] / b["rps"], ">=", 1.9),
    ("q2", "server CPU", "node", lambda a, b: a["server_ms"] / b["server_ms"], "<", 0.1),
    ("q3", "requests/s", "node", lambda a, b: a["rps"] / b["rps"], ">=", 5),
    ("q3", "requests/s", "limit", lambda a, b: a["rps"] / b["rps"], ">=", 1.1),
    ("q1", "requests/s", "node", lambda a, b: a["rps"] / b["rps"], ">=", 2),
    ("q1", "server CPU", "hello", lambda a, b: a["server_ms"] / b["server_ms"], "<=", 2.2),
    ("q4", "requests/s", "node", lambda a, b: a["rps"] / b["rps"], ">=", 1.7),
    ("q5", "bytes/s", "node", lambda a, b: a["rps"] * a["bytes"] / (b["rps"] * b["bytes"]), ">=", 10),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="the program `studio`")
    parser.add_argument("--hello", help="the program HelloServerBenchmark")
    parser.add_argument("--before", help="another build of `studio`, measured beside as `before`")
    parser.add_argument("--peers", default="", help="of node, limit, rows, go, go-onesql")
    parser.add_argument("--folder", default=str(ROOT.parent / "shared/bench/api"), help="where the peers are")
    parser.add_argument("--build", default=str(ROOT / ".studio/benchmark-api/peers"), help="what they were built to")
    parser.add_argument("--only", default=",".join(QUERIES))
    parser.add_argument("--connections", default="1,32")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="where to write all samples")
    parser.add_argument("--directory", default=str(ROOT / ".studio/benchmark-api"), help="Postgres's data, and logs")
    parser.add_argument("--port", type=int, default=18600)
    parser.add_argument("--serve", action="store_true", help="start everything, print how to ask, wait for the end")
    return parser.parse_args()


class Run:
    def __init__(self, options):
        self.options = options
        self.directory = pathlib.Path(options.directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.queries = options.only.split(",")
        self.connections = [int(word) for word in options.connections.split(",")]
        self.started, self.targets = [], []
        self.port = options.port
        self.postgres = Postgres(self.directory, self.next_port())

    def next_port(self):
        self.port += 1
        return self.port - 1

    def start(self):
        builds = {"studio": self.options.binary} | ({"before": self.options.before} if self.options.before else {})
        for name, binary in builds.items():
            studio = Studio(self.postgres, DATABASE, binary, self.next_port(), self.directory / f"{name}.log")
            self.started.append(studio.process)
            self.workload = Workload(self.postgres, DATABASE)
            self.targets.append(Target(
                name, studio.url, [studio.process.process.pid], self.workload.bodies(), studio.headers,
                studio.forget_changes))
        if self.options.hello:
            port = self.next_port()
            hello = Process([self.options.hello], {"PORT": str(port)}, port, self.directory / "hello.log")
            self.started.append(hello)
            self.targets.append(Target("hello", f"http://127.0.0.1:{port}/graphql", [hello.process.pid],
                                       {"q1": self.targets[0].bodies["q1"]}, self.targets[0].headers))
        if self.options.peers:
            peers = Peers(self.options.folder, self.postgres, self.options.build, self.directory)
            self.started.append(peers)
            self.targets += [peers.make(name, self.next_port()) for name in self.options.peers.split(",")]

    def stop(self):
        for each in self.started:
            each.stop()

    def check(self):
        """Fails where an answer is wrong; gives the statements of lone requests."""
        for target in self.targets:
            if target.name in ("studio", "before"):
                wrong = self.workload.check(target)
                if wrong:
                    sys.exit(f"{target.name} answers wrong:\n" + "\n".join(wrong))
        studio, alone = self.targets[0], {}
        for query in self.queries:
            bodies = [body.replace("@UNIQUE@", f"benchalone{index}") for index, body in
                      enumerate(studio.bodies[query][:10])]
            post(studio.url, bodies[0].replace("benchalone", "benchfirst"), studio.headers)
            self.postgres.reset()
            for body in bodies:
                post(studio.url, body, studio.headers)
            alone[query] = self.postgres.statements() / len(bodies)
        studio.after_changes()
        print("answers: the same as Postgres's own; statements of a lone request: "
              + ", ".join(f"{query} {alone[query]:.1f}" for query in self.queries), flush=True)

    def measure(self):
        samples = {}
        meter = lambda roots: Meter(self.postgres, roots)
        for query in self.queries:
            for connections in self.connections:
                for turn in range(self.options.rounds):
                    for target in self.targets:
                        if query not in target.bodies:
                            continue
                        if turn == 0:
                            target.measure(meter, query, connections, 1)
                        sample = target.measure(meter, query, connections, self.options.seconds)
                        samples.setdefault((query, connections), {}).setdefault(target.name, []).append(sample)
                show(query, connections, samples[query, connections])
        return samples


def medians(samples):
    return {key: statistics.median(sample[key] for sample in samples) for key in samples[0]}


def show(query, connections, samples):
    print(f"\n{query} at {connections:>2} {'requests/s':>12} {'±%':>4} {'server ms':>10} {'postgres ms':>12} "
          f"{'statements':>11} {'p50 ms':>8} {'p99 ms':>8} {'MB/s':>7}  others")
    for name, of_name in samples.items():
        value = medians(of_name)
        rates = [sample["rps"] for sample in of_name]
        spread = 50 * (max(rates) - min(rates)) / value["rps"]
        print(f"  {name:<9}{value['rps']:>12.0f} {spread:>4.0f} {value['server_ms']:>10.4f} {value['postgres_ms']:>12.4f} "
              f"{value['statements']:>11.2f} {value['p50_ms']:>8.2f} {value['p99_ms']:>8.2f} "
              f"{value['rps'] * value['bytes'] / 1e6:>7.1f}  {value['others']:.1f} cores"
              + (f"; {value['errors']:.0f} errors" if value["errors"] else ""), flush=True)


def goals(samples):
    print()
    for query, what, other, ratio, relation, bound in GOALS:
        of_query = samples.get((query, 32), {})
        if other not in of_query:
            continue
        pairs = zip(of_query["studio"], of_query[other])
        value = statistics.median(ratio(ours, theirs) for ours, theirs in pairs)
        met = {">=": value >= bound, "<=": value <= bound, "<": value < bound}[relation]
        print(f"{query} {what} to {other}: {value:.2f}, goal {relation} {bound}: {'met' if met else 'not met'}")


def main():
    options = arguments()
    run = Run(options)
    try:
        run.start()
        run.check()
        if options.serve:
            target = run.targets[0]
            print(f"{target.url}\n{target.headers[0]}\npid {target.roots[0]}\n{run.postgres.url(DATABASE)}", flush=True)
            input()
            return
        samples = run.measure()
        goals(samples)
        if options.json:
            listed = {f"{query} at {connections}": of for (query, connections), of in samples.items()}
            pathlib.Path(options.json).write_text(json.dumps(listed, indent=1))
    finally:
        run.stop()


if __name__ == "__main__":
    main()
