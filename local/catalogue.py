"""`make catalogue`: makes Stripe sell what chalicelib/plans/plans.py says. A repeat changes nothing.

The key is in STRIPE_KEY and is used only here. It has to read and write products, prices, meters and the portal. If the
amounts of a price change, a new price is made; present customers keep the old one, and nobody new gets it.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from chalicelib import ids
from chalicelib.billing import stripe
from chalicelib.plans import plans
from chalicelib.plans.plans import Component, Plan
from local import destinations
from local.destinations import Change
from local.stage import LOCAL, here, stage_named

METER = stripe.METER
TAX_CODE = "txcd_10103001"  # software as a service, for business use
LOOKUPS = 10  # that Stripe takes at once
Params = dict[str, Any]
MONTHLY, FIRST = plans.INTERVALS[:1], plans.CURRENCIES[0]
_METER: Params = {
    "display_name": "Messages", "event_name": METER, "event_time_window": "hour",
    "default_aggregation": {"formula": "sum"},
}  # fmt: skip
# Changes of the plan and its end go through our API, which knows what fits; the portal shows the rest.
_PORTAL = {
    "payment_method_update": {"enabled": True},
    "invoice_history": {"enabled": True},
    "customer_update": {"enabled": True, "allowed_updates": ["name", "email", "address", "tax_id"]},
    "subscription_cancel": {"enabled": False},
    "subscription_update": {"enabled": False},
}


def changes(v1: Any, sold: Iterable[Plan]) -> Iterator[Change]:
    """The changes that are needed, in their order. SystemExit if the meter counts in another way, as a meter cannot be
    changed.
    """
    bought = [plan for plan in sold if plan.components]
    yield from _meter(v1)
    for plan in bought:
        for part in plan.components:
            yield from _product(v1, _product_of(plan, part))
    yield from _prices(v1, {key: params for plan in bought for key, params in _prices_of(plan)})
    yield from _portal(v1)


def _meter(v1: Any) -> Iterator[Change]:
    meter = _known_meter(v1)
    if meter is None:
        yield Change(f"meter {METER}", partial(stripe.call, v1.billing.meters.create, **_METER))
    elif any(meter.get(name) != value for name, value in _METER.items() if name != "display_name"):
        raise SystemExit(
            f"The meter {METER} at Stripe counts otherwise, and no meter can be changed: archive it first."
        )


def _known_meter(v1: Any) -> Params | None:
    meters: list[Params] = stripe.call(v1.billing.meters.list, status="active", limit=100)["data"]
    return next((meter for meter in meters if meter["event_name"] == METER), None)


def _product_of(plan: Plan, part: Component) -> Params:
    return {
        "id": plans.PRODUCT.format(plan=plan.key, component=part.name),
        "name": plan.name if part.name == "base" else f"{plan.name}: {part.name}",
        "tax_code": TAX_CODE,
        "metadata": {"plan": plan.key, "item": part.name},
    }


def _product(v1: Any, wanted: Params) -> Iterator[Change]:
    id, params = wanted["id"], {name: value for name, value in wanted.items() if name != "id"}
    try:
        known = stripe.call(v1.products.retrieve, id)
    except stripe.Missing:
        yield Change(f"product {id}", partial(stripe.call, v1.products.create, **wanted))
        return
    if any(known.get(name) != value for name, value in {**params, "active": True}.items()):
        yield Change(f"product {id}", partial(stripe.call, v1.products.update, id, active=True, **params))


def _prices_of(plan: Plan) -> Iterator[tuple[str, Params]]:
    """The prices of a plan by lookup key. The `digest` of a price's settings tells whether it is still the same."""
    for part in plan.components:
        for interval in MONTHLY if part.metered else plans.INTERVALS:
            amounts = {currency: _amounts(part, interval, currency) for currency in plans.CURRENCIES}
            key, scheme = f"palabre.{plan.key}.{part.name}.{interval}", _scheme(part)
            digest = ids.digest(key, repr((sorted(amounts.items()), scheme, part.metered, TAX_CODE)))
            yield (
                key,
                {
                    "lookup_key": key,
                    "product": plans.PRODUCT.format(plan=plan.key, component=part.name),
                    "currency": FIRST,
                    "recurring": {"interval": interval, **({"usage_type": "metered"} if part.metered else {})},
                    "tax_behavior": "exclusive",
                    "metadata": {"plan": plan.key, "item": part.name, "version": str(plan.version), "digest": digest},
                    "currency_options": {
                        name: {**options, "tax_behavior": "exclusive"}
                        for name, options in amounts.items()
                        if name != FIRST
                    },
                    **scheme,
                    **amounts[FIRST],
                },
            )


def _scheme(part: Component) -> Params:
    return {"billing_scheme": "tiered", "tiers_mode": "graduated"} if part.included else {}


def _amounts(part: Component, interval: str, currency: str) -> Params:
    tiers = part.tiers(interval, currency)
    if not part.included:
        return {"unit_amount_decimal": str(tiers[0].unit)}
    return {"tiers": [{"up_to": tier.up_to or "inf", "unit_amount_decimal": str(tier.unit)} for tier in tiers]}


def _prices(v1: Any, wanted: Mapping[str, Params]) -> Iterator[Change]:
    keys = sorted(wanted)
    known: dict[str, Params] = {}
    for start in range(0, len(keys), LOOKUPS):
        some = stripe.call(v1.prices.list, lookup_keys=keys[start : start + LOOKUPS], active=True, limit=100)["data"]
        known |= {price["lookup_key"]: price for price in some}
    for key, params in wanted.items():
        price = known.get(key)
        if price is None or price["metadata"].get("digest") != params["metadata"]["digest"]:
            yield Change(f"price {key}", partial(_sell, v1, params, price))


def _sell(v1: Any, params: Params, before: Params | None) -> None:
    """Makes the new price before it archives the old one, so there is always one to buy."""
    recurring = dict(params["recurring"])
    if recurring.get("usage_type") == "metered":
        recurring["meter"] = (_known_meter(v1) or {})["id"]
    stripe.call(v1.prices.create, **{**params, "recurring": recurring, "transfer_lookup_key": True})
    if before:
        stripe.call(v1.prices.update, before["id"], active=False)


def _portal(v1: Any) -> Iterator[Change]:
    digest = ids.digest(repr(_PORTAL))
    params: Params = {"features": _PORTAL, "metadata": {"palabre": "portal", "digest": digest}}
    listed = stripe.call(v1.billing_portal.configurations.list, active=True, limit=100)["data"]
    known = next((each for each in listed if each["metadata"].get("palabre") == "portal"), None)
    if known is None:
        yield Change("portal", partial(stripe.call, v1.billing_portal.configurations.create, **params))
    elif known["metadata"].get("digest") != digest:
        yield Change("portal", partial(stripe.call, v1.billing_portal.configurations.update, known["id"], **params))


def push(differences: Iterable[Change], *, check: bool = False) -> int:
    """Makes the changes and prints each; with `check` only prints them. Gives their number."""
    count = 0
    for change in differences:
        count += 1
        print(f"  {change.what} {'differs' if check else '...'}", flush=True)
        if not check:
            change.make()
    print("  Stripe sells what the plans say." if not count or not check else f"  {count} to put right: make catalogue")
    return count


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make catalogue", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", nargs="?", default=LOCAL)
    parser.add_argument("--check", action="store_true", help="only say what differs; ends with 1 if something does")
    options = parser.parse_args()
    key = os.environ.get("STRIPE_KEY") or ("sk_test_local" if options.stage == LOCAL else "")
    if not key:
        raise SystemExit("Give the key of your Stripe account: STRIPE_KEY=rk_... make catalogue STAGE=...")
    stage = stage_named(options.stage)
    outputs = stage.enter()
    if options.stage == LOCAL:
        os.environ["NETWORK_APIS"] = json.dumps({"stripe": f"{here()['double']}/stripe"})
    client, secrets = stripe.client(key), stage.client("secretsmanager")
    hooks = here()["hooks"] if options.stage == LOCAL else outputs["HooksURL"].rstrip("/")
    listening = destinations.changes(client.v2, f"{hooks}/stripe", destinations.keeping(secrets, options.stage))
    try:
        count = push(chain(changes(client.v1, plans.PLANS.values()), listening), check=options.check)
    except stripe.Failure as failure:
        raise SystemExit(f"Stripe did not do it: {type(failure).__name__} {failure.code}") from failure
    if not destinations.read(secrets, options.stage).get("key"):
        print(f"  The functions have no key yet: put one into palabre/{options.stage}/billing, see docs/billing.md.")
    return 1 if options.check and count else 0


if __name__ == "__main__":
    sys.exit(main())
