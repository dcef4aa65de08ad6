"""Compressed answers and bodies, and bodies that are bombs."""

import gzip
import json
import zlib

import pytest
import requests
from studio_client import MEDIA_TYPE, StudioClient
from test_http import JSON, QUERY, first_error

LARGE = "{ __schema { types { name description fields { name description } } } }"


def send(client, data, encoding, **headers):
    named = {"Content-Type": JSON, "Accept": MEDIA_TYPE, "Content-Encoding": encoding, **headers}
    return requests.post(client.server.url + "/graphql", data=data, headers=named, timeout=20)


def ask(client, query, accept_encoding):
    return requests.post(
        client.server.url + "/graphql", json={"query": query}, headers={"Accept-Encoding": accept_encoding},
        timeout=20, stream=True)


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "*", "x-gzip", "br;q=1, gzip;q=0.1", "GZIP"])
def test_a_large_answer_is_compressed_for_who_accepts_it(visitor, accepted):
    plain = ask(visitor, LARGE, "identity").raw.read(decode_content=False)
    answer = ask(visitor, LARGE, accepted)
    packed = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(packed) < len(plain) / 4
    assert gzip.decompress(packed) == plain


@pytest.mark.parametrize("accepted", ["identity", "", "gzip;q=0", "*;q=0", "br", "gzip;q=0, *"])
def test_a_large_answer_is_plain_for_who_does_not(visitor, accepted):
    answer = ask(visitor, LARGE, accepted)
    assert "Content-Encoding" not in answer.headers and "Accept-Encoding" in answer.headers["Vary"]
    assert json.loads(answer.raw.read(decode_content=False))["data"]["__schema"]


def test_a_small_answer_is_plain(visitor):
    assert "Content-Encoding" not in ask(visitor, QUERY, "gzip").headers


def test_batches_are_compressed_as_well(visitor):
    answer = requests.post(visitor.server.url + "/graphql", json=[{"query": LARGE}] * 2, headers={"Accept": JSON}, timeout=20)
    assert answer.headers["Content-Encoding"] == "gzip" and len(answer.json()) == 2


def test_compression_can_be_turned_off(house, known_secrets):
    visitor = StudioClient(house.start(HTTP_COMPRESSION="false"), known_secrets)
    assert "Content-Encoding" not in ask(visitor, LARGE, "gzip").headers


@pytest.mark.parametrize("encoding, pack", [
    ("gzip", gzip.compress), ("x-gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress),
    ("identity", bytes), ("", bytes)])
def test_a_body_may_be_compressed(visitor, encoding, pack):
    answer = send(visitor, pack(json.dumps({"query": QUERY}).encode()), encoding)
    assert answer.status_code == 200 and answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
def test_another_encoding_is_refused_with_those_that_work(visitor, encoding):
    answer = send(visitor, b"{}", encoding)
    assert answer.status_code == 415 and answer.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("body", [
    b"", b"nonsense", gzip.compress(b"{}")[:-1], gzip.compress(b"{}") + b"more", b"\x1f\x8b" + b"\x00" * 100,
    gzip.compress(b"{}")[:-5] + b"12345", zlib.compress(b"{}")[:-2]])
def test_a_body_that_cannot_be_decompressed_is_refused(visitor, body):
    answer = send(visitor, body, "gzip")
    assert answer.status_code == 400 and "gzip" in first_error(answer)["message"]


def test_a_bomb_is_refused(visitor):
    bomb = gzip.compress(b" " * 100_000_000)
    assert len(bomb) < 200_000
    answer = send(visitor, bomb, "gzip")
    assert answer.status_code == 413 and "decompressed" in first_error(answer)["message"]


def test_a_body_just_under_the_bound_is_served_and_one_above_is_not(visitor):
    text = json.dumps({"query": QUERY}).encode()
    assert send(visitor, gzip.compress(text + b" " * (1_048_576 - len(text))), "gzip").status_code == 200
    assert send(visitor, gzip.compress(text + b" " * (1_048_577 - len(text))), "gzip").status_code == 413
