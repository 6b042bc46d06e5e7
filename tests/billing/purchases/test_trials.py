"""A2: the trial is ours alone. Until somebody opens the page to buy on, Stripe hears nothing of the agency."""

from collections.abc import Iterator

import pytest

from chalicelib import clock
from chalicelib.people import founding
from chalicelib.plans import plans, records
from chalicelib.store import fence, keys, table
from chalicelib.store.models.plans import StoredHoldings
from local import catalogue, recount
from tests.billing.purchases.conftest import Buyer, owner
from tests.support.stack import Stack, number
from tests.support.stripe_side import Account

OVER = 14 * clock.DAY + clock.MINUTE


@pytest.fixture
def later(stack: Stack) -> Iterator[Buyer]:
    """Somebody whose trial is over by their time and by Stripe's, at an account that nobody else has."""
    account = Account(stack.double)
    catalogue.push(catalogue.changes(account.v1, plans.PLANS.values()))
    account.control("advance", seconds=OVER // clock.SECOND)
    founded = clock.now()
    agency = founding.found_agency(f"Trial {number()}", f"sub-{number()}", "Owner", "o@trial.example", founded).id
    with fence.within(agency):
        records.load(agency, founded)
        yield Buyer(account, owner(agency), founded + OVER)
        recount.in_use(agency)


def uses(buyer: Buyer, **counts: int) -> None:
    table.put(StoredHoldings(buyer.actor.agency, keys.HOLDINGS, **counts))


@pytest.mark.parametrize(
    ("brands", "state", "level", "reason"),
    [(1, "free", "full", ""), (4, "restricted", "restricted", "trial_ended")],
)
def test_trial_that_runs_out_is_free_if_that_fits(
    later: Buyer, brands: int, state: str, level: str, reason: str
) -> None:
    uses(later, brands=brands, seats=1, channels=1)
    before = len(later.account.calls())
    known = later.looks().known
    assert (known.state, known.level, known.reason, known.customer) == (state, level, reason, "")
    assert len(later.account.calls()) == before


def test_whoever_buys_after_the_trial_pays_at_once_and_all_works(later: Buyer) -> None:
    uses(later, brands=3, seats=3, channels=3)
    assert later.looks().known.level == "restricted"
    assert later.account.press(later.opens(), "pay").status == 303
    assert (later.looks().known.state, later.known.level) == ("active", "full")
    [customer] = later.account.v1.customers.list().data
    [invoice] = later.account.v1.invoices.list({"customer": customer.id}).data
    assert (invoice.status, invoice.total) == ("paid", 4900)
