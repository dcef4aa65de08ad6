"""Generators of others: ariadne-codegen and sgqlc write clients from the schema, which are used against the real server.

They have an environment of their own: what they need of other packages does not agree with the `gql` client's.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from private_postgres import REPOSITORY, die_with_parent

SOURCES = Path(__file__).parent / "generated_clients"
ENVIRONMENT = Path(os.environ.get("STUDIO_GENERATORS_VENV") or REPOSITORY / ".build/generators-venv").absolute()


@pytest.fixture(scope="module")
def generators():
    """The folder of the generators' programs; installed at the first use."""
    wanted = (SOURCES / "requirements.txt").read_text()
    installed = ENVIRONMENT / "requirements.txt"
    if not installed.exists() or installed.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        subprocess.run(
            [ENVIRONMENT / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r",
             SOURCES / "requirements.txt"], check=True)
        installed.write_text(wanted)
    return ENVIRONMENT / "bin"


def run(command, folder):
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, preexec_fn=die_with_parent)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


def seen_by(script, generators, folder, studio, client):
    shutil.copy(SOURCES / script, folder / script)
    return json.loads(run(
        [generators / "python", script, f"{studio.url}/graphql", studio.socket_url, client.email, client.password],
        folder))


def assert_run(seen):
    assert seen["nodeKeys"] == ["start", "double"]
    assert seen["sequences"] == list(range(1, len(seen["sequences"]) + 1))
    assert seen["status"] == "SUCCESS"
    assert seen["result"] == {"twice": 14}


def test_ariadne_codegen(generators, studio, client, tmp_path):
    shutil.copytree(SOURCES / "queries", tmp_path / "queries")
    (tmp_path / "pyproject.toml").write_text(f"""[tool.ariadne-codegen]
schema_path = "{REPOSITORY / "schema.graphql"}"
queries_path = "queries"
target_package_name = "studio_api"
client_name = "Studio"
""")
    run([generators / "ariadne-codegen"], tmp_path)
    seen = seen_by("ariadne_tour.py", generators, tmp_path, studio, client)
    assert_run(seen)
    assert seen["theme"] == "MINT_VOLTAGE"
    assert seen["avatar"]
    assert (seen["type"], seen["flow"], seen["conflict"]) == ("AutomationFlow", "Of a Python client", "CONFLICT")


def test_sgqlc(generators, studio, client, tmp_path):
    introspection = run(
        [generators / "python", "-m", "sgqlc.introspection",
         f"{studio.url}/graphql"], tmp_path)
    (tmp_path / "schema.json").write_text(introspection)
    run([generators / "sgqlc-codegen", "schema", "schema.json", "studio_schema.py"], tmp_path)
    # Of operations it takes those without directives.
    run(
        [generators / "sgqlc-codegen", "operation", "--schema", "schema.json", "studio_schema", "operations.py",
         SOURCES / "queries/account.graphql"], tmp_path)
    run([generators / "python", "-c", "import operations; assert operations.Operations.query.viewer"], tmp_path)
    assert_run(seen_by("sgqlc_tour.py", generators, tmp_path, studio, client))
