"""Instructions and allocations of workloads, counted by valgrind's callgrind.

One run of `EngineBenchmark count`, or of `RequestsBenchmark`, makes two dumps for each workload: what went before it,
and exactly its rounds.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

# What asks the C library for memory; a call from one of them to another is one allocation, not two.
ALLOCATORS = re.compile(r"(__libc_)?(malloc|calloc|realloc|posix_memalign|aligned_alloc|memalign)\b|_mid_memalign")

# Hashes are seeded alike in each run, and the C library's string functions are the same on every machine: a copy by
# `rep movsb` would count one instruction for each byte, where the processor has that and not elsewhere.
ENVIRONMENT = {
    "SWIFT_DETERMINISTIC_HASHING": "1",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-ERMS,-FSRM,-AVX,-AVX2,-AVX512F",
}


class CountingFailed(Exception):
    """callgrind or the program under it failed; the message is what they said."""


def count(binary, workloads, names=()):
    """A list of {id, name, rounds, instructions, allocations}, the last two for one operation."""
    with tempfile.TemporaryDirectory(prefix="callgrind-") as directory:
        results = []
        for name in names or [""]:
            output = Path(directory) / f"dump-{name}"
            results += marked([binary, "count", workloads, name], output)
        return results


def marked(program, output):
    """The same of one run of a program that prints a line for each mark."""
    command = [
        "valgrind", "--tool=callgrind", "--dump-line=no", "--dump-after=*countingBegins*",
        "--dump-before=*countingEnds*", f"--callgrind-out-file={output}", *program,
    ]
    environment = {**os.environ, **ENVIRONMENT}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise CountingFailed(run.stderr[-4000:] + run.stdout[-1000:])
    results = []
    for mark in map(json.loads, run.stdout.splitlines()):
        if "begins" not in mark:
            continue
        # Dumps are numbered from 1: what went before the first workload, the first workload, and so on.
        part = Path(f"{output}.{2 * len(results) + 2}")
        instructions, allocations = totals(part)
        rounds = mark["rounds"]
        results.append({
            "id": mark["begins"], "name": mark["name"], "rounds": rounds,
            "instructions": round(instructions / rounds), "allocations": round(allocations / rounds),
        })
    return results


def totals(dump):
    """The instructions of a dump, and its calls of an allocator."""
    names, caller, callee = {}, "", ""
    instructions = allocations = 0
    with open(dump, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if match := re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line):
                kind, number, name = match.groups()
                if name:
                    names[number] = name
                if kind == "fn":
                    caller = names[number]
                else:
                    callee = names[number]
            elif line.startswith("calls="):
                if ALLOCATORS.match(callee) and not ALLOCATORS.match(caller):
                    allocations += int(line[len("calls="):].split()[0])
            elif line.startswith("totals:"):
                instructions = int(line.split()[1])
    return instructions, allocations
