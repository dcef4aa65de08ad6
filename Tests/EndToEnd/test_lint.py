"""`studio lint` and `studio schema diff` over real files, as a team runs them in CI."""

import json
import subprocess

import pytest
from private_postgres import REPOSITORY
from studio_process import STUDIO, environment

SCHEMA = """type Query {
  user(id: ID!): User
  users: [User!]!
}

type User {
  id: ID!
  name: String
  nick: String @deprecated(reason: "Use `name`.")
}
"""


@pytest.fixture
def studio(tmp_path):
    """Runs `studio` in a folder of its own, without any setting: no database, no key."""

    def run(*arguments, stdin=""):
        return subprocess.run(
            [STUDIO, *arguments], cwd=tmp_path, env=environment({}), input=stdin, capture_output=True, text=True,
            timeout=30)

    return run


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    write("schema.graphql", SCHEMA)
    return write


def test_errors_are_printed_like_those_of_a_compiler(studio, write):
    write("queries/users.graphql", "query Users {\n\tusers {\n\t\tnam\n\t}\n}\n")
    write("queries/deep/er/one.graphql", 'query One { user(id: 1, "漢字": 2) { id } }\n')
    write("queries/deep/good.graphql", "{ users { ...Names } }\n")
    write("queries/names.graphql", "fragment Names on User { name }\n")
    result = studio("lint", "--schema", "schema.graphql", "queries/**/*.graphql")
    assert result.stdout == (
        "queries/deep/er/one.graphql:1:25: error: Syntax Error: Expected Name, found String \"漢字\".\n"
        '  1 | query One { user(id: 1, "漢字": 2) { id } }\n'
        "    |                         ^\n"
        'queries/users.graphql:3:3: error: Cannot query field "nam" on type "User". Did you mean "name"? [FieldsOnCorrectTypeRule]\n'
        "  3 | \t\tnam\n"
        "    | \t\t^\n"
        "2 errors in 2 of 4 files.\n")
    assert result.stderr == ""
    assert result.returncode == 1


def test_files_without_errors_end_with_0(studio, write):
    write("q/a.graphql", "{ users { id } }")
    result = studio("lint", "--schema", "schema.graphql", "q")
    assert (result.returncode, result.stdout) == (0, "1 file: no problems.\n")


def test_json_is_one_document(studio, write):
    write("a.graphql", "{ users { ...F } }")
    write("b.graphql", "fragment F on User { nick nam }")
    result = studio("lint", "--schema", "schema.graphql", "--format", "json", "--deprecated", "--no-suggestions",
                    "[ab].graphql")
    assert result.returncode == 1
    place = {"file": "b.graphql", "line": 1}
    assert json.loads(result.stdout) == {
        "files": 2, "errors": 1, "warnings": 1,
        "diagnostics": [
            {"severity": "error", "rule": "FieldsOnCorrectTypeRule",
             "message": 'Cannot query field "nam" on type "User".',
             "locations": [{**place, "column": 27}]},
            {"severity": "warning", "rule": "NoDeprecatedCustomRule",
             "message": "The field User.nick is deprecated. Use `name`.",
             "locations": [{**place, "column": 22}]},
        ],
    }


def test_warnings_alone_end_with_0(studio, write):
    result = studio("lint", "--schema", "schema.graphql", "--deprecated", "-", stdin="{ users { nick } }")
    assert result.returncode == 0
    assert result.stdout.startswith("<stdin>:1:11: warning: The field User.nick is deprecated. Use `name`. "
                                    "[NoDeprecatedCustomRule]\n")


def test_rules_can_be_chosen_and_files_isolated(studio, write):
    write("a.graphql", "{ users { ...F nope } }")
    write("b.graphql", "fragment F on User { id }")
    files = ["a.graphql", "b.graphql"]
    only = studio("lint", "--schema", "schema.graphql", "--rule", "KnownFragmentNamesRule", *files)
    assert only.returncode == 0, only.stdout
    isolated = studio("lint", "--schema", "schema.graphql", "--isolated", "--rule", "KnownFragmentNamesRule",
                      "--rule", "NoUnusedFragments", *files)
    assert isolated.returncode == 1
    assert 'a.graphql:1:14: error: Unknown fragment "F".' in isolated.stdout
    assert 'b.graphql:1:1: error: Fragment "F" is never used.' in isolated.stdout


def test_the_servers_own_schema_is_the_default(studio, write):
    result = studio("lint", "-", stdin="{ connectors(first: 3) { nodes { typ } } }")
    assert '<stdin>:1:34: error: Cannot query field "typ" on type "Connector". Did you mean "type"?' in result.stdout
    assert result.returncode == 1


def test_a_schema_alone_is_checked(studio, write):
    assert studio("lint", "--schema", "schema.graphql").returncode == 0
    assert studio("lint").returncode == 0
    write("broken.graphql", "extend type User { age: Nope }\n")
    result = studio("lint", "--schema", "schema.graphql", "--schema", "broken.graphql")
    assert result.stdout.startswith('broken.graphql:1:25: error: Unknown type "Nope". [KnownTypeNamesRule]\n')
    assert result.returncode == 1
    # Operations are not checked against a schema that is none.
    result = studio("lint", "--schema", "broken.graphql", "-", stdin="{ a }")
    assert "broken.graphql:1:13: error: Cannot extend type \"User\"" in result.stdout


@pytest.mark.parametrize("arguments, message", [
    (["none.graphql"], "none.graphql: no such file or folder"),
    (["queries/**/*.graphql"], "queries/**/*.graphql: no file matches"),
    (["--rule", "Nope", "-"], 'unknown rule "Nope"'),
    (["--bogus"], "Unknown option '--bogus'"),
    (["--format", "xml"], "The value 'xml' is invalid"),
    (["--schema", "-", "-"], "Standard input can be the schema or the operations, not both."),
])
def test_what_cannot_be_checked_ends_with_2(studio, write, arguments, message):
    result = studio("lint", *arguments)
    assert result.returncode == 2
    assert message in result.stderr and result.stdout == ""


def test_hostile_files_are_told_and_survived(studio, write):
    write("deep.graphql", "{ users " * 100_000)
    write("binary.graphql", bytes(range(256)) * 20)
    write("escape.graphql", "{ users { id \x1b[2J } }")
    write("long.graphql", "{ users { id " + "x " * 100_000 + "} }")
    result = studio("lint", "--schema", "schema.graphql", "*.graphql", "--no-suggestions")
    assert result.returncode == 1
    assert "deep.graphql:1:" in result.stdout and "binary.graphql:1:" in result.stdout
    assert "escape.graphql:1:14: error: Syntax Error: Unexpected character: U+001B." in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) < 1_000
    write("big.graphql", "#" * (5 << 20))
    result = studio("lint", "--schema", "schema.graphql", "big.graphql")
    assert result.returncode == 2
    assert "big.graphql: larger than 4194304 bytes" in result.stderr


NEW = SCHEMA.replace("  name: String\n", "  name: String!\n  age: Int\n").replace("users: [User!]!", "users(first: Int): [User]!")


def test_a_diff_groups_changes_and_fails_on_breaking_ones(studio, write):
    write("new.graphql", NEW)
    result = studio("schema", "diff", "schema.graphql", "new.graphql")
    assert result.returncode == 1
    assert result.stdout == """1 breaking change:
  Query.users  FIELD_CHANGED_KIND (new.graphql:3:3)
    Query.users changed type from [User!]! to [User]!.

1 dangerous change:
  Query.users(first:)  OPTIONAL_ARG_ADDED (new.graphql:3:9)
    An optional arg first on Query.users was added.

3 safe changes:
  Int  TYPE_ADDED
    Int was added.
  User.age  FIELD_ADDED (new.graphql:9:3)
    Field User.age was added.
  User.name  FIELD_CHANGED_KIND_SAFE (new.graphql:8:3)
    Field User.name changed type from String to String!.

1 breaking, 1 dangerous, 3 safe.
"""


@pytest.mark.parametrize("old, new, fail_on, code", [
    (SCHEMA, SCHEMA, "dangerous", 0),
    (SCHEMA, NEW, "none", 0),
    (SCHEMA, SCHEMA + "enum E { A }", "dangerous", 0),
    (SCHEMA + "enum E { A }", SCHEMA + "enum E { A B }", "breaking", 0),
    (SCHEMA + "enum E { A }", SCHEMA + "enum E { A B }", "dangerous", 1),
    (SCHEMA + "enum E { A B }", SCHEMA + "enum E { A }", "dangerous", 1),
])
def test_fail_on_chooses_what_ends_with_1(studio, write, old, new, fail_on, code):
    write("new.graphql", new)
    result = studio("schema", "diff", "-", "new.graphql", "--fail-on", fail_on, "--format", "json", stdin=old)
    assert result.returncode == code, result.stdout
    answer = json.loads(result.stdout)
    assert set(answer) == {"breaking", "dangerous", "safe", "changes"}
    assert sum(answer[key] for key in ("breaking", "dangerous", "safe")) == len(answer["changes"])
    for change in answer["changes"]:
        assert set(change) == {"severity", "kind", "coordinate", "message", "listed", "old", "new"}


def test_the_new_schema_is_the_servers_by_default(studio, write):
    write("published.graphql", (REPOSITORY / "schema.graphql").read_text())
    result = studio("schema", "diff", "published.graphql")
    assert (result.returncode, result.stdout) == (0, "No changes.\n")


def test_a_schema_that_does_not_parse_is_told_like_a_compiler_does(studio, write):
    write("broken.graphql", "type Query {\n  a Int\n}\n")
    result = studio("schema", "diff", "broken.graphql", "schema.graphql")
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr == (
        'broken.graphql:2:5: error: Syntax Error: Expected ":", found Name "Int".\n'
        "  2 |   a Int\n"
        "    |     ^\n"
        "1 error.\n"
        "studio: broken.graphql cannot be compared: it is not a valid schema\n")
    assert studio("schema", "diff", "none.graphql", "schema.graphql").returncode == 2
    assert studio("schema", "diff").returncode == 2
