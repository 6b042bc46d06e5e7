"""What people may choose from keeps to the limits of its network, and goes out as a call that the network takes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.networks import base, offers
from chalicelib.networks.base import Interactive, InteractiveKind, Media, Option, Say
from local.double import Server
from tests.networks.folders import everywhere, of
from tests.networks.test_contract_calls import answers, connected


def offer(say: Say, kind: InteractiveKind, limit: base.InteractiveLimit) -> Say:
    """The largest offer that the network takes."""
    options = tuple(
        Option(id=n.ljust(limit.id, "i"), title=n.ljust(limit.title, "t"), description="d" * limit.description)
        for n in map(str, range(limit.options))
    )
    choice = Interactive(kind=kind, options=options, button="b" * limit.button)
    return replace(say, text="t" * limit.text, interactive=choice)


@everywhere
def test_the_largest_offers_are_taken_by_the_network(key: str, server: Server) -> None:
    can = of(key).capabilities
    for kind, limit in can.interactive.items():
        credentials, say = connected(key), next(say for say in answers(key) if say.surface == "dm")
        largest = offer(say, kind, limit)
        offers.check(can, largest, largest.interactive or Interactive(kind=kind, options=()))
        [part] = of(key).parts(largest)
        assert of(key).send(credentials, part).id
        assert largest.interactive
        sent = str(server.state.requests[-1]["json"])
        assert all(option.id in sent for option in largest.interactive.options)


CAN = base.Capabilities(
    surfaces=("dm", "comment"),
    interactive={
        "buttons": base.InteractiveLimit(options=2, title=5, id=4, text=10),
        "list": base.InteractiveLimit(options=3, title=5, id=4, text=10, description=3, button=6),
    },
)
YES, NO = Option(id="y", title="Yes"), Option(id="n", title="No")
BUTTONS = Interactive(kind="buttons", options=(YES, NO))
LIST = Interactive(kind="list", options=(YES, NO), button="Choose")
SAY = Say(thread="t", text="Open?")
REFUSED: Mapping[str, tuple[Say, Interactive, str, str]] = {
    "a kind it has not": (SAY, replace(BUTTONS, kind="quick_replies"), "cannot_interactive", "interactive"),
    "in public": (replace(SAY, surface="comment"), BUTTONS, "cannot_interactive", "interactive"),
    "a private answer": (replace(SAY, private=True), BUTTONS, "cannot_interactive", "interactive"),
    "a file": (
        replace(SAY, attachments=(Media(kind="image", url="https://a.example/1"),)), BUTTONS, "interactive_with_more",
        "interactive",
    ),
    "a template": (replace(SAY, template={"name": "a"}), BUTTONS, "interactive_with_more", "interactive"),
    "a long text": (replace(SAY, text="t" * 11), BUTTONS, "text_too_long", "text"),
    "an id twice": (SAY, replace(BUTTONS, options=(YES, YES)), "interactive_ids", "interactive.options"),
    "too many": (
        SAY, replace(BUTTONS, options=(YES, NO, Option(id="m", title="May"))), "interactive_too_long",
        "interactive.options",
    ),
    "a long title": (
        SAY, replace(BUTTONS, options=(YES, Option(id="n", title="Never!"))), "interactive_too_long",
        "interactive.options.1.title",
    ),
    "a long id in bytes": (
        SAY, replace(BUTTONS, options=(Option(id="été", title="Été"),)), "interactive_too_long",
        "interactive.options.0.id",
    ),
    "a description": (
        SAY, replace(BUTTONS, options=(replace(YES, description="d"),)), "interactive_too_long",
        "interactive.options.0.description",
    ),
    "a button without a list": (SAY, replace(BUTTONS, button="Go"), "interactive_button", "interactive.button"),
    "a list without a button": (SAY, replace(LIST, button=""), "interactive_button", "interactive.button"),
    "a long button": (SAY, replace(LIST, button="Choose!"), "interactive_too_long", "interactive.button"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_offer_beyond_the_limits_names_what_is_wrong(name: str) -> None:
    say, offered, code, field = REFUSED[name]
    with pytest.raises(errors.Invalid) as refused:
        offers.check(CAN, say, offered)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("offered", [BUTTONS, LIST], ids=["buttons", "list"])
def test_offer_within_the_limits_is_taken(offered: Any) -> None:
    offers.check(CAN, SAY, offered)
