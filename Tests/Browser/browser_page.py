"""The playground's page in a headless Chromium, with the few gestures that the test needs."""

import json

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE_SECONDS = 20

# Runs before the page's own code, outside of its Content-Security-Policy.
WATCHMAN = """
window.complaints = [];
addEventListener("securitypolicyviolation", (event) =>
  complaints.push(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));
addEventListener("error", (event) => complaints.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => complaints.push(`unhandled: ${event.reason}`));
"""


class BrowserPage:
    def __init__(self, base):
        self.base = base
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ["headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "no-first-run"]:
            options.add_argument(f"--{flag}")
        options.add_argument("--window-size=1440,900")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCHMAN})
        self.forgiven = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self):
        self.driver.get(self.base + "/playground")
        self.wait_for("#query-editor textarea")
        self.wait_for("#docs-body .type-link")

    # What the page shows

    def find(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        found = self.find(selector)
        return found[0].text if found else ""

    def texts(self, selector, equal_to=None):
        all_texts = [entry.text for entry in self.find(selector)]
        return [text for text in all_texts if equal_to is None or text == equal_to]

    def value(self, selector):
        return self.find(selector)[0].get_attribute("value")

    def count(self, selector):
        return len(self.find(selector))

    def glance(self):
        """The page's visible text, shortened, for messages."""
        shown = self.text("#response-status") + " | " + self.text("#response-body")
        return json.dumps(shown[:600])

    def stored(self):
        script = "return JSON.stringify([{...localStorage}, {...sessionStorage}])"
        return self.driver.execute_script(script)

    # Waiting

    def wait_for(self, selector):
        self.wait(lambda: any(entry.is_displayed() for entry in self.find(selector)), f"no {selector}")

    def wait_for_text(self, selector, text):
        missing = f"{text!r} is not in {selector}"
        self.wait(lambda: any(text in shown for shown in self.texts(selector)), missing)

    def wait(self, condition, message):
        # An element may be replaced between finding and reading it; the next look sees the new one.
        ignored = [StaleElementReferenceException]
        wait = WebDriverWait(self.driver, PATIENCE_SECONDS, poll_frequency=0.1, ignored_exceptions=ignored)
        wait.until(lambda _: condition(), f"{message} after {PATIENCE_SECONDS} seconds")

    # Gestures

    def click(self, selector):
        self.wait_for(selector)
        self.find(selector)[0].click()

    def click_text(self, selector, text):
        self.wait_for_text(selector, text)
        next(entry for entry in self.find(selector) if entry.text == text).click()

    def fill(self, selector, text):
        self.wait_for(selector)
        field = self.find(selector)[0]
        field.clear()
        field.send_keys(text)

    def write(self, text, editor="#query-editor"):
        """Replaces an editor's text in one step, as pasting does."""
        area = self.find(f"{editor} textarea")[0]
        area.click()
        self.press_control("a")
        self.press("DELETE")
        if text:
            self.driver.execute_script("document.execCommand('insertText', false, arguments[0])", text)
        self.press("ESCAPE")

    def keys(self, text):
        """Types into what has the focus, character by character."""
        self.driver.switch_to.active_element.send_keys(text)

    def press(self, key):
        ActionChains(self.driver).send_keys(getattr(Keys, key)).perform()

    def press_control(self, key):
        pressed = getattr(Keys, key, key)
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(pressed).key_up(Keys.CONTROL).perform()

    # What the page must not do

    def forgive(self, part):
        """The browser logs every answer with an error status; some checks ask for one."""
        self.forgiven.append(part)

    def assert_quiet(self):
        complaints = self.driver.execute_script("return window.complaints.splice(0)")
        for entry in self.driver.get_log("browser"):
            is_expected = any(part in entry["message"] for part in self.forgiven)
            if entry["level"] == "SEVERE" and not is_expected:
                complaints.append(entry["message"])
        assert not complaints, f"the page complained: {complaints}"

    def drop_complaints(self):
        self.driver.execute_script("if (window.complaints) window.complaints.length = 0")
        self.driver.get_log("browser")
