"""F28. Whenever a process dies that connects or disconnects an account, the network and we agree again in a minute."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.channels import channels, connections
from chalicelib.networks.base import Credentials
from chalicelib.store import due, fence
from chalicelib.store.models.channels import Channel
from tests.support import audits
from tests.support.background import time_passes
from tests.support.dying import MOMENTS, dying
from tests.support.stack import DOUBLES, Stack, eventually, number
from tests.support.thorough import tries

NETWORKS = tries(("whatsapp",), ("telegram", "whatsapp"))


@dataclass
class Account:
    """An account on a network, and an owner of ours who works below the API."""

    stack: Stack
    network: str
    owner: Actor
    credentials: Credentials

    def connects(self) -> None:
        with fence.within(self.owner.agency):
            connections.connect(
                self.owner, brand_id=self.stack.ours.brand, network_key=self.network, credentials=self.credentials,
                name="", hooks=self.stack.hooks, now=clock.now(),
            )  # fmt: skip

    def disconnects(self) -> None:
        with fence.within(self.owner.agency):
            connections.disconnect(self.owner, self.channels()[0], clock.now())

    def channels(self) -> list[Channel]:
        with fence.within(self.owner.agency):
            every = [
                channel for channel in channels.every(self.owner.agency) if channel.connected_by == self.owner.member
            ]
            return [
                channel
                for channel in every
                if channels.credentials(channel.pk, channel).token == self.credentials.token
            ]

    def audit(self) -> list[str]:
        """What was done to the channels of the account, oldest first."""
        begun = audits.recent(self.stack.ours.owner, action="channel.start", actor=self.owner.member)
        entries = [entry for start in begun for entry in audits.recent(self.stack.ours.owner, target=start["target"])]
        return [entry["action"] for entry in reversed(entries) if entry["action"].startswith("channel.")]

    def is_posted(self) -> bool:
        """True if the network was last told to post what happens."""
        calls = self.stack.requests(self.network, self.credentials.token)
        turned = [call for call in calls if call["path"].lower().endswith(("hook", "subscribed_apps"))]
        done = [call for call in turned if call["status"] == 200]
        return bool(done) and done[-1]["method"] != "DELETE" and not done[-1]["path"].endswith("deleteWebhook")


def new_account(stack: Stack, network: str) -> Account:
    wanted: Any = json.loads(json.dumps(DOUBLES[network].CONNECTION).replace("{n}", number()))
    asked = Credentials(
        account=wanted.get("account", ""), details=wanted.get("details", {}), token=wanted["credentials"]["token"]
    )
    granted = Grant("owner", frozenset(permissions.PERMISSIONS))
    owner = Actor(stack.ours.id, f"mbr_{number()}", "Owner", grants=(granted,)).at(("channel.connect",))
    return Account(stack, network, owner, asked)


def fails(account: Account, how: str) -> None:
    name = account.credentials.details.get("waba", account.credentials.token)
    account.stack.behave(account.network, how, path=f"{name}/(setWebhook|subscribed_apps)$")
    with suppress(errors.Problem):
        account.connects()


DEEDS: dict[str, Callable[[Account], None]] = {
    "connects": Account.connects,
    "disconnects": Account.disconnects,
    "is refused": lambda account: fails(account, "rejected"),
    "hears nothing": lambda account: fails(account, "timeout"),
}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("deed", DEEDS)
def test_network_and_we_agree_whenever_the_process_died(stack: Stack, network: str, deed: str) -> None:
    accounts = [new_account(stack, network) for _ in MOMENTS]
    for moment, account in zip(MOMENTS, accounts, strict=True):
        if deed == "disconnects":
            account.connects()
        with dying(moment):
            DEEDS[deed](account)
    time_passes(2 * clock.MINUTE)
    for account in accounts:
        eventually(partial(_is_settled, account))
        _assert_agreed(account)


def _is_settled(account: Account) -> bool:
    return not any(channel.settling for channel in account.channels())


def _assert_agreed(account: Account) -> None:
    known = account.channels()
    owners = [channels.owner_of(account.network, channel.account) for channel in known]
    assert [owner.channel for owner in owners if owner] == [channel.id for channel in known]
    assert account.is_posted() == bool(known)
    ends = ("channel.connect",) if known else ("channel.stop", "channel.disconnect")
    assert account.audit()[-1:] in ([], *([end] for end in ends))
    assert not {item.target for item in due.now_due(clock.now() + clock.HOUR)} & {channel.id for channel in known}


@pytest.mark.parametrize("network", NETWORKS)
def test_account_left_half_way_is_connected_anew(stack: Stack, network: str) -> None:
    account = new_account(stack, network)
    with dying(1):
        account.connects()
    [left] = account.channels()
    shown = stack.ours.owner.get(f"/channels/{left.id}")
    assert shown["state"] == "connecting"
    assert stack.ours.owner.call("DELETE", f"/channels/{left.id}").problem == (409, "channel_unsettled")
    time_passes(2 * clock.MINUTE)
    eventually(lambda: not account.channels())
    account.connects()
    assert [channel.settling for channel in account.channels()] == [None]
    assert account.is_posted()


def test_number_that_leaves_does_not_silence_the_others_of_its_business_account(stack: Stack) -> None:
    first = stack.connect("whatsapp")
    second = stack.connect("whatsapp", details={"waba": first.waba}, credentials={"token": first.token})
    stack.ours.owner.delete(f"/channels/{second.id}")
    assert [call["method"] for call in first.calls()] == ["POST", "POST"]
    stack.ours.owner.delete(f"/channels/{first.id}")
    assert [call["method"] for call in first.calls()][-1] == "DELETE"
