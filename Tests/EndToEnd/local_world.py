"""The world that flows call: a small HTTP server of the tests' own, which remembers every request."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

PATIENCE_SECONDS = 15


@dataclass
class Seen:
    method: str
    path: str
    query: list
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A caller that is killed breaks its connections: no fault of the world."""


class LocalWorld:
    """`/orders/<id>` answers 201 with the id and a total of 120; `/status/<number>` answers with that status,
    `/long` with much.

    A path is held with `hold` and answers after `release`; until then the caller waits.
    """

    def __init__(self):
        self.seen = []
        self._held = {}
        self._changed = threading.Condition()
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def hold(self, path):
        self._held[path] = threading.Event()

    def release(self, path):
        self._held.pop(path).set()

    def close(self):
        for event in self._held.values():
            event.set()
        self._server.shutdown()
        self._server.server_close()

    def requests(self, path):
        with self._changed:
            return [seen for seen in self.seen if seen.path == path]

    def wait_for(self, path, count=1):
        """The requests of a path, once there are so many."""
        end = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while len(found := [seen for seen in self.seen if seen.path == path]) < count:
                assert time.monotonic() < end, f"{len(found)} of {count} requests of {path} came"
                self._changed.wait(end - time.monotonic())
            return found

    def wait_for_any(self, count):
        """Waits for so many requests of whatever path."""
        end = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while len(self.seen) < count:
                assert time.monotonic() < end, f"{len(self.seen)} of {count} requests came"
                self._changed.wait(end - time.monotonic())

    def _note(self, seen):
        with self._changed:
            self.seen.append(seen)
            self._changed.notify_all()

    def _answer(self, seen):
        held = self._held.get(seen.path)
        if held:
            held.wait(60)
        parts = seen.path.strip("/").split("/")
        if parts[0] == "orders":
            return 201, {"id": parts[1], "total": 120}
        if parts[0] == "status":
            return int(parts[1]), {"status": int(parts[1])}
        if parts[0] == "long":
            return 200, {"text": "x" * 200_000}
        return 200, {"path": seen.path}

    def _handler(self):
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = Seen(
                    self.command, parts.path, parse_qsl(parts.query), headers, self.rfile.read(length))
                world._note(seen)
                status, answer = world._answer(seen)
                body = json.dumps(answer).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.send_header("X-World", "round")
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # the caller was killed meanwhile

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        return Handler
