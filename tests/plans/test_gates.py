"""What a subscription lets through: by class and level, at once after it was paid, and all where billing is off."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors, settings
from chalicelib.access.actors import Actor, Grant
from chalicelib.channels.channels import Owner
from chalicelib.plans import entitlements, gates, records
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription
from tests.support.routes import ROUTES
from tests.support.stack import number

LEVELS = ("full", "restricted", "read_only")


@pytest.fixture
def actor(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """Somebody in an agency that has nothing stored yet, where billing is on."""
    monkeypatch.setenv("BILLING", "on")
    settings.get.cache_clear()
    yield Actor(owner.agency, "mbr_1", "Ana")
    put(owner.agency, "full")
    settings.get.cache_clear()


def put(agency: str, level: str) -> None:
    stored = records.load(agency, clock.now())
    known = replace(records.of(stored), level=level, state="active" if level == "full" else "restricted")
    facts: Any = records.packed(known)
    table.update(StoredSubscription(agency, keys.SUBSCRIPTION), [StoredSubscription.facts.set(facts)])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("pays", sorted(entitlements.ALLOWED))
def test_class_is_allowed_at_its_levels(actor: Actor, pays: str, level: str) -> None:
    put(actor.agency, level)
    gates.forget(actor.agency)
    assert gates.allows(actor.agency, pays, clock.now()) is entitlements.allowed(pays, level)


def test_who_has_paid_is_let_in_with_the_next_request(actor: Actor) -> None:
    put(actor.agency, "read_only")
    gates.forget(actor.agency)
    with pytest.raises(errors.PaymentRequired) as refused:
        gates.check(actor, "outbound", clock.now())
    assert (refused.value.code, refused.value.more["action"]["allowed"]) == ("subscription_read_only", False)
    put(actor.agency, "full")
    gates.check(actor, "outbound", clock.now())


def test_who_may_pay_is_told_so(actor: Actor) -> None:
    put(actor.agency, "restricted")
    gates.forget(actor.agency)
    payer = replace(actor, grants=(Grant("own", frozenset({"billing.manage"})),))
    with pytest.raises(errors.PaymentRequired) as refused:
        gates.check(payer, "grow", clock.now())
    assert refused.value.more["action"]["allowed"] is True


def test_where_billing_is_off_nothing_is_read_and_all_is_allowed(owner: Owner) -> None:
    """A17."""
    settings.get.cache_clear()
    agency = f"agc_{number()}"  # of another fence: to read it would be a trespass
    assert all(gates.allows(agency, pays, clock.now()) for pays in entitlements.ALLOWED)


def test_what_changes_something_says_what_it_pays_for() -> None:
    classes = {route.view.__name__: route.pays for route in ROUTES if route.verb != "GET"}
    assert set(classes.values()) == set(entitlements.ALLOWED)
    assert {route.pays for route in ROUTES if route.verb == "GET"} == {"never"}
    always = ("archive_brand", "disconnect_channel", "remove_member", "revoke_key", "replay_ingested", "open_checkout")
    assert {classes[name] for name in always} == {"never"}
    assert {classes[name] for name in ("hide_message", "delete_message", "withdraw_reply")} == {"protect"}
