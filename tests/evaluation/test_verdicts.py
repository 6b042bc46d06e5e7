"""What people thought of a message is told from what they decided, and the last word counts."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.evaluation import verdicts
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import Case, Decision

MESSAGE = "msg_1"
PERSON = "mbr_1"


def message(**more: Any) -> Message:
    return Message("a", "b", id=MESSAGE, **more)


def decision(do: str, by: str = "rules", at: int = 10, state: str = "done", **more: Any) -> Decision:
    acts = [{"do": do, "rule": "rul_1" if by == "rules" else None, "state": state, "code": None}]
    return Decision(
        "a", "b", id="dec_1", **{"message": MESSAGE, "updated_at": at, **more}, acts=acts, state=state, by=by, at=at
    )


def case(act: str, at: int = 10) -> Case:
    return Case("a", "b", message=MESSAGE, state="done", outcome={"acts": [act], "at": clock.text(at)})


@pytest.mark.parametrize(
    ("about", "decisions", "cases", "verdict"),
    [
        ({}, [], [], "new"),
        ({"hidden": True}, [decision("hide")], [], "by_rules"),
        ({"hidden": True}, [], [], "confirmed"),
        ({"hidden": False, "hidden_at": 3}, [], [], "contradicted"),
        ({"hidden": True}, [decision("hide", PERSON)], [], "confirmed"),
        ({}, [decision("unhide", PERSON)], [], "contradicted"),
        ({}, [decision("hide", state="undone", updated_at=20)], [], "contradicted"),
        ({"hidden": True}, [decision("hide"), decision("hide", PERSON, 30)], [], "confirmed"),
        ({}, [decision("hide", PERSON, 10), decision("unhide", PERSON, 20)], [], "contradicted"),
        ({}, [], [case("nothing")], "contradicted"),
        ({}, [], [case("delete")], "confirmed"),
        ({"edited_at": 11}, [], [case("nothing", 10)], "new"),
        ({}, [decision("hide", PERSON, message="msg_2")], [], "new"),
    ],
    ids=[
        "nothing was done", "a rule hid it", "hidden on the network", "shown on the network", "a person hid it",
        "a person showed it", "taken back", "a person said so too", "the last word counts", "left by a case",
        "deleted by a case", "another text by now", "about another message",
    ],
)  # fmt: skip
def test_verdict_is_that_of_people_and_else_what_was_done(
    about: Any, decisions: list[Decision], cases: list[Case], verdict: str
) -> None:
    assert verdicts.of(message(**about), decisions, cases) == verdict
