"""S16: the bytes that were approved are the bytes that are sent, whatever the address gives by then."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest

from chalicelib import clock, errors, settings
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.inbox import conversations, outgoing_files
from chalicelib.networks import base
from chalicelib.replies import approvals, replies
from chalicelib.replies.compose import Content, Draft
from chalicelib.store import fence
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply
from tests.support.background import time_passes
from tests.support.dying import dying
from tests.support.people import Fan
from tests.support.stack import Member, Stack, ask, eventually

APPROVED, CHANGED = b"\x89PNG\r\n\x1a\n approved", b"\x89PNG\r\n\x1a\n something else"


class Website:
    """An address whose owner may put another picture there."""

    def __init__(self) -> None:
        site = self
        self.picture: bytes | None = APPROVED

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if site.picture else 404)
                self.send_header("Content-Length", str(len(site.picture or b"")))
                self.end_headers()
                self.wfile.write(site.picture or b"")

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def website(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    site = Website()
    threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("MEDIA_HOSTS", site.url)
    settings.get.cache_clear()
    yield site
    site.server.shutdown()
    settings.get.cache_clear()


class Case:
    """A picture that a content creator of ours proposes to somebody who wrote on Telegram."""

    def __init__(self, stack: Stack, website: Website) -> None:
        self.stack, self.fan = stack, Fan(stack.connect("telegram"))
        self.id = self.fan.starts()["id"]
        self.creator, self.owner = (self.actor(stack.ours.members[role]) for role in ("content_creator", "owner"))
        self.picture = base.Media(kind="image", url=f"{website.url}/menu.png")

    def actor(self, member: Member) -> Actor:
        subject = jwt.decode(member.token, options={"verify_signature": False})["sub"]
        with fence.within(self.stack.ours.id):
            actor = memberships.colleague(self.stack.ours.id, subject)
        assert actor
        return actor

    def conversation(self) -> Conversation:
        conversation = conversations.find(self.stack.ours.id, self.id)
        assert conversation
        return conversation

    def proposes(self, *, keep: bool = False) -> Reply:
        with fence.within(self.stack.ours.id):
            draft = Draft(Content(attachments=(self.picture,)), keep=keep)
            return replies.draft(self.creator, self.conversation(), draft, clock.now())

    def approves(self, reply: Reply) -> Reply:
        with fence.within(self.stack.ours.id):
            return approvals.approve(self.owner, reply, self.conversation(), clock.now(), hash=reply.hash)


@pytest.fixture
def case(stack: Stack, website: Website) -> Case:
    return Case(stack, website)


def test_picture_that_was_approved_is_the_picture_that_is_sent(case: Case, website: Website) -> None:
    reply = case.proposes()
    shown = case.stack.ours.owner.get(f"/replies/{reply.id}")["attachments"][0]
    assert ask("GET", shown["url"]).raw == APPROVED
    assert (shown["mime"], shown["name"], shown["size"]) == ("image/png", "menu.png", len(APPROVED))
    website.picture = CHANGED
    case.approves(reply)
    eventually(lambda: case.stack.ours.owner.get(f"/replies/{reply.id}")["status"] == "sent")
    [said] = [call["json"] for call in case.fan.channel.calls() if call["path"].endswith("/sendPhoto")]
    assert said["file0"]["sha256"] == hashlib.sha256(APPROVED).hexdigest()


def test_approval_is_bound_to_the_bytes(case: Case, website: Website) -> None:
    first = case.proposes()
    website.picture = CHANGED
    assert case.proposes().hash != first.hash


def test_file_that_cannot_be_had_is_not_submitted(case: Case, website: Website) -> None:
    website.picture = None
    with pytest.raises(errors.Invalid) as refused:
        case.proposes()
    assert (refused.value.code, refused.value.field) == ("file_unavailable", "attachments")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"<html>Not found</html>", "file_type"), (b"\x89PNG" + b"x" * (25 << 20), "file_too_large")],
    ids=["a page", "too large"],
)
def test_file_that_is_not_what_is_sent_is_refused_before_anything_is_queued(
    case: Case, website: Website, body: bytes, code: str
) -> None:
    website.picture = body
    with fence.within(case.stack.ours.id), pytest.raises(errors.Invalid) as refused:
        replies.draft(case.owner, case.conversation(), Draft(Content(attachments=(case.picture,))), clock.now())
    assert (refused.value.code, refused.value.field) == (code, "attachments")


def test_address_where_nothing_is_fetched_is_refused(case: Case) -> None:
    case.picture = base.Media(kind="image", url="https://169.254.169.254/latest/meta-data")
    with pytest.raises(errors.Invalid) as refused:
        case.proposes()
    assert refused.value.code == "file_blocked"


def test_file_of_an_answer_sent_at_once_is_kept_too(case: Case, website: Website) -> None:
    with fence.within(case.stack.ours.id):
        draft = Draft(Content(attachments=(case.picture,)))
        reply = replies.draft(case.owner, case.conversation(), draft, clock.now())
    website.picture = CHANGED
    owner = case.stack.ours.owner
    eventually(lambda: owner.get(f"/replies/{reply.id}")["status"] == "sent")
    [file] = owner.get(f"/messages/{reply.messages[0]}")["attachments"]
    assert (file["name"], file["size"], ask("GET", file["url"]).raw) == ("menu.png", len(APPROVED), APPROVED)


def kept(case: Case) -> set[str]:
    return {key for key in storage.keys(f"media/{case.stack.ours.id}/") if "/rpl_" in key}


def test_file_that_was_replaced_is_deleted(case: Case) -> None:
    reply = case.proposes()
    [key] = [file["url"] for file in reply.attachments]
    assert storage.get(key) == APPROVED
    case.stack.ours.members["content_creator"].patch(f"/replies/{reply.id}", {"text": "Never mind", "attachments": []})
    time_passes(clock.MINUTE)
    eventually(lambda: storage.get(key) is None)


@pytest.mark.parametrize("moment", [1, 2])  # before and after the file is put there; then the reply would have it
def test_file_goes_whose_submission_came_to_nothing(case: Case, moment: int) -> None:
    before = kept(case)
    with dying(moment):
        case.proposes()
    assert len(kept(case) - before) == moment - 1
    time_passes(2 * clock.HOUR, "/rpl_")
    eventually(lambda: kept(case) <= before)


def test_file_of_a_reply_that_waits_stays(case: Case) -> None:
    [key] = [file["url"] for file in case.proposes().attachments]
    with fence.within(case.stack.ours.id):
        outgoing_files.delete_unused(case.stack.ours.id, key)
    assert storage.get(key) == APPROVED


def test_function_of_the_api_keeps_files_too(stack: Stack, case: Case) -> None:
    case.picture = base.Media(kind="image", url=f"{stack.double}/telegram/api.telegram.org/file/bot1:a/photos/1.png")
    draft = case.proposes(keep=True)
    submitted = stack.ours.members["content_creator"].post(f"/replies/{draft.id}/submit")
    assert submitted["status"] == "pending"
    assert submitted["attachments"][0]["mime"] == "image/png"
