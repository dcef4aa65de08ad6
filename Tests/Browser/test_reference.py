"""The page about the REST API in a real Chromium."""

import shutil

import pytest
from browser_page import BrowserPage

IS_MISSING = shutil.which("chromium") is None or shutil.which("chromedriver") is None


@pytest.mark.skipif(IS_MISSING, reason="Debian's chromium and chromium-driver are not installed.")
def test_the_reference_shows_every_endpoint(studio):
    with BrowserPage(studio.url) as page:
        page.driver.get(studio.url + "/api/docs#CONFLICT")
        page.wait_for_text("#status", "37 endpoints")
        assert page.count(".endpoint-card .endpoint-path") == 37
        shown = page.text("#createFlow")
        for text in ("POST", "/api/v1/flows", "intention *", "Idempotency-Key", "Doubles what it is given.", "409"):
            assert text in shown, text
        assert "Needs no sign-in." in page.text("#login")
        # Problems lead to the explanation of their code, schemas to each other.
        assert page.find("#CONFLICT")[0].is_displayed()
        assert page.count("a[href='#schema-Flow']") > 2 and page.count("#schema-Flow") == 1
        page.assert_quiet()
