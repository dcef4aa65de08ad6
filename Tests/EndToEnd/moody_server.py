"""A GraphQL server that is in all the moods in which a client may find one: it says its lines, whatever is asked."""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def event(sequence=None, code=None):
    """One answer of a stream: an event of a run, or an error. Both have an id, as what failed may have."""
    if code:
        result = {"data": None, "errors": [{"message": "not now", "extensions": {"code": code}}]}
    else:
        run = {"__typename": "ExecutionLogLine", "sequence": sequence, "cursor": f"event_{sequence}", "message": "m"}
        result = {"data": {"executionUpdated": run}}
    return result


class Moods:
    """What one path of the server says to each request in turn; the last is said for ever."""

    def __init__(self, lines):
        self._lines = lines
        self._lock = threading.Lock()
        self.resumed_at = []
        self.tokens = []
        self.renewals = 0

    def next(self, last_event_id, token):
        with self._lock:
            self.resumed_at.append(last_event_id)
            self.tokens.append(token)
            return self._lines[min(len(self.resumed_at), len(self._lines)) - 1]

    def renew(self):
        """Every first attempt to renew the tokens fails."""
        with self._lock:
            self.renewals += 1
            return self.renewals


CUT = "cut"
FAILING = [(9, event(code="UNAVAILABLE"))]


def refusal(status, code, retry_after=None):
    return {"status": status, "code": code, "retry_after": retry_after}


class MoodyServer:
    def __init__(self):
        self.moods = {
            # Busy, away, its keys forgotten; an event that could not be read at first; dropped as too slow.
            "/resumed": Moods([
                refusal(503, "UNAVAILABLE", retry_after=1), CUT, CUT, refusal(401, "UNAUTHENTICATED"),
                [(0, None)], [(1, event(1)), (2, event(code="UNAVAILABLE"))], [(2, event(2)), (None, event(code="SLOW_READER"))],
                [(None, event(code="UNAUTHENTICATED"))], [(3, event(3)), "complete"]]),
            "/endless": Moods([[(1, event(1))], FAILING]),
            "/forbidden": Moods([refusal(403, "FORBIDDEN")]),
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                moods = server.moods[self.path]
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if request["operationName"] == "RefreshTokens":
                    return self.renew(moods)
                line = moods.next(self.headers.get("Last-Event-ID"), self.headers.get("Authorization"))
                if line == CUT:
                    # A reset, as of a process that was killed.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return self.connection.close()
                if isinstance(line, dict):
                    return self.refuse(line)
                return self.stream(line)

            def renew(self, moods):
                number = moods.renew()
                if number == 1:
                    return self.refuse(refusal(503, "UNAVAILABLE"))
                tokens = {"accessToken": f"a{number}", "refreshToken": f"r{number}", "expiresIn": 900}
                return self.answer(200, {"data": {"refreshToken": tokens}})

            def refuse(self, line):
                errors = [{"message": "refused", "extensions": {"code": line["code"]}}]
                return self.answer(line["status"], {"errors": errors}, line["retry_after"])

            def answer(self, status, body, retry_after=None):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if retry_after is not None:
                    self.send_header("Retry-After", str(retry_after))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, line):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for part in line:
                    if part == "complete":
                        self.wfile.write(b"event: complete\ndata:\n\n")
                        continue
                    number, result = part
                    if result is None:
                        self.wfile.write(f"id: event_{number}\n\n".encode())
                        continue
                    identity = f"id: event_{number}\n" if number else ""
                    self.wfile.write(f"event: next\n{identity}data: {json.dumps(result)}\n\n".encode())

            def log_message(self, *arguments):
                pass

        return Handler
