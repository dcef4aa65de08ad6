"""Clients of GraphQL over Server-Sent Events and over multipart/mixed, by hand: what they read is what stood on the wire."""

import json
import socket
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 15
TOKEN = "X-GraphQL-Event-Stream-Token"


class EventStream:
    """One answer of type text/event-stream, read event by event."""

    def __init__(self, client, body=None, method=None, headers=None, parameters=None, receive_buffer=None):
        parts = urlsplit(client.server.url)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect((parts.hostname, parts.port))
        data = b"" if body is None else json.dumps(body).encode()
        path = "/graphql" + ("?" + urlencode(parameters) if parameters else "")
        given = {"Host": "studio.test", "Accept": "text/event-stream", "Content-Length": len(data)}
        if body is not None:
            given["Content-Type"] = "application/json"
        if client.token:
            given["Authorization"] = f"Bearer {client.token}"
        given.update(headers or {})
        lines = [f"{method or ('POST' if body is not None else 'GET')} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in given.items() if value is not None]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        self._unread = b""
        self._text = b""
        self.comments = 0
        self.status, self.headers = self._head()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def _more(self):
        data = self.socket.recv(65_536)
        self._unread += data
        return bool(data)

    def _line(self):
        while b"\r\n" not in self._unread:
            if not self._more():
                return None
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line

    def _head(self):
        status = int(self._line().split()[1])
        headers = {}
        while line := self._line():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        return status, headers

    def body(self):
        """The whole body of an answer that is no stream."""
        if "content-length" in self.headers:
            size = int(self.headers["content-length"])
            while len(self._unread) < size:
                assert self._more()
            return self._unread[:size]
        text = b""
        while (chunk := self._chunk()):
            text += chunk
        return text

    def _chunk(self):
        line = self._line()
        if line is None:
            return None
        size = int(line, 16)
        while len(self._unread) < size + 2:
            if not self._more():
                return None
        chunk, self._unread = self._unread[:size], self._unread[size + 2:]
        return chunk

    def event(self):
        """The next event as (name, id, data), None at the end of the stream; comments are counted."""
        while True:
            while b"\n\n" not in self._text:
                chunk = self._chunk()
                if not chunk:
                    return None
                self._text += chunk
            block, _, self._text = self._text.partition(b"\n\n")
            name, identifier, data = None, None, []
            for line in block.decode().split("\n"):
                field, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if field == "event":
                    name = value
                elif field == "id":
                    identifier = value
                elif field == "data":
                    data.append(value)
                elif not field:
                    self.comments += 1
            if name is None:
                continue
            text = "\n".join(data)
            return name, identifier, json.loads(text) if text else None

    def place(self):
        """Where the subscription begins: an id without data, before anything else."""
        block = b":"
        while block == b":":
            while b"\n\n" not in self._text:
                self._text += self._chunk()
            block, _, self._text = self._text.partition(b"\n\n")
        field, _, identifier = block.decode().partition(": ")
        assert field == "id" and "\n" not in identifier, block
        return identifier

    def silences(self, count):
        """Reads until the server has said nothing so many times; events in between are passed over."""
        while self.comments < count:
            while b"\n\n" not in self._text:
                self._text += self._chunk()
            block, _, self._text = self._text.partition(b"\n\n")
            self.comments += block == b":"

    def last_errors(self):
        """The errors of the last result, behind which the stream is complete."""
        return list(self.results())[-1][1]["errors"]

    def results(self):
        """The results of a distinct stream as (id, payload), until it is complete and has ended."""
        while (event := self.event())[0] == "next":
            yield event[1], event[2]
        assert event == ("complete", None, None), event
        assert self.event() is None, "something came behind the end"

    def results_of(self, operation, kept):
        """The results of one operation of many; those of others are kept in a dictionary."""
        waiting = kept.setdefault(operation, [])
        while True:
            while not waiting:
                name, identifier, data = self.event()
                kept.setdefault(data["id"], []).append((name, identifier, data.get("payload")))
            name, identifier, payload = waiting.pop(0)
            if name == "complete":
                return
            yield identifier, payload


class PartStream(EventStream):
    """The answer to a subscription over multipart/mixed, read part by part."""

    ACCEPT = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"

    def __init__(self, client, body=None, headers=None, **options):
        super().__init__(client, body, headers={"Accept": self.ACCEPT, **(headers or {})}, **options)
        self.heartbeats = 0
        self.has_last_boundary = False
        self._begun = False

    def _until(self, mark):
        """What stands before a mark, which is taken too; None when the answer ends before it."""
        while mark not in self._text:
            chunk = self._chunk()
            if not chunk:
                return None
            self._text += chunk
        text, _, self._text = self._text.partition(mark)
        return text

    def part(self):
        """The payload of the next part, which is read when its boundary is; None behind the last boundary."""
        if not self._begun:
            assert self._until(b"--graphql") == b""
            self._begun = True
        ending = self._until(b"\r\n")
        if ending in (b"--", None):
            self.has_last_boundary = ending == b"--"
            return None
        assert ending == b"", ending
        part = self._until(b"\r\n--graphql")
        if part is None:
            return None
        head, _, text = part.partition(b"\r\n\r\n")
        assert head.lower().startswith(b"content-type: application/json"), head
        return json.loads(text)

    def parts(self):
        """What is no heartbeat, until the answer ends."""
        while (part := self.part()) is not None:
            if part:
                yield part
            else:
                self.heartbeats += 1

    def silences(self, count):
        while self.heartbeats < count:
            self.heartbeats += self.part() == {}

    def last_errors(self):
        """The errors beside the payload of the last part, behind which the answer ends."""
        last = list(self.parts())[-1]
        assert last["payload"] is None and self.has_last_boundary
        return last["errors"]

    def updates(self):
        """The events of a run that is watched, until its end."""
        for part in self.parts():
            assert set(part) == {"payload"} and set(part["payload"]) == {"data"}, part
            yield part["payload"]["data"]["executionUpdated"]
        assert self.has_last_boundary and self._chunk() in (b"", None)
