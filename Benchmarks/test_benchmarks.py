"""What the benchmarks conclude from their figures. `scripts/test scripts` runs it; nothing is measured here."""

import contextlib
import io
import json
import platform
import tempfile
import unittest
from pathlib import Path

import answers
import budgets
import callgrind


def checked(measured, budget, machine=platform.machine()):
    """The findings of `budgets.check`, and what it prints."""
    file = {"machine": machine, "tolerancePercent": budgets.TOLERANCE_PERCENT, "budgets": {"W1": budget}}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        findings = budgets.check({"W1": {"name": "parse", **measured}}, file)
    return findings, printed.getvalue()


class BudgetTests(unittest.TestCase):
    def test_instructions_may_grow_by_the_tolerance_and_no_more(self):
        self.assertEqual(checked({"instructions": 1030}, {"instructions": 1000})[0], [])
        self.assertEqual(
            checked({"instructions": 1031}, {"instructions": 1000})[0],
            ["parse takes 1,031 instructions; its budget is 1,000"])

    def test_few_allocations_may_not_grow_at_all(self):
        self.assertEqual(len(checked({"allocations": 26}, {"allocations": 25})[0]), 1)
        self.assertEqual(len(checked({"allocations": 1}, {"allocations": 0})[0]), 1)
        self.assertEqual(checked({"allocations": 2183}, {"allocations": 2182})[0], [])

    def test_a_gain_is_told_and_fails_nothing(self):
        findings, printed = checked({"instructions": 900}, {"instructions": 1000})
        self.assertEqual(findings, [])
        self.assertIn("Better than the budget: W1", printed)

    def test_instructions_of_another_processor_are_not_compared_but_allocations_are(self):
        measured, budget = {"instructions": 2000, "allocations": 9}, {"instructions": 1000, "allocations": 8}
        self.assertEqual(checked(measured, budget, "other")[0], ["parse takes 9 allocations; its budget is 8"])

    def test_a_workload_without_a_budget_and_a_budget_without_a_workload_are_found(self):
        file = {"machine": platform.machine(), "tolerancePercent": budgets.TOLERANCE_PERCENT, "budgets": {"W1": {}}}
        with contextlib.redirect_stdout(io.StringIO()):
            findings = budgets.check({"W9": {"name": "new"}}, file)
        self.assertEqual(findings, ["W1 was not measured", "W9 has no budget"])


class DumpTests(unittest.TestCase):
    def test_an_allocator_that_calls_another_counts_once(self):
        dump = "\n".join([
            "fn=(1) work", "cfn=(2) malloc", "calls=3 0", "0 30", "cfn=(3) posix_memalign", "calls=2 0", "0 20",
            "fn=(3)", "cfn=(4) _mid_memalign.constprop.0", "calls=2 0", "fn=(4)", "cfn=(2)", "calls=2 0",
            "fn=(5) other", "cfn=(6) malloc_usable_size", "calls=7 0", "totals: 1234",
        ])
        with tempfile.NamedTemporaryFile("w", suffix=".out") as file:
            file.write(dump)
            file.flush()
            self.assertEqual(callgrind.totals(Path(file.name)), (1234, 5))


class AnswerTests(unittest.TestCase):
    @staticmethod
    def answer(fields, directives):
        types = [{"name": "__Type", "fields": fields}, {"name": "Mine", "fields": [field("isOneOf")]}]
        schema = {"types": types, "directives": directives}
        return json.dumps({"data": {"__schema": schema}}, separators=(",", ":")).encode()

    def test_what_newer_editions_added_is_left_out_of_built_in_types_only(self):
        ours = self.answer([field("name"), field("isOneOf")], [{"name": "oneOf"}])
        theirs = self.answer([field("name")], [])
        self.assertIsNone(answers.differs(ours, theirs, is_introspection=True))

    def test_any_other_difference_is_shown(self):
        ours = self.answer([field("name"), field("more")], [])
        theirs = self.answer([field("name")], [])
        self.assertIn("more", answers.differs(ours, theirs, is_introspection=True))
        self.assertIn("from byte 1", answers.differs(b"[1]", b"[2]", is_introspection=False))

    def test_another_form_of_the_same_answer_differs(self):
        ours = self.answer([field("name")], [])
        self.assertIsNotNone(answers.differs(ours.replace(b",", b", "), ours, is_introspection=True))


def field(name):
    return {"name": name, "args": []}


if __name__ == "__main__":
    unittest.main()
