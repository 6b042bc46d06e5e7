"""What it costs that agencies pay: the door's look at the subscription, and a look at Stripe."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks import figure, request
from benchmarks.counting import READS, spent
from benchmarks.figure import Figure
from benchmarks.lists import SUBJECT, fill, found, on_a_table
from benchmarks.measure import side_by_side
from chalicelib import clock, settings
from chalicelib.store import fence

VERB, PATH, CHANGE, ROUNDS = "PATCH", "/conversations/{id}", {"priority": "normal"}, 200
MOST, MOST_MS, MOST_UNITS, MOST_CALLS = 1.05, 2, 1, 4


def figures() -> list[Figure]:
    """In a fresh process, on a table of its own."""
    door: list[Figure] = on_a_table(_door)
    return [*door, _refresh()]


def _door(endpoint: str) -> list[Figure]:
    """Somebody sets what is so already: no request that the subscription has to allow does less."""
    os.environ["BILLING"] = "on"
    settings.get.cache_clear()
    import app
    from chalicelib.api import http, requests
    from chalicelib.plans import gates
    from chalicelib.teamwork import routes

    agency, [brand] = found(1)
    fill(endpoint, agency, {brand: 1})
    [asked] = [route for route in http.ROUTES if route.view is routes.change_conversation]
    twin = requests.App("unasked")
    http.serve(twin, None, VERB, PATH, lambda: replace(asked, pays="never"))
    parts = {"id": f"cnv_{brand[4:]}{0:08d}"}
    event = request.by(SUBJECT, clock.now(), VERB, f"/v1{PATH}", parts=parts, body=CHANGE)

    def look() -> None:
        with fence.within(agency):
            gates.read_entitlements(agency, clock.now())

    ask, unasked = _answering(app.app, event), _answering(twin, event)

    def first() -> None:
        gates.forget(agency)
        ask()

    gated, bare = side_by_side(ask, unasked, ROUNDS)
    looking, remembering = side_by_side(first, ask, ROUNDS)
    named = "CPU per request that the subscription has to allow (app.app called; changes nothing) / the same unasked"
    return [
        figure.ratio(named, gated, bare, MOST),
        figure.limit("CPU added by a door's first look at a subscription; none for ten seconds after",
                     looking - remembering, MOST_MS, "ms"),
        figure.limit("Read units for a door's first look at a subscription; none for ten seconds after",
                     spent(look, *READS)[1], MOST_UNITS, "RU"),
    ]  # fmt: skip


def _answering(app: Any, event: Any) -> Callable[[], None]:
    def ask() -> None:
        answer = app(event, None)
        if answer["statusCode"] != 200:
            raise SystemExit(answer["body"])

    return ask


def _refresh() -> Figure:
    """At Stripe's double, of a customer in a sandbox with a card, a subscription and an open invoice."""
    from chalicelib.billing import stripe
    from local import billing
    from local.double import Server

    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        client = billing.client(server.url)
        customer = _owing(client.v1)
        before = len(server.state.requests)
        seen = stripe.snapshot(client, customer, [])
        calls = len(server.state.requests) - before
        server.shutdown()
    if not seen.owed or not seen.card:
        raise SystemExit("This customer owes nothing.")
    name = "Calls to Stripe for a look at a customer (of which one asks a sandbox for its clock)"
    return figure.limit(name, calls, MOST_CALLS, "calls")


def _owing(v1: Any) -> str:
    frozen = clock.now() // clock.SECOND
    at = v1.test_helpers.test_clocks.create({"frozen_time": frozen}).id
    customer = str(v1.customers.create({"test_clock": at}).id)
    card = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card.id}})
    product = v1.products.create({"id": "palabre_team_base", "name": "Team"}).id
    price = v1.prices.create(
        {"product": product, "currency": "eur", "unit_amount": 4900, "recurring": {"interval": "month"}}
    ).id
    v1.subscriptions.create({"customer": customer, "items": [{"price": price}], "trial_period_days": 7})
    v1.test_helpers.test_clocks.advance(at, {"frozen_time": frozen + 8 * clock.DAY // clock.SECOND})
    return customer
