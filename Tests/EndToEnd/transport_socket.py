"""A client of `graphql-transport-ws`, which can also break the protocol's rules."""

import json
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SUBPROTOCOL = "graphql-transport-ws"
PATIENCE_SECONDS = 15


class TransportSocket:
    def __init__(self, url, token=None, init=True, subprotocols=(SUBPROTOCOL,), **options):
        options = {"ping_interval": None, "compression": None, "max_size": None, "max_queue": None, "legacy": True, **options}
        self.connection = connect(
            url, subprotocols=list(subprotocols) or None, open_timeout=PATIENCE_SECONDS, close_timeout=2,
            proxy=None, **options)
        self._waiting = {}
        if init:
            self.initialise(token)
            assert self.receive() == {"type": "connection_ack"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def initialise(self, token=None):
        payload = {"payload": {"authorization": f"Bearer {token}"}} if token else {}
        self.send({"type": "connection_init", **payload})

    # Messages

    def send(self, message):
        self.connection.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def receive(self, seconds=PATIENCE_SECONDS):
        return json.loads(self.connection.recv(timeout=seconds))

    def subscribe(self, operation, query, operation_name=None, **variables):
        payload = {"query": query, "variables": variables}
        if operation_name:
            payload["operationName"] = operation_name
        self.send({"type": "subscribe", "id": operation, "payload": payload})

    def complete(self, operation):
        self.send({"type": "complete", "id": operation})

    def next_of(self, operation):
        """The next message of one operation; those of others are kept for them."""
        kept = self._waiting.setdefault(operation, [])
        while not kept:
            message = self.receive()
            self._waiting.setdefault(message.get("id"), []).append(message)
        return kept.pop(0)

    def results(self, operation):
        """The payloads of an operation until it is complete; an `error` message fails the test."""
        while (message := self.next_of(operation))["type"] == "next":
            yield message["payload"]
        assert message == {"type": "complete", "id": operation}, message

    def errors(self, operation):
        """The errors with which an operation was refused."""
        message = self.next_of(operation)
        assert message["type"] == "error", message
        return message["payload"]

    def result(self, operation):
        """The only result of a query or mutation."""
        payloads = list(self.results(operation))
        assert len(payloads) == 1, payloads
        return payloads[0]

    # Closing

    def closed(self, seconds=PATIENCE_SECONDS):
        """The code and reason with which the server closes; messages before that are passed over."""
        end = time.monotonic() + seconds
        try:
            while True:
                self.connection.recv(timeout=max(0.01, end - time.monotonic()))
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection broke without a close frame"
            return closed.rcvd.code, closed.rcvd.reason

    def is_open(self):
        """Whether the server still answers on this socket."""
        self.send({"type": "ping", "payload": {"are": "you there"}})
        while (message := self.receive())["type"] != "pong":
            self._waiting.setdefault(message.get("id"), []).append(message)
        return message == {"type": "pong", "payload": {"are": "you there"}}
