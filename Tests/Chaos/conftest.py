"""What the files of the suite share: an arena for a test, a battlefield for a file, and the counts at the end."""

import pytest
from chaos_world import Arena
from local_world import LocalWorld

COUNTS = "counts"
# The files that take longest, the longest first: processes that share the files begin with them, so that none has much
# left when the others are done. A table of seconds stands below the counts.
LONGEST = ("test_chaos_children.py", "test_polls.py", "test_chaos_workers.py", "test_chaos_lines.py", "test_chaos_outside.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture
def arena(house, known_secrets, world):
    arena = Arena(house, known_secrets, world)
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def battlefield(shared_house, known_secrets):
    """One for all points of a file: what a dead process leaves behind, the next one finds."""
    world = LocalWorld()
    arena = Arena(shared_house, known_secrets, world)
    arena.deaths = 0
    yield arena
    arena.close()
    world.close()


@pytest.fixture
def tell(record_property):
    """What a test has counted. It goes with the test's report to whoever gathers the reports, whichever process ran it."""
    return lambda counts: record_property(COUNTS, counts)


def pytest_terminal_summary(terminalreporter):
    """All counts in one place, with the seconds of each file."""
    reports = [report for found in terminalreporter.stats.values() for report in found if isinstance(report, pytest.TestReport)]
    calls = [report for report in reports if report.when == "call"]
    told = sorted(
        (report.nodeid, value) for report in calls for name, value in report.user_properties if name == COUNTS)
    if not told:
        return
    terminalreporter.section("counts")
    for test, counts in told:
        terminalreporter.write_line(f"{test.rpartition('/')[2]}: {counts}")
    seconds = {}
    for report in reports:
        name = report.nodeid.partition("::")[0].rpartition("/")[2]
        seconds[name] = seconds.get(name, 0) + report.duration
    for name, taken in sorted(seconds.items(), key=lambda item: -item[1]):
        terminalreporter.write_line(f"{taken:6.0f} s  {name}")
