"""An agency's cap on what networks charge: nothing goes on through networks that charge, and all else does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib import clock, errors, networks, settings
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.networks.base import Cost, Network
from chalicelib.plans import allowances, gates, records, spending
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription


@pytest.fixture
def actor(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """Somebody in an agency where billing is on."""
    monkeypatch.setenv("BILLING", "on")
    settings.get.cache_clear()
    yield Actor(owner.agency, "mbr_1", "Ana")
    row = StoredSubscription(owner.agency, keys.SUBSCRIPTION)
    table.update(row, [StoredSubscription.network_cap.remove(), StoredSubscription.charged.set({})])
    gates.forget(owner.agency)
    monkeypatch.undo()
    settings.get.cache_clear()


def network(*costs: Cost) -> Network:
    known = networks.get("telegram")
    assert known
    listed = {"reply": costs} if costs else {}
    return replace(known, capabilities=replace(known.capabilities, costs=listed))


FREE, PAID = network(), network(Cost(since="2020-01-01", cost="paid", amount="0.05"))


def put(actor: Actor, cap: int | None, cents: int, at: int) -> None:
    records.load(actor.agency, at)
    actions = [StoredSubscription.charged.set({allowances.period(spending.month(at)): cents})]
    actions.append(StoredSubscription.network_cap.remove() if cap is None else StoredSubscription.network_cap.set(cap))
    table.update(StoredSubscription(actor.agency, keys.SUBSCRIPTION), actions)
    gates.forget(actor.agency)


@pytest.mark.parametrize(("cap", "cents", "may"), [(None, 10**6, True), (500, 499, True), (500, 500, False)])
def test_network_that_charges_is_used_up_to_the_cap(actor: Actor, cap: int | None, cents: int, may: bool) -> None:
    now = clock.now()
    put(actor, cap, cents, now)
    assert gates.allows_charges(actor.agency, PAID, now) is may
    assert gates.allows_charges(actor.agency, FREE, now)
    assert gates.allows(actor.agency, "outbound", now)


def test_who_is_refused_is_told_of_the_cap(actor: Actor) -> None:
    now = clock.now()
    put(actor, 500, 512, now)
    with pytest.raises(errors.PaymentRequired) as refused:
        gates.check_allows_charges(actor, PAID, now)
    assert refused.value.code == "limit_reached"
    assert refused.value.more["limit"] == {"name": "network_charges", "allowed": 500, "used": 512, "plan": "team"}
    assert refused.value.more["action"]["kind"] == "raise_cap"


def test_next_month_begins_with_the_whole_cap(actor: Actor) -> None:
    now = clock.now()
    put(actor, 500, 512, now)
    assert gates.allows_charges(actor.agency, PAID, spending.month(now) + 32 * clock.DAY)
