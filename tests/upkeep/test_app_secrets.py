"""An agency changes the secret of its own app, and all channels of the app go on, for a while with both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from chalicelib import clock
from chalicelib.aws import secrets
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, sealing
from chalicelib.channels.channels import Owner
from chalicelib.consents import apps
from chalicelib.networks.double import number
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Upkeep
from chalicelib.upkeep import app_secrets, renewals, upkeeps
from tests.channels.test_reconnections import again, told
from tests.support import audits
from tests.support.background import time_passes
from tests.support.stack import Agency, Channel, Stack, eventually
from tests.upkeep.test_as_app import by_consent, looked_after

NOW = 1_772_600_000_000


def test_each_secret_of_before_holds_until_its_own_changeover_is_over() -> None:
    hook: sealing.Sealed = {"signing": ["first"], "verify": ["word"]}
    for day, secret in enumerate(("wrong", "right")):
        hook = sealing.of_other_secret(hook, secret, NOW + day * clock.DAY)

    def held(days: int) -> tuple[str, ...]:
        return secrets.current(hook, NOW + days * clock.DAY).signing

    assert (held(1), held(2), held(3)) == (("right", "wrong", "first"), ("right", "wrong"), ("right",))
    assert secrets.current(hook, NOW + 3 * clock.DAY).verify == ("word",)


def test_only_a_few_secrets_of_before_hold() -> None:
    hook: sealing.Sealed = {"signing": ["0"], "verify": []}
    for count in range(1, 9):
        hook = sealing.of_other_secret(hook, str(count), NOW)
    assert secrets.current(hook, NOW).signing == ("8", "7", "6", "5")


@pytest.fixture
def agency(stack: Stack) -> Iterator[Agency]:
    yield (agency := stack.brand())
    agency.owner.call("DELETE", f"/network-apps/facebook?brand={agency.brand}")


def app_of(agency: Agency, id: str, secret: str, network: str = "facebook", *, for_brand: bool = True) -> None:
    """Somebody sets the agency's app; nothing else has happened by then."""
    brand = {"brand": agency.brand} if for_brand else {}
    agency.owner.put(f"/network-apps/{network}", {**brand, "app_id": id, "secret": secret})


def own_page(stack: Stack, agency: Agency, secret: str) -> Channel:
    made = by_consent(stack, agency=agency)
    return replace(made, hook=f"{stack.hooks}/facebook/{made.id}", secret=secret)


def key(agency: Agency, id: str) -> str:
    return f"netappkept#facebook#{agency.brand}#{id}"


@contextmanager
def follows(agency: Agency, id: str) -> Iterator[list[Task]]:
    """Inside the agency: the tasks of its channels after an app was set."""
    with fence.within(agency.id):
        yield list(app_secrets.tasks(agency.id, key(agency, id), clock.now()))


def secret_of(channel: Channel) -> str:
    with fence.within(channel.agency.id):
        return channels.credentials(channel.agency.id, channels.get(channel.agency.id, channel.id)).secret


def test_new_secret_reaches_all_channels_and_the_old_one_holds_for_two_days(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    first, other = own_page(stack, agency, "old"), own_page(stack, agency, "old")
    app_of(agency, id, "new")
    time_passes(clock.SECOND, id)
    assert eventually(lambda: (secret_of(first), secret_of(other)) == ("new", "new"))
    newest = own_page(stack, agency, "new")
    for channel, hook in ((first, replace(other, secret="new")), (other, first), (newest, first), (first, newest)):
        assert told(channel, at=hook)
    changed = audits.recent(agency.owner, action="network_app.set", brand=agency.brand)
    assert (len(changed), audits.recent(agency.owner, target=first.id, action="channel.reconnect")) == (2, [])
    later = clock.now() + sealing.CHANGEOVER + clock.MINUTE
    with fence.within(agency.id):
        owner = Owner(agency.id, agency.brand, first.id, "facebook")
        assert channels.hook_secrets(owner, later).signing == ("new",)
    assert channels.owner_at("facebook", other.account, first.id, later)


def test_change_that_was_cut_off_half_way_comes_again_and_the_last_secret_counts(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    first, other = own_page(stack, agency, "old"), own_page(stack, agency, "old")
    app_of(agency, id, "typo")
    with follows(agency, id) as tasks:
        wanted = [task.body["channel"] for task in tasks if task.body["channel"] in (first.id, other.id)]
        assert wanted == [first.id, other.id]
        assert app_secrets.follow(agency.id, first.id, clock.now()) == "followed"
    assert (secret_of(first), secret_of(other)) == ("typo", "old")
    app_of(agency, id, "right")
    time_passes(clock.SECOND, id)  # both changes come, in whatever order
    assert eventually(lambda: (secret_of(first), secret_of(other)) == ("right", "right"))
    for channel, hook in ((first, other), (other, first)):
        assert told(channel, at=hook)
        assert told(channel, at=replace(hook, secret="right"))
    with fence.within(agency.id):
        assert app_secrets.follow(agency.id, first.id, clock.now()) == "same"


def test_channel_that_went_over_to_another_app_meanwhile_keeps_its_secret(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    channel = own_page(stack, agency, "old")
    app_of(agency, id, "new")
    app_of(agency, f"other{number()}", "others")
    again(stack, channel, "others")
    with follows(agency, id) as tasks:
        assert channel.id in [task.body["channel"] for task in tasks]
        assert app_secrets.follow(agency.id, channel.id, clock.now(), key(agency, id)) == "same"
    assert secret_of(channel) == "others"


def test_channel_with_a_token_by_hand_follows_if_its_secret_was_the_apps(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    same, another = (
        stack.connect("facebook", agency, app_secret=secret) for secret in ("old", "another")
    )  # fmt: skip
    app_of(agency, id, "new")
    with follows(agency, id):
        came = [app_secrets.follow(agency.id, channel.id, clock.now(), key(agency, id)) for channel in (same, another)]
    assert (came, secret_of(same), secret_of(another)) == (["followed", "same"], "new", "another")
    assert told(same, at=replace(same, secret="new"))


def test_app_of_one_id_is_the_same_on_all_networks_of_its_provider_and_for_all_brands(
    stack: Stack, agency: Agency
) -> None:
    id = f"own{number()}"
    for network, for_brand in (("messenger", False), ("youtube", True), ("facebook", True)):
        app_of(agency, id, "old", network, for_brand=for_brand)
    app_of(agency, id, "new")

    def held(network: str, brand: str) -> str:
        return app.secret if (app := apps.held_secrets(agency.id, f"netappkept#{network}#{brand}#{id}")) else ""

    with follows(agency, id):
        assert [held("messenger", ""), held("youtube", agency.brand)] == ["new", "old"]
        assert {"facebook", "messenger", "instagram"} <= set(
            apps.spread_secret(agency.id, key(agency, id), clock.now())
        )
    app_of(agency, id, "newest", "messenger", for_brand=False)
    with follows(agency, id):  # which comes late, when something newer was set elsewhere
        assert held("messenger", "") == "newest"
    for place in ("messenger", f"youtube?brand={agency.brand}"):
        agency.owner.delete(f"/network-apps/{place}")


def test_who_looks_after_a_channel_that_was_left_out_brings_it_the_secret(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    channel = own_page(stack, agency, "old")
    app_of(agency, id, "new")
    looked_after(stack, channel)
    assert secret_of(channel) == "new"


def test_channel_follows_after_its_token_was_renewed(stack: Stack, agency: Agency) -> None:
    app_of(agency, id := f"own{number()}", "old")
    channel, now = own_page(stack, agency, "old"), clock.now()
    app_of(agency, id, "new")
    with fence.within(agency.id):
        kept = upkeeps.of(agency.id, channel.id)
        table.update(Upkeep(kept.pk, kept.sk), [Upkeep.leased_until.set(now + renewals.LEASE)])
        with pytest.raises(renewals.Leased):
            app_secrets.follow(agency.id, channel.id, now)
        assert app_secrets.follow(agency.id, channel.id, now + renewals.LEASE + 1) == "followed"


def test_channel_of_an_app_that_was_removed_goes_on_and_follows_when_it_is_set_again(
    stack: Stack, agency: Agency
) -> None:
    app_of(agency, id := f"own{number()}", "old")
    channel = own_page(stack, agency, "old")
    agency.owner.delete(f"/network-apps/facebook?brand={agency.brand}")
    assert looked_after(stack, channel)["alert"] is None
    assert told(channel, at=channel)
    app_of(agency, id, "new")
    time_passes(clock.SECOND, id)
    assert eventually(lambda: secret_of(channel) == "new")
