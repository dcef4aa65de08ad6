"""The master key is replaced: everything is sealed anew, beside a running server."""

import secrets as random

from studio_client import StudioClient
from studio_process import run_studio

CREATE = """mutation Create($input: CreateIntegrationInput!) {
  createIntegration(input: $input) { integration { id } }
}"""
TEST = "mutation Test($id: ID!) { testIntegration(input: { id: $id }) { isAccepted message } }"


def rotate(settings):
    return run_studio("keys", "rotate", settings=settings)


def sealed(result):
    """How many cells of each column were sealed anew."""
    lines = (line.split(": ") for line in result.stdout.splitlines() if not line.startswith(" "))
    return {column: int(rest.split()[0]) for column, rest in lines}


def test_everything_is_sealed_under_a_new_key(house, known_secrets, world, postgres):
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    given = {"type": "http", "name": "World", "credentials": {"baseUrl": world.url, "bearerToken": "let-me-in"}}
    integration = client.execute(CREATE, input=given)["createIntegration"]["integration"]["id"]

    former = database["STUDIO_MASTER_KEY"]
    changed = {**database, "STUDIO_MASTER_KEY": known_secrets.add("master key", random.token_hex(32))}
    lost = rotate(changed)
    assert lost.returncode == 1 and "1 cannot be opened" in lost.stdout, lost.stdout + lost.stderr
    row = postgres.sql("SELECT id FROM integrations", changed["DATABASE_URL"])
    assert f"\n  id {row}: The stored secret was sealed with a master key (" in lost.stdout, lost.stdout

    both = {**changed, "STUDIO_OLD_MASTER_KEYS": former}
    done = rotate(both)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = sealed(done)
    assert counts["integrations.credentials"] == 1 and counts["signing_keys.private_key"] == 1
    again = rotate(changed)
    assert again.returncode == 0 and not any(sealed(again).values()), again.stdout + again.stderr

    # A server that knows only the new key opens what the former had sealed.
    renewed = client.at(house.start(changed))
    assert renewed.execute(TEST, id=integration)["testIntegration"]["isAccepted"] is True
    assert world.requests("/")[-1].headers["authorization"] == "Bearer let-me-in"


CHANGED_MEANWHILE = """CREATE SEQUENCE seen;
CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF nextval('seen') <= %d THEN RETURN NULL; END IF; RETURN NEW; END $$;
CREATE TRIGGER change BEFORE UPDATE ON integrations FOR EACH ROW EXECUTE FUNCTION change();"""


def replaced_key(house, known_secrets, world):
    """A database with an integration, and the settings after its key was replaced."""
    database = house.migrated_database()
    client = StudioClient(house.start(database), known_secrets)
    client.register()
    given = {"type": "http", "name": "World", "credentials": {"baseUrl": world.url, "bearerToken": "let-me-in"}}
    client.execute(CREATE, input=given)
    changed = {**database, "STUDIO_MASTER_KEY": known_secrets.add("master key", random.token_hex(32))}
    return changed, {**changed, "STUDIO_OLD_MASTER_KEYS": database["STUDIO_MASTER_KEY"]}


def test_what_is_changed_while_it_is_sealed_anew_is_looked_at_again(house, known_secrets, world, postgres):
    changed, both = replaced_key(house, known_secrets, world)
    # An update that comes to nothing is what a change in between looks like.
    postgres.sql(CHANGED_MEANWHILE % 1, changed["DATABASE_URL"])
    done = rotate(both)
    assert done.returncode == 0 and sealed(done)["integrations.credentials"] == 1, done.stdout + done.stderr
    again = rotate(changed)
    assert again.returncode == 0 and not any(sealed(again).values()), again.stdout + again.stderr


def test_what_others_seal_with_the_former_key_is_no_success(house, known_secrets, world, postgres):
    changed, both = replaced_key(house, known_secrets, world)
    postgres.sql(CHANGED_MEANWHILE % 1000, changed["DATABASE_URL"])
    left = rotate(both)
    assert left.returncode == 1 and "1 cells were sealed with another key meanwhile" in left.stderr + left.stdout


def test_a_row_that_cannot_be_opened_is_named_and_costs_no_other(house, known_secrets, world, postgres):
    changed, both = replaced_key(house, known_secrets, world)
    # Its last byte turned over: a changed cell under a known key.
    postgres.sql(
        "UPDATE integrations SET credentials = set_byte(credentials, length(credentials) - 1,"
        " 255 - get_byte(credentials, length(credentials) - 1))", changed["DATABASE_URL"])
    left = rotate(both)
    assert left.returncode == 1 and "1 cells cannot be opened" in left.stderr + left.stdout
    assert "The stored secret was changed, or belongs to another place." in left.stdout, left.stdout
    assert sealed(left)["signing_keys.private_key"] == 1
