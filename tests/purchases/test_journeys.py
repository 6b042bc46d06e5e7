"""Agencies buy, look, pay, cancel and come back, over the API and Stripe's pages."""

import hashlib
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local import destinations
from tests.purchases.buying import checkout
from tests.purchases.conftest import Billed
from tests.support.stack import Member, ask, eventually


def test_who_founds_an_agency_is_on_trial_and_can_see_what_there_is_to_buy(owner: Member) -> None:
    state = owner.get("/billing/state")
    assert (state["state"], state["level"], state["notice"]) == ("trialing", "full", None)
    assert owner.get("/billing")["plan"] == "team"
    shown = owner.get("/billing/plans", currency="usd")["items"]
    assert [plan["plan"] for plan in shown] == ["free", "team", "agency"]
    base = {"name": "base", "included": 0, "metered": False, "prices": {"month": "5500", "year": "55000"}}
    assert shown[1]["parts"][0] == base
    assert owner.get("/billing/invoices") == {"items": [], "next": None}


def test_who_buys_is_active_as_soon_as_stripe_says_so(owner: Member, billed: Billed) -> None:
    page = checkout(owner)
    assert page.status == 201
    assert billed.account.press(page.json["url"], "pay").status == 303
    eventually(lambda: owner.get("/billing/state")["state"] == "active")
    shown = owner.get("/billing")
    assert (shown["plan"], shown["interval"], shown["currency"]) == ("team", "month", "eur")
    assert shown["card"]["last4"] == "4242"


def test_year_is_billed_for_its_messages_too(owner: Member, billed: Billed) -> None:
    """A13"""
    billed.account.press(checkout(owner, interval="year").json["url"], "pay")
    eventually(lambda: "palabre_team_messages" in [item["price"]["product"] for item in billed.items()])


def test_double_click_is_one_page(owner: Member, billed: Billed) -> None:
    """BI-23."""
    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(lambda _: checkout(owner), range(12)))
    assert {page.status for page in pages} <= {201, 503}
    assert len({page.json["url"] for page in pages if page.status == 201}) == 1
    assert checkout(owner).json["url"] in {page.json.get("url") for page in pages}


def test_other_selection_closes_the_page_before(owner: Member, billed: Billed) -> None:
    """BI-24."""
    first = checkout(owner).json["url"]
    second = checkout(owner, seats=5).json["url"]
    assert first != second
    assert billed.account.press(first, "pay").status == 400
    assert billed.account.press(second, "pay").status == 303
    assert owner.post("/billing/refresh")["quantities"]["seats"] == 5


def test_who_has_a_subscription_buys_no_second_one(subscriber: Member) -> None:
    """A8."""
    assert checkout(subscriber).problem == (409, "subscription_exists")


def test_cancelled_and_taken_back(subscriber: Member) -> None:
    """A4."""
    assert subscriber.post("/billing/cancel", {"feedback": "unused", "comment": "Later"})["ends_at"]
    assert subscriber.post("/billing/reactivate")["ends_at"] is None
    assert subscriber.call("POST", "/billing/reactivate").problem == (409, "not_ending")


def test_paused_and_resumed(subscriber: Member) -> None:
    """A10."""
    assert subscriber.post("/billing/pause")["state"] == "paused"
    assert subscriber.get("/billing/state")["notice"]["kind"] == "resume"
    assert subscriber.call("POST", "/billing/pause").problem == (409, "not_active")
    assert subscriber.post("/billing/resume")["state"] == "active"
    assert subscriber.call("POST", "/billing/resume").problem == (409, "not_paused")


def test_portal_and_invoices_are_stripes(subscriber: Member, billed: Billed) -> None:
    page = subscriber.post("/billing/portal", {"flow": "payment_method", "return_to": "http://localhost:3000/x"})
    assert billed.account.press(page["url"], "change_card", card="pm_card_mastercard").status == 303
    assert billed.account.press(page["url"], "set_vat", vat="FR12345678901").status == 303
    assert subscriber.post("/billing/refresh")["card"]["brand"] == "mastercard"
    paid, trial = subscriber.get("/billing/invoices")["items"]
    assert (paid["status"], paid["total"], trial["total"]) == ("paid", 4900, 0)
    assert subscriber.call("GET", "/billing/invoices", cursor="in_none").problem == (400, "bad_cursor")


def test_who_owes_pays_the_open_invoice_and_buys_nothing_new(subscriber: Member, billed: Billed) -> None:
    """A1, and a second checkout while a payment is open."""
    account = billed.account
    customer = billed.customer()
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    [seats] = [item for item in billed.items() if "seats" in item["price"]["product"]]
    more: Any = {"items": [{"id": seats["id"], "quantity": 9}], "proration_behavior": "always_invoice"}
    account.v1.subscriptions.update(billed.contract(), more)
    assert subscriber.post("/billing/refresh")["state"] == "past_due"
    assert checkout(subscriber).problem == (409, "invoice_open")
    assert subscriber.call("POST", "/billing/pay").problem == (402, "card_declined")
    account.control("cards", customer=customer, card="pm_card_visa")
    assert subscriber.post("/billing/pay")["state"] == "active"
    assert subscriber.call("POST", "/billing/pay").problem == (409, "nothing_open")


def test_preferences_are_changed_by_whoever_read_them(subscriber: Member) -> None:
    member = subscriber.get("/me")["member"]
    wanted = {"overage": "notify", "cap": 20_000, "contacts": [member]}
    seen = subscriber.get("/billing")["version"]
    shown = subscriber.call("PUT", "/billing/settings", wanted, headers={"If-Match": f'"{seen}"'})
    assert shown.json["contacts"] == [member]
    assert subscriber.call("PUT", "/billing/settings", wanted, headers={"If-Match": f'"{seen}"'}).status == 412
    strangers = {**wanted, "contacts": ["mbr_0"]}
    assert subscriber.call("PUT", "/billing/settings", strangers).problem == (422, "unknown_reference")


RETURNS = [
    "https://evil.example/billing", "http://localhost:3000@evil.example/", "javascript:alert(1)//localhost:3000/",
    "http://localhost:3000/\r\nX: y", "http://localhost:3000\\@evil.example", "http://localhost:3000/" + "a" * 2000,
    "http://localhost:30000/", "//localhost:3000/",
]  # fmt: skip


@pytest.mark.parametrize("url", RETURNS)
def test_stripe_leads_back_to_our_page_alone(owner: Member, url: str) -> None:
    """BI-27."""
    assert checkout(owner, return_to=url).status == 422


@pytest.mark.parametrize(
    "more",
    [
        {"seats": 0}, {"seats": -1}, {"seats": 10**9}, {"seats": "3"}, {"seats": 3.5}, {"seats": True},
        {"plan": "free"}, {"plan": "gold"}, {"interval": "week"}, {"currency": "chf"}, {"coupon": "x"},
    ],
)  # fmt: skip
def test_what_is_not_sold_cannot_be_bought(owner: Member, more: dict[str, Any]) -> None:
    """BI-28."""
    assert checkout(owner, **more).status == 422


def test_change_is_made_as_it_was_shown(subscriber: Member) -> None:
    """BI-29, BI-30."""
    shown = subscriber.post("/billing/preview", {"seats": 5})
    assert shown["now"]["currency"] == "eur"
    before = subscriber.get("/billing")
    changed = subscriber.call(
        "PATCH",
        "/billing/subscription",
        {"seats": 5, "preview": shown["preview"]},
        headers={"If-Match": f'"{before["version"]}"'},
    )
    assert (changed.status, changed.json["quantities"]["seats"]) == (200, 5)
    again = subscriber.call("PATCH", "/billing/subscription", {"seats": 5, "preview": shown["preview"]})
    assert again.status == 412
    assert subscriber.get("/billing/invoices")["items"][0]["total"] == shown["now"]["total"]


def test_preview_of_another_agency_is_none(owner: Member, subscriber: Member) -> None:
    """BI-29."""
    checked = {"seats": 5, "preview": "e30=.0"}
    assert owner.call("PATCH", "/billing/subscription", checked).problem == (422, "bad_preview")
    assert owner.call("POST", "/billing/preview", {"seats": 5}).problem == (409, "no_subscription")
    assert subscriber.call("POST", "/billing/preview", {"seats": 5, "currency": "usd"}).problem == (422, "invalid")


def test_while_stripe_is_down_we_say_when_to_ask_again_and_all_else_works(subscriber: Member, billed: Billed) -> None:
    """A7."""
    billed.account.fails("unavailable")
    refused = [subscriber.call("POST", "/billing/refresh"), subscriber.call("GET", "/billing/invoices")]
    works = [subscriber.get("/billing/state")["state"], subscriber.call("POST", "/brands", {"name": "Ten"}).status]
    billed.account.goes_on()
    assert [answer.problem for answer in refused] == [(503, "stripe_unavailable")] * 2
    assert {answer.headers["retry-after"] for answer in refused} == {"30"}
    assert works == ["active", 201]
    assert subscriber.post("/billing/refresh")["state"] == "active"


def test_signed_nonsense_is_kept_at_the_real_door(billed: Billed) -> None:
    """BI-05."""
    known = destinations.read(billed.platform.client("secretsmanager"), "local")
    raw, at = b'{"object": "event"}', int(time.time())
    digest = hmac.new(known["signing"][0].encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={digest}"}
    answer = ask("POST", f"{billed.platform.hooks}/stripe", body=raw, headers=headers)
    assert (answer.status, answer.raw) == (200, b"")
    s3, outputs = billed.platform.client("s3"), billed.platform.outputs
    assert s3.list_objects_v2(Bucket=outputs["Bucket"], Prefix="quarantine/stripe/")["KeyCount"]


def test_door_is_shut_to_growth_while_paused_and_open_with_the_next_request(subscriber: Member) -> None:
    """BI-33: reading is never refused."""
    subscriber.post("/billing/pause")
    refused = subscriber.call("POST", "/brands", {"name": "Nine"})
    assert refused.problem == (402, "subscription_restricted")
    assert refused.json["action"] == {"kind": "resume", "href": "/v1/billing/resume", "allowed": True}
    assert subscriber.call("GET", "/conversations").status == 200
    subscriber.post("/billing/resume")
    assert subscriber.call("POST", "/brands", {"name": "Nine"}).status == 201
