"""What every test of the running Studio shares: one Postgres for the session, servers, accounts, a small world."""

import pytest
from local_world import LocalWorld
from private_postgres import PrivatePostgres
from studio_client import StudioClient
from studio_process import STUDIO, Secrets, StudioHouse


def pytest_make_parametrize_id(config, val, argname):
    """Bytes are named by their number: what `gzip` packs holds the time, and processes that share the tests must
    find the same names."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def known_secrets():
    return Secrets()


@pytest.fixture(scope="session")
def postgres():
    server = PrivatePostgres()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def house(postgres, known_secrets):
    """Servers for one test alone."""
    yield from _house(postgres, known_secrets)


@pytest.fixture(scope="module")
def shared_house(postgres, known_secrets):
    yield from _house(postgres, known_secrets)


def _house(postgres, known_secrets):
    assert STUDIO.exists(), f"there is no {STUDIO}: build it with `swift build --product studio`"
    servers = StudioHouse(postgres, known_secrets)
    yield servers
    servers.close()


@pytest.fixture(scope="module")
def studio(shared_house):
    """A server for all tests of a file."""
    return shared_house.start()


@pytest.fixture
def visitor(studio, known_secrets):
    """Somebody who has not signed in. Whatever the test did, the server must go on serving afterwards."""
    client = StudioClient(studio, known_secrets)
    yield client
    client.assert_served()


@pytest.fixture
def client(studio, known_secrets):
    """A new account, signed in. Whatever the test did, the server must go on serving afterwards."""
    yield from _account(studio, known_secrets)


@pytest.fixture(scope="module")
def elsewhere(shared_house):
    """Another Studio, with a database and keys of its own, for all tests of a file."""
    return shared_house.start()


@pytest.fixture
def stranger(elsewhere, known_secrets):
    """A `client` of the other Studio."""
    yield from _account(elsewhere, known_secrets)


def _account(server, known_secrets):
    account = StudioClient(server, known_secrets)
    account.register()
    yield account
    account.assert_served()


@pytest.fixture
def world():
    """An HTTP server for flows to call."""
    server = LocalWorld()
    yield server
    server.close()
