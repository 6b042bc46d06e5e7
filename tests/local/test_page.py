"""A person comes in by the mail of their invitation, in a real browser, and answers somebody."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.page import server
from tests.people.test_members import link_in_mail
from tests.people.test_sign_in import first_password
from tests.support import origins
from tests.support.browsers import Window, window
from tests.support.people import Fan
from tests.support.stack import Stack, number

PASSWORD = "Battery-Staple-9"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def page(stack: Stack) -> Iterator[str]:
    """Where the page is, at an origin that the stack expects."""
    with origins.taken() as origin:
        site = server.serve(server.Site(stack.api, stack.platform.endpoint), origins.port_of(origin))
        yield origin
        site.shutdown()
        site.server_close()


@pytest.fixture
def browser() -> Iterator[Window]:
    with window() as opened:
        yield opened


def test_person_goes_from_the_mail_to_the_first_answer(
    page: str, browser: Window, stack: Stack, fan: Fan, tmp_path: Path
) -> None:
    picture = tmp_path / "terrace.png"
    picture.write_bytes(PNG)
    email, question = f"ina{number()}@people.example", f"Do you deliver on Sundays? {number()}"
    conversation = fan.channel.message(fan.says(question))["conversation"]
    grants = [{"role": "conversation_manager", "brands": [stack.ours.brand]}]
    stack.ours.owner.post("/invitations", {"email": email, "grants": grants})
    browser.opens(f"{page}/invitations/{link_in_mail(stack, email)}")
    browser.reads("You were invited.")
    browser.presses("Sign in")
    browser.writes("username", email)
    browser.writes("password", first_password(stack, email))
    browser.presses("Sign in")
    browser.writes("new_password", PASSWORD)
    browser.writes("confirm_password", PASSWORD)
    browser.presses("Update password")
    browser.reads("Inbox")
    browser.presses(question)
    browser.writes("text", "We do, from noon.")
    browser.writes("picture", str(picture))
    browser.presses("Send")
    browser.finds(".said.out img")
    path = f"/conversations/{conversation}/messages"
    said = [message for message in stack.ours.owner.get(path)["items"] if message["direction"] == "out"]
    assert "We do, from noon." in [message["text"] for message in said]
    assert [file["name"] for message in said for file in message["attachments"]] == [picture.name]


def test_mails_of_this_machine_can_be_read_and_their_links_followed() -> None:
    link = "http://localhost:3000/invitations/a.b"
    mails = [
        {"To": ["ina@people.example"], "Subject": "Ana & Bo <invite>", "BodyText": f"Open {link} now.", "BodyHtml": ""},
        {"To": ["bo@people.example"], "Subject": "Code", "BodyText": "", "BodyHtml": "Sign in with<br>Xy1<b>"},
    ]
    shown = server.list_of(mails)
    assert f'<a href="{link}">{link}</a> now.' in shown
    assert "Ana &amp; Bo &lt;invite&gt;" in shown
    assert "Sign in with\nXy1&lt;b&gt;" in shown
    assert "None yet." in server.list_of([])
