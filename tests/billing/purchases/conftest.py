from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.billing import refreshes
from chalicelib.people import founding
from chalicelib.plans import plans, records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.purchases import checkouts, failures
from chalicelib.purchases.selections import Selection
from chalicelib.store import fence, keys, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.plans import StoredHoldings, StoredSubscription
from local import catalogue, recount
from tests.support.stack import Stack, number
from tests.support.stripe_side import Account

BACK = "https://app.example.com/billing"
TEAM = Selection("team", "month", seats=3, brands=3)


@dataclass
class Buyer:
    """An owner of an agency that has bought nothing yet. `at` is the time by which they ask."""

    account: Account
    actor: Actor
    at: int

    @property
    def stored(self) -> StoredSubscription:
        return records.load(self.actor.agency, self.at)

    @property
    def known(self) -> Subscription:
        return records.of(self.stored)

    def opens(self, selection: Selection = TEAM, later: int = 0, currency: str = "eur") -> str:
        with failures.as_problems():
            page = checkouts.open(self.actor, selection, currency, BACK, self.at + later, self.account.client)
        return str(page["url"])

    def tries(self, selection: Selection = TEAM) -> str:
        """The page's address, or the code of the problem."""
        with fence.within(self.actor.agency):
            try:
                return self.opens(selection)
            except errors.Problem as problem:
                return problem.code

    def looks(self, later: int = 0) -> "Buyer":
        refreshes.refresh(self.actor.agency, self.at + later, client=self.account.client)
        return self

    def waits(self, ms: int) -> None:
        """It is so much later, at Stripe too."""
        self.account.control("advance", seconds=ms // clock.SECOND)
        self.at += ms

    def uses(self, **counts: int) -> None:
        table.put(StoredHoldings(self.actor.agency, keys.HOLDINGS, **counts))

    def audited(self) -> list[str]:
        """What the audit says of pages, in its order."""
        entries = table.query(AuditEntry, keys.audit(self.actor.agency), keys.ENTRIES, consistent=True)
        return [entry.action for entry in entries if entry.action.startswith("checkout.")]

    def sessions(self, status: str = "open") -> list[Any]:
        wanted: Any = {"customer": self.known.customer, "status": status}
        return list(self.account.v1.checkout.sessions.list(wanted).data)


def owner(agency: str) -> Actor:
    held = (Grant("owner", frozenset(permissions.PERMISSIONS)),)
    return Actor(agency, "mbr_1", "Owner", grants=held)


@contextmanager
def new(account: Account) -> Iterator[Buyer]:
    now = clock.now()
    agency = founding.found_agency(f"Buyer {number()}", f"sub-{number()}", "Owner", "o@buyer.example", now).id
    with fence.within(agency):
        records.load(agency, now)
        yield Buyer(account, owner(agency), now)
        recount.in_use(agency)  # some tests say that more is in use than there is


@pytest.fixture
def buyer(ours_at_stripe: Account) -> Iterator[Buyer]:
    with new(ours_at_stripe) as buyer:
        yield buyer


@pytest.fixture
def own(stack: Stack) -> Account:
    """An account that nobody else has, so that its time can be moved and its calls can fail. It sells our plans."""
    account = Account(stack.double)
    catalogue.push(catalogue.changes(account.v1, plans.PLANS.values()))
    return account


@pytest.fixture
def alone(own: Account) -> Iterator[Buyer]:
    with new(own) as buyer:
        yield buyer


@pytest.fixture
def actor(buyer: Buyer) -> Actor:
    return buyer.actor
