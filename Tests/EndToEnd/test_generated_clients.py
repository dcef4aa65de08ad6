"""Clients that `studio codegen client` writes: built, type-checked and run against the real server."""

import json
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest
import requests
from moody_server import MoodyServer
from private_postgres import die_with_parent
from studio_client import StudioClient
from studio_process import run_studio

SOURCES = Path(__file__).parent / "generated_clients"
QUERIES = str(SOURCES / "queries/*.graphql")


def generate(language, output, *more, operations=QUERIES):
    ended = run_studio(
        "codegen", "client", "--language", language, "--operations", operations, "--output", str(output), *more)
    assert ended.returncode == 0, ended.stderr
    return ended


class Cutter:
    """A proxy that cuts each of its first connections after so many bytes of the server's."""

    def __init__(self, port, cuts):
        self._target = ("127.0.0.1", port)
        self._cuts = list(cuts)
        self.made = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.made += 1
            limit = self._cuts.pop(0) if self._cuts else None
            server = socket.create_connection(self._target)
            threading.Thread(target=self._copy, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._copy, args=(server, client, limit), daemon=True).start()

    def _copy(self, source, target, limit):
        passed = 0
        try:
            while data := source.recv(65536):
                if limit is not None and passed + len(data) > limit:
                    target.sendall(data[: limit - passed])
                    break
                target.sendall(data)
                passed += len(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self._listener.close()


def tour(command, studio, client):
    cutter = Cutter(studio.port, cuts=(800, 800))
    moody = MoodyServer()
    try:
        ended = subprocess.run(
            [*command, f"{studio.url}/graphql", f"http://127.0.0.1:{cutter.port}/graphql", client.email,
             client.password, moody.url],
            capture_output=True, text=True, timeout=60, preexec_fn=die_with_parent)
    finally:
        cutter.close()
        moody.close()
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout)
    assert seen["people"] == 20
    assert seen["email"] == client.email
    assert seen["theme"] == "MINT_VOLTAGE"
    assert requests.get(seen["avatar"].replace("http://studio.test", studio.url), timeout=10).content[:4] == b"\x89PNG"
    assert seen["nodeKeys"] == ["start", "pause", "double"]
    assert seen["conflict"] == "CONFLICT"
    assert seen["wrongPassword"] == "UNAUTHENTICATED"
    assert seen["status"] == "SUCCESS"
    assert seen["result"] == {"twice": 14} or seen["result"] == {"double": {"twice": 14}}
    # Cut in the middle, and yet nothing is missing and nothing comes twice.
    assert cutter.made >= 2
    assert seen["sequences"] == list(range(1, len(seen["sequences"]) + 1))
    assert_moods(seen["moody"], moody.moods)
    return seen


def assert_moods(seen, moods):
    # Whatever the server's mood, nothing is missing and nothing comes twice; the token is renewed.
    assert seen[0] == {"sequences": [1, 2, 3]}
    assert moods["/resumed"].resumed_at == [None] * 5 + ["event_0", "event_1", "event_2", "event_2"]
    assert moods["/resumed"].tokens[3:5] == ["Bearer a0", "Bearer a2"] and moods["/resumed"].tokens[-1] == "Bearer a3"
    # What fails again and again is given up, and where it is told, the reason is known.
    assert seen[1] == {"sequences": [1], "code": "UNAVAILABLE"}
    assert moods["/endless"].resumed_at == [None] + ["event_1"] * 5
    assert seen[2] == {"sequences": [], "code": "FORBIDDEN"}
    assert len(moods["/forbidden"].resumed_at) == 1


@pytest.fixture
def trusting(house, known_secrets, tmp_path):
    """A server that executes the documents of `trusted.json` alone, and the account of somebody there."""
    def start():
        database = house.migrated_database()
        client = StudioClient(house.start(database), known_secrets)
        client.register()
        manifest = tmp_path / "trusted.json"
        return house.start(
            database, GRAPHQL_TRUSTED_DOCUMENTS=manifest, GRAPHQL_ONLY_TRUSTED_DOCUMENTS="true",
            FILES_FOLDER=tmp_path / "files"), client

    return start


def test_a_swift_client_is_built_and_used(trusting, tmp_path):
    generate("swift", tmp_path / "StudioAPI", "--manifest", str(tmp_path / "trusted.json"))
    trusted = json.loads((tmp_path / "trusted.json").read_text())["operations"]
    assert "Flows" in {operation["name"] for operation in trusted}
    studio, client = trusting()
    program = tmp_path / "Tour"
    (program / "Sources/Tour").mkdir(parents=True)
    shutil.copy(SOURCES / "Tour.swift", program / "Sources/Tour/Tour.swift")
    (program / "Package.swift").write_text(
        """// swift-tools-version: 6.0
import PackageDescription
let package = Package(
  name: "Tour", platforms: [.macOS(.v13)], dependencies: [.package(path: "../StudioAPI")],
  targets: [.executableTarget(name: "Tour", dependencies: ["StudioAPI"])], swiftLanguageModes: [.v6])
""")
    built = subprocess.run(
        ["swift", "build"], cwd=program, capture_output=True, text=True, timeout=600, preexec_fn=die_with_parent)
    assert built.returncode == 0, built.stdout[-4000:]
    assert "warning:" not in built.stdout, built.stdout[-4000:]
    seen = tour([program / ".build/debug/Tour"], studio, client)
    assert seen["flowName"] == "Of a Swift client"


@pytest.mark.skipif(shutil.which("tsc") is None, reason="no tsc")
def test_a_typescript_client_is_checked_and_used(trusting, tmp_path):
    generate("typescript", tmp_path, "--manifest", str(tmp_path / "trusted.json"))
    studio, client = trusting()
    shutil.copy(SOURCES / "tour.ts", tmp_path / "tour.ts")
    checked = subprocess.run(
        ["tsc", "--strict", "--noUnusedLocals", "--target", "es2021", "--lib", "es2021,dom,dom.iterable", "--module",
         "commonjs", "tour.ts"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout
    seen = tour(["node", tmp_path / "tour.js"], studio, client)
    assert seen["flowName"] == "Of a TypeScript client"


ODD = SOURCES / "odd"


def generate_odd(language, output):
    generate(language, output, "--schema", str(ODD / "schema.graphql"), operations=str(ODD / "queries.graphql"))


def test_a_swift_client_of_odd_names_compiles_and_reads(tmp_path):
    generate_odd("swift", tmp_path)
    sources = [str(path) for path in (tmp_path / "Sources").rglob("*.swift")]
    built = subprocess.run(
        ["swiftc", "-swift-version", "6", "-warnings-as-errors", "-o", "odd", *sources, str(ODD / "main.swift")],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, preexec_fn=die_with_parent)
    assert built.returncode == 0, built.stderr[:4000]
    ended = subprocess.run([tmp_path / "odd"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {
        "in": "self", "x": True, "class": {"self": "text"}, "self": {"in": 1, "self": {"class": None}}}


@pytest.mark.skipif(shutil.which("tsc") is None, reason="no tsc")
def test_a_typescript_client_of_odd_names_is_checked(tmp_path):
    generate_odd("typescript", tmp_path)
    checked = subprocess.run(
        ["tsc", "--strict", "--noEmit", "--target", "es2021", "--lib", "es2021,dom,dom.iterable", "--module", "commonjs",
         "operations.ts"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout


def test_operations_whose_types_would_have_one_name_are_refused(tmp_path):
    operations = tmp_path / "q.graphql"
    operations.write_text("query find { viewer { role } } query Find { viewer { role } } query FindQuery { viewer { role } }")
    ended = run_studio(
        "codegen", "client", "--language", "swift", "--operations", str(operations), "--output", str(tmp_path / "out"))
    assert ended.returncode == 1 and ended.stderr.count("FindQuery would be declared twice") == 2, ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_stale_client_is_told(tmp_path):
    generate("swift", tmp_path)
    again = run_studio(
        "codegen", "client", "--language", "swift", "--operations", QUERIES, "--output", str(tmp_path), "--check")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    operations = tmp_path / "Sources/StudioAPI/Operations"
    (operations / "ViewerQuery.swift").unlink()
    (operations / "OldQuery.swift").write_text("// Written by `studio codegen client`; do not edit.\n")
    stale = run_studio(
        "codegen", "client", "--language", "swift", "--operations", QUERIES, "--output", str(tmp_path), "--check")
    assert stale.returncode == 1
    assert stale.stderr.splitlines() == [
        f"{operations}/ViewerQuery.swift is not current", f"{operations}/OldQuery.swift is not current",
        "Run the command again without --check."]
    generate("swift", tmp_path)
    assert (operations / "ViewerQuery.swift").exists() and not (operations / "OldQuery.swift").exists()


def test_wrong_operations_are_told_like_a_compiler_does(tmp_path):
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text("query Wrong {\n  nothing\n}\n\n{ viewer { user { id } } }\n")
    ended = run_studio(
        "codegen", "client", "--language", "swift", "--operations", str(wrong), "--output", str(tmp_path / "out"))
    assert ended.returncode == 1
    assert f"{wrong}:2:3: error: Cannot query field \"nothing\" on type \"Query\"." in ended.stderr
    assert "An operation needs a name for the code that is made of it." in ended.stderr
    assert not (tmp_path / "out").exists()
