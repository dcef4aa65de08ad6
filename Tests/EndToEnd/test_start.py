"""Starting: the private Postgres of `scripts/`, and what `studio` says on the command line."""

import os
import secrets
import socket
import subprocess

import pytest
from private_postgres import REPOSITORY, SCRIPT, PrivatePostgres, keeper, wait_until_gone
from studio_process import STUDIO, run_studio

KEY = "a" * 64


@pytest.fixture
def own_postgres():
    server = PrivatePostgres()
    try:
        yield server
    finally:
        if server.url:
            server.remove()


def test_the_private_postgres_dies_with_its_parent_and_keeps_its_data(own_postgres):
    own_postgres.start()
    own_postgres.sql("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    pid = own_postgres.server_pid()
    own_postgres.kill_parent()
    # The next start may come at once, before the former server is gone.
    own_postgres.start()
    assert wait_until_gone(pid, 5)
    assert own_postgres.server_pid() != pid
    assert own_postgres.sql("SELECT word FROM kept") == "still here"


def test_the_private_postgres_is_refused_while_it_is_in_use(own_postgres):
    own_postgres.start()
    other = keeper()
    try:
        second = own_postgres.run_script(other.pid)
    finally:
        other.kill()
        other.wait(10)
    assert second.returncode != 0 and second.stdout == ""
    assert "already uses the private Postgres" in second.stderr and str(own_postgres.server_pid()) in second.stderr
    assert own_postgres.sql("SELECT 1") == "1"


def test_the_private_postgres_listens_on_no_port(own_postgres):
    own_postgres.start()
    assert own_postgres.sql("SHOW listen_addresses") == ""


def test_the_scripts_explain_themselves():
    for script in ("start", "test"):
        option = "--help" if script == "start" else "--list"
        result = subprocess.run([REPOSITORY / "scripts" / script, option], capture_output=True, text=True, timeout=20)
        assert result.returncode == 0 and result.stdout.strip(), result
    assert os.access(SCRIPT, os.X_OK)


def test_help_teaches():
    text = run_studio("--help")
    assert text.returncode == 0
    for word in ("serve", "migrate", "schema", "settings", "EXAMPLES", "DATABASE_URL", "STUDIO_MASTER_KEY"):
        assert word in text.stdout, f"--help does not say {word}"
    serve = run_studio("serve", "--help")
    assert serve.returncode == 0
    for word in ("--port", "--host", "--set", "--config", "SIGTERM", "EXAMPLES"):
        assert word in serve.stdout, f"serve --help does not say {word}"
    assert run_studio("--version").stdout.strip()


def test_the_printed_schema_is_the_published_one():
    printed = run_studio("schema", "print")
    assert printed.returncode == 0
    assert printed.stdout == (REPOSITORY / "schema.graphql").read_text()


def test_the_documented_settings_are_the_real_ones():
    printed = run_studio("settings")
    assert printed.returncode == 0
    documented = (REPOSITORY / "docs" / "configuration.md").read_text()
    rows = [line for line in printed.stdout.splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    assert [row for row in rows if row not in documented] == []
    assert printed.stdout.strip() in documented


def refused(*arguments, **settings):
    """What a command says that cannot start: one short message, no crash, and an exit code that tells."""
    result = run_studio(*arguments, settings=settings)
    assert result.returncode not in (0, None) and result.returncode > 0, result
    message = (result.stderr + result.stdout).strip()
    assert message and len(message.splitlines()) <= 4, message
    assert "Fatal error" not in message and "Swift/" not in message, message
    return message


def test_a_missing_setting_is_named():
    assert "DATABASE_URL" in refused("serve", STUDIO_MASTER_KEY=KEY)
    assert "DATABASE_URL" in refused("migrate")
    message = refused("serve", DATABASE_URL="host=/nowhere dbname=x")
    assert "STUDIO_MASTER_KEY is not set" in message and "openssl rand -hex 32" in message


@pytest.mark.parametrize("name, value, mention", [
    ("PORT", "http", "PORT"), ("PORT", "70000", "0 to 65535"), ("STUDIO_MASTER_KEY", "abc", "64"),
    ("STUDIO_MASTER_KEY", "z" * 64, "hexadecimal"), ("DATABASE_POOL_SIZE", "0", "2 to 200"),
    ("WORKER_ENABLED", "perhaps", "WORKER_ENABLED"), ("LOG_LEVEL", "loud", "LOG_LEVEL"),
    ("LOG_FORMAT", "yaml", "LOG_FORMAT"),
    ("OUTBOUND_ALLOWED_PRIVATE_NETWORKS", "10.0.0.0/99", "10.0.0.0/99"), ("STUDIO_RESOURCES", "/nowhere", "/nowhere"),
])
def test_a_bad_setting_is_named_with_what_would_do(postgres, name, value, mention):
    settings = {"DATABASE_URL": postgres.url, "STUDIO_MASTER_KEY": KEY, "PORT": "0", name: value}
    if name == "STUDIO_RESOURCES":
        assert run_studio("migrate", settings=settings).returncode == 0
    message = refused("serve", **settings)
    assert mention in message, message
    if name == "STUDIO_MASTER_KEY":
        assert value not in message, "the message shows the key"


def test_an_unknown_setting_or_option_is_refused():
    assert "no.such" in refused("serve", "--set", "no.such=1")
    assert "key=value" in refused_usage("serve", "--set", "nonsense")
    assert "--nonsense" in refused_usage("serve", "--nonsense")


def refused_usage(*arguments):
    result = run_studio(*arguments)
    assert result.returncode > 0
    return result.stderr


def test_a_file_of_settings_is_read_and_the_environment_is_stronger(tmp_path):
    file = tmp_path / "studio.json"
    file.write_text('{"port": 70000}')
    assert "PORT is 70000" in refused("serve", "--config", str(file), DATABASE_URL="host=/nowhere", STUDIO_MASTER_KEY=KEY)
    settings = {"DATABASE_URL": "host=/nowhere", "STUDIO_MASTER_KEY": KEY, "PORT": "80000"}
    assert "PORT is 80000" in refused("serve", "--config", str(file), **settings)
    assert "PORT is 90000" in refused("serve", "--config", str(file), "--port", "90000", **settings)
    assert str(tmp_path / "none.json") in refused("serve", "--config", str(tmp_path / "none.json"), **settings)


@pytest.mark.parametrize("url", ["host=/nowhere dbname=studio", "postgres://studio@127.0.0.1:1/studio", "nonsense"])
def test_a_database_that_cannot_be_reached_is_told(url):
    for command in ("serve", "migrate"):
        message = refused(command, DATABASE_URL=url, STUDIO_MASTER_KEY=KEY, DATABASE_WAIT_MILLISECONDS="1000")
        assert "DATABASE_URL" in message, message


def test_a_password_in_the_database_url_is_not_shown():
    word = "Hidden-" + secrets.token_hex(8)
    url = f"postgres://studio:{word}@127.0.0.1:1/studio"
    assert word not in refused("serve", DATABASE_URL=url, STUDIO_MASTER_KEY=KEY, DATABASE_WAIT_MILLISECONDS="1000")


def test_a_database_without_tables_says_how_to_make_them(postgres):
    message = refused("serve", DATABASE_URL=postgres.database(), STUDIO_MASTER_KEY=KEY, PORT="0")
    assert "studio migrate" in message


def test_migrating_twice_and_at_once_does_each_step_once(postgres):
    settings = {"DATABASE_URL": postgres.database()}
    environment = {"PATH": os.environ["PATH"], **settings}
    racing = [
        subprocess.Popen([STUDIO, "migrate"], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)]
    outputs = [process.communicate(timeout=60)[0] for process in racing]
    assert [process.returncode for process in racing] == [0, 0, 0]
    applied = sorted(line.split()[1] for output in outputs for line in output.splitlines() if "applied" in line)
    assert applied == sorted(set(applied)) and applied
    again = run_studio("migrate", settings=settings)
    assert again.returncode == 0 and "up to date" in again.stdout


def test_a_port_that_is_taken_is_told(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        database = house.migrated_database()
        message = refused("serve", **database, PORT=str(taken.getsockname()[1]), PASSWORDS_COST="4")
    assert "could not be started" in message or "in use" in message


def test_the_fullest_log_shows_no_part_of_the_server(house):
    server = house.start(LOG_LEVEL="trace")
    server.stop()  # looks for the master key, too
    assert "the parts of the Studio" in server.log and "SecretBox" not in server.log
