"""Whether, how and at what cost one can answer: the same for what is shown and for what is enforced."""

from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.clock import HOUR
from chalicelib.networks import base, contents
from chalicelib.replies import compose, sendability
from chalicelib.replies.sendability import Place
from tests.networks.folders import of

SPOKE = clock.parse("2026-11-01T12:00:00Z")
MESSENGER, WHATSAPP = of("messenger").capabilities, of("whatsapp").capabilities


def said(**more: Any) -> base.Say:
    tag = more.pop("tag", "")
    return base.Say(thread="1", text="Hello", context={"tag": tag} if tag else {}, **more)


def shown(can: base.Capabilities, hours: float, surface: base.Surface = "dm") -> Any:
    return sendability.view(can, Place(surface, SPOKE), SPOKE + round(hours * HOUR))


def refusal(can: base.Capabilities, hours: float, say: base.Say) -> str:
    """The code of it, empty if it can be said."""
    hindrances = sendability.hindrances(can, Place(say.surface, SPOKE), say, SPOKE + round(hours * HOUR))
    return next((problem.code for problem in chain(contents.objections(can, say), hindrances)), "")


@pytest.mark.parametrize(
    ("hours", "ways"),
    [(1, ["reply", "template"]), (23.9, ["reply", "template"]), (24, ["tag", "template"]), (167.9, ["tag", "template"]),
     (168, ["template"]), (9999, ["template"])],
)  # fmt: skip
def test_tag_opens_when_the_window_closes_and_until_its_hours_are_over(hours: float, ways: list[str]) -> None:
    assert shown(MESSENGER, hours)["ways"] == ways


def test_each_way_tells_until_when() -> None:
    view = shown(MESSENGER, 25)
    assert view["until_by_way"] == {"tag": clock.text(SPOKE + 168 * HOUR), "template": None}
    assert (view["until"], view["tags"]) == (clock.text(SPOKE + 168 * HOUR), ["HUMAN_AGENT"])


@pytest.mark.parametrize(("hours", "ways"), [(1, ["reply", "private_reply"]), (169, ["reply"])])
def test_end_of_the_private_answer_is_not_the_end_of_public_ones(hours: float, ways: list[str]) -> None:
    view = shown(of("facebook").capabilities, hours, "comment")
    assert (view["ways"], view["until"], view["until_by_way"]["reply"]) == (ways, None, None)


@pytest.mark.parametrize(
    ("hours", "say", "code"),
    [
        (25, said(), "window_closed"),
        (25, said(tag="HUMAN_AGENT"), ""),
        (1, said(tag="HUMAN_AGENT"), ""),
        (169, said(tag="HUMAN_AGENT"), "window_closed"),
        (25, said(tag="ACCOUNT_UPDATE"), "unknown_tag"),
        (25, said(tag="HUMAN_AGENT", template={"name": "a", "language": "en"}), "unknown_tag"),
        (25, said(template={"name": "a", "language": "en"}), ""),
    ],
)
def test_what_is_shown_is_what_is_enforced(hours: float, say: base.Say, code: str) -> None:
    assert refusal(MESSENGER, hours, say) == code


def test_program_is_shown_no_way_by_a_tag() -> None:  # F18
    view = sendability.view(MESSENGER, Place("dm", SPOKE, by_person=False), SPOKE + 25 * HOUR)
    assert (view["ways"], view["tags"]) == (["template"], [])


def test_networks_without_tags_take_none() -> None:
    assert refusal(WHATSAPP, 25, said(tag="HUMAN_AGENT")) == "unknown_tag"
    assert refusal(of("instagram").capabilities, 1, said(tag="HUMAN_AGENT", surface="comment")) == "unknown_tag"


@given(st.floats(0, 2000))
def test_what_can_be_said_has_a_way_that_is_open(hours: float) -> None:
    for can in (MESSENGER, WHATSAPP, of("telegram").capabilities):
        view = shown(can, hours)
        assert set(view["until_by_way"]) == set(view["costs"]) == set(view["ways"])
        assert (refusal(can, hours, said()) == "") == ("reply" in view["ways"])
        assert all(
            until is None or clock.parse(until) > SPOKE + hours * HOUR - 1 for until in view["until_by_way"].values()
        )


def test_kinds_and_limits_are_those_of_the_surface() -> None:
    dm, comment = shown(WHATSAPP, 1), shown(of("instagram").capabilities, 1, "comment")
    assert dm["kinds"] == ["text", "image", "video", "audio", "file", "sticker", "interactive"]
    assert (dm["text"], dm["caption"], dm["media"]["image"]["bytes"]) == (4096, 1024, 5 << 20)
    assert (comment["kinds"], comment["text"], comment["caption"], comment["media"]) == (["text"], 2200, None, {})
    assert shown(WHATSAPP, 25)["kinds"] == []


@pytest.mark.parametrize(("day", "cost"), [("2026-09-30T23:59:59Z", "free"), ("2026-10-01T00:00:00Z", "paid")])
def test_whatsapps_answers_cost_since_october(day: str, cost: str) -> None:
    now = clock.parse(day)
    costs = sendability.view(WHATSAPP, Place("dm", now - HOUR), now)["costs"]
    note = "beyond_1000_a_month" if cost == "paid" else None
    assert costs["reply"] == {"cost": cost, "unit": "message", "note": note}
    assert costs["template"] == {"cost": "paid", "unit": "message", "note": None}


def test_other_networks_answers_are_free() -> None:
    assert {price["cost"] for price in shown(MESSENGER, 25)["costs"].values()} == {"free"}


def test_tag_is_part_of_what_is_approved() -> None:
    assert compose.hash_of(said()) != compose.hash_of(said(tag="HUMAN_AGENT"))


def test_approval_is_bound_to_all_of_a_file() -> None:
    file = base.Media(kind="image", url="https://files.example/1", mime="image/png", name="Menu")
    others = [
        replace(file, kind="file"), replace(file, url="https://files.example/2"), replace(file, mime="image/gif"),
        replace(file, name="Bill"),
    ]  # fmt: skip
    hashes = {compose.hash_of(said(attachments=(other,))) for other in (file, *others)}
    assert len(hashes) == 5
