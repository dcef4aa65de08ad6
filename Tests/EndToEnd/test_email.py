"""Flows that send e-mails, to a mail server of the test's own."""

import secrets

import pytest
from mail_world import MailWorld
from studio_client import StudioClient, chain, node, trigger


@pytest.fixture
def mail(tmp_path, known_secrets):
    world = MailWorld(tmp_path, password=known_secrets.add("mail password", secrets.token_hex(12)))
    yield world
    world.stop()


def own_settings(mail, **more):
    return {
        "MAIL_HOST": "localhost", "MAIL_PORT": mail.port, "MAIL_USER": mail.user, "MAIL_PASSWORD": mail.password,
        "MAIL_FROM": "Studio <studio@example.com>", "MAIL_AUTHORITIES": mail.certificate, **more,
    }


def send(client, config, value=None, **more):
    """Runs a flow of one e-mail; the node's log entry."""
    flow = client.create_flow(*chain(trigger(), node("send", "ACTION", {"type": "email", **config}, **more)))
    run = client.start(flow, value)
    client.finish(run)
    return run, next(entry for entry in client.log(run)["nodeExecutions"] if entry["nodeKey"] == "send")


def signed_in(server, known_secrets):
    client = StudioClient(server, known_secrets)
    client.register()
    return client


def integration(client, mail, name="Mail", **more):
    credentials = {
        "host": "127.0.0.1", "port": mail.port, "user": mail.user, "password": mail.password,
        "from": "shop@example.com", **more,
    }
    made = client.execute(
        "mutation Make($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }",
        input={"name": name, "type": "smtp", "credentials": credentials})
    return made["createIntegration"]["integration"]["id"]


def test_an_email_is_sent_encrypted_through_the_studios_server(house, known_secrets, mail):
    client = signed_in(house.start(house.migrated_database(), **own_settings(mail)), known_secrets)
    run, entry = send(client, {
        "to": "{{ input.who }}", "cc": ["b@example.com"], "bcc": "hidden@example.com", "replyTo": "r@example.com",
        "subject": "Bestellung {{ input.n }} – für Jürgen", "text": "Grüße,\n.\n{{ input.n }}",
        "html": "<p>Grüße {{ input.n }}</p>",
    }, {"who": "Jürgen <j@example.com>", "n": 7})
    assert entry["status"] == "SUCCESS", entry
    assert entry["output"]["response"] == "250 2.0.0 Ok: queued"
    assert entry["output"]["recipients"] == ["j@example.com", "b@example.com", "hidden@example.com"]
    sender, recipients, letter = mail.letter()
    assert sender.startswith("MAIL FROM:<studio@example.com>")
    assert recipients == ["j@example.com", "b@example.com", "hidden@example.com"]
    assert letter["Subject"] == "Bestellung 7 – für Jürgen"
    assert letter["From"] == "Studio <studio@example.com>" and letter["To"] == "Jürgen <j@example.com>"
    assert letter["Reply-To"] == "r@example.com" and "hidden" not in letter.as_string()
    assert letter["Message-ID"] == entry["output"]["messageId"] and run in letter["Message-ID"]
    assert letter.get_body(("plain",)).get_content().split() == ["Grüße,", ".", "7"]
    assert letter.get_body(("html",)).get_content().strip() == "<p>Grüße 7</p>"
    assert mail.commands.index("STARTTLS") < mail.commands.index("AUTH")


def test_an_email_goes_through_an_integration_of_the_organization(house, known_secrets, tmp_path):
    mail = MailWorld(tmp_path, password=known_secrets.add("mail password", secrets.token_hex(12)), encrypts=False)
    client = signed_in(house.start(house.migrated_database()), known_secrets)
    place = integration(client, mail, encryption="none")
    _, entry = send(client, {"to": "a@example.com", "subject": "Hi", "text": "Hi"}, integrationId=place)
    assert entry["status"] == "SUCCESS", entry
    assert mail.letter()[2]["From"] == "shop@example.com"
    mail.refused.add("nobody@example.com")
    _, entry = send(client, {"to": "nobody@example.com", "subject": "Hi", "text": "Hi"}, integrationId=place)
    assert entry["error"]["code"] == "REQUEST_FAILED" and "550 5.1.1 No such user" in entry["error"]["message"]
    mail.stop()


def test_what_a_mail_server_refuses_for_the_moment_is_tried_again_and_for_good_is_not(house, known_secrets, tmp_path):
    mail = MailWorld(tmp_path, password=known_secrets.add("mail password", secrets.token_hex(12)), encrypts=False)
    client = signed_in(house.start(house.migrated_database()), known_secrets)
    letter = {"subject": "Hi", "text": "Hi", "retry": {"maxAttempts": 3, "delayMilliseconds": 0}}
    place = integration(client, mail, encryption="none")
    mail.busy = 2
    _, entry = send(client, {"to": "a@example.com", **letter}, integrationId=place)
    assert (entry["status"], entry["attempt"]) == ("SUCCESS", 3), entry
    mail.refused.add("nobody@example.com")
    _, entry = send(client, {"to": "nobody@example.com", **letter}, integrationId=place)
    assert (entry["status"], entry["attempt"]) == ("FAILURE", 1), entry
    password = known_secrets.add("wrong password", secrets.token_hex(12))
    stranger = integration(client, mail, name="Stranger", encryption="none", password=password)
    _, entry = send(client, {"to": "a@example.com", **letter}, integrationId=stranger)
    assert (entry["status"], entry["attempt"]) == ("FAILURE", 1), entry
    mail.stop()


def test_a_private_address_is_refused(house, known_secrets, mail):
    server = house.start(house.migrated_database(), OUTBOUND_ALLOWED_PRIVATE_NETWORKS="")
    client = signed_in(server, known_secrets)
    _, entry = send(
        client, {"to": "a@example.com", "subject": "Hi", "text": "Hi"}, integrationId=integration(client, mail))
    assert entry["error"]["code"] == "ADDRESS_REFUSED"
    assert mail.commands == []


def test_nothing_is_said_to_a_server_whose_certificate_is_not_trusted(house, known_secrets, mail):
    server = house.start(house.migrated_database(), **own_settings(mail, MAIL_AUTHORITIES=""))
    _, entry = send(signed_in(server, known_secrets), {"to": "a@example.com", "subject": "Hi", "text": "Hi"})
    assert "cannot be encrypted" in entry["error"]["message"]
    assert "AUTH" not in mail.commands


@pytest.mark.parametrize("config, message", [
    ({"to": "{{ 'a@example.com\\r\\nBcc: x@example.com' }}", "subject": "Hi"}, "The field to"),
    ({"to": "a@example.com", "subject": "{{ 'Hi\\r\\nBcc: x@example.com' }}"}, "The field subject"),
    ({"to": "{{ Array.from({length: 101}, (_, i) => `p${i}@example.com`) }}", "subject": "Hi"}, "101 recipients"),
    ({"to": "a@example.com", "subject": "Hi", "from": "{{ 'x' }}"}, "The field from"),
])
def test_what_is_no_email_is_not_sent(house, known_secrets, mail, config, message):
    client = signed_in(house.start(house.migrated_database(), **own_settings(mail)), known_secrets)
    _, entry = send(client, {"text": "Hi", **config})
    assert entry["error"]["code"] == "CONFIG_INVALID" and message in entry["error"]["message"]
    assert mail.commands == []


def test_without_a_mail_server_the_node_says_what_is_missing(client):
    _, entry = send(client, {"to": "a@example.com", "subject": "Hi", "text": "Hi"})
    assert entry["error"]["code"] == "CONFIG_INVALID" and "smtp" in entry["error"]["message"]
