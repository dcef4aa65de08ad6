"""The playground in a real Chromium, against a server of its own; one page and one account for all checks."""

import shutil

import pytest
from browser_page import BrowserPage
from playground_checks import CHECKS
from studio_api import StudioAPI

IS_MISSING = shutil.which("chromium") is None or shutil.which("chromedriver") is None


@pytest.fixture(scope="module")
def page(studio):
    if IS_MISSING:
        pytest.skip("Debian's chromium and chromium-driver are not installed.")
    with BrowserPage(studio.url) as opened:
        yield opened


@pytest.fixture(scope="module")
def api(studio, known_secrets):
    account = StudioAPI(studio.url)
    known_secrets.add("password", account.password)
    return account


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_the_playground(page, api, check):
    try:
        check(page, api)
        page.assert_quiet()
    except Exception:
        print(f"the page showed: {page.glance()}")
        page.drop_complaints()
        raise
