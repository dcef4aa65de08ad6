"""What flows call may answer anything: it costs its node, and nobody else."""

import socket
import threading
import time

import pytest
from studio_client import chain, http, trigger


def endless_headers(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: " + b"y" * 1000 + b"\r\n")


def endless_announcements(connection):
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
        time.sleep(0.001)


def one_byte_a_second(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"y")
        time.sleep(1)


def same(status, headers="", body=""):
    return f"HTTP/1.1 {status} X\r\n{headers}\r\n{body}".encode()


FINE = same(200, "Content-Length: 2\r\n", "ok")

ANSWERS = {
    "/no-status": same("099"), "/no-status-but-a-body": same("099", "Content-Length: 2\r\n", "xx"),
    "/zero": same("000"), "/zero-then-fine": same("000") + FINE, "/two-zeros": same("000") * 2,
    "/switched": same(101, "Upgrade: x\r\nConnection: upgrade\r\n", "zzz"), "/switched-plainly": same(101),
    "/twice": FINE + FINE, "/announced": same(100) + same(103, "Link: <x>\r\n") + FINE,
    "/announced-only": same(100), "/announced-with-length": same(102, "Content-Length: 9\r\n") + FINE,
    "/lengths": same(200, "Content-Length: 1\r\nContent-Length: 2\r\n", "xx"),
    "/length-and-chunks": same(200, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"),
    "/chunks": same(200, "Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nok"),
    "/no-gzip": same(200, "Content-Encoding: gzip\r\nContent-Length: 4\r\n", "nope"),
    "/other": b"SSH-2.0-x\r\n", "/http2": b"HTTP/2 200 OK\r\n\r\n", "/nothing": b"",
    "/endless-headers": endless_headers, "/endless-announcements": endless_announcements,
    "/slow": one_byte_a_second,
}


@pytest.fixture
def receiver():
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection:
            try:
                data = b""
                while b"\r\n\r\n" not in data:
                    data += connection.recv(65536)
                given = ANSWERS[data.split(b" ")[1].decode()]
                given(connection) if callable(given) else connection.sendall(given)
            except OSError:
                pass  # the caller has enough

    def accept():
        try:
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
        except OSError:
            pass  # the test is over

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_no_answer_costs_more_than_its_node(client, receiver):
    runs = {}
    for path in ANSWERS:
        flow = client.create_flow(*chain(trigger(), http("call", receiver + path, timeoutMilliseconds=2000)))
        runs[path] = client.start(flow)
    codes = {}
    for path, run in runs.items():
        client.finish(run)
        entry = next(entry for entry in client.log(run)["nodeExecutions"] if entry["nodeKey"] == "call")
        codes[path] = entry["error"]["code"] if entry["error"] else entry["output"]["body"]
    slow = {path: codes.pop(path) for path in ("/endless-announcements", "/slow")}
    assert set(slow.values()) == {"REQUEST_TIMEOUT"}, slow
    fine = {path: codes.pop(path) for path in ("/twice", "/announced", "/announced-with-length")}
    assert set(fine.values()) == {"ok"}, fine
    switched = {codes.pop("/switched"), codes.pop("/switched-plainly")}
    assert switched <= {"UNEXPECTED_STATUS", "REQUEST_FAILED"}, switched
    assert set(codes.values()) == {"REQUEST_FAILED"}, codes
    client.assert_served()
