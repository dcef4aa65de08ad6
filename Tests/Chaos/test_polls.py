"""What a poll finds starts one run, wherever the process dies that makes it."""

import pytest
from chaos_points import MOMENTS
from chaos_world import SURELY, Arena
from feed_service import FeedService, Follower, resources
from studio_client import chain, transform, trigger

# The statements of a poll that change something; `claim_polls` is among the worker's own.
POINTS = ("accept_deliveries", "claim_polls", "commit", "forget_items", "remember_items", "settle_poll")
FAILING_POINTS = ("claim_polls", "fail_poll")
# Of a walk through the pages that takes several polls.
WALK_POINTS = ("settle_poll", "touch_items")
PER_DEATH = 7


@pytest.fixture
def service():
    service = FeedService()
    yield service
    service.close()


# Six deaths in a test: each takes seconds.
DEATHS = (
    *(("ascending", POINTS, (moment,)) for moment in MOMENTS), *(("newest", POINTS, (moment,)) for moment in MOMENTS),
    ("unordered", WALK_POINTS, MOMENTS))


@pytest.mark.parametrize("key, points, moments", DEATHS, ids=["-".join((key, *moments)) for key, _, moments in DEATHS])
def test_a_worker_dies_while_it_polls(house, known_secrets, world, service, tmp_path, key, points, moments, tell):
    settings = resources(tmp_path, service)
    arena = Arena(house, known_secrets, world, **settings)
    flow = arena.client.create_flow(*chain(trigger(), transform("last", "input.event.id")), name="Follower")
    follower = Follower(arena.client, flow, key, maximumItems=5)
    first = arena.worker(**settings)
    follower.wait_for_poll()
    first.stop()
    deaths, added = 0, []
    for label in points:
        for moment in moments:
            texts = [f"{label}-{moment}-{number}" for number in range(PER_DEATH)]
            service.add("news", *texts)
            added += texts
            # The first poll of the process that finds something.
            victim = arena.worker(**settings, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            deaths += victim.has_died(SURELY)
            victim.stop()
    rescuer = arena.worker(**settings)
    # Five a second, once the last victim's lease is over.
    follower.wait_for_runs(min(100, len(added)), seconds=90)
    follower.wait_for_poll(3 if key != "unordered" else 6)
    rescuer.stop()
    found = arena.sql("SELECT input->'event'->>'id', count(*) FROM execution_logs GROUP BY 1").splitlines()
    counts = dict(line.split("|") for line in found)
    assert counts == {text: "1" for text in added}
    tell(f"{deaths} deaths, {len(counts)} things found, each started one run")
    assert deaths == len(points) * len(moments)
    arena.close()


def test_a_worker_dies_while_polls_fail(house, known_secrets, world, service, tmp_path):
    settings = resources(tmp_path, service)
    arena = Arena(house, known_secrets, world, **settings)
    flow = arena.client.create_flow(*chain(trigger(), transform("last", "input.event.id")), name="Follower")
    follower = Follower(arena.client, flow, "ascending")
    first = arena.worker(**settings)
    follower.wait_for_poll()
    first.stop()
    texts = [f"item {number}" for number in range(5)]
    service.add("news", *texts)
    deaths = 0
    for label in FAILING_POINTS:
        for moment in MOMENTS:
            service.answers = [(500, {"error": {"message": "Out of order"}}, {})] * 20
            # The pause behind a failure grows; the test ends it.
            arena.sql("UPDATE flow_triggers SET poll_due_at = now()")
            victim = arena.worker(**settings, STUDIO_CRASH_POINT=f"{moment}:{label}:1")
            deaths += victim.has_died(SURELY)
            victim.stop()
    service.answers = []
    arena.sql("UPDATE flow_triggers SET poll_due_at = now()")
    rescuer = arena.worker(**settings)
    assert sorted(follower.wait_for_runs(len(texts), seconds=60)) == texts
    follower.wait_for_poll(2)
    arena.wait_until_over()
    rescuer.stop()
    assert sorted(follower.texts()) == texts, "a thing was found twice"
    assert deaths == len(FAILING_POINTS) * len(MOMENTS)
    arena.close()
