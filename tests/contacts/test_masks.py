"""S9: who may not see people's private data sees names, and neither numbers nor ids."""

from collections.abc import Mapping

import pytest

from chalicelib.access.actors import Actor, Grant
from chalicelib.contacts import masks

PHONE = "33612345678"
IDENTITY = {"network": "whatsapp", "id": PHONE, "username": "ana", "phone": PHONE}


def mask(*names: str) -> masks.Mask:
    return masks.of(Actor("agc_1", "mbr_1", "Bo", grants=(Grant("own", frozenset(names)),)), "brd_1")


CLOSED, OPEN = mask("contact.view"), mask("contact.view_pii")


NUMBERS = (PHONE, "+33 6 12 34 56 78", "(0) 612-345.678", "٠٦١٢٣٤٥٦٧٨", "３３６１２３４５", "12345")


@pytest.mark.parametrize("name", NUMBERS)
def test_name_that_is_a_number_is_a_code(name: str) -> None:
    assert CLOSED.name(name) is None
    assert CLOSED.display_name(name, "ctc_0000000000000000f3k7") == "#F3K7"
    assert OPEN.name(name) == OPEN.display_name(name, "ctc_1") == name


@pytest.mark.parametrize("name", ["Ana", "50 Cent", "2 Chainz", "1234", "Ana 12345", "李", "Unknown"])
def test_name_that_is_a_name_stays(name: str) -> None:
    assert CLOSED.name(name) == CLOSED.display_name(name, "ctc_1", identities=[IDENTITY]) == name


@pytest.mark.parametrize(
    ("identity", "name", "shown"),
    [
        ({}, "ana", "ana"),
        ({"username": ""}, PHONE, "#CTC1"),
        ({"username": "", "phone": ""}, "psid", "#CTC1"),
        ({"username": PHONE}, PHONE, "#CTC1"),
    ],
    ids=["a username", "a number", "an id", "a username that is a number"],
)
def test_who_has_no_name_is_shown_by_what_may_be_seen(identity: Mapping[str, str], name: str, shown: str) -> None:
    known = [{**IDENTITY, "id": "psid", **identity}]
    assert OPEN.name("") is None
    assert tuple(mask.display_name("", "ctc1", identities=known) for mask in (OPEN, CLOSED)) == (name, shown)


def test_identity_shows_the_ends_of_a_number_and_nothing_of_an_id() -> None:
    assert CLOSED.identity(IDENTITY) == {**IDENTITY, "id": "••••", "phone": "+336••••••78"}
    assert CLOSED.identity({**IDENTITY, "phone": "12345678"})["phone"] == "••••"
    assert CLOSED.identity({**IDENTITY, "phone": "", "username": PHONE}) == {
        **IDENTITY, "id": "••••", "phone": "", "username": "••••"
    }  # fmt: skip
    assert OPEN.identity(IDENTITY) == IDENTITY


def test_author_of_a_message_is_masked_and_a_member_is_not() -> None:
    person = {"contact": "ctc_000f3k7", "name": PHONE, "network_id": PHONE}
    hidden = {"contact": "ctc_000f3k7", "name": None, "display_name": "#F3K7", "network_id": "••••"}
    assert CLOSED.author(person) == hidden
    member = {"member": "mbr_1", "name": "12345"}
    assert CLOSED.author(member) == {**member, "display_name": "12345"}
    assert OPEN.author(person) == {**person, "display_name": PHONE}


def test_who_reacted_and_has_no_name_is_not_told_by_their_id() -> None:
    nameless, named = (
        {"emoji": "+", "by": by, "id": "US.13491208655302741918"} for by in ("US.13491208655302741918", "Bo")
    )
    assert [CLOSED.reaction(entry)["by"] for entry in (nameless, named)] == [None, "Bo"]
    assert OPEN.reaction(nameless)["by"] == nameless["id"]


def test_id_of_a_private_message_is_told_as_another_that_answers_refer_to_alike() -> None:
    shown = CLOSED.message_id("33612345678:7", "dm")
    assert PHONE not in shown
    assert (shown, shown) == (CLOSED.message_id("33612345678:7", "dm"), OPEN.message_id(shown, "dm"))
    assert CLOSED.message_id("500_777", "comment") == "500_777"
    assert CLOSED.message_id("", "dm") == ""


def test_picture_whose_address_has_the_id_is_not_shown() -> None:
    assert CLOSED.avatar(f"https://cdn.example/?psid={PHONE}", [IDENTITY]) == ""
    assert CLOSED.avatar("https://cdn.example/1.jpg", [IDENTITY]) == "https://cdn.example/1.jpg"
    assert OPEN.avatar(f"https://cdn.example/?psid={PHONE}", [IDENTITY])


def test_card_shows_a_name_and_no_number() -> None:
    card = {"kind": "contact", "title": "Bo", "details": {"phone_number": PHONE, "vcard": f"TEL:{PHONE}"}}
    place = {"kind": "location", "title": "12345", "details": {"latitude": 48.8}}
    assert CLOSED.attachment(card) == {"kind": "contact", "title": "Bo", "details": {}}
    assert CLOSED.attachment({**card, "title": PHONE})["title"] == ""
    assert CLOSED.attachment(place) == place
    assert OPEN.attachment(card) == card
