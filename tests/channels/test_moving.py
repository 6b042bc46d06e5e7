"""An account moves to another agency by a code: whole or not at all, and without anything that was said."""

from functools import partial
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.channels import channels, connections, moves
from chalicelib.networks.base import Credentials
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Channel as StoredChannel
from local.environment import ROOT
from tests.support import audits, consenting, feed
from tests.support.background import time_passes
from tests.support.dying import MOMENTS, dying
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, eventually


def offered(channel: Channel) -> str:
    return str(channel.agency.owner.post(f"/channels/{channel.id}/move")["code"])


def wanted(channel: Channel, to: Agency, code: str = "") -> dict[str, Any]:
    token = {"credentials": {"token": channel.token}, "account": channel.account}
    return {"brand": to.brand, "network": channel.network, **token, **({"move": code} if code else {})}


def ids_of(agency: Agency) -> set[str]:
    return {channel["id"] for channel in agency.owner.every("/channels", limit=100)}


def test_account_that_is_given_goes_with_nothing_that_was_said(stack: Stack) -> None:
    fan = Fan(stack.connect("example", stack.theirs))
    conversation, old = fan.starts("A secret between us")["id"], fan.channel
    since = [feed.end(agency.owner) for agency in (stack.theirs, stack.ours)]
    made = stack.ours.owner.post("/channels", wanted(old, stack.ours, offered(old)))
    assert (made["state"], made["health"], made["account"]) == ("connected", "ok", old.account)
    assert old.id not in ids_of(stack.theirs)
    assert stack.theirs.owner.get(f"/conversations/{conversation}")["id"] == conversation
    refused = stack.theirs.owner.call("POST", f"/conversations/{conversation}/replies", {"text": "Still here?"})
    assert refused.status in (409, 422)
    assert stack.ours.owner.call("GET", f"/conversations/{conversation}").status == 404
    assert stack.ours.owner.every("/conversations", channel=made["id"], status="all") == []
    trails = [audits.recent(stack.theirs.owner, target=old.id), audits.recent(stack.ours.owner, target=made["id"])]
    assert [(entries[0]["action"], entries[0]["after"]["moved"]) for entries in trails] == [
        ("channel.disconnect", True), ("channel.connect", True),
    ]  # fmt: skip
    for agency, after, target in ((stack.theirs, since[0], old.id), (stack.ours, since[1], made["id"])):
        eventually(partial(_news_of, agency, after, target))


def test_hook_of_the_old_channel_answers_nobody_any_more(stack: Stack) -> None:
    old = stack.connect("telegram", stack.theirs)
    assert old.post(b'{"update_id":1}').status == 200
    made = stack.ours.owner.post("/channels", {**wanted(old, stack.ours, offered(old))})
    assert old.post(b'{"update_id":2}').status == 401
    assert made["hook"] != old.hook
    assert [call["path"].rpartition("/")[2] for call in old.calls()].count("deleteWebhook") == 0


def _news_of(agency: Agency, since: str, target: str) -> list[Any]:
    return [event for event in feed.news(agency.owner, since, type="channel") if event["target"] == target]


def test_code_counts_once_and_for_that_account_and_can_be_revoked(stack: Stack) -> None:
    old, other = stack.connect("example", stack.theirs), stack.connect("example", stack.theirs)
    code, place = offered(old), f"/channels/{old.id}/move"
    bad = code[:-1] + ("a" if code[-1] != "a" else "b")
    for wrong in (bad, offered(other), f"{stack.ours.id}.{old.id}.x", f"{stack.theirs.id}.{other.id}.x"):
        answer = stack.ours.owner.call("POST", "/channels", wanted(old, stack.ours, wrong))
        assert answer.problem == (422, "bad_move")
    assert stack.ours.owner.call("POST", "/channels", wanted(old, stack.ours)).problem == (409, "account_taken")
    assert stack.theirs.owner.get(place)["is_offered"] is True
    for _ in range(2):
        stack.theirs.owner.delete(place)
    assert stack.theirs.owner.get(place)["is_offered"] is False
    for used in (code, offered(old)):
        stack.theirs.owner.delete(place)
        answer = stack.ours.owner.call("POST", "/channels", wanted(old, stack.ours, used))
        assert answer.problem == (422, "bad_move")
    again = offered(old)
    stack.ours.owner.post("/channels", wanted(old, stack.ours, again))
    assert stack.theirs.owner.call("POST", "/channels", wanted(old, stack.theirs, again)).status == 422
    assert stack.ours.owner.call("GET", place).status == 404


def test_code_ends_after_seven_days(stack: Stack) -> None:
    old = stack.connect("example", stack.theirs)
    code = offered(old)
    with fence.within(stack.theirs.id):
        stored = channels.get(stack.theirs.id, old.id)
        ended = {**stored.move, "ends_at": clock.now()}
        table.update(StoredChannel(stored.pk, stored.sk), [StoredChannel.move.set(ended)])
    answer = stack.ours.owner.call("POST", "/channels", wanted(old, stack.ours, code))
    assert answer.problem == (422, "bad_move")


def test_account_moves_by_consent(stack: Stack) -> None:
    shop = consenting.shop()
    token = {"token": f"token{shop.removeprefix('shop')}"}
    old = stack.connect("example", stack.theirs, account=shop, credentials=token)
    begun = consenting.begun(stack.ours)
    consenting.consented(stack, begun, shop)
    chosen = {"accounts": [shop], "move": offered(old)}
    [result] = stack.ours.owner.post(f"/consents/{begun['id']}/channels", chosen)["results"]
    assert result["channel"] in ids_of(stack.ours)
    assert old.id not in ids_of(stack.theirs)


def test_account_stays_moved_when_its_hook_cannot_be_turned_on_until_it_can(stack: Stack) -> None:
    old = stack.connect("example", stack.theirs)
    code = offered(old)
    stack.behave("example", "unavailable", path="/v1/hook", method="PUT", token=old.token)
    made = stack.ours.owner.post("/channels", wanted(old, stack.ours, code))
    place = f"/channels/{made['id']}"
    assert stack.ours.owner.get(f"{place}/health")["alert"] == "hook.missing"
    time_passes(clock.MINUTE)
    eventually(lambda: stack.ours.owner.get(f"{place}/health")["health"] == "ok")


def test_process_that_dies_leaves_the_old_or_the_new_whole(stack: Stack) -> None:
    accounts = [stack.connect("example", stack.theirs) for _ in MOMENTS]
    granted = Grant("owner", frozenset(permissions.PERMISSIONS))
    owner = Actor(stack.ours.id, "mbr_mover", "Owner", grants=(granted,)).at(("channel.connect",))
    for moment, old in zip(MOMENTS, accounts, strict=True):
        code = offered(old)
        with fence.within(stack.ours.id), dying(moment):
            connections.connect(
                owner, brand_id=stack.ours.brand, network_key="example", name="", hooks=stack.hooks, now=clock.now(),
                credentials=Credentials(account=old.account, token=old.token), move=code,
            )  # fmt: skip
    time_passes(2 * clock.MINUTE)
    for old in accounts:
        [[channel, _, _]] = eventually(partial(_settled, stack, old.account))
        known = channels.owner_of("example", old.account)
        assert known and known.channel == channel
    assert len({agency for _, account, agency in everybodys(stack) if account in {a.account for a in accounts}}) == 2


def _settled(stack: Stack, account: str) -> list[tuple[str, str, str]]:
    whole = [row for row in everybodys(stack) if row[1] == account]
    return whole if len(whole) == 1 else []


def everybodys(stack: Stack) -> list[tuple[str, str, str]]:
    return [
        (channel["id"], channel["account"], agency.id)
        for agency in (stack.ours, stack.theirs)
        for channel in agency.owner.every("/channels", limit=100)
        if channel["state"] == "connected"
    ]


def test_nothing_but_a_move_works_beside_another_agency() -> None:
    files = (ROOT / "chalicelib").rglob("*.py")
    users = {path.name for path in files if "fence.beside(" in path.read_text()}
    assert users == {"connections.py", "moves.py"}
    assert moves.LIVES == 7 * clock.DAY


def test_fence_opens_beside_one_agency_and_only_inside() -> None:
    ours, theirs, third = (f"agc_{number:026d}" for number in range(3))
    with pytest.raises(fence.Trespass), fence.beside(theirs):
        pass
    key = {"pk": {"S": f"{third}#x"}, "sk": {"S": "y"}}
    with pytest.raises(fence.Trespass):
        fence.check("GetItem", {"Key": key}, ours, theirs)
    fence.check("GetItem", {"Key": {**key, "pk": {"S": theirs}}}, ours, theirs)
    with pytest.raises(fence.Trespass):
        fence.check("GetItem", {"Key": {**key, "pk": {"S": theirs}}}, ours)
