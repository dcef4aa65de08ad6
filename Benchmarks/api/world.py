"""A private Postgres with the data set, and the processes that are measured on it."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MASTER_KEY = "00" * 31 + "01"

# No noise inside a measurement: nothing is vacuumed or checkpointed by itself; commits do not wait for the disk.
POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_utility": "on",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
    "jit": "off",
    "update_process_title": "off",
}


class Postgres:
    """Ends with this process. Servers connect as the role `api`, whose statements are counted."""

    def __init__(self, directory, port):
        self.port = port
        options = [word for key, value in POSTGRES_OPTIONS.items() for word in ("-c", f"{key}={value}")]
        started = subprocess.run(
            [ROOT / "scripts/private-postgres", directory, str(os.getpid()), *options],
            env=dict(os.environ, PGPORT=str(port)), stdout=subprocess.PIPE, text=True, check=True)
        home = re.search(r"host=(\S+)", started.stdout)[1]
        self.pid = int((pathlib.Path(home) / "data/postmaster.pid").read_text().split()[0])
        self.psql("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        if self.psql("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'api'") != "1":
            self.psql("postgres", "CREATE ROLE api LOGIN")

    def url(self, database):
        return f"postgres://api@127.0.0.1:{self.port}/{database}"

    def psql(self, database, sql=None, file=None, user="studio"):
        command = ["psql", "-qXAt", "-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d", database,
                   "-v", "ON_ERROR_STOP=1"] + (["-f", str(file)] if file else ["-c", sql])
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{sql or file}: {done.stderr.strip()}")
        return done.stdout.strip()

    def make_database(self, name):
        if self.psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'") != "1":
            self.psql("postgres", f"CREATE DATABASE {name} OWNER api")

    def reset(self):
        self.psql("postgres", "SELECT pg_stat_statements_reset()")

    def statements(self):
        """Statements that servers have sent since the last reset."""
        return int(self.psql("postgres", """
            SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
            WHERE r.rolname = 'api'"""))


class Process:
    """A started server; its log is a file."""

    def __init__(self, command, environment, port, log, directory=ROOT):
        self.port = port
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [str(word) for word in command], env=dict(os.environ, **environment), cwd=directory,
            stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.time() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.time() > deadline:
                    raise RuntimeError(f"{command[0]} does not listen; see {log}") from None
                time.sleep(0.05)

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def post(url, body, headers=()):
    fields = {"Content-Type": "application/json"}
    fields.update(line.split(": ", 1) for line in headers)
    with urllib.request.urlopen(urllib.request.Request(url, body.encode(), fields), timeout=60) as answer:
        return answer.read()


class Studio:
    """The server that is measured, with a token of a member of the data set's organization."""

    environment = {
        "STUDIO_MASTER_KEY": MASTER_KEY, "PUBLIC_URL": "http://benchmark.test", "PASSWORDS_COST": "4",
        "TOKENS_ACCESS_SECONDS": "86400", "RATE_LIMITS_ENABLED": "false", "WORKER_ENABLED": "false",
        "LOG_LEVEL": "warning",
    }

    def __init__(self, postgres, database, binary, port, log):
        self.postgres, self.database = postgres, database
        self.environment = dict(
            Studio.environment, DATABASE_URL=postgres.url(database), STUDIO_RESOURCES=str(ROOT))
        self.binary = binary
        postgres.make_database(database)
        self.run("migrate")
        if postgres.psql(database, "SELECT count(*) FROM organizations WHERE name = 'Benchmark'") == "0":
            postgres.psql(database, file=HERE / "dataset.sql")
        self.process = Process([binary, "serve", "--port", port], self.environment, port, log)
        self.url = f"http://127.0.0.1:{port}/graphql"
        self.headers = [f"Authorization: Bearer {self.token()}"]

    def run(self, command):
        subprocess.run([self.binary, command], env=dict(os.environ, **self.environment), cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)

    def ask(self, query, headers=(), **variables):
        answer = json.loads(post(self.url, json.dumps({"query": query, "variables": variables}), headers))
        if answer.get("errors"):
            raise RuntimeError(str(answer["errors"])[:500])
        return answer["data"]

    def token(self):
        """Signs somebody up, once, and in to the organization of the data set."""
        account = {"email": "benchmark@example.test", "password": "benchmark of the api"}
        if self.postgres.psql(self.database, f"SELECT 1 FROM users WHERE email = '{account['email']}'") != "1":
            self.ask("mutation($i: RegisterInput!) { register(input: $i) { expiresIn } }", i=dict(account, name="B"))
            for table, more in (("memberships", ", role"), ("user_organizations", "")):
                self.postgres.psql(self.database, f"""
                    INSERT INTO {table} (organization_id, user_id{more})
                    SELECT o.id, u.id{", 'owner'" if more else ""} FROM organizations o, users u
                    WHERE o.name = 'Benchmark' AND u.email = '{account['email']}'""")
        organization = self.postgres.psql(
            self.database, "SELECT id FROM organizations WHERE name = 'Benchmark'")
        signed_in = self.ask(
            "mutation($i: LoginInput!) { login(input: $i) { accessToken } }",
            i=dict(account, organizationId=typeid("org", organization)))
        return signed_in["login"]["accessToken"]

    def forget_changes(self):
        """Takes away what q4 has added."""
        self.postgres.psql(self.database, "DELETE FROM automation_nodes WHERE key LIKE 'bench%'")
        self.postgres.psql(self.database, "UPDATE automation_flows SET revision = 1 WHERE revision > 1")
        self.postgres.psql(self.database, "VACUUM ANALYZE automation_nodes")
        self.postgres.psql(self.database, "VACUUM ANALYZE automation_flows")
        self.postgres.psql(self.database, "CHECKPOINT")


DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def typeid(prefix, uuid):
    """The id as the API writes it: 26 digits of base 32 behind the type's prefix."""
    number = int(uuid.replace("-", ""), 16)
    return prefix + "_" + "".join(DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def uuid_of(text):
    """The UUID of an id or cursor that the API wrote."""
    number = 0
    for digit in text.rsplit("_", 1)[1]:
        number = number << 5 | DIGITS.index(digit)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
