"""A channel goes on with new credentials, also when its account is connected through another app than before."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, networks
from chalicelib.aws import secrets
from chalicelib.channels import channels, lookouts, sealing
from chalicelib.networks.double import number
from tests.support import consenting
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, eventually
from tests.upkeep.test_as_app import by_consent, posted_to, posts

NOW = 1_772_600_000_000


def test_secrets_of_the_app_of_before_hold_for_two_days() -> None:
    first, shown = sealing.of_other_app({"signing": [], "verify": []}, "theirs", NOW)
    held = secrets.current(first, NOW)
    assert (held.signing, held.verify) == (("theirs",), (shown["verify_token"],))
    back, nothing = sealing.of_other_app(first, "", NOW)
    assert not nothing
    assert secrets.current(back, NOW + 2 * clock.DAY - 1) == held
    assert secrets.current(back, NOW + 2 * clock.DAY) == networks.base.Secrets()


@pytest.fixture
def agency(stack: Stack) -> Iterator[Agency]:
    """A brand with an app of its own on Facebook from `own` on."""
    yield (agency := stack.brand())
    agency.owner.call("DELETE", f"/network-apps/facebook?brand={agency.brand}")


def own(stack: Stack, agency: Agency, network: str = "facebook") -> str:
    """An app of the brand's own, whose secret begins with its id; nothing is posted to it yet."""
    app = f"own{number()}"
    agency.owner.put(f"/network-apps/{network}", {"brand": agency.brand, "app_id": app, "secret": f"{app}-secret"})
    return app


def again(stack: Stack, channel: Channel, secret: str) -> Channel:
    """Somebody consents anew, by the app that the brand has now."""
    agency = channel.agency
    begun = consenting.begun(agency, network=channel.network)
    consenting.consented(stack, begun, channel.account, user=str(number()))
    [made] = consenting.connected(agency, begun["id"], channel.account)
    assert made["channel"] == channel.id
    hook = agency.owner.get(f"/channels/{channel.id}")["hook"]
    local = hook.replace(hook[: hook.index("/hooks")], stack.hooks.removesuffix("/hooks"))
    return replace(channel, hook=local, secret=secret)


def told(channel: Channel, at: Channel) -> Any:
    """What somebody says to the channel arrives, as it is posted and signed at the other."""
    return channel.message(Fan(replace(channel, hook=at.hook, secret=at.secret)).says(f"Hello {number()}"))


def test_page_that_goes_over_to_an_app_of_its_own_hears_both(stack: Stack, agency: Agency) -> None:
    ours = replace(by_consent(stack, agency=agency), hook=f"{stack.hooks}/facebook")
    ours = replace(ours, secret=stack.networks["facebook"]["app_secret"])
    app = own(stack, agency)
    posts(stack, app, "page", "")
    theirs = again(stack, ours, f"{app}-secret")
    assert theirs.hook == f"{stack.hooks}/facebook/{ours.id}"
    for hook in (ours, theirs):
        assert told(theirs, at=hook)
    time_passes(clock.SECOND, ours.id)  # its app is told where to post, by the new token
    assert eventually(lambda: posted_to(stack, app, "page") == f"{stack.hooks}/facebook/{ours.id}")


def test_page_that_goes_over_to_our_app_hears_both_for_two_days(stack: Stack, agency: Agency) -> None:
    app, secret = own(stack, agency), stack.networks["facebook"]["app_secret"]
    theirs, other = (
        replace(channel, hook=f"{stack.hooks}/facebook/{channel.id}", secret=f"{app}-secret")
        for channel in (by_consent(stack, agency=agency), by_consent(stack, agency=agency))
    )
    agency.owner.delete(f"/network-apps/facebook?brand={agency.brand}")
    ours = again(stack, theirs, secret)
    assert ours.hook == f"{stack.hooks}/facebook"
    for channel, at in ((ours, ours), (ours, theirs), (ours, other), (other, theirs)):
        assert told(channel, at)
    later = clock.now() + 2 * clock.DAY + clock.MINUTE
    assert channels.owner_at("facebook", other.account, theirs.id, later) is None
    assert channels.owner_at("facebook", ours.account, other.id, later) is None
    assert channels.owner_at("facebook", ours.account, "", later)


def test_account_counts_for_the_app_by_which_it_was_connected_last(stack: Stack, agency: Agency) -> None:
    def counted(channel: str) -> list[str | None]:
        every = [lookout for shard in range(lookouts.SHARDS) for lookout in lookouts.every(shard)]
        return [lookout.app for lookout in every if lookout.channel == channel]

    account = f"UC{number():0>22}"

    def consented() -> str:
        begun = consenting.begun(agency, network="youtube")
        consenting.consented(stack, begun, account)
        return str(consenting.connected(agency, begun["id"], account)[0]["channel"])

    channel = consented()
    assert counted(channel) == [None]
    app = own(stack, agency, "youtube")
    assert (consented(), counted(channel)) == (channel, [app])
    agency.owner.delete(f"/network-apps/youtube?brand={agency.brand}")
    assert (consented(), counted(channel)) == (channel, [None])


def test_secret_of_an_own_app_that_is_given_by_hand_makes_a_hook_of_its_own(stack: Stack) -> None:
    channel = stack.connect("facebook")
    place, secret = f"/channels/{channel.id}/credentials", f"by-hand-{number()}"
    shown = channel.agency.owner.put(place, {"token": channel.token, "secret": secret})
    assert shown["hook"].endswith(f"/facebook/{channel.id}") and shown["verify_token"]
    mine = replace(channel, hook=f"{stack.hooks}/facebook/{channel.id}", secret=secret)
    for hook in (channel, mine):
        assert told(channel, at=hook)
    once_more = channel.agency.owner.put(place, {"token": channel.token, "secret": f"{secret}-newer"})
    assert "verify_token" not in once_more
    for hook in (mine, replace(mine, secret=f"{secret}-newer")):
        assert told(channel, at=hook)


def test_channels_whose_secret_is_changed_by_hand_go_on_hearing_for_each_other(stack: Stack, agency: Agency) -> None:
    first, other = (stack.connect("facebook", agency, app_secret="old") for _ in range(2))
    for channel in (first, other):
        shown = agency.owner.put(f"/channels/{channel.id}/credentials", {"token": channel.token, "secret": "new"})
        assert "verify_token" not in shown
    later = stack.connect("facebook", agency, app_secret="new")
    for hook in (first, replace(first, secret="new")):
        assert told(other, at=hook) and told(later, at=hook)


def test_account_that_is_connected_anew_with_a_new_secret_of_its_app_keeps_its_hook(
    stack: Stack, agency: Agency
) -> None:
    app = own(stack, agency)
    before, other = by_consent(stack, agency=agency), by_consent(stack, agency=agency)
    before = replace(before, hook=f"{stack.hooks}/facebook/{before.id}", secret=f"{app}-secret")
    agency.owner.put("/network-apps/facebook", {"brand": agency.brand, "app_id": app, "secret": "newer"})
    theirs = again(stack, before, "newer")
    assert theirs.hook == before.hook
    for channel, hook in ((theirs, theirs), (theirs, before), (other, theirs)):
        assert told(channel, at=hook)
