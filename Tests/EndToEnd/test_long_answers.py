"""What is alike of event streams and of subscriptions in parts: answers over HTTP that last."""

import pytest
from event_stream import EventStream, PartStream
from studio_client import StudioClient
from test_sse import waiting_run, watching

KINDS = pytest.mark.parametrize("kind", [EventStream, PartStream])


@KINDS
def test_silence_is_filled_so_that_the_connection_lives(house, known_secrets, kind):
    client = StudioClient(house.start(SSE_KEEP_ALIVE_MILLISECONDS=50), known_secrets)
    client.register()
    run = waiting_run(client)
    with kind(client, watching(run)) as stream:
        stream.silences(4)
    client.cancel(run)
    client.finish(run)


@KINDS
def test_an_expired_token_ends_the_answer_and_says_so(house, known_secrets, kind):
    client = StudioClient(house.start(TOKENS_ACCESS_SECONDS=2), known_secrets)
    client.register()
    run = waiting_run(client)
    with kind(client, watching(run)) as stream:
        [error] = stream.last_errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert "expired" in error["message"]
    client.token = None
    client.login()
    client.cancel(run)
