"""The pictures in the README of the inbox: how it looks on each screen. PICTURES=1 takes them anew."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from local import week
from tests.examples.conftest import PAGE
from tests.support.browsers import Window
from tests.support.people import now
from tests.support.stack import Agency, Channel, Stack, eventually, number

DESK: dict[str, Any] = {"width": 1280, "height": 717}
PHONE: dict[str, Any] = {"width": 390, "height": 844, "scale": 2}
# Whose people are called as they say: other networks tell a name of their own, which is the same for all in the double.
NETWORKS = ("whatsapp", "facebook", "telegram")
TEXT = "Hello {{1}}, our offer for your {{2}} people is ready. May we send it to you here?"
OFFERED, SEND = "Hello Ulla, our offer for your 40 people", ".composer [type=submit]:enabled"
Talks = dict[str, Any]


@pytest.fixture
def talks(stack: Stack, brand: Agency) -> Talks:
    """The conversations of a week at the brand, by what was said last."""
    channels = {network: stack.connect(network, brand) for network in NETWORKS}
    week_of = tomllib.loads(week.TALKS.read_text())["talk"]
    chosen = [talk for talk in week_of if talk["network"] in NETWORKS and ">" not in str(talk["said"])]
    for talk in chosen:
        channel = channels[talk["network"]]
        for webhook in week.webhooks(talk, week.Speaker(number(), talk["name"], channel.account), now()):
            channel.tell(webhook["event"], **webhook["fields"])
    approved(channels["whatsapp"])
    ends = {week.last(talk) for talk in chosen}
    return eventually(lambda: conversations if ends <= (conversations := listed(brand)).keys() else None)


def listed(brand: Agency) -> Talks:
    """The brand's conversations by the beginning of what was said last."""
    rows = brand.owner.every("/conversations", brand=brand.brand)
    return {row["last_message"]["text"][:40]: row["id"] for row in rows}


def approved(channel: Channel) -> None:
    body = {"type": "BODY", "text": TEXT, "example": {"body_text": [["Ulla", "40"]]}}
    written = {"channel": channel.id, "name": "an_offer_for_many_at_once", "language": "en_US", "category": "UTILITY"}
    made = channel.agency.owner.post("/templates", {**written, "components": [body]})
    channel.agency.owner.post(f"/templates/{made['id']}/submit")


class Album:
    """Where the pictures go: beside the README, or away."""

    def __init__(self, inbox: Window, away: Path) -> None:
        self._inbox, self._folder = inbox, PAGE / "pictures" if os.environ.get("PICTURES") else away

    def takes(self, name: str, said: str, *seen: str) -> None:
        """Takes one once that is said; these are to be seen then, and nothing is cut off at the sides."""
        self._inbox.reads(said)
        assert all(map(self._inbox.shows, seen))
        assert self._inbox.cut_off() == []
        self._inbox.pictures(self._folder / f"{name}.png")


def fills_in(inbox: Window) -> None:
    inbox.clicks(".template option:nth-child(2)")
    inbox.fills(".gaps label:nth-child(1) input", "Ulla")
    inbox.fills(".gaps label:nth-child(2) input", "40")
    inbox.finds(SEND)


def test_inbox_looks_well_on_a_desk(inbox: Window, stack: Stack, brand: Agency, talks: Talks, tmp_path: Path) -> None:
    album, path = Album(inbox, tmp_path), "/conversations/" + next(talks[said] for said in talks if "heure" in said)
    brand.owner.post(f"{path}/notes", {"text": "Same evening as the power cut in Lyon. Offer a dinner."})
    creator = stack.someone(brand, "content_creator", [brand.brand])
    sorry = "We are sorry, Denis: an hour is far too long. May we call you about it today?"
    creator.post(f"{path}/replies", {"text": sorry})
    inbox.becomes(**DESK)
    inbox.presses("We are 40 people")
    fills_in(inbox)
    album.takes("desk-light", OFFERED, ".list .row", ".composer .reads", SEND)
    inbox.becomes(**DESK, dark=True)
    inbox.presses("Une heure d'attente")
    inbox.fills(".composer textarea", "Denis, nothing excuses an hour.")
    album.takes("desk-dark", "31 / 8000", ".list .row", ".proposal", SEND)


def test_inbox_looks_well_on_a_phone(inbox: Window, talks: Talks, tmp_path: Path) -> None:
    album = Album(inbox, tmp_path)
    inbox.becomes(**PHONE)
    album.takes("phone", "One of us is in a wheelchair.", ".list .row", ".search input", ".approvals")
    inbox.becomes(**PHONE, dark=True)
    inbox.presses("We are 40 people")
    fills_in(inbox)
    album.takes("phone-dark", OFFERED, ".said.in", ".composer .notice", SEND)
