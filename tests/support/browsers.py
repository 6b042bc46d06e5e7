"""A real browser: the system's Chromium, driven over WebDriver. Where there is none, the test skips and says so."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from local import ports

# It asks nobody outside, and as root in a container it has no sandbox.
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1200,900",
)  # fmt: skip
_PATIENCE_SECONDS = 60
# The page was drawn anew, something moves over the element, or it is not shown yet: a person looks again, too.
_PASSING = (StaleElementReferenceException, ElementClickInterceptedException, ElementNotInteractableException)
_ASKED: dict[str, Callable[[Any], str]] = {
    "Network.requestWillBeSent": lambda fields: str(fields["request"]["url"]),
    "Network.webSocketCreated": lambda fields: str(fields["url"]),
}
_CUT_OFF = """
return [...document.body.querySelectorAll('*')].filter((one) => {
  const place = one.getBoundingClientRect();
  const isOut = place.width && (place.right > innerWidth + 1 || place.left < -1);
  return isOut && one.checkVisibility() && !one.closest('nav');
}).map((one) => one.outerHTML.slice(0, 200));
"""
T = TypeVar("T")


@dataclass
class Window:
    """What a person does in a browser: each step waits until what it needs is there."""

    driver: webdriver.Chrome

    def opens(self, address: str) -> None:
        """Opens a page, or leads to a place of the one that is open, without loading it anew."""
        self.driver.get(address)

    def presses(self, words: str) -> None:
        """Presses the button, or what is in a list, with these words."""
        path = f'//button[normalize-space()="{words}"] | //li[contains(., "{words}")]'
        self._await(f"a button {words!r}", lambda: self._done(By.XPATH, path, WebElement.click))

    def writes(self, name: str, text: str) -> None:
        """Writes into the field of that name."""
        self.fills(f'[name="{name}"]', text)

    def fills(self, selector: str, text: str) -> None:
        """Writes into the first such field, or chooses a file there."""
        self._await(selector, lambda: self._done(By.CSS_SELECTOR, selector, lambda field: field.send_keys(text)))

    def reads(self, words: str) -> None:
        """Waits until the page says this."""
        self._await(f"the words {words!r}", lambda: words in self._said())

    def reads_in(self, selector: str) -> str:
        """What the first such element says, once it is there."""
        return self._await(selector, lambda: self._of(selector, lambda element: element.text))

    def finds(self, selector: str) -> None:
        """Waits until there is such an element. It is not given back: the page may draw it anew at any moment."""
        self._await(selector, lambda: self._present(By.CSS_SELECTOR, selector))

    def shows(self, selector: str) -> bool:
        """Whether a person sees the first such element, once it is there."""
        return self._await(selector, lambda: self._of(selector, lambda element: (element.is_displayed(),)))[0]

    def clicks(self, selector: str) -> None:
        """Clicks on the first such element."""
        self._await(selector, lambda: self._done(By.CSS_SELECTOR, selector, WebElement.click))

    def opens_by(self, selector: str, wanted: str) -> None:
        """Clicks on the first such element until what it opens is seen: a page that is still drawn may miss a click."""

        def look() -> bool:
            if self._of(wanted, lambda element: element.is_displayed()):
                return True
            self._done(By.CSS_SELECTOR, selector, WebElement.click)
            return False

        self._await(wanted, look)

    def asked(self) -> set[str]:
        """Every address of a host that was asked for, or listened to, since the window was opened or this was asked."""
        messages = (json.loads(entry["message"])["message"] for entry in self._log())
        asked = (_ASKED[message["method"]](message["params"]) for message in messages if message["method"] in _ASKED)
        return {address for address in asked if address.startswith(("http:", "https:", "ws:", "wss:"))}

    def becomes(self, *, width: int, height: int, dark: bool = False, scale: float = 1) -> None:
        """It is as large as another screen from now on, in the colours that its owner prefers."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        colours = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": colours})

    def cut_off(self) -> list[str]:
        """What is seen and reaches beyond the sides of the page, but for tabs, which are meant to be moved sideways."""
        return list(self.driver.execute_script(_CUT_OFF))

    def _log(self) -> list[dict[str, str]]:
        log: list[dict[str, str]] = self.driver.execute("getLog", {"type": "performance"})["value"]
        return log

    def pictures(self, file: Path) -> None:
        """Keeps a picture of what is seen."""
        self.driver.save_screenshot(str(file))

    def _done(self, by: str, words: str, do: Callable[[WebElement], object]) -> bool:
        """Scrolls to what is there and does it; False if nothing is."""
        element = self._present(by, words)
        if element is None:
            return False
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        do(element)
        return True

    def _of(self, selector: str, look: Callable[[WebElement], T]) -> T | None:
        element = self._present(By.CSS_SELECTOR, selector)
        return look(element) if element else None

    def _present(self, by: str, words: str) -> WebElement | None:
        elements = self.driver.find_elements(by, words)
        return elements[0] if elements else None

    def _said(self) -> str:
        """What a person could read, as the browser has it: WebDriver's own walk of a long page takes half a minute."""
        return str(self.driver.execute_script("return document.body?.innerText ?? ''"))

    def _await(self, what: str, look: Callable[[], T | None]) -> T:
        try:
            return WebDriverWait(self.driver, _PATIENCE_SECONDS, 0.05, ignored_exceptions=_PASSING).until(
                lambda _: look() or False
            )
        except TimeoutException as error:
            raise AssertionError(f"{what} is not at {self.driver.current_url}, which says:\n{self._said()}") from error


@contextmanager
def window() -> Iterator[Window]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        # A newcomer's machine need have none; what checks every change installs it (.ci/run).
        pytest.skip("There is no Chromium with its chromedriver here.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for option in _OPTIONS:
        options.add_argument(option)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver, port=ports.free()))
    try:
        yield Window(opened)
    finally:
        opened.quit()
