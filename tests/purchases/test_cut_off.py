"""What goes on at an agency that does not pay: customers are heard, nothing is sent, and nothing is lost."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.purchases.conftest import Billed
from tests.purchases.desk import Desk
from tests.support import audits
from tests.support.people import VOICES, Fan
from tests.support.stack import Member, eventually

REPLIES, CONVERSATIONS = 40, 8


@pytest.fixture
def desk(billed: Billed, owner: Member) -> Desk:
    return Desk(billed, owner)


def test_draft_that_was_kept_goes_out_once_it_is_paid_and_not_before(desk: Desk) -> None:
    """BI-34."""
    draft = desk.says(conversation := desk.hears(), "Kept", draft=True).json
    desk.falls_behind()
    assert desk.says(conversation, "While Stripe still tries").status == 202
    desk.is_cut_off()
    refused = desk.submits(draft)
    assert refused.problem == (402, "subscription_restricted")
    checked = desk.owner.post("/replies/check", {"conversation": conversation, "text": "Another"})
    assert [(problem["status"], problem["code"]) for problem in checked["problems"]] == [refused.problem]
    assert refused.json["action"] == {"kind": "pay", "href": "/v1/billing/pay", "allowed": True}
    desk.pays()
    assert desk.submits(draft).status == 200
    eventually(lambda: desk.sent("Kept") == desk.sent("While Stripe still tries") == 1)


def test_planned_reply_comes_back_and_waits_for_a_person_even_once_it_is_paid(desk: Desk) -> None:
    """BI-34: nobody who pays is surprised by what was planned before."""
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    reply = desk.says(desk.hears(), "In an hour", send_at=later).json
    desk.falls_behind()
    desk.is_cut_off()
    desk.comes_due(reply)
    back = eventually(lambda: shown if (shown := desk.reply(reply))["status"] == "pending" else None)
    assert back["because"] == ["subscription"]
    [entry] = audits.recent(desk.owner, target=reply["id"], action="reply.return")
    assert entry["after"] == {"state": "pending", "reasons": ["subscription"]}
    assert desk.approves(reply).problem == (402, "subscription_restricted")
    desk.pays()
    desk.comes_due(reply)
    assert desk.sent("In an hour") == 0
    assert desk.takes_up(reply).status == 200
    eventually(lambda: desk.sent("In an hour") == 1)


def test_what_was_accepted_before_the_restriction_is_sent_and_the_rest_is_refused(desk: Desk) -> None:
    """A18: the restriction falls while the network is slow, so that much of what was accepted is not sent yet."""
    conversations = [desk.hears() for _ in range(CONVERSATIONS)]
    desk.falls_behind()
    desk.behave("messenger", "wait", seconds=0.5, times=REPLIES // 4, token=desk.channel.token)

    def says(number: int) -> tuple[str, int]:
        text = f"Reply {number:03d}"
        return text, desk.says(conversations[number % CONVERSATIONS], text).status

    answers = dict(map(says, range(REPLIES // 2)))
    assert set(answers.values()) == {202}
    desk.is_cut_off()
    answers |= dict(map(says, range(REPLIES // 2, REPLIES)))
    assert set(answers.values()) == {202, 402}
    accepted = [text for text, status in answers.items() if status == 202]
    eventually(lambda: Counter(desk.texts()) == Counter(accepted))


def test_whoever_writes_on_any_network_is_heard_and_shown_however_little_is_paid(desk: Desk) -> None:
    """BI-33"""
    fans = [Fan(desk.connects(network)) for network in VOICES]
    desk.falls_behind()
    desk.is_cut_off()
    for text, level in (("Are you open?", "restricted"), ("Still there?", "read_only")):
        if level == "read_only":
            desk.is_suspended()
        assert desk.owner.get("/billing/state")["level"] == level
        said = [(fan.channel, fan.says(text)) for fan in fans]
        assert [channel.message(id)["text"] for channel, id in said] == [text] * len(fans)
    for fan in fans:
        assert {entry["outcome"] for entry in fan.channel.settled()} == {"applied"}
        assert desk.says(fan.channel.conversations()[0]["id"], "No").status == 402
