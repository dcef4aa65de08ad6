"""HTTP by hand, for requests that a decent client would not send."""

import json
import socket
from urllib.parse import urlsplit

PATIENCE_SECONDS = 15


class RawAnswer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def code(self):
        return self.json()["errors"][0]["extensions"]["code"]


class RawHTTP:
    """One connection. Answers are read by their Content-Length or chunks."""

    def __init__(self, server):
        parts = urlsplit(server.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS)
        self._unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def request(self, body, *headers, method="POST", path="/graphql", length=None):
        """Sends a whole request; `length` may lie about the body's."""
        size = len(body) if length is None else length
        lines = [f"{method} {path} HTTP/1.1", "Host: studio.test", f"Content-Length: {size}", *headers]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def answer(self):
        """The next answer; None when the connection is closed instead."""
        while b"\r\n\r\n" not in self._unread:
            if not self._more():
                return None
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(self._unread) < length:
            assert self._more(), "the answer's body is cut off"
        body, self._unread = self._unread[:length], self._unread[length:]
        return RawAnswer(int(lines[0].split()[1]), headers, body)

    def is_closed(self):
        """Whether the server ends the connection without another byte."""
        return not self._unread and not self._more()

    def _more(self):
        try:
            data = self.socket.recv(65_536)
        except ConnectionResetError:
            return False
        self._unread += data
        return bool(data)
