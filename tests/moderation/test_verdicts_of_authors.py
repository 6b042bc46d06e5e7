"""What people made of somebody's messages counts for them, and rules may ask for it."""

from typing import Any

import pytest

from chalicelib.access import actors
from chalicelib.moderation import cases
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Case
from tests.moderation.test_appeals import TEXT
from tests.moderation.test_by_rules import INSULT, decided, live
from tests.moderation.test_facts import about, known, policy
from tests.support.people import Fan
from tests.support.stack import Stack


@pytest.mark.parametrize(
    ("act", "case", "counts"),
    [
        ("hide", {}, True),
        ("delete", {}, True),
        ("uphold", {"why": ["appeal"]}, True),
        ("overturn", {"why": ["appeal"]}, True),
        ("nothing", {"proposed": "hide"}, True),
        ("nothing", {}, False),
        ("hide", {"rule": "rul_1"}, False),
        ("hide", {"judged_by": {"member": "mbr_1"}}, False),
        ("hide", {"contact": ""}, False),
    ],
    ids=str,
)
@pytest.mark.usefixtures("nowhere")
def test_case_that_is_decided_counts_for_the_author(act: str, case: dict[str, Any], counts: bool) -> None:
    fields = {"why": ["uncertain"], "contact": "ctc_1", "decision": "dec_1", "message": "msg_1", **case}
    open_case = Case(
        "agc_1#cnv_1", "case#1", id="cas_1", brand="brd_1", conversation="cnv_1", state="open", at=0, **fields
    )
    writes = cases.closing(actors.system("agc_1"), open_case, {"acts": [act], "clause": None}, 0)
    assert len(writes) == 2 + counts


def test_what_people_make_of_messages_is_shown_and_asked_for(stack: Stack) -> None:
    brand = stack.brand()
    live(brand)
    when = {"all": [{"field": "author_overturned", "at_least": 2}, {"field": "author_upheld", "at_most": 1}]}
    live(brand, when, [{"do": "label", "label": "lenient"}])
    fan = Fan(stack.connect("facebook", brand))
    first, second, third = (decided(brand, fan.channel.message(fan.says(INSULT))) for _ in range(3))
    brand.owner.post(f"/decisions/{first['id']}/undo", {"reason": "A joke."})
    brand.owner.post(f"/messages/{first['message']}/unhide", {"reason": "Once more."})
    for decision, outcome in ((second, "uphold"), (third, "overturn")):
        appeal = brand.owner.post(f"/decisions/{decision['id']}/appeals", TEXT)["appeal"]
        brand.owner.post(f"/appeals/{appeal['id']}/decide", {"outcome": outcome, "reason": "So it is."})
    contact = brand.owner.get(f"/messages/{first['message']}")["author"]["contact"]
    assert brand.owner.get(f"/contacts/{contact}/standing")["verdicts"] == {"upheld": 1, "overturned": 2}
    decision = decided(brand, fan.channel.message(fan.says("Hello again")))
    assert [act["do"] for act in decision["acts"]] == ["label"]


@pytest.mark.usefixtures("nowhere")
def test_verdicts_are_not_read_unless_a_rule_asks() -> None:
    """There is no table here: whoever asked it would fail."""
    assert "author_upheld" not in about(known(), policy("strikes"))


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(("identity", "followers"), [({}, None), ({"followers": 0}, 0), ({"followers": 12}, 12)])
def test_followers_are_known_where_the_network_told(identity: dict[str, int], followers: int | None) -> None:
    account = {"network": "facebook", "id": "7", "username": "ana", "phone": "", **identity}
    contact = Contact("p", "c", id="ctc_1", created_at=0, identities=[account])
    assert about(known(contact=contact), policy("followers"))["followers"] == followers
