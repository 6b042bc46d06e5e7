"""A2: the trial is ours alone. Until somebody opens the page to buy on, Stripe hears nothing of the agency."""

import pytest

from chalicelib import clock
from tests.billing.purchases.conftest import Buyer

OVER = 14 * clock.DAY + clock.MINUTE


@pytest.mark.parametrize(
    ("brands", "state", "level", "reason"),
    [(1, "free", "full", ""), (4, "restricted", "restricted", "trial_ended")],
)
def test_trial_that_runs_out_is_free_if_that_fits(
    alone: Buyer, brands: int, state: str, level: str, reason: str
) -> None:
    alone.uses(brands=brands, seats=1, channels=1)
    before = len(alone.account.calls())
    alone.waits(OVER)
    known = alone.looks().known
    assert (known.state, known.level, known.reason, known.customer) == (state, level, reason, "")
    assert len(alone.account.calls()) == before


def test_whoever_buys_after_the_trial_pays_at_once_and_all_works(alone: Buyer) -> None:
    alone.uses(brands=3, seats=3, channels=3)
    alone.waits(OVER)
    assert alone.looks().known.level == "restricted"
    assert alone.account.press(alone.opens(), "pay").status == 303
    assert (alone.looks().known.state, alone.known.level) == ("active", "full")
    [customer] = alone.account.v1.customers.list().data
    [invoice] = alone.account.v1.invoices.list({"customer": customer.id}).data
    assert (invoice.status, invoice.total) == ("paid", 4900)
