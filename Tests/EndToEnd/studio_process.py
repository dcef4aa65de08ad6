"""`studio` processes: started on a free port, watched, stopped, and their logs searched for secrets."""

import json
import os
import re
import secrets
import signal
import subprocess
import threading
import time
from pathlib import Path

from private_postgres import REPOSITORY, die_with_parent

STUDIO = Path(os.environ.get("STUDIO_BINARY") or REPOSITORY / ".build/debug/studio").absolute()

LISTENING = re.compile(r"Listening on http://127\.0\.0\.1:(\d+)")
START_SECONDS = 30
STOP_SECONDS = 5

DEFAULTS = {
    "PORT": "0",
    # The issuer of tokens: the same for all servers on one database, whatever their ports.
    "PUBLIC_URL": "http://studio.test",
    "DATABASE_POOL_SIZE": "4",
    "PASSWORDS_COST": "4",
    "OUTBOUND_ALLOWED_PRIVATE_NETWORKS": "127.0.0.1/32",
    "WORKER_LEASE_MILLISECONDS": "1000",
    "LOG_FORMAT": "json",
    # All tests come from one address.
    "RATE_LIMITS_ENABLED": "false",
}


class Secrets:
    """Everything that must never be seen in a log: tests add what they use, stopping a server looks for it."""

    def __init__(self):
        self._values = {}
        self._lock = threading.Lock()

    def add(self, kind, value):
        with self._lock:
            self._values[value] = kind
        return value

    def found_in(self, text):
        with self._lock:
            return sorted({kind for value, kind in self._values.items() if value in text})


def environment(settings):
    """The process's variables: what a shell needs, and the settings; nothing of the machine's own leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "STUDIO_RESOURCES") if name in os.environ}
    return {**kept, **{name: str(value) for name, value in settings.items()}}


def run_studio(*arguments, settings=None, timeout=30):
    """A `studio` command that ends by itself."""
    return subprocess.run(
        [STUDIO, *arguments], cwd=REPOSITORY, env=environment(settings or {}), capture_output=True, text=True,
        timeout=timeout, preexec_fn=die_with_parent)


class StudioProcess:
    """One `studio serve`."""

    def __init__(self, settings, known_secrets):
        self.settings = {**DEFAULTS, **settings}
        self._secrets = known_secrets
        self._lines = []
        self._changed = threading.Condition()
        self._has_ended = False
        self.port = None
        # Whether the tests ended it; a server that ends by itself is a fault.
        self.is_over = False
        self.process = subprocess.Popen(
            [STUDIO, "serve"], cwd=REPOSITORY, env=environment(self.settings), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            preexec_fn=die_with_parent)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for_line(lambda _: self.port is not None, START_SECONDS)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self):
        return f"ws://127.0.0.1:{self.port}/graphql"

    @property
    def log(self):
        with self._changed:
            return "".join(self._lines)

    def _read(self):
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line)
                found = LISTENING.search(line)
                if found and self.port is None:
                    self.port = int(found[1])
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def wait_for_line(self, holds, seconds):
        """Waits until `holds` is true of the whole log, which is looked at after each line."""
        end = time.monotonic() + seconds
        with self._changed:
            while not holds("".join(self._lines)):
                if self._has_ended or time.monotonic() > end:
                    self.process.kill()
                    raise AssertionError("the server said instead:\n" + "".join(self._lines)[-4000:])
                self._changed.wait(end - time.monotonic())

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """SIGKILL: what a crash of the machine looks like."""
        self.is_over = True
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        self._reader.join(STOP_SECONDS)
        self._check_secrets()

    def stop(self, seconds=STOP_SECONDS):
        """SIGTERM, and the exit in time with 0. Returns how many seconds that took."""
        self.is_over = True
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
            raise AssertionError(f"the server did not stop within {seconds} s\n{self.log[-4000:]}") from None
        taken = time.monotonic() - started
        self._reader.join(STOP_SECONDS)
        self._check_secrets()
        assert code == 0, f"the server ended with {code}\n{self.log[-4000:]}"
        return taken

    def _check_secrets(self):
        found = self._secrets.found_in(self.log)
        assert not found, f"the log holds secrets: {found}"

    def complaints(self):
        """The log's lines of level error and above, and those that are no log lines at all, such as a crash."""
        found = []
        for line in self.log.splitlines():
            # A build that counts coverage says this when the confined JavaScript process may not write its counts.
            if not line.strip() or LISTENING.search(line) or line.startswith("LLVM Profile Error"):
                continue
            try:
                level = json.loads(line)["level"]
            except (ValueError, KeyError, TypeError):
                level = "unreadable"
            if level in ("error", "critical", "unreadable"):
                found.append(line)
        return found


class StudioHouse:
    """Starts servers on a Postgres and sees to it that each ended well."""

    def __init__(self, postgres, known_secrets):
        self.postgres = postgres
        self.secrets = known_secrets
        self._running = []
        self.allows_complaints = False

    def migrated_database(self, postgres=None):
        """A fresh database with the Studio's tables, and a key: the settings that name them."""
        key = self.secrets.add("master key", secrets.token_hex(32))
        settings = {"DATABASE_URL": (postgres or self.postgres).database(), "STUDIO_MASTER_KEY": key}
        result = run_studio("migrate", settings=settings)
        assert result.returncode == 0, f"studio migrate: {result.stdout}{result.stderr}"
        return settings

    def start(self, database=None, **settings):
        """A server; `database` is what `migrated_database` gave, a new one by default."""
        server = StudioProcess({**(database or self.migrated_database()), **settings}, self.secrets)
        self._running.append(server)
        return server

    def close(self):
        """Stops what still runs; the first fault is told after everything is stopped."""
        faults = []
        for server in self._running:
            try:
                if not server.is_over:
                    server.stop()
                if not self.allows_complaints and server.complaints():
                    faults.append("the log complains:\n" + "\n".join(server.complaints()[:20]))
            except AssertionError as fault:
                faults.append(str(fault))
        self._running.clear()
        assert not faults, "\n".join(faults)
