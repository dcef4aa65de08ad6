"""Clients that `studio codegen client` writes: what the command says."""

from pathlib import Path

from studio_process import run_studio

SOURCES = Path(__file__).parent / "generated_clients"
QUERIES = str(SOURCES / "queries/*.graphql")


def generate(language, output, *more):
    ended = run_studio(
        "codegen", "client", "--language", language, "--operations", QUERIES, "--output", str(output), *more)
    assert ended.returncode == 0, ended.stderr
    return ended


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
