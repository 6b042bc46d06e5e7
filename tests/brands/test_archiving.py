"""An archived brand: everything is read, nothing is said; restored, it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import GOING, Stack, eventually

ARCHIVED = (409, "brand_archived")


@pytest.fixture
def fan(stack: Stack) -> Fan:
    """Somebody who commented, on a brand that nobody else uses."""
    person = Fan(stack.connect("example", stack.brand()))
    person.says("Are you open?")
    return person


def put_away(fan: Fan) -> Any:
    return fan.channel.agency.owner.post(f"/brands/{fan.channel.agency.brand}/archive")


def restore(fan: Fan) -> Any:
    return fan.channel.agency.owner.post(f"/brands/{fan.channel.agency.brand}/restore")


def test_archived_brand_says_nothing_and_is_read(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()
    path, message = f"/conversations/{conversation['id']}", conversation["last_message"]["id"]
    draft = owner.post(f"{path}/replies", {"text": "We are", "draft": True})
    assert put_away(fan)["archived_at"]
    tries = {
        f"{path}/replies": {"text": "We are"},
        f"/replies/{draft['id']}/submit": {},
        f"{path}/typing": {},
        f"/messages/{message}/delete": {},
        f"/messages/{message}/react": {"emoji": "👍"},
        "/channels": {"brand": fan.channel.agency.brand, "network": "telegram", "credentials": {"token": "1:A"}},
    }
    for where, body in tries.items():
        assert owner.call("POST", where, body).problem == ARCHIVED, where
    assert owner.get(path)["id"] == conversation["id"]
    assert len(owner.every(f"{path}/messages")) == 1
    fan.says("Hello?")
    assert len(fan.channel.settled()) == 2


def test_restored_brand_speaks_again(fan: Fan) -> None:
    fan.channel.conversation()
    put_away(fan)
    restored = restore(fan)
    assert (restored["archived_at"], restore(fan)["version"]) == (None, restored["version"])
    assert fan.hears("We are")["status"] in GOING


def test_approval_waits_for_the_brand(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}/replies"
    creator = stack.someone(stack.ours, "content_creator", [fan.channel.agency.brand])
    reply = creator.post(path, {"text": "We are"})
    put_away(fan)
    approve = f"/replies/{reply['id']}/approve"
    assert stack.ours.owner.call("POST", approve, {"hash": reply["hash"]}).problem == ARCHIVED
    restore(fan)
    assert stack.ours.owner.post(approve, {"hash": reply["hash"]})["status"] in GOING


def test_reply_for_later_comes_back_if_its_brand_is_away(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}/replies"
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    reply = stack.ours.owner.post(path, {"text": "We are", "send_at": later})
    put_away(fan)
    time_passes(2 * 3_600_000, reply["id"])
    assert eventually(lambda: stack.ours.owner.get(f"/replies/{reply['id']}")["status"] == "pending")
