"""Compares what the engine's workloads cost with Benchmarks/budgets.json; `scripts/benchmark budgets` calls it.

Costs are counted, not timed: instructions, allocations and bytes are the same on a busy machine. Instructions may
grow by the tolerance; allocations hardly, and not at all where they are few.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from callgrind import ENVIRONMENT, CountingFailed, count  # noqa: E402

BUDGETS = Path(__file__).with_name("budgets.json")
TOLERANCE_PERCENT = {"instructions": 3, "allocations": 0.5, "bytes": 3}


def measure(binary, workloads, names):
    """Costs by the key that they have in the file of budgets."""
    costs = {}
    for result in count(binary, workloads, names):
        costs[result["id"]] = {
            "name": result["name"], "instructions": result["instructions"], "allocations": result["allocations"],
        }
    if not names:
        command, environment = [binary, "memory", workloads], {**os.environ, **ENVIRONMENT}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        memory = json.loads(run.stdout)
        source = f"{memory['schemaSourceBytes']:,} bytes of SDL"
        costs["schema"] = {"name": f"the schema of {source}, built", "bytes": memory["schemaBytes"]}
        costs["plan"] = {"name": "a cached plan of W5, with its document", "bytes": memory["planBytes"]}
    return costs


def toolchain():
    output = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
    return output.splitlines()[0]


def show(costs):
    for cost in costs.values():
        figures = ", ".join(f"{value:,} {unit}" for unit, value in cost.items() if unit != "name")
        print(f"{cost['name']:<44}{figures}")


def update(costs, file=BUDGETS, tolerance=None):
    budgets = {
        "toolchain": toolchain(), "machine": platform.machine(),
        "tolerancePercent": tolerance or TOLERANCE_PERCENT, "budgets": costs,
    }
    file.write_text(json.dumps(budgets, indent=2) + "\n")
    print(f"Written: {file.name}. Read what changed before it is committed.")


def check(costs, budgets):
    """Prints measured beside budget; returns the lines of what is over or missing."""
    # Another processor has other instructions, but allocates and keeps the same.
    is_same_machine = budgets["machine"] == platform.machine()
    findings, gains = [], []
    print(f"{'':<44}{'':<14}{'measured':>13}{'budget':>13}{'change':>9}")
    for key, budget in budgets["budgets"].items():
        cost = costs.get(key)
        if cost is None:
            findings.append(f"{key} was not measured")
            continue
        for unit, tolerance in budgets["tolerancePercent"].items():
            if unit not in budget:
                continue
            measured, allowed = cost[unit], budget[unit]
            change = 100 * (measured - allowed) / allowed if allowed else 100.0 * (measured > 0)
            is_compared = is_same_machine or unit != "instructions"
            is_over = is_compared and change > tolerance
            note = "  over" if is_over else "" if is_compared else "  another processor: not compared"
            print(f"{cost['name']:<44}{unit:<14}{measured:>13,}{allowed:>13,}{change:>+8.1f}%{note}")
            if is_over:
                findings.append(f"{cost['name']} takes {measured:,} {unit}; its budget is {allowed:,}")
            elif is_compared and change < -tolerance:
                gains.append(key)
    findings += [f"{key} has no budget" for key in costs.keys() - budgets["budgets"].keys()]
    if gains:
        names = ", ".join(dict.fromkeys(gains))
        print(f"Better than the budget: {names}. `scripts/benchmark budgets --update` keeps it.")
    return findings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--workloads", default=str(Path(__file__).with_name("Workloads")))
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--update", action="store_true", help="write the budgets anew")
    mode.add_argument("--show", action="store_true", help="only print what was counted")
    parser.add_argument("names", nargs="*", help="only these workloads; with --show")
    arguments = parser.parse_args()
    if arguments.names and not arguments.show:
        parser.error("names go with --show: the budgets are checked and written together")
    try:
        costs = measure(arguments.binary, arguments.workloads, arguments.names)
    except CountingFailed as failure:
        sys.exit(f"Counting failed:\n{failure}")
    if arguments.show:
        return show(costs)
    if arguments.update:
        return update(costs)
    return enforce(costs, BUDGETS, "budgets")


def enforce(costs, file, command):
    """Ends the program where something is over its budget."""
    budgets = json.loads(file.read_text())
    findings = check(costs, budgets)
    if findings:
        if budgets["toolchain"] != toolchain():
            findings.append(f"the budgets are those of {budgets['toolchain']}, this is {toolchain()}")
        sys.exit("\n".join(["", *findings, f"If that is meant to be: `scripts/benchmark {command} --update`."]))


if __name__ == "__main__":
    main()
