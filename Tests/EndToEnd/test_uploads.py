"""Uploads by the GraphQL multipart request specification: avatars on the disk and in a bucket.

The bucket is a small server of the tests' own; it believes no request whose signature it cannot make again."""

import hashlib
import json
import os
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from studio_client import MEDIA_TYPE, StudioClient

SET = "mutation Set($file: Upload!) { setAvatar(file: $file) { user { id avatarUrl } } }"
ME = "{ viewer { user { id avatarUrl } } }"


def png(size=0):
    """A picture of one pixel, made larger by a chunk that nobody reads."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"teXt", os.urandom(size)) + chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def send(client, content, headers=None, operations=None, places=None, fields=None, query=SET):
    """A multipart request with one file."""
    operations = operations or {"query": query, "variables": {"file": None}}
    form = fields or [
        ("operations", (None, json.dumps(operations))),
        ("map", (None, json.dumps(places or {"0": ["variables.file"]}))),
        ("0", ("me.png", content, "text/html")),
    ]
    return requests.post(
        client.server.url + "/graphql", files=form, timeout=30,
        headers={**client.headers(), "GraphQL-Require-Preflight": "1", **(headers or {})})


def avatar(client, answer):
    result = answer.json()
    assert "errors" not in result, result
    url = result["data"]["setAvatar"]["user"]["avatarUrl"]
    assert url.startswith("http://studio.test/files/avatars/")
    return client.server.url + url.removeprefix("http://studio.test")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
def owner(house, folder, known_secrets):
    client = StudioClient(house.start(FILES_FOLDER=folder), known_secrets)
    client.register()
    yield client
    client.assert_served()


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def kept(folder):
    return files_below(folder / "kept")


def wait_until_nothing_lies_in(folder):
    """What was received is taken away when the request is over, which may be just behind its answer."""
    for _ in range(500):
        if not files_below(folder):
            return
        time.sleep(0.01)
    assert files_below(folder) == []


def test_an_avatar_is_kept_served_and_replaced(owner, folder):
    content = png(100_000)
    url = avatar(owner, send(owner, content))
    assert owner.execute(ME)["viewer"]["user"]["avatarUrl"].endswith(url.rsplit("/", 1)[1])
    served = requests.get(url, timeout=10)
    assert served.content == content and served.status_code == 200
    assert served.headers["Content-Type"] == "image/png" and served.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in served.headers["Cache-Control"]
    tag = served.headers["ETag"]
    for condition in (tag, f'"x", W/{tag}', "*"):
        assert requests.get(url, headers={"If-None-Match": condition}, timeout=10).status_code == 304
    for condition in ('"x"', tag.strip('"'), f'"x{tag}'):
        assert requests.get(url, headers={"If-None-Match": condition}, timeout=10).status_code == 200
    head = requests.head(url, timeout=10)
    assert head.headers["Content-Length"] == str(len(content)) and head.content == b""
    other = avatar(owner, send(owner, b"GIF89a" + b"\0" * 100))
    assert requests.get(url, timeout=10).status_code == 404
    assert requests.get(url, headers={"If-None-Match": "*"}, timeout=10).status_code == 404
    assert requests.get(other, timeout=10).headers["Content-Type"] == "image/gif"
    assert len(kept(folder)) == 1
    wait_until_nothing_lies_in(folder / "incoming")
    clear = "mutation { updateProfile(input: { avatarUrl: null }) { user { avatarUrl } } }"
    assert owner.execute(clear)["updateProfile"]["user"]["avatarUrl"] is None
    assert kept(folder) == []


def test_a_batch_has_its_file_too(owner, folder):
    other = {"query": ME}
    answer = send(
        owner, png(), operations=[other, {"query": SET, "variables": {"file": None}}],
        places={"0": ["1.variables.file"]}, headers={"Accept": "application/json"})
    results = answer.json()
    assert results[1]["data"]["setAvatar"]["user"]["avatarUrl"]
    assert len(kept(folder)) == 1


TWICE = """mutation ($a: Upload!, $b: Upload!) {
  a: setAvatar(file: $a) { user { avatarUrl } } b: setAvatar(file: $b) { user { avatarUrl } }
}"""


@pytest.mark.parametrize("operations, places", [
    ({"query": TWICE, "variables": {"a": None, "b": None}}, ["variables.a", "variables.b"]),
    ({"query": SET, "variables": [{"file": None}, {"file": None}]}, ["variables.0.file", "variables.1.file"]),
    ([{"query": SET, "variables": {"file": None}}] * 2, ["0.variables.file", "1.variables.file"]),
])
def test_a_file_may_stand_at_several_places(owner, folder, operations, places):
    content = png()
    answer = send(owner, content, operations=operations, places={"0": places}, headers={"Accept": "application/json"}).json()
    assert "errors" not in str(answer)
    data = answer["data"].values() if isinstance(answer, dict) else [entry["data"]["setAvatar"] for entry in answer]
    first, last = [owner.server.url + change["user"]["avatarUrl"].removeprefix("http://studio.test") for change in data]
    assert requests.get(last, timeout=10).content == content and requests.get(first, timeout=10).status_code == 404
    assert len(kept(folder)) == 1
    wait_until_nothing_lies_in(folder / "incoming")


@pytest.mark.parametrize("query, variables, place", [
    ("mutation ($v: String!) { updateProfile(input: { name: $v }) { user { name } } }", {"v": None}, "variables.v"),
    ("mutation ($v: JSON!) { setPreferences(input: { values: $v }) { __typename } }", {"v": {"x": None}}, "variables.v.x"),
])
def test_a_file_is_no_text(owner, folder, query, variables, place):
    answer = send(owner, png(), operations={"query": query, "variables": variables}, places={"0": [place]}).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT" and "data" not in answer
    wait_until_nothing_lies_in(folder)


def test_ten_mebibytes_fit_and_are_never_in_memory(owner, folder):
    def peak():
        status = Path(f"/proc/{owner.server.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])

    avatar(owner, send(owner, png()))
    before = peak()
    content = png(10 * 1024 * 1024 - 200)
    # Four at once: forty mebibytes.
    urls = []
    threads = [
        threading.Thread(target=lambda: urls.append(avatar(owner, send(owner, content)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 4 and len(kept(folder)) == 1
    assert peak() - before < 24 * 1024, "the server's memory grew by the files' size"
    # One that answers late tells of the avatar that has replaced its own by then, so two may tell the same.
    found = [requests.get(url, timeout=30) for url in set(urls)]
    (left,) = [answer for answer in found if answer.status_code == 200]
    assert hashlib.sha256(left.content).digest() == hashlib.sha256(content).digest()
    larger = send(owner, png(10 * 1024 * 1024))
    assert larger.status_code == 413 and "at most" in larger.json()["errors"][0]["message"]
    assert len(kept(folder)) == 1


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG"])
def test_what_is_no_image_is_refused(owner, folder, content):
    error = send(owner, content).json()["errors"][0]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "file"}
    wait_until_nothing_lies_in(folder)


def test_what_is_no_form_is_refused(owner, folder):
    good = {"query": SET, "variables": {"file": None}}
    operations, places = ("operations", (None, json.dumps(good))), ("map", (None, '{"0": ["variables.file"]}'))
    file = ("0", ("a.png", png()))
    for fields, status in [
        ([places, operations, file], 400), ([operations, file], 400), ([operations, places], 400),
        ([operations], 400), ([("operations", (None, "{")), places, file], 400),
        ([operations, ("map", (None, "[]")), file], 400), ([operations, ("map", (None, '{"0": "x"}')), file], 400),
        ([operations, ("map", (None, '{"0": ["variables.other"]}')), file], 400),
        ([operations, ("map", (None, '{"0": ["query"]}')), file], 400),
        ([operations, ("map", (None, json.dumps({"0": ["variables.file"] * 101}))), file], 400),
        ([operations, ("map", (None, json.dumps({str(n): [] for n in range(11)}))), file], 400),
        ([("operations", (None, " " * 1_100_000)), places, file], 413),
    ]:
        answer = send(owner, b"", fields=fields)
        assert answer.status_code == status, (fields, answer.text)
        assert answer.json()["errors"][0]["message"]
    cut = requests.post(
        owner.server.url + "/graphql", data=b"--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}",
        headers={**owner.headers(), "GraphQL-Require-Preflight": "1", "Content-Type": "multipart/form-data; boundary=x"},
        timeout=10)
    assert cut.status_code == 400
    wait_until_nothing_lies_in(folder)
    # Without a form there is no file, whatever a variable says.
    for value in ["x", "\u0001upload:abc", None, {}, 1]:
        assert owner.fail(SET, file=value)["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_form_needs_a_preflight_and_a_signed_in_user(owner, folder):
    plain = send(owner, png(), headers={"GraphQL-Require-Preflight": None})
    assert plain.status_code == 403 and plain.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    foreign = send(owner, png(), headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    anonymous = send(owner, png(), headers={"Authorization": None})
    assert anonymous.status_code == 401
    wait_until_nothing_lies_in(folder)


def test_no_path_leads_out_of_the_folder(owner, folder):
    (folder / "secret.png").write_bytes(png())
    for path in ["../secret.png", "avatars/../../secret.png", "avatars/%2e%2e/%2e%2e/secret.png", "avatars/x/y.png",
                 "kept/avatars/x.png", "avatars/", "", "avatars/x/y.html"]:
        request = requests.Request("GET", owner.server.url + "/files/" + path).prepare()
        request.url = owner.server.url + "/files/" + path
        assert requests.Session().send(request, timeout=10).status_code == 404, path
    (folder / "secret.png").unlink()


def test_a_crash_leaves_no_file_that_nobody_knows(house, folder, known_secrets):
    database = house.migrated_database()
    server = house.start(database, FILES_FOLDER=folder)
    client = StudioClient(server, known_secrets)
    client.register()
    first = avatar(client, send(client, png()))
    sql = lambda text: house.postgres.sql(text, database["DATABASE_URL"])  # noqa: E731
    # As it lies when the server died after the file was stored and before the user had it.
    (user,) = [path.name for path in (folder / "kept" / "avatars").iterdir()]
    stray = folder / "kept" / "avatars" / user / "stray.png"
    stray.write_bytes(png())
    sql(f"INSERT INTO file_removals SELECT id, 'avatars/{user}/stray.png', now() - interval '1 s' FROM users")
    server.kill()
    house.start(database, FILES_FOLDER=folder)
    for _ in range(100):
        if sql("SELECT count(*) FROM file_removals") == "0":
            break
        threading.Event().wait(0.05)
    assert [path.name for path in kept(folder)] == [first.rsplit("/", 1)[1]]


class Bucket:
    """PUT, GET and DELETE of objects, each checked as S3 would check it."""

    access_key, secret_key, region = "STUDIOTESTKEY", "secret/of+the/bucket", "eu-test-1"

    def __init__(self):
        self.objects = {}
        self.refusals = []
        self.is_down = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _problem(self, handler, body):
        """Signs the same request with botocore and compares."""
        given = {name.lower(): value for name, value in handler.headers.items()}
        signed = given["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(signed):
            return "a header is not signed"
        if hashlib.sha256(body).hexdigest() != given["x-amz-content-sha256"]:
            return "the body is another one"
        request = AWSRequest(
            method=handler.command, url=self.url + handler.path, data=body, headers={name: given[name] for name in signed})
        request.context.update({"timestamp": given["x-amz-date"], "payload_signing_enabled": True})
        auth = S3SigV4Auth(Credentials(self.access_key, self.secret_key), "s3", self.region)
        canonical = auth.canonical_request(request)
        signature = auth.signature(auth.string_to_sign(request, canonical), request)
        return None if given["authorization"].endswith("Signature=" + signature) else "the signature is wrong"

    def _handler(self):
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                problem = bucket._problem(self, body)
                if problem:
                    bucket.refusals.append(problem)
                    return self.reply(403, problem.encode())
                if bucket.is_down:
                    return self.reply(503, b"slow down")
                assert self.path.startswith("/pictures/")
                if self.command == "PUT":
                    bucket.objects[self.path] = (body, self.headers["Content-Type"])
                    return self.reply(200, b"")
                if self.command == "DELETE":
                    bucket.objects.pop(self.path, None)
                    return self.reply(204, b"")
                found = bucket.objects.get(self.path)
                return self.reply(200, found[0]) if found else self.reply(404, b"<Error/>")

            do_GET = do_PUT = do_DELETE = handle_any

            def reply(self, status, body):
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def test_a_bucket_keeps_the_files_and_believes_the_signatures(house, folder, known_secrets):
    house.allows_complaints = True  # the log tells of the bucket's outage
    bucket = Bucket()
    known_secrets.add("bucket key", bucket.secret_key)
    try:
        server = house.start(
            FILES_FOLDER=folder, FILES_BUCKET_ENDPOINT=bucket.url, FILES_BUCKET_REGION=bucket.region,
            FILES_BUCKET_NAME="pictures", FILES_BUCKET_ACCESS_KEY=bucket.access_key,
            FILES_BUCKET_SECRET_KEY=bucket.secret_key)
        client = StudioClient(server, known_secrets)
        client.register()
        content = png(3_000_000)
        url = avatar(client, send(client, content))
        ((path, stored),) = bucket.objects.items()
        assert stored == (content, "image/png") and path == "/pictures/avatars/" + url.split("/avatars/")[1]
        served = requests.get(url, timeout=10)
        assert served.content == content and served.headers["Content-Type"] == "image/png"
        other = avatar(client, send(client, png()))
        assert len(bucket.objects) == 1 and requests.get(url, timeout=10).status_code == 404
        bucket.is_down = True
        error = send(client, png()).json()["errors"][0]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert requests.get(other, timeout=10).status_code == 503
        bucket.is_down = False
        assert requests.get(other, timeout=10).status_code == 200
        assert bucket.refusals == [] and kept(folder) == []
        assert client.execute(ME)["viewer"]["user"]["avatarUrl"].endswith(other.rsplit("/", 1)[1])
    finally:
        bucket.close()


def test_a_client_library_uploads(owner):
    from gql import Client, FileVar, gql
    from gql.transport.aiohttp import AIOHTTPTransport

    path = Path(owner.server.settings["FILES_FOLDER"]) / "mine.png"
    path.write_bytes(png())
    transport = AIOHTTPTransport(
        url=owner.server.url + "/graphql",
        headers={"Authorization": f"Bearer {owner.token}", "Accept": MEDIA_TYPE, "GraphQL-Require-Preflight": "1"})
    session = Client(transport=transport)
    query = gql(SET)
    query.variable_values = {"file": FileVar(str(path))}
    result = session.execute(query, upload_files=True)
    assert result["setAvatar"]["user"]["avatarUrl"]
