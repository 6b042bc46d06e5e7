"""What is dangerous reaches whom the line names, and has a clock."""

import pytest

from chalicelib import clock
from chalicelib.editorial.lines import Escalation, Line
from chalicelib.moderation import cases, decisions
from chalicelib.rules import judging
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.words.findings import Finding
from chalicelib.words.lexicons import Lexicon
from tests.support.people import Fan
from tests.support.stack import Stack, eventually


@pytest.mark.parametrize(
    ("found", "said", "minutes"),
    [
        (["self_harm"], {}, 15),
        (["self_harm"], {"self_harm": 5}, 5),
        (["insult", "self_harm"], {"self_harm": 60, "safety": 1}, 60),
        (["safety"], {"safety": 120}, 120),
        (["safety"], {}, None),
        (["threat", "safety"], {"safety": 120}, 15),
    ],
    ids=str,
)
@pytest.mark.usefixtures("nowhere")
def test_what_is_escalated_is_decided_as_soon_as_the_line_says(
    found: list[str], said: dict[str, int], minutes: int | None
) -> None:
    escalation = tuple(Escalation(category, ("mbr_1",), within_minutes=most) for category, most in said.items())
    policy = Policy(0, Line("en", escalation=escalation), (), Lexicon(), frozenset())
    known = Facts({"promotion": 0}, tuple(Finding(one, 3, "clear", (), one) for one in found))
    pk, about = "agc_1#cnv_1", {"brand": "brd_1", "channel": "chn_1", "surface": "comment"}
    message = Message(pk, "m", id="msg_1", text="x", sent_at=0, received_at=0, **about)
    conversation = Conversation(pk, "c", network="facebook", **about)
    made = decisions.of_rules(message, conversation, policy, known, judging.judge((), known, 0), 0)
    due_at = cases.new(made, ["escalated"], None, 0).due_at
    assert due_at == (minutes * clock.MINUTE if minutes else None)
    assert cases.new(made, [cases.SAMPLE], None, 0).due_at is None


def test_whom_the_line_names_takes_part_where_somebody_else_has_it(stack: Stack) -> None:
    brand = stack.brand()
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    named = stack.someone(stack.ours, "moderator", [brand.brand]).get("/me")["member"]
    place = f"/brands/{brand.brand}/line"
    escalation = [{"category": "safety", "to": [named], "within_minutes": 30}]
    owner.put(place, {**owner.get(place)["line"], "escalation": escalation})
    owner.post(f"{place}/publish", {})
    conversation = fan.starts("Hello")["id"]
    owner.post(f"/conversations/{conversation}/assign", {"to": "me"})
    fan.says("The battery caught fire in the kitchen")
    [case] = eventually(lambda: owner.get("/cases", brand=brand.brand)["items"])
    assert (case["why"], case["category"], case["proposed"]) == (["escalated"], "safety", None)
    assert clock.parse(case["due_at"]) - clock.parse(case["at"]) == 30 * clock.MINUTE
    shown = eventually(
        lambda: one if (one := owner.get(f"/conversations/{conversation}"))["participants"] == [named] else None
    )
    assert (shown["assignee"], shown["priority"]) == (owner.get("/me")["member"], "urgent")
