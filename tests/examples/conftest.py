"""The example of an inbox, as it is served, and a browser in which somebody has signed in there."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest

from local import seed
from local.environment import ROOT
from tests.support import origins
from tests.support.browsers import Window, window
from tests.support.stack import Agency, Stack, number

PAGE = ROOT / "examples" / "inbox"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[str]:
    """Where the page is, at an origin that the stack expects."""
    serve = partial(Quiet, directory=str(PAGE))
    with origins.taken() as origin, ThreadingHTTPServer(("127.0.0.1", origins.port_of(origin)), serve) as site:
        threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield origin
        site.shutdown()


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


@pytest.fixture
def inbox(page: str, stack: Stack, brand: Agency) -> Iterator[Window]:
    """The inbox of a brand's manager, who signed in from an empty browser."""
    email = f"mia{number()}@people.example"
    stack.someone(brand, "community_manager", [brand.brand], email=email)
    with window() as browser:
        browser.opens(f"{page}/?{urlencode({'api': stack.api})}")
        browser.presses("Sign in")
        browser.writes("username", email)
        browser.writes("password", seed.PASSWORD)
        browser.presses("Sign in")
        browser.finds(".state.live")
        yield browser
