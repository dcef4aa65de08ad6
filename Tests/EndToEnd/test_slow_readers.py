"""Sockets that do not read: an operation is held up, dropped and told; memory stays where it was; others notice nothing."""

import re
import socket as sockets
import time
from pathlib import Path

import pytest
from studio_client import WATCH, StudioClient, assert_gapless
from test_sse import large_run

SETTINGS = {"SUBSCRIPTIONS_MAXIMUM_QUEUE_BYTES": 65_536, "SUBSCRIPTIONS_SLOW_READER_MILLISECONDS": 300}


def narrow_socket(client, **options):
    """A socket whose client reads a message or two and then no more, until it is asked to."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", client.server.port))
    return client.socket(sock=raw, max_queue=1, **options)


def resident_mebibytes(server):
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


@pytest.fixture
def large(house, known_secrets):
    client = StudioClient(house.start(**SETTINGS), known_secrets)
    client.register()
    return client, large_run(client)


def test_an_operation_that_is_not_read_is_dropped_and_told_and_resumes(large):
    client, run = large
    with narrow_socket(client) as stuck, client.socket() as quick:
        stuck.subscribe("run", WATCH, id=run)
        # In the time in which another reads everything it fills the kernel's buffers.
        assert_gapless(list(client.watch(quick, run)))
        # Longer than the patience: nobody reads meanwhile.
        time.sleep(1)
        seen = []
        while (message := stuck.next_of("run"))["type"] == "next":
            seen.append(message["payload"]["data"]["executionUpdated"])
        assert message["type"] == "error" and message["payload"][0]["extensions"]["code"] == "SLOW_READER"
        assert 0 < len(seen) < 80
        assert stuck.is_open()
        seen += client.watch(stuck, run, after=seen[-1]["cursor"], operation="again")
    assert_gapless(seen)
    assert seen[-1]["__typename"] == "ExecutionFinished"


def test_who_reads_slowly_but_steadily_gets_everything(large):
    client, run = large
    with narrow_socket(client) as slow:
        slow.subscribe("run", WATCH, id=run)
        seen = []
        for payload in slow.results("run"):
            seen.append(payload["data"]["executionUpdated"])
            time.sleep(0.01)
    assert_gapless(seen)


def test_many_that_do_not_read_take_no_memory(large):
    client, run = large
    list(client.watch(client.socket(), run))
    before = resident_mebibytes(client.server)
    stuck = [narrow_socket(client) for _ in range(30)]
    for number, socket in enumerate(stuck):
        socket.subscribe(f"run{number}", WATCH, id=run)
    with client.socket() as lively:
        assert_gapless(list(client.watch(lively, run)))
    # Each could hold all 7 MB of the run.
    assert resident_mebibytes(client.server) - before < 120
    for socket in stuck:
        socket.connection.socket.close()


def test_a_socket_on_which_too_much_waits_is_closed_with_1013(house, known_secrets):
    server = house.start(WEBSOCKET_MAXIMUM_QUEUE_MESSAGES=16)
    client = StudioClient(server, known_secrets)
    client.register()
    with narrow_socket(client) as stuck:
        # The answers are ten times as long as the kernel's buffers; the questions are short.
        introspection = "{ __schema { types { name description fields { name description args { name description } } } } }"
        for number in range(60):
            stuck.subscribe(str(number), introspection)
        time.sleep(1)
        code, reason = stuck.closed()
    assert code == 1013 and "16 messages" in reason
