"""Compares what requests cost behind the transports with Benchmarks/request-budgets.json; `scripts/benchmark requests`
calls it.

`--debug` counts a debug build, which `scripts/test` has anyway: its allocations alone, against request-allocations.json.

Instructions and allocations of the program's threads are counted while it executes the API benchmark's documents on
a database made for it, beside that of DATABASE_URL; Postgres's own work is not in the figures. Answers arrive in pieces of one size or another, so
the same request may differ by a percent or two.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import budgets  # noqa: E402
from callgrind import CountingFailed, marked  # noqa: E402

HERE = Path(__file__).parent
BUDGETS = HERE / "request-budgets.json"
TOLERANCE_PERCENT = {"instructions": 6, "allocations": 6}
ALLOCATIONS = HERE / "request-allocations.json"
ALLOCATIONS_TOLERANCE_PERCENT = {"allocations": 3}


def measure(binary, name):
    """Costs by the document's name."""
    url = os.environ["DATABASE_URL"]
    for statement in ("DROP DATABASE IF EXISTS requests", "CREATE DATABASE requests"):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], check=True)
    os.environ["DATABASE_URL"] = re.sub(r"dbname=\w+", "dbname=requests", url)
    with tempfile.TemporaryDirectory(prefix="requests-") as directory:
        # Debian's valgrind gives up on what clang says of C++ for debuggers; it needs the names alone.
        program = Path(directory) / "program"
        subprocess.run(["objcopy", "--strip-debug", binary, program], check=True)
        results = marked([program, HERE / "api/queries", *([name] if name else [])], Path(directory) / "dump")
    return {result["id"]: {key: result[key] for key in ("name", "instructions", "allocations")} for result in results}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--update", action="store_true", help="write the budgets anew")
    mode.add_argument("--show", action="store_true", help="only print what was counted")
    parser.add_argument("--debug", action="store_true", help="the binary is a debug build: its allocations alone")
    parser.add_argument("name", nargs="?", default="", help="only this document; with --show")
    arguments = parser.parse_args()
    if arguments.name and not arguments.show:
        parser.error("a name goes with --show: the budgets are checked and written together")
    try:
        costs = measure(arguments.binary, arguments.name)
    except CountingFailed as failure:
        sys.exit(f"Counting failed:\n{failure}")
    file, tolerance, command = BUDGETS, TOLERANCE_PERCENT, "requests"
    if arguments.debug:
        file, tolerance, command = ALLOCATIONS, ALLOCATIONS_TOLERANCE_PERCENT, "requests --debug"
        # What a debug build executes says nothing, and differs with the counters of coverage.
        for cost in costs.values():
            del cost["instructions"]
    if arguments.show:
        budgets.show(costs)
    elif arguments.update:
        budgets.update(costs, file, tolerance)
    else:
        budgets.enforce(costs, file, command)


if __name__ == "__main__":
    main()
