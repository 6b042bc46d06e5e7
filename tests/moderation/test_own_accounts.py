"""What the brand itself says is judged by nobody, on whichever channel it comes in."""

from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace

import pytest

from chalicelib import clock, ids
from chalicelib.editorial.lines import Line
from chalicelib.inbox import messages
from chalicelib.moderation import acts, facts, judging
from chalicelib.moderation.facts import Known
from chalicelib.people import accounts
from chalicelib.rules import looking
from chalicelib.rules.policies import Policy
from chalicelib.store import fence, keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.people import OwnAccount
from chalicelib.words.competitors import Own
from chalicelib.words.lexicons import Lexicon
from tests.moderation.test_by_rules import INSULT, live
from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack

HANDLES = ("@Velostra", "velostra.help")


@pytest.fixture
def channel(stack: Stack) -> Iterator[Channel]:
    brand = stack.brand()
    live(brand, {"field": "category", "is": "insult"}, [{"do": "hide"}, {"do": "label", "label": "rude"}])
    with fence.within(stack.ours.id):
        yield stack.connect("facebook", brand)


def judged(channel: Channel, account: str, text: str) -> tuple[bool, list[str]]:
    """Whether something is decided about a comment by that account, and the labels of its conversation."""
    brand: Agency = channel.agency
    shown = channel.message(Fan(channel, account).says(text))
    stored = messages.find(brand.id, shown["conversation"], shown["network_id"])
    assert stored
    try:
        outcome = judging.judge(stored, 1, clock.now())
    except acts.TryAgain:  # a worker judges it at this moment
        outcome = judging.judge(stored, 1, clock.now())
    return outcome != "clean", brand.owner.get(f"/conversations/{shown['conversation']}")["labels"]


def test_comment_by_an_account_of_ours_is_left_alone_on_the_channel_of_another_brand(
    stack: Stack, channel: Channel
) -> None:
    assert judged(channel, Fan(channel).id, INSULT) == (True, ["rude"])
    for other in (stack.connect("facebook", stack.brand()), stack.connect("messenger", channel.agency)):
        assert judged(channel, other.account, INSULT) == (False, [])
        assert judged(channel, other.account, "I want to kill myself") == (False, [])
    theirs = stack.connect("facebook", stack.theirs)
    assert judged(channel, theirs.account, INSULT) == (True, ["rude"])


@pytest.mark.parametrize(
    ("username", "is_own"),
    [("velostra", True), ("VELOSTRA.help", True), ("@velostra", True), ("velostra.help2", False), ("", False)],
)
def test_accounts_that_the_line_names_are_ours(username: str, is_own: bool) -> None:
    assert looking.is_own_handle(HANDLES, username) is is_own
    assert not looking.is_own_handle(("", "@"), username)


@pytest.mark.parametrize(
    ("identity", "is_own"),
    [
        ({"network": "instagram", "id": "1", "username": "velostra"}, True),
        ({"network": "instagram", "id": "1", "username": ""}, False),
        ({"network": "threads", "id": "1", "username": "velostra"}, False),
    ],
    ids=["by its handle", "by its name", "elsewhere"],
)
def test_handle_counts_where_it_was_used_and_a_name_that_is_shown_never(
    identity: dict[str, str], is_own: bool, nowhere: None
) -> None:
    agency, now = ids.new("agc"), clock.now()
    about = {"brand": "brd_1", "channel": "chn_1", "surface": "comment"}
    wrote = {"contact": "ctc_1", "name": "velostra", "network_id": "1"}
    pk = keys.within(agency, "cnv_1")
    message = Message(pk, "m", id="m", text=INSULT, author=wrote, sent_at=now, received_at=now, **about)
    contact = Contact(agency, "c", id="ctc_1", brand="brd_1", identities=[identity], created_at=now, updated_at=now)
    known = Known(message, Conversation(pk, "c", network="instagram", **about), None, contact, None)
    base = Policy(0, Line("en"), (), Lexicon(), frozenset())
    policy = replace(base, line=replace(base.line, own=Own(handles=HANDLES)))
    assert facts.of(policy, known, now).own is is_own
    assert not facts.of(base, known, now).own


def is_own(agency: str, account: str) -> bool:
    with fence.within(agency):
        return facts.is_own(agency, "facebook", account, "ana.own")


def test_account_that_a_member_has_is_left_alone_in_that_agency_until_the_member_goes(
    stack: Stack, channel: Channel
) -> None:
    brand, theirs = channel.agency, stack.theirs.id
    member, other = (stack.someone(stack.ours, "moderator", [brand.brand]) for _ in range(2))
    account = Fan(channel).id
    named = {"network": "facebook", "id": account, "username": "@Ana.Own"}
    assert judged(channel, account, INSULT) == (True, ["rude"])
    assert member.put("/me/accounts", {"accounts": [named]})["items"] == [named]
    assert member.get("/me/accounts")["items"] == [named]
    assert judged(channel, account, INSULT) == (False, [])
    assert not Context().run(is_own, theirs, account)
    assert all(facts.is_own(brand.id, "facebook", *names) for names in ((account, ""), ("", "ANA.own")))
    assert other.call("PUT", "/me/accounts", {"accounts": [named]}).problem == (409, "named_by_another")
    nowhere = {"network": "nowhere", "username": "ana"}
    assert member.call("PUT", "/me/accounts", {"accounts": [nowhere]}).problem == (422, "unknown_reference")
    mine = member.get("/me")["member"]
    assert brand.owner.get(f"/members/{mine}")["accounts"] == [named]
    brand.owner.call("DELETE", f"/members/{mine}", headers={"If-Match": "*"})
    assert not table.each(*((OwnAccount, brand.id, key) for key in accounts.keys_of("facebook", account, "ana.own")))[0]
    assert judged(channel, account, INSULT) == (True, ["rude"])


def test_account_that_a_member_named_is_seen_and_taken_away_by_who_manages_members(
    stack: Stack, channel: Channel
) -> None:
    owner, member = channel.agency.owner, stack.someone(stack.ours, "moderator", [channel.agency.brand])
    account = Fan(channel).id
    stays, goes = ({"network": "facebook", "id": id, "username": None} for id in (Fan(channel).id, account))
    member.put("/me/accounts", {"accounts": [{"network": "facebook", "id": entry["id"]} for entry in (stays, goes)]})
    id = member.get("/me")["member"]
    path, named = f"/members/{id}/accounts/take-away", {"network": "facebook", "id": account}
    assert owner.get(f"/members/{id}")["accounts"] == [stays, goes]
    assert member.call("POST", path, named).problem == (403, "forbidden")
    assert owner.call("POST", path, {"network": "facebook"}).problem == (422, "empty")
    for _ in range(2):
        assert owner.post(path, named)["accounts"] == [stays]
    assert member.get("/me/accounts")["items"] == [stays]
    assert not facts.is_own(channel.agency.id, "facebook", account, "")
    [done, *_] = audits.recent(owner, target=id, action="member.change")
    assert done["performed_by"]["id"] == owner.get("/me")["member"]
    assert done["after"] == {"accounts": ["facebook"], "taken_away": "facebook"}


def test_account_is_found_by_its_id_and_by_its_name_however_that_is_written() -> None:
    by_id, by_name = accounts.keys_of("facebook", "17", "@Ana")
    assert accounts.keys_of("facebook", "", "ANA") == [by_name]
    assert by_id not in accounts.keys_of("facebook", "18", "17")
    assert by_id not in accounts.keys_of("instagram", "17", "")
    assert accounts.keys_of("facebook", "", "") == accounts.keys_of("facebook", "", "@") == []
