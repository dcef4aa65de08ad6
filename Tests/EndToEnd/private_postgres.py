"""A private Postgres for the tests, started with the project's own script. It never outlives them."""

import ctypes
import itertools
import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "scripts" / "private-postgres"

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """Between fork and exec: the kernel kills the child when this process is gone (PR_SET_PDEATHSIG)."""
    _libc.prctl(1, signal.SIGKILL)


def keeper():
    """A process that does nothing: whoever is tied to it can be stopped without ending the tests."""
    return subprocess.Popen(["sleep", "infinity"], preexec_fn=die_with_parent)


def wait_until_gone(pid, seconds):
    """Whether a process that is not our child ends in time; an event of the kernel, no polling."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


class PrivatePostgres:
    """A server with as many fresh databases as the tests want; can be stopped and started again."""

    def __init__(self):
        # The user "postgres" must be able to enter it, which is not so for pytest's own folders.
        self.directory = Path(tempfile.mkdtemp(prefix="studio-tests-", dir="/var/tmp"))
        self.directory.chmod(0o755)
        self._keeper = None
        self._names = itertools.count(1)
        self.url = None

    def run_script(self, parent_pid):
        command = [SCRIPT, self.directory, str(parent_pid)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def start(self):
        self._keeper = keeper()
        result = self.run_script(self._keeper.pid)
        assert result.returncode == 0, f"Postgres did not start: {result.stderr}"
        self.url = result.stdout.strip()
        return self

    def stop(self):
        pid = self.server_pid()
        self._keeper.kill()
        self._keeper.wait(10)
        assert pid is None or wait_until_gone(pid, 40), "Postgres goes on without its parent"

    def kill_parent(self):
        """SIGKILL for the process that the server is tied to."""
        self._keeper.kill()
        self._keeper.wait(10)

    def remove(self):
        if self._keeper and self._keeper.poll() is None:
            # Nothing in it is needed any more, so it need not be written: SIGQUIT, "immediate shutdown".
            os.kill(self.server_pid(), signal.SIGQUIT)
            self.stop()
        # Hundreds of databases are many files: a process of its own deletes them, and nobody waits for it.
        subprocess.Popen(["rm", "-rf", self.directory], start_new_session=True)

    def server_pid(self):
        """The postmaster's process, or None."""
        home = Path((self.directory / "postgres-directory").read_text().strip())
        try:
            return int((home / "data" / "postmaster.pid").read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def database(self):
        """The connection string of a new, empty database."""
        name = f"tests_{next(self._names)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url.replace("dbname=studio", f"dbname={name}")

    def sql(self, statement, url=None):
        """What a statement prints, rows as lines."""
        command = [psql(), "-X", "-q", "-tA", "-v", "ON_ERROR_STOP=1", "-d", url or self.url, "-c", statement]
        result = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()


def psql():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))
    return str(found[-1]) if found else "psql"
