"""Two servers that share a Redis: rates are counted together, hints go by its channels, and nothing needs it."""

import shutil
import signal
import socket
import subprocess
import time

import pytest
import requests
from private_postgres import die_with_parent
from studio_client import StudioClient, assert_gapless, chain, delay, http, transform, trigger
from studio_process import run_studio

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server")


class PrivateRedis:
    def __init__(self, certificates=None):
        """With a folder of certificates it speaks TLS alone."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://:secret-of-redis@127.0.0.1:{self.port}/1"
        self.listening, self.cli = ["--port", str(self.port)], []
        if certificates:
            self.url = f"rediss://:secret-of-redis@localhost:{self.port}/1"
            self.listening = [
                "--port", "0", "--tls-port", str(self.port), "--tls-cert-file", f"{certificates}/server.pem",
                "--tls-key-file", f"{certificates}/server.key", "--tls-ca-cert-file", f"{certificates}/ca.pem",
                "--tls-auth-clients", "no"]
            self.cli = ["--tls", "--cacert", f"{certificates}/ca.pem", "-h", "localhost"]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", *self.listening, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--requirepass", "secret-of-redis"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.01)
        raise AssertionError("redis-server does not start")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def command(self, *words):
        ended = subprocess.run(
            ["redis-cli", *self.cli, "-p", str(self.port), "-a", "secret-of-redis", "--no-auth-warning", "-n", "1", *words],
            capture_output=True, text=True, timeout=10)
        return ended.stdout.strip()


@pytest.fixture
def redis(known_secrets):
    known_secrets.add("redis password", "secret-of-redis")
    server = PrivateRedis().start()
    yield server
    server.kill()


def two_servers(house, redis, **settings):
    database = house.migrated_database()
    return [house.start(database, REDIS_URL=redis.url, **settings) for _ in range(2)]


def statuses(servers, count):
    return [
        requests.post(f"{servers[number % 2].url}/graphql", json={"query": "{ __typename }"}, timeout=10)
        for number in range(count)]


RATES = {"RATE_LIMITS_ENABLED": "true", "RATE_LIMITS_ADDRESS_REQUESTS": "6", "RATE_LIMITS_ADDRESS_SECONDS": "3600"}


def test_servers_count_rates_together(house, redis):
    servers = two_servers(house, redis, **RATES)
    wait_for_connections(redis, servers)
    answers = statuses(servers, 8)
    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:6]] == ["5", "4", "3", "2", "1", "0"]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert int(redis.command("PTTL", redis.command("KEYS", "studio:rate:*"))) > 0


def test_without_redis_each_server_counts_for_itself(house, redis):
    servers = two_servers(house, redis, **RATES)
    wait_for_connections(redis, servers)
    assert [answer.status_code for answer in statuses(servers, 2)] == [200] * 2
    redis.kill()
    assert [answer.status_code for answer in statuses(servers, 14)] == [200] * 12 + [429] * 2
    for server in servers:
        assert requests.get(server.url + "/health/ready", timeout=10).status_code == 200
        assert "Rates are counted by this process alone" in server.log
    redis.start()
    wait_for_connections(redis, servers)
    assert [answer.status_code for answer in statuses(servers, 7)] == [200] * 6 + [429]


def test_what_redis_refuses_is_told_and_each_server_counts_for_itself(house, redis):
    server = house.start(house.migrated_database(), REDIS_URL=redis.url, **RATES)
    wait_for_connections(redis, [server])
    assert redis.command("ACL", "SETUSER", "default", "-@scripting") == "OK"
    assert [answer.status_code for answer in statuses([server] * 2, 7)] == [200] * 6 + [429]
    assert "Redis refuses: NOPERM" in server.log
    assert redis.command("ACL", "SETUSER", "default", "+@all") == "OK"
    assert [answer.status_code for answer in statuses([server] * 2, 7)] == [200] * 6 + [429]


def test_a_redis_that_does_not_answer_holds_nobody_up(house, redis):
    servers = two_servers(house, redis, **RATES)
    wait_for_connections(redis, servers)
    redis.freeze()
    assert [answer.status_code for answer in statuses(servers, 4)] == [200] * 4


def test_hints_go_by_redis_and_runs_are_watched_at_the_other_server(house, redis, known_secrets, world):
    database = house.migrated_database()
    driving = house.start(database, REDIS_URL=redis.url)
    watching = house.start(database, REDIS_URL=redis.url, WORKER_ENABLED="false")
    wait_for_connections(redis, [driving, watching])
    listening = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%'"
    assert house.postgres.sql(listening, database["DATABASE_URL"]) == "0"
    client = StudioClient(driving, known_secrets)
    client.register()
    other = client.at(watching)
    flow = client.create_flow(*chain(trigger(), http("fetch", world.url + "/held"), transform("after", "input.status")))
    world.hold("/held")
    run = other.start(flow)
    world.wait_for("/held")
    world.release("/held")
    assert other.finish(run)[-1]["runStatus"] == "SUCCESS"


def test_runs_go_on_while_redis_is_away(house, redis, known_secrets):
    first, second = two_servers(house, redis)
    wait_for_connections(redis, [first, second])
    client = StudioClient(first, known_secrets)
    client.register()
    other = client.at(second)
    flow = client.create_flow(*chain(trigger(), delay("pause", 300), transform("after", "1")))
    run = client.start(flow)
    with other.socket() as socket_:
        watched = other.watch(socket_, run)
        seen = [next(watched)]
        redis.kill()
        seen += list(watched)
    assert_gapless(seen)
    assert seen[-1]["runStatus"] == "SUCCESS"
    assert client.finish(client.start(flow))[-1]["runStatus"] == "SUCCESS"


def wait_for_connections(redis, servers):
    """Each server has a connection for commands and one for the channel."""
    for _ in range(1000):
        clients = redis.command("CLIENT", "LIST").count("cmd=") - 1
        channel = redis.command("PUBSUB", "NUMSUB", "studio_runs").split()[-1:]
        if clients >= 2 * len(servers) and channel == [str(len(servers))]:
            return
        time.sleep(0.02)
    raise AssertionError("the servers are not connected to Redis")


def test_a_wrong_address_stops_the_start(house):
    settings = {**house.migrated_database(), "REDIS_URL": "http://:very-secret@example.com"}
    ended = run_studio("serve", settings=settings)
    assert ended.returncode == 1
    assert "REDIS_URL cannot be used: it must begin with redis:// or rediss://" in ended.stderr
    assert "very-secret" not in ended.stderr + ended.stdout


# By TLS


def certificates(folder):
    """An authority of the test's own, and a server's certificate for `localhost`."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=30)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", "-days", "2", "-subj", "/CN=An authority", "-out", "ca.pem", "-keyout", "ca.key", *key)
    openssl("req", "-subj", "/CN=server", "-out", "server.csr", "-keyout", "server.key", *key)
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem")
    return folder


@pytest.fixture
def encrypted(known_secrets, tmp_path):
    known_secrets.add("redis password", "secret-of-redis")
    server = PrivateRedis(certificates(tmp_path)).start()
    server.authorities = tmp_path / "ca.pem"
    yield server
    server.kill()


def test_servers_count_together_by_tls(house, encrypted):
    servers = two_servers(house, encrypted, REDIS_CERTIFICATE_AUTHORITIES=encrypted.authorities, **RATES)
    wait_for_connections(encrypted, servers)
    assert [answer.status_code for answer in statuses(servers, 8)] == [200] * 6 + [429] * 2
    encrypted.kill()
    encrypted.start()
    wait_for_connections(encrypted, servers)
    assert [answer.status_code for answer in statuses(servers, 7)] == [200] * 6 + [429]


@pytest.mark.parametrize("change, reason", [
    ({"REDIS_CERTIFICATE_AUTHORITIES": ""}, "self-signed certificate"),
    ({"REDIS_URL": "127.0.0.1"}, "IP address mismatch"),
])
def test_a_certificate_that_is_not_the_servers_is_refused(house, encrypted, change, reason):
    settings = {"REDIS_CERTIFICATE_AUTHORITIES": encrypted.authorities, "REDIS_URL": encrypted.url, **RATES, **change}
    if change.get("REDIS_URL"):
        settings["REDIS_URL"] = encrypted.url.replace("localhost", change["REDIS_URL"])
    server = house.start(house.migrated_database(), **settings)
    for _ in range(500):
        if "its certificate is not accepted" in server.log:
            break
        time.sleep(0.02)
    assert f"its certificate is not accepted: {reason}" in server.log
    assert [answer.status_code for answer in statuses([server, server], 7)] == [200] * 6 + [429]
    assert encrypted.command("DBSIZE") == "0"


def test_authorities_that_cannot_be_read_stop_the_start(house):
    settings = {**house.migrated_database(), "REDIS_URL": "rediss://:very-secret@example.com",
                "REDIS_CERTIFICATE_AUTHORITIES": "/nowhere.pem"}
    ended = run_studio("serve", settings=settings)
    assert ended.returncode == 1 and "REDIS_CERTIFICATE_AUTHORITIES cannot be used" in ended.stderr
    assert "very-secret" not in ended.stderr + ended.stdout
