"""The page of operations: somebody signs in there and tries one, and nothing is asked of anybody else."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from chalicelib.reference import pages
from local import deploy, seed
from local.reference import operations_page, served
from tests.support.browsers import Window, window
from tests.support.stack import Stack, ask, number

# What is vendored, to the last bit: see docs/decisions.
SCALAR = "afe0c62c380bd46e3fa5563e0e9488bbd295364b8b898f4833aa9a12815c24ac"


@pytest.fixture
def browser() -> Iterator[Window]:
    with window() as opened:
        yield opened


def test_what_is_vendored_is_what_was_chosen() -> None:
    assert hashlib.sha256(operations_page.SCALAR.read_bytes()).hexdigest() == SCALAR
    text = gzip.decompress(operations_page.SCALAR.read_bytes()).decode()
    assert "@scalar/api-reference 1.46.4" in text[:1000]
    assert "MIT License" in (operations_page.FOLDER / "LICENSE").read_text()


def test_who_signed_in_on_the_page_comes_back_to_it_once_its_address_is_known() -> None:
    outputs = {"EndpointURL": "https://a1.execute-api.eu-west-1.amazonaws.com/api/"}
    docs = "https://a1.execute-api.eu-west-1.amazonaws.com/api/docs/signed-in"
    assert deploy.callbacks("https://app.example", None) == "https://app.example/signed-in"
    assert deploy.callbacks("https://app.example", outputs) == f"https://app.example/signed-in,{docs}"
    assert deploy.callbacks("", outputs) == docs


def test_what_is_loaded_has_a_digest_in_its_name_and_is_kept_for_ever(stack: Stack) -> None:
    root = stack.api.removesuffix("/v1")
    page = ask("GET", f"{root}/docs")
    assert page.headers["content-security-policy"] == pages.TRYING.format(stack.platform.endpoint)
    loaded = re.findall(rf'"{root}/(docs/[^"]+\.(?:js|css))"', page.raw.decode())
    assert len(loaded) == 3
    for name in loaded:
        answer = ask("GET", f"{root}/{name}")
        assert (answer.status, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert answer.raw.decode() == served.files()[name].replace("{{api}}", root)


# The page of all operations takes a browser without a graphics card a while, more where the machine is busy.
@pytest.mark.timeout(300)
def test_person_signs_in_on_the_page_and_tries_an_operation(stack: Stack, browser: Window) -> None:
    root = stack.api.removesuffix("/v1")
    email = f"docs{number()}@someone.example"
    stack.someone(stack.ours, "owner", None, email=email)
    browser.opens(f"{root}/docs")
    browser.reads("Who calls")
    browser.presses("Sign in")
    browser.writes("username", email)
    browser.writes("password", seed.PASSWORD)
    browser.presses("Sign in")
    browser.reads("Signed in")
    browser.reads("Who calls")  # a page that is still being drawn misses that its address changes
    browser.opens(f"{root}/docs#tag/me/GET/me/agencies")
    send = 'button[class*="bg-b-btn"]'
    browser.opens_by('[id$="tag/me/GET/me/agencies"] .show-api-client-button', send)
    browser.clicks(send)
    browser.reads(stack.ours.id)
    assert {urlsplit(address).netloc for address in browser.asked()} == {urlsplit(root).netloc}
