"""A13: a promotion code, tax until there is a VAT id, and currencies beside each other."""

from typing import Any

from chalicelib import clock
from chalicelib.purchases import changes, invoices, portals
from tests.billing.purchases.conftest import BACK, Buyer, new
from tests.billing.purchases.test_trials import OVER
from tests.support.stripe_side import Account


def shown(buyer: Buyer) -> list[tuple[int, int, str]]:
    """Total, tax and currency of each invoice, from the oldest on, as our API shows them."""
    items = invoices.listed(buyer.actor.agency, None, 100, buyer.at, buyer.account.client)["items"]
    return [(each["total"], each["tax"], each["currency"]) for each in items][::-1]


def buys(buyer: Buyer, currency: str = "eur", **typed: str) -> None:
    assert buyer.account.press(buyer.opens(currency=currency), "pay", **typed).status == 303
    assert buyer.looks().known.state == "active"


def test_promotion_code_is_typed_on_stripes_page_and_taken_off_each_month(alone: Buyer) -> None:
    coupon = alone.account.v1.coupons.create({"percent_off": 20, "duration": "repeating", "duration_in_months": 2}).id
    wanted: Any = {"promotion": {"type": "coupon", "coupon": coupon}, "code": "WELCOME"}
    alone.account.v1.promotion_codes.create(wanted)
    alone.waits(OVER)
    buys(alone, promotion_code="WELCOME")
    for _ in range(2):
        alone.waits(32 * clock.DAY)
    assert [total for total, _, _ in shown(alone)] == [3920, 3920, 4900]
    assert alone.looks().known.plan == "team"


def test_tax_is_paid_until_a_vat_id_of_another_country_is_there(alone: Buyer) -> None:
    alone.account.control("settings", tax_percent=19)
    alone.waits(OVER)
    buys(alone)
    page = portals.open(alone.actor.agency, "details", BACK, alone.at, alone.account.client)
    assert alone.account.press(page, "set_vat", vat="FR12345678901").status == 303
    alone.waits(32 * clock.DAY)
    assert shown(alone) == [(4900 + 931, 931, "eur"), (4900, 0, "eur")]


def test_agencies_pay_in_their_own_currency_beside_each_other(own: Account) -> None:
    for currency, total in (("eur", 4900 + 900), ("usd", 5500 + 1000), ("gbp", 4200 + 800)):
        with new(own) as buyer:
            buys(buyer, currency)
            more = changes.preview(buyer.actor, {"seats": 4}, clock.now(), own.client)
            assert shown(buyer) == [(0, 0, currency)]  # until the trial is over
            assert (more["next"]["total"], more["next"]["currency"]) == (total, currency)
            assert buyer.known.contract
            assert buyer.known.contract.currency == currency
    assert len(own.v1.customers.list().data) == 3
