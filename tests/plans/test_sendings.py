"""The free plan ends after so many messages of a month, also for two who send the last of them at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib import clock, errors, settings
from chalicelib.channels.channels import Owner
from chalicelib.plans import gates, plans, records, sendings, spending
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription
from chalicelib.store.models.requests import Quota


@pytest.fixture
def agency(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One where billing is on."""
    monkeypatch.setenv("BILLING", "on")
    settings.get.cache_clear()
    before = records.load(owner.agency, clock.now()).facts
    yield owner.agency
    table.update(StoredSubscription(owner.agency, keys.SUBSCRIPTION), [StoredSubscription.facts.set(before)])
    gates.forget(owner.agency)
    monkeypatch.undo()
    settings.get.cache_clear()


def on_the_free_plan(agency: str, sent: int, now: int) -> None:
    stored = records.load(agency, now)
    free = replace(records.of(stored), state="free", plan=plans.FREE.key)
    table.update(StoredSubscription(agency, keys.SUBSCRIPTION), [StoredSubscription.facts.set(records.packed(free))])
    table.put(Quota(agency, keys.quota("sent", spending.month(now)), used=sent, expires=0))
    gates.forget(agency)


def test_free_plan_ends_after_so_many_messages_of_a_month(agency: str) -> None:
    now = clock.now()
    on_the_free_plan(agency, 199, now)
    table.transact(*sendings.count(agency, 1, now))
    with pytest.raises(errors.PaymentRequired) as refused:
        sendings.count(agency, 1, now)
    assert not gates.allows(agency, "outbound", now)
    assert sendings.count(agency, 1, spending.month(now) + 32 * clock.DAY)
    assert refused.value.more["limit"] == {"name": "sent", "allowed": 200, "used": 200, "plan": "free"}


def test_of_two_who_send_the_last_free_message_at_once_one_is_refused(agency: str) -> None:
    now = clock.now()
    on_the_free_plan(agency, 199, now)
    first, second = sendings.count(agency, 1, now), sendings.count(agency, 1, now)
    table.transact(*first)
    with pytest.raises(errors.PaymentRequired):
        table.transact(*second)


def test_who_comes_near_the_end_of_the_free_plan_is_looked_at(agency: str) -> None:
    now = clock.now()
    for sent, writes in ((158, 1), (159, 2)):
        on_the_free_plan(agency, sent, now)
        assert len(sendings.count(agency, 1, now)) == writes
