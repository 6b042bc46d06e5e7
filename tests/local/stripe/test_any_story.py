"""Whatever is done to a subscription in whatever order: money adds up, time moves forward, and nothing breaks."""

from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from stripe._encode import _api_encode

from chalicelib.networks.double import Request
from local.stripe.server import Stripe
from tests.support.stripe_side import DAY, START
from tests.support.thorough import examples

STATUSES = {"incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled", "paused"}
CARDS = [
    "pm_card_visa",
    "pm_card_chargeCustomerFail",
    "pm_card_authenticationRequired",
    "pm_card_chargeDeclinedLostCard",
]
BEHAVIOURS = ["pending_if_incomplete", "allow_incomplete", "error_if_incomplete", "default_incomplete"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.sampled_from([3600, DAY, 10 * DAY, 31 * DAY])),
        st.tuples(st.just("card"), st.sampled_from(CARDS)),
        st.tuples(st.just("seats"), st.tuples(st.integers(1, 9), st.sampled_from(BEHAVIOURS))),
        st.tuples(st.just("less"), st.integers(1, 9)),
        st.tuples(st.just("end"), st.sampled_from(["max_period_end", ""])),
        st.tuples(st.just("resume"), st.sampled_from(["resume_on_payment_attempt", "resume_on_payment_success"])),
        st.tuples(st.sampled_from(["pause", "pay", "void", "year", "cancel"]), st.none()),
    ),
    max_size=14,
)


class World:
    """One customer with a subscription, asked without a network in between."""

    def __init__(self, end: str) -> None:
        self.stripe = Stripe(now=lambda: float(START))
        self.ask("POST", "/settings", host="control", after_retries=end)
        self.ask("POST", "/v1/products", id="p", name="P")
        prices = [self._price(4900, "month"), self._price(900, "month"), self._price(49000, "year")]
        self.base, self.seat, self.year = (price["id"] for price in prices)
        self.clock = self.ask("POST", "/v1/test_helpers/test_clocks", frozen_time=START)["id"]
        self.customer = self.ask("POST", "/v1/customers", test_clock=self.clock)["id"]
        self.card(CARDS[0])
        items = [{"price": self.base}, {"price": self.seat, "quantity": 3}]
        made = self.ask("POST", "/v1/subscriptions", customer=self.customer, items=items)
        self.path, self.items = f"/v1/subscriptions/{made['id']}", [item["id"] for item in made["items"]["data"]]

    def _price(self, amount: int, interval: str) -> Any:
        return self.ask("POST", "/v1/prices", product="p", currency="eur", unit_amount=amount,
                        recurring={"interval": interval})  # fmt: skip

    def ask(self, method: str, path: str, host: str = "api.stripe.com", **params: Any) -> Any:
        """The answer's JSON; a refusal is one, anything else that goes wrong is raised."""
        headers = {"authorization": "Bearer sk_test_story"}
        encoded = urlencode([(key, str(value)) for key, value in _api_encode(params)])
        query = dict(_api_encode(params)) if method == "GET" else {}
        answer = self.stripe.answer(Request("stripe", method, host, path, query, headers, params, encoded.encode()))
        assert answer.status in (200, 400, 402, 404)
        return answer.json

    def card(self, card: str) -> None:
        self.ask("POST", "/cards", host="control", customer=self.customer, card=card)

    def invoices(self) -> list[Any]:
        listed: list[Any] = self.ask("GET", "/v1/invoices", customer=self.customer, limit="100")["data"]
        return listed

    def now(self) -> int:
        return int(self.ask("GET", f"/v1/test_helpers/test_clocks/{self.clock}")["frozen_time"])

    def advance(self, seconds: int) -> None:
        path = f"/v1/test_helpers/test_clocks/{self.clock}/advance"
        self.ask("POST", path, frozen_time=self.now() + seconds)

    def seats(self, wanted: tuple[int, str]) -> None:
        """What the preview said is what the invoice says."""
        quantity, behaviour = wanted
        change: Any = {"items": [{"id": self.items[1], "quantity": quantity}], "proration_behavior": "always_invoice"}
        said = self.ask("POST", "/v1/invoices/create_preview", subscription=self.path.rpartition("/")[2],
                        subscription_details=change)  # fmt: skip
        before = len(self.invoices())
        done = self.ask("POST", self.path, **change, payment_behavior=behaviour)
        made = len(self.invoices()) - before
        if "error" not in done and made:
            assert (self.invoices()[0]["total"], self.invoices()[0]["amount_due"]) == (
                said["total"],
                said["amount_due"],
            )

    def less(self, quantity: int) -> None:
        self.ask("POST", self.path, items=[{"id": self.items[1], "quantity": quantity}])

    def end(self, cancel_at: str) -> None:
        self.ask("POST", self.path, cancel_at=cancel_at)

    def resume(self, behaviour: str) -> None:
        self.ask("POST", f"{self.path}/resume", payment_behavior=behaviour)

    def pause(self, _: None) -> None:
        self.ask("POST", f"{self.path}/pause")

    def year_(self, _: None) -> None:
        self.ask("POST", self.path, items=[{"id": self.items[0], "price": self.year}])

    def cancel(self, _: None) -> None:
        self.ask("DELETE", self.path)

    def pay(self, _: None) -> None:
        for invoice in self.invoices():
            self.ask("POST", f"/v1/invoices/{invoice['id']}/pay")

    def void(self, _: None) -> None:
        for invoice in self.invoices()[:1]:
            self.ask("POST", f"/v1/invoices/{invoice['id']}/void")


@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(["pause", "unpaid", "cancel", "leave"]), STEPS)
def test_money_adds_up_in_any_story(end: str, steps: list[tuple[str, Any]]) -> None:
    world = World(end)
    for verb, argument in steps:
        getattr(world, "year_" if verb == "year" else verb)(argument)
    subscription = world.ask("GET", world.path)
    assert subscription["status"] in STATUSES
    assert all(item["current_period_start"] < item["current_period_end"] for item in subscription["items"]["data"])
    if subscription["status"] in ("active", "past_due", "unpaid"):
        assert all(item["current_period_end"] > world.now() for item in subscription["items"]["data"])
    invoices = world.invoices()
    for invoice in invoices:
        assert invoice["subtotal"] == sum(line["amount"] for line in invoice["lines"]["data"])
        assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["amount_due"] >= 0
    charges = world.ask("GET", "/v1/charges", customer=world.customer, limit="100")["data"]
    assert sum(charge["amount_captured"] for charge in charges) == sum(invoice["amount_paid"] for invoice in invoices)
    balance = world.ask("GET", f"/v1/customers/{world.customer}")["balance"]
    final = [invoice for invoice in invoices if invoice["status"] not in ("draft", "void")]
    assert sum(invoice["amount_due"] - invoice["total"] for invoice in final) == -balance
    created = [event["created"] for event in world.ask("GET", "/v1/events", limit="100")["data"]]
    assert created == sorted(created, reverse=True)


def test_preview_counts_what_a_change_that_waits_gives_back() -> None:
    world = World("pause")
    world.card("pm_card_chargeCustomerFail")
    for seats in (1, 4, 2):
        world.seats((seats, "pending_if_incomplete"))
