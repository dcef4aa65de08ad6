"""The engine beside graphql-js: `scripts/benchmark engine` calls it.

Absolute times drift on a shared machine, so each workload runs in both, one right after the other, and only the
ratio counts. The folder of the comparison holds the workloads' files and peer.js, which runs them in graphql-js.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import answers  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
# Number, the name in peer.js, and how many times faster than graphql-js it must be.
WORKLOADS = [
    ("W1", "W1 parse small", 6),
    ("W2", "W2 parse kitchen", 6),
    ("W4p", "W4 parse SDL", 30),
    ("W4b", "W4 parse, build", 60),
    ("W5q", "W5 validate query", 60),
    ("W5i", "W5 validate introspection", 60),
    ("W6a", "W6a", 12),
    ("W6b", "W6b", 30),
    ("W6c", "W6c", 36),
]
SCHEMA_BYTES_GOAL = 25_000_000
PLAN_BYTES_GOAL = 50_000


@dataclass
class Row:
    """A workload, microseconds of CPU time for one operation; without a peer only ours."""

    id: str
    name: str
    ours: float
    theirs: float | None = None
    goal: float | None = None

    @property
    def ratio(self):
        return self.theirs / self.ours if self.theirs else None

    @property
    def is_met(self):
        return self.ratio >= self.goal if self.ratio else None


def json_lines(command):
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def why_no_peer(folder):
    """What is missing for a comparison, in a sentence, or None."""
    if not (folder / "peer.js").is_file():
        return f"{folder} has no peer.js: name the folder of the comparison with --workloads."
    if shutil.which("node") is None:
        return "There is no node: the comparison needs Debian's packages nodejs and node-graphql."
    library = os.environ.get("GRAPHQL_JS", "/usr/share/nodejs/graphql")
    if not Path(library).exists():
        return f"There is no graphql-js at {library}: install Debian's node-graphql, or name another in GRAPHQL_JS."
    return None


class Comparison:
    """One run over a folder, with the peer or without."""

    def __init__(self, binary, folder, has_peer):
        self.binary, self.folder, self.has_peer = binary, folder, has_peer
        self.peer = None
        self.peer_hashes = {}

    def row(self, name, peer_name, goal, repeat):
        rows = [self.once(name, peer_name, goal) for _ in range(repeat)]
        # The run with the median ratio, so that both times are of the same moment.
        return sorted(rows, key=lambda row: row.ratio or row.ours)[len(rows) // 2]

    def once(self, name, peer_name, goal):
        ours = json_lines([self.binary, "time", self.folder, name])[0]
        row = Row(name, ours["name"], ours["cpuMicroseconds"])
        if self.has_peer:
            for line in json_lines(["node", self.folder / "peer.js", peer_name]):
                if "sha256" in line:
                    self.peer_hashes[line["name"]] = line["sha256"]
                else:
                    self.peer, row.theirs, row.goal = line["peer"], line["cpuMicroseconds"], goal
        return row

    def answers(self):
        """What differs from the peer's answers, by workload; None where nothing does."""
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run([self.binary, "answers", self.folder, directory], check=True)
            ours = {name: (Path(directory) / f"{name}.json").read_bytes() for name in ("W6a", "W6b", "W6c")}
        results = {}
        for name in ("W6a", "W6c"):
            own, peers = answers.sha256(ours[name]), self.peer_hashes[name]
            results[name] = None if own == peers else f"sha256 {own}, the peer's {peers}"
        command = ["node", ROOT / "Benchmarks/introspect.js", self.folder]
        theirs = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        results["W6b"] = answers.differs(ours["W6b"], theirs, is_introspection=True)
        return results

    def memory(self):
        return json_lines([self.binary, "memory", self.folder])[0]


def duration(microseconds):
    return f"{microseconds / 1000:.2f} ms" if microseconds >= 1000 else f"{microseconds:.2f} µs"


def print_header(peer):
    print(f"| workload | ours |{' graphql-js | ratio | goal | |' if peer else ''}")
    print(f"|---|--:|{'--:|--:|--:|---|' if peer else ''}")


def print_row(row):
    line = f"| {row.name} | {duration(row.ours)} |"
    if row.theirs:
        line += f" {duration(row.theirs)} | {row.ratio:.1f}x | {row.goal}x | {'met' if row.is_met else 'not met'} |"
    print(line, flush=True)


def print_memory(memory):
    print()
    for title, value, goal in (
        (f"The schema of {memory['schemaSourceBytes']:,} bytes keeps", memory["schemaBytes"], SCHEMA_BYTES_GOAL),
        ("Building it grew the resident pages by", memory["schemaResidentGrowthBytes"], SCHEMA_BYTES_GOAL),
        ("A cached plan of W5, with its document, keeps", memory["planBytes"], PLAN_BYTES_GOAL),
    ):
        print(f"{title} {value:,} bytes; goal: under {goal:,}: {'met' if value < goal else 'not met'}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--workloads", type=Path, default=ROOT.parent / "shared/bench/engine")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each workload; the median ratio counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("names", nargs="*", help="only these workloads")
    arguments = parser.parse_args()
    known = [workload[0] for workload in WORKLOADS]
    if unknown := set(arguments.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; the workloads are {', '.join(known)}")

    missing, folder = why_no_peer(arguments.workloads), arguments.workloads
    if missing:
        print(missing, file=sys.stderr)
        if not (folder / "w1_small.graphql").is_file():
            folder = ROOT / "Benchmarks/Workloads"
        print(f"Without a peer, over {folder}:", file=sys.stderr)
    comparison = Comparison(arguments.binary, folder, has_peer=not missing)
    rows = []
    if not arguments.json:
        print_header(peer=not missing)
    for workload in WORKLOADS:
        if arguments.names and workload[0] not in arguments.names:
            continue
        rows.append(comparison.row(*workload, repeat=max(1, arguments.repeat)))
        if not arguments.json:
            print_row(rows[-1])
    finish(comparison, rows, arguments)


def finish(comparison, rows, arguments):
    """The answers and the memory, and all of it as JSON when that is asked for."""
    differences = comparison.answers() if comparison.has_peer else None
    memory = comparison.memory()
    if arguments.json:
        print(json.dumps({
            "peer": comparison.peer,
            "workloads": [{**asdict(row), "ratio": row.ratio, "isMet": row.is_met} for row in rows],
            "differences": differences,
            "memory": memory,
        }, indent=2))
        return
    if differences is not None:
        print(f"\nThe peer is {comparison.peer}. Answers:")
        for name, difference in differences.items():
            note = ", after leaving out what newer editions added" if name == "W6b" else ""
            print(f"  {name} {'is byte-identical' + note if difference is None else 'DIFFERS ' + difference}")
    print_memory(memory)


if __name__ == "__main__":
    main()
