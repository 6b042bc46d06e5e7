"""What tests can do with the double beyond Stripe's API: `POST /stripe/control/...` with the account's key."""

from collections.abc import Callable, Mapping
from typing import Any

from local.stripe import cards, customers, destinations, disputes
from local.stripe.accounts import SETTINGS, Account, Thing
from local.stripe.deliveries import MODES, Courier
from local.stripe.refusals import invalid, missing

Body = Mapping[str, Any]


def change_deliveries(account: Account, courier: Courier, body: Body) -> Thing:
    courier.change(_mode(body), body.get("seed", 0), twice=body.get("twice", False))
    return {}


def _mode(body: Body) -> str:
    if body.get("mode") not in MODES:
        raise invalid(f"mode is one of {', '.join(MODES)}", "mode")
    return str(body["mode"])


def replay(account: Account, courier: Courier, body: Body) -> Thing:
    courier.replay(_mode(body), body.get("seed", 0), twice=body.get("twice", False))
    return {}


def switch_card(account: Account, courier: Courier, body: Body) -> Thing:
    """Makes the cards of a customer and of its subscriptions behave like that test card; makes a
    card if there is none.
    """
    customer = customers.existing(account, body.get("customer"))
    subscriptions = account.all("subscription", customer=customer["id"])
    own = customer["invoice_settings"]["default_payment_method"]
    ids = [own, *(subscription["default_payment_method"] for subscription in subscriptions)]
    methods = {id: account.objects[id] for id in ids if id}
    if not methods:
        made = cards.make(account, str(body.get("card")), customer)
        customer["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": made["id"]}
        return made
    for method in methods.values():
        cards.switch(method, str(body.get("card")))
    return next(iter(methods.values()))


def settings(account: Account, courier: Courier, body: Body) -> Thing:
    if unknown := set(body) - set(SETTINGS):
        raise invalid(f"settings are {', '.join(SETTINGS)}", unknown.pop())
    account.settings.update(body)
    return dict(account.settings)


def advance(account: Account, courier: Courier, body: Body) -> Thing:
    """Moves the account's own time by that many seconds. What falls due happens before the answer."""
    account.offset += int(body["seconds"])
    return {"seconds": account.offset}


def add_destination(account: Account, courier: Courier, body: Body) -> Thing:
    wanted = {
        "name": "test", "type": "webhook_endpoint", "event_payload": body.get("payload", "thin"),
        "enabled_events": body.get("events", ["*"]), "webhook_endpoint": {"url": body.get("url")},
        "include": ["webhook_endpoint.signing_secret"],
    }  # fmt: skip
    return destinations.create(account, wanted)


def roll_secret(account: Account, courier: Courier, body: Body) -> Thing:
    return {"signing_secret": destinations.roll(account, str(body.get("destination")), keep=body.get("keep", True))}


def dispute(account: Account, courier: Courier, body: Body) -> Thing:
    """Opens a dispute on a `charge`, or closes a `dispute` as won or lost (`how`)."""
    if "charge" in body:
        return disputes.open_one(account, account.get("charge", body["charge"]), inquiry=body.get("inquiry", False))
    return disputes.close(account, str(body.get("dispute")), str(body.get("how")))


def aggregate(account: Account, courier: Courier, body: Body) -> Thing:
    """Makes the meters' summaries include everything reported so far."""
    every = account.all("billing.meter_event")
    for event in every:
        event["_seen"] = 0
    return {"events": len(every), "meters": len(account.all("billing.meter"))}


def attempts(account: Account, courier: Courier, body: Body) -> Thing:
    return {"items": list(courier.attempts), "held": len(courier.held)}


def look(account: Account, id: str) -> Thing:
    if id not in account.objects:
        raise missing("object", id)
    return account.objects[id]


VERBS: Mapping[str, Callable[[Account, Courier, Body], Thing]] = {
    "deliveries": change_deliveries, "replay": replay, "cards": switch_card, "settings": settings, "advance": advance,
    "destinations": add_destination, "secrets": roll_secret, "disputes": dispute, "aggregate": aggregate,
    "attempts": attempts,
}  # fmt: skip
