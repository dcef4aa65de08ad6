"""`graphql-check` over a real pipe: one answer a line, at once, whatever the line holds."""

import json
import subprocess

import pytest
from private_postgres import die_with_parent
from studio_process import STUDIO

CHECK = STUDIO.parent / "graphql-check"
GOOD = b'{"id":"good","op":"validate","schema":"type Query { a: Int }","document":"{ a }"}'
GOOD_ANSWER = {"id": "good", "ok": True}


def check(*lines):
    """The answers to lines, and that the program ends with 0 behind them."""
    result = subprocess.run([CHECK], input=b"\n".join(lines), capture_output=True, timeout=60,
                            preexec_fn=die_with_parent)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_answer_is_there_before_the_next_request_is_written():
    process = subprocess.Popen([CHECK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)
    for number in range(3):
        process.stdin.write(b'{"id":%d,"op":"parse","document":"{ a }"}\n' % number)
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"id": number, "ok": True}
    process.stdin.close()
    assert process.stdout.read() == b"" and process.wait(10) == 0
    process.stdout.close()


def test_the_last_line_may_lack_its_end_and_no_input_is_no_answer():
    assert check(GOOD, GOOD) == [GOOD_ANSWER] * 2
    assert check(b"") == []


# Named, because the values are too long for the name of a test.
UNUSABLE = {
    "no JSON": (b"nonsense", None),
    "a list": (b"[]", None),
    "no operation": (b'{"id":1}', 1),
    "an unknown operation": (b'{"id":{"a":[1,null]},"op":"fly"}', {"a": [1, None]}),
    "a document that is a number": (b'{"id":2,"op":"parse","document":7}', 2),
    "an unknown rule": (
        b'{"id":3,"op":"validate","schema":"type Query { a: Int }","document":"{ a }","rules":["Nope"]}', 3),
    "open lists": (b'{"id":4,"op":"execute","variables":' + b"[" * 1_000_000, 4),
    "deep objects": (b'{"id":5,"op":"execute","variables":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, 5),
    "five million lists": (b"[" * 5_000_000, None),
    "bytes": (b"\xff\xfe\x00", None),
}


@pytest.mark.parametrize("line, identity", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_line_gets_an_error_and_the_next_one_its_answer(line, identity):
    bad, good = check(line, GOOD)
    assert set(bad) == {"id", "error"} and bad["id"] == identity
    assert good == GOOD_ANSWER


HOSTILE = {
    "selections": b"{ a " * 100_000,
    "list values": b"{ a(b: " + b"[" * 100_000,
    "list types": b"query($a: " + b"[" * 100_000,
    "no UTF-8": b"# \xff\xfe",
    "half a surrogate pair": b'{ a(b: \\"\\uD83D\\") }',
    "an encoded surrogate": b'{ a(b: \\"\xed\xa0\xbd\\") }',
    "a zero byte": b"\\u0000",
    "a long name": b"x" * 1_000_000,
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("operation", [b"parse", b"print", b"validate", b"execute", b"schema"])
def test_hostile_documents_are_errors(document, operation):
    keys = b'"schema":"%s"' % document if operation == b"schema" else b'"document":"%s"' % document
    if operation in (b"validate", b"execute"):
        keys += b',"schema":"type Query { a: Int }"'
    bad, good = check(b'{"id":1,"op":"%s",%s}' % (operation, keys), GOOD)
    errors = bad["response"]["errors"] if operation == b"execute" else bad["errors"]
    assert errors[0]["message"].startswith("Syntax Error: ")
    assert bad["ok"] == (operation == b"execute") and good == GOOD_ANSWER


def test_half_a_surrogate_pair_comes_back_in_the_id():
    assert check(b'{"id":"\\uD83D","op":"parse","document":"{ a }"}') == [{"id": "\ud83d", "ok": True}]
