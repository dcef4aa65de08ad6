"""The rules of `graphql-transport-ws`, and clients that break them; after each test the server must go on serving."""

import json
import socket as sockets
import time

import pytest
from studio_client import WATCH, StudioClient, assert_gapless, chain, delay, node, trigger
from transport_socket import SUBPROTOCOL, TransportSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode

QUERY = "{ __typename }"


def open_socket(client, **options):
    return TransportSocket(client.server.socket_url, **{"init": False, **options})


def waiting_run(client):
    """A run in a long delay, which nobody ends but the test."""
    return client.start(client.create_flow(*chain(trigger(), delay("pause", 3_600_000), delay("after", 0))))


# Opening


def test_the_sub_protocol_is_agreed_upon(visitor):
    with open_socket(visitor, subprotocols=["graphql-ws", SUBPROTOCOL]) as socket:
        assert socket.connection.subprotocol == SUBPROTOCOL


@pytest.mark.parametrize("offered", [[], ["graphql-subscriptions"], ["nonsense"]])
def test_another_sub_protocol_is_closed_with_4406(visitor, offered):
    with open_socket(visitor, subprotocols=offered) as socket:
        assert socket.closed() == (4406, "Subprotocol not acceptable")


def test_a_socket_elsewhere_is_refused(visitor):
    with pytest.raises(InvalidStatus) as refused:
        TransportSocket(visitor.server.socket_url.replace("/graphql", "/elsewhere"))
    assert refused.value.response.status_code == 404


def test_an_anonymous_socket_is_acknowledged_and_may_ask_what_is_public(visitor):
    with TransportSocket(visitor.server.socket_url) as socket:
        socket.subscribe("1", "{ connectors(first: 1) { totalCount } viewer { role } }")
        payload = socket.result("1")
        assert payload["data"] is None and payload["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_wrong_token_is_closed_with_4403(visitor):
    with open_socket(visitor) as socket:
        socket.initialise("nonsense")
        code, reason = socket.closed()
        assert code == 4403 and reason


def test_the_token_may_be_spelt_as_a_header_is(client):
    with open_socket(client) as socket:
        socket.send({"type": "connection_init", "payload": {"Authorization": f"bearer {client.token}"}})
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe("1", "{ viewer { role } }")
        assert socket.result("1") == {"data": {"viewer": {"role": "OWNER"}}}


def test_a_second_initialisation_is_closed_with_4429(client):
    with client.socket() as socket:
        socket.initialise(client.token)
        assert socket.closed() == (4429, "Too many initialisation requests")
    with open_socket(client) as socket:
        socket.initialise(client.token)
        socket.initialise(client.token)
        assert socket.closed() == (4429, "Too many initialisation requests")


def test_to_subscribe_before_the_acknowledgement_is_closed_with_4401(visitor):
    with open_socket(visitor) as socket:
        socket.subscribe("1", QUERY)
        assert socket.closed() == (4401, "Unauthorized")


def test_no_initialisation_in_time_is_closed_with_4408(house, known_secrets):
    visitor = StudioClient(house.start(WEBSOCKET_INIT_MILLISECONDS=200), known_secrets)
    with open_socket(visitor) as idle, visitor.socket() as prompt:
        assert idle.closed() == (4408, "Connection initialisation timeout")
        assert prompt.is_open()


def test_an_expired_token_closes_with_4403(house, known_secrets):
    client = StudioClient(house.start(TOKENS_ACCESS_SECONDS=2), known_secrets)
    client.register()
    run = waiting_run(client)
    with client.socket() as socket:
        socket.subscribe("run", WATCH, id=run)
        code, reason = socket.closed()
    assert code == 4403 and "expired" in reason
    client.token = None
    client.login()
    client.cancel(run)
    client.finish(run)


# Talking


def test_pings_are_answered_with_their_payload_at_any_time(visitor):
    with open_socket(visitor) as socket:
        socket.send({"type": "ping"})
        assert socket.receive() == {"type": "pong"}
        socket.send({"type": "ping", "payload": {"deep": [1, {"x": None}], "text": "é\u2028\""}})
        assert socket.receive() == {"type": "pong", "payload": {"deep": [1, {"x": None}], "text": "é\u2028\""}}
        socket.send({"type": "pong"})
        socket.send({"type": "pong", "payload": {"unasked": True}})
        assert socket.is_open()


def test_the_server_pings_and_drops_who_does_not_answer(house, known_secrets):
    visitor = StudioClient(house.start(WEBSOCKET_PING_SECONDS=1), known_secrets)
    with visitor.socket() as alive, visitor.socket() as silent:
        # Answering pings is the library's work; this one no longer does it.
        silent.connection.protocol.send_pong = lambda data: None
        silent.connection.protocol.recv_frame = ignoring_pings(silent.connection.protocol.recv_frame)
        with pytest.raises(ConnectionClosed):
            silent.connection.recv(timeout=15)
        assert alive.is_open()


def ignoring_pings(receive):
    def recv_frame(frame):
        if frame.opcode != 0x9:
            receive(frame)
    return recv_frame


def test_queries_and_mutations_run_over_the_socket(client):
    with client.socket() as socket:
        socket.subscribe("q", "query A { viewer { user { email } } } query B { __typename }", operation_name="A")
        assert socket.result("q") == {"data": {"viewer": {"user": {"email": client.email}}}}
        create = "mutation ($i: CreateFlowInput!) { createFlow(input: $i) { flow { name } } }"
        socket.subscribe("m", create, i={"name": "Over the socket", "intention": "To be tested."})
        assert socket.result("m") == {"data": {"createFlow": {"flow": {"name": "Over the socket"}}}}


def test_many_operations_share_a_socket(client):
    with client.socket() as socket:
        for number in range(50):
            socket.subscribe(f"op{number}", "{ a%d: __typename }" % number)
        for number in range(50):
            assert socket.result(f"op{number}") == {"data": {f"a{number}": "Query"}}


@pytest.mark.parametrize("query, code", [
    ("{", "GRAPHQL_PARSE_FAILED"), ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
    ("query ($n: Int!) { connectors(first: $n) { totalCount } }", "BAD_USER_INPUT"),
])
def test_a_refused_operation_is_an_error_without_complete(visitor, query, code):
    with visitor.socket() as socket:
        socket.subscribe("bad", query)
        errors = socket.errors("bad")
        assert errors[0]["extensions"]["code"] == code
        assert socket.is_open() and socket._waiting.get("bad") == []
        socket.subscribe("bad", QUERY)
        assert socket.result("bad") == {"data": {"__typename": "Query"}}


def test_an_operation_says_what_becomes_of_its_errors(visitor):
    query = "{ __typename viewer { user { id } } }"
    with visitor.socket() as socket:
        for behavior, data in [("NULL", {"__typename": "Query", "viewer": None}), ("HALT", None), (None, None)]:
            socket.send({"type": "subscribe", "id": "o", "payload": {"query": query, "onError": behavior}})
            answer = socket.result("o")
            assert answer["data"] == data and answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        socket.send({"type": "subscribe", "id": "x", "payload": {"query": query, "onError": "ABORT"}})
        assert socket.errors("x")[0]["extensions"]["code"] == "BAD_USER_INPUT" and socket.is_open()


@pytest.mark.parametrize("identifier, code", [
    ("exec_nonsense", "BAD_USER_INPUT"), ("flow_01h455vb4pex5vsknk084sn02q", "BAD_USER_INPUT"),
    ("exec_01h455vb4pex5vsknk084sn02q", "NOT_FOUND"),
])
def test_a_subscription_to_what_does_not_exist_is_an_error(client, identifier, code):
    with client.socket() as socket:
        socket.subscribe("run", WATCH, id=identifier)
        assert socket.errors("run")[0]["extensions"]["code"] == code


def test_a_run_of_another_organization_does_not_exist(client, studio, known_secrets):
    run = waiting_run(client)
    stranger = StudioClient(studio, known_secrets)
    stranger.register()
    with stranger.socket() as socket:
        socket.subscribe("run", WATCH, id=run)
        assert socket.errors("run")[0]["extensions"]["code"] == "NOT_FOUND"
    client.cancel(run)


def test_a_subscription_that_is_completed_says_nothing_more_and_its_id_is_free(client):
    run = waiting_run(client)
    with client.socket() as socket:
        socket.subscribe("run", WATCH, id=run)
        while socket.next_of("run")["payload"]["data"]["executionUpdated"]["__typename"] != "ExecutionWaiting":
            pass
        socket.complete("run")
        socket.complete("never heard of")
        client.cancel(run)
        client.finish(run)
        assert socket.is_open() and socket._waiting.get("run") == []
        events = list(client.watch(socket, run))
        assert_gapless(events)
        assert events[-1]["runStatus"] == "CANCELLED"


def test_an_id_that_is_in_use_is_closed_with_4409(client):
    run = waiting_run(client)
    with client.socket() as socket:
        socket.subscribe("run", WATCH, id=run)
        socket.next_of("run")
        socket.subscribe("run", QUERY)
        assert socket.closed() == (4409, "Subscriber for run already exists")
    client.cancel(run)


def test_too_many_operations_at_once_close_the_socket(house, known_secrets):
    client = StudioClient(house.start(WEBSOCKET_MAXIMUM_OPERATIONS=3), known_secrets)
    client.register()
    run = waiting_run(client)
    with client.socket() as socket:
        for number in range(4):
            socket.subscribe(f"run{number}", WATCH, id=run)
        code, reason = socket.closed()
        assert code == 4400 and "3" in reason
    client.cancel(run)
    client.finish(run)


# Nonsense


@pytest.mark.parametrize("message", [
    "", "nonsense", "{", "[]", "null", "1", '"text"', "{}", '{"type": 1}', '{"type": "nonsense"}',
    '{"type": "subscribe"}', '{"type": "subscribe", "id": "1"}', '{"type": "subscribe", "id": 1, "payload": {}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": 1}}',
    '{"type": "complete"}', '{"type": "complete", "id": 7}', '{"type": "ping", "payload": 1}',
    '{"type": "connection_init", "payload": "x"}', '{"type": "next", "id": "1", "payload": {}}',
    "[" * 100_000, '{"type":' * 10_000,
])
def test_nonsense_is_closed_with_4400(visitor, message):
    with visitor.socket() as socket:
        socket.send(message)
        code, reason = socket.closed()
        assert code == 4400 and reason and len(reason.encode()) <= 123


def test_a_reason_is_cut_to_what_a_close_frame_holds(visitor):
    with visitor.socket() as socket:
        socket.send(json.dumps({"type": "é" * 500}))
        code, reason = socket.closed()
        assert code == 4400 and len(reason.encode()) <= 123


def test_a_binary_message_is_closed_with_1003(visitor):
    with visitor.socket() as socket:
        socket.send(b'{"type": "ping"}')
        assert socket.closed()[0] == CloseCode.UNSUPPORTED_DATA


def test_text_that_is_not_utf_8_is_closed_with_1007(visitor):
    with visitor.socket() as socket:
        send_frames(socket, lambda protocol: protocol.send_text(b'{"type": "ping\xff"}'))
        assert socket.closed()[0] == CloseCode.INVALID_DATA


def test_a_message_over_the_bound_is_closed_with_1009(visitor):
    with visitor.socket() as socket:
        try:
            socket.send('{"type": "ping", "payload": {"x": "%s"}}' % ("x" * 2_000_000))
        except ConnectionClosed:
            pass
        assert socket.closed()[0] == CloseCode.MESSAGE_TOO_BIG


def test_fragments_over_the_bound_are_closed_with_1009(visitor):
    with visitor.socket() as socket:
        try:
            socket.connection.send("x" * 100_000 for _ in range(20))
        except ConnectionClosed:
            pass
        assert socket.closed()[0] == CloseCode.MESSAGE_TOO_BIG


def test_fragments_are_put_together_also_in_the_middle_of_a_letter(visitor):
    text = json.dumps({"type": "ping", "payload": {"a": "é漢"}}, ensure_ascii=False).encode()
    with visitor.socket() as socket:
        def in_pieces(protocol):
            protocol.send_text(text[:1], fin=False)
            for index in range(1, len(text) - 1):
                protocol.send_continuation(text[index : index + 1], fin=False)
            protocol.send_ping(b"between")
            protocol.send_continuation(text[-1:], fin=True)
        send_frames(socket, in_pieces)
        assert socket.receive() == {"type": "pong", "payload": {"a": "é漢"}}


def test_a_continuation_of_nothing_is_closed_with_1002(visitor):
    with visitor.socket() as socket:
        # A whole frame by hand: FIN and opcode 0, masked with zeros, one byte.
        socket.connection.socket.sendall(bytes([0x80, 0x81, 0, 0, 0, 0]) + b"x")
        assert socket.closed()[0] == CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("frame", [bytes([0x83, 0x80, 0, 0, 0, 0]), bytes([0xC1, 0x81, 0, 0, 0, 0]) + b"x"])
def test_frames_that_the_protocol_does_not_know_are_closed(visitor, frame):
    with visitor.socket() as socket:
        socket.connection.socket.sendall(frame)
        assert socket.closed()[0] == CloseCode.PROTOCOL_ERROR


def send_frames(socket, send):
    with socket.connection.send_context():
        send(socket.connection.protocol)


def test_a_client_that_closes_is_answered_with_its_code(visitor):
    with visitor.socket() as socket:
        socket.connection.close(4004, "Bad response")
        assert socket.connection.close_code == 4004


def test_clients_that_vanish_do_no_harm(client):
    run = waiting_run(client)
    for _ in range(20):
        socket = client.socket()
        socket.subscribe("run", WATCH, id=run)
        socket.connection.socket.shutdown(sockets.SHUT_RDWR)
    client.cancel(run)
    assert client.finish(run)[-1]["runStatus"] == "CANCELLED"


def test_a_reader_that_stops_reading_is_dropped_and_others_are_not_disturbed(house, known_secrets):
    server = house.start(WEBSOCKET_MAXIMUM_QUEUE_BYTES=65_536)
    client = StudioClient(server, known_secrets)
    client.register()
    before = open_sockets(server)
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    stuck = client.socket(sock=raw, max_queue=1)
    with client.socket() as lively:
        # Nobody reads on: the library stops after a message or two, then the kernel's buffers fill with the answers.
        ping = json.dumps({"type": "ping", "payload": {"x": "x" * 900_000}})
        try:
            for number in range(40):
                stuck.send(ping)
                if number % 10 == 0:
                    assert lively.is_open()
        except ConnectionClosed:
            pass  # it was dropped already
        run = waiting_run(client)
        client.cancel(run)
        assert list(client.watch(lively, run))[-1]["runStatus"] == "CANCELLED"
        end = time.monotonic() + 15
        while open_sockets(server) > before + 1:
            assert time.monotonic() < end, "the reader that does not read is still held"
            time.sleep(0.1)
        assert lively.is_open()
    raw.close()


def open_sockets(server):
    """Connections that the server holds on its port, by the kernel's table: established ones or ones with unsent data."""
    count = 0
    with open(f"/proc/{server.process.pid}/net/tcp", encoding="ascii") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            local_port = int(fields[1].split(":")[1], 16)
            inode = fields[9]
            count += local_port == server.port and fields[3] != "0A" and inode != "0"
    return count


def test_stopping_the_server_closes_with_1001(house, known_secrets):
    server = house.start()
    client = StudioClient(server, known_secrets)
    client.register()
    run = waiting_run(client)
    with client.socket() as watching, client.socket() as idle, open_socket(client) as fresh:
        watching.subscribe("run", WATCH, id=run)
        watching.next_of("run")
        assert server.stop() < 2
        for socket in (watching, idle, fresh):
            code, reason = socket.closed()
            assert code == CloseCode.GOING_AWAY and reason
