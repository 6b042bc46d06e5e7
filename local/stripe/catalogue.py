"""Products and prices."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from local.stripe import forms
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused, invalid, missing

PRODUCT = "name active description tax_code unit_label statement_descriptor url metadata.* images[]"
TIERS = "{up_to,unit_amount,unit_amount_decimal,flat_amount,flat_amount_decimal}"
AMOUNTS = f"unit_amount unit_amount_decimal tiers[].{TIERS} tax_behavior"
OPTIONS = "currency_options.*"
PRICE = "nickname active lookup_key transfer_lookup_key metadata.* tax_behavior"


@call("POST", "/v1/products", f"id {PRODUCT}")
def create_product(account: Account, params: Mapping[str, Any]) -> Thing:
    forms.need(params, "name")
    if params.get("id") in account.objects:
        raise invalid(f"Product already exists: {params['id']}", "id", "resource_already_exists")
    product = account.make(
        "product", "prod", id=params.get("id"), name="", active=True, description=None, images=[], metadata={},
        marketing_features=[], package_dimensions=None, shippable=None, statement_descriptor=None, tax_code=None,
        type="service", unit_label=None, updated=account.now(), url=None, default_price=None,
    )  # fmt: skip
    product.update(_product(params, product))
    account.emit("product.created", product)
    return product


def _product(params: Mapping[str, Any], before: Thing) -> Thing:
    plain = {name: params[name] or None for name in PRODUCT.split()[:-2] if name in params}
    if "active" in params:
        plain["active"] = forms.truth(params, "active")
    return {**plain, "metadata": forms.metadata(params, before["metadata"])}


@call("GET", "/v1/products/{}")
def retrieve_product(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("product", id)


@call("GET", "/v1/products", f"{LISTING} active ids[]")
def list_products(account: Account, params: Mapping[str, Any]) -> Thing:
    products = account.all("product", **_active(params))
    ids = params.get("ids")
    return page([thing for thing in products if not ids or thing["id"] in ids], params, "/v1/products")


def _active(params: Mapping[str, Any]) -> dict[str, bool]:
    return {"active": forms.truth(params, "active")} if "active" in params else {}


@call("POST", "/v1/products/{}", PRODUCT)
def update_product(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    product = account.get("product", id)
    account.changed("product.updated", product, **_product(params, product), updated=account.now())
    return product


def _decimal(value: Any, param: str) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"Invalid decimal: {value}", param) from None
    return format(number.normalize(), "f") if number.is_finite() else _decimal("x", param)


def _integer_and_decimal(given: Mapping[str, Any], name: str) -> tuple[int | None, str | None]:
    """An amount as an integer, if it is one, and as a decimal text."""
    value = given.get(name) if given.get(name) not in (None, "") else given.get(f"{name}_decimal")
    if value in (None, ""):
        return None, None
    text = _decimal(value, name)
    return (int(text) if "." not in text else None), text


def _tier(given: Mapping[str, Any]) -> Thing:
    unit, unit_decimal = _integer_and_decimal(given, "unit_amount")
    flat, flat_decimal = _integer_and_decimal(given, "flat_amount")
    top = None if given.get("up_to") == "inf" else forms.whole(given, "up_to", least=1)
    return {
        "up_to": top, "unit_amount": unit, "unit_amount_decimal": unit_decimal, "flat_amount": flat,
        "flat_amount_decimal": flat_decimal,
    }  # fmt: skip


def _option(given: Mapping[str, Any], tiered: bool) -> Thing:
    unit, decimal = _integer_and_decimal(given, "unit_amount")
    made: Thing = {
        "custom_unit_amount": None, "tax_behavior": given.get("tax_behavior", "unspecified"), "unit_amount": unit,
        "unit_amount_decimal": decimal,
    }  # fmt: skip
    if tiered:
        made["tiers"] = [_tier(tier) for tier in given.get("tiers") or []]
        if not made["tiers"] or made["tiers"][-1]["up_to"] is not None:
            raise invalid("The last tier must have up_to set to inf.", "tiers")
    elif decimal is None:
        raise invalid("Missing required param: unit_amount.", "unit_amount", "parameter_missing")
    return made


def _recurring(account: Account, params: Mapping[str, Any]) -> Thing | None:
    given = params.get("recurring")
    if not given:
        return None
    usage = forms.choice(given, "usage_type", ("licensed", "metered"), "licensed")
    meter = given.get("meter")
    if (usage == "metered") != bool(meter):
        raise invalid("Prices with usage_type metered, and only those, must be backed by a meter.", "recurring[meter]")
    if meter:
        account.get("billing.meter", meter, "recurring[meter]")
    return {
        "interval": forms.choice(given, "interval", ("day", "week", "month", "year"), ""), "usage_type": usage,
        "interval_count": forms.whole(given, "interval_count", 1, least=1), "meter": meter, "trial_period_days": None,
    }  # fmt: skip


RECURRING = "recurring.{interval,interval_count,usage_type,meter}"


@call("POST", "/v1/prices", f"currency product billing_scheme tiers_mode {RECURRING} {AMOUNTS} {OPTIONS} {PRICE}")
def create_price(account: Account, params: Mapping[str, Any]) -> Thing:
    account.get("product", forms.need(params, "product"), "product")
    currency = forms.need(params, "currency")
    tiered = forms.choice(params, "billing_scheme", ("per_unit", "tiered"), "per_unit") == "tiered"
    if tiered:
        forms.choice(params, "tiers_mode", ("graduated",), "")
    main = _option(params, tiered)
    options = {name: _option(given, tiered) for name, given in (params.get("currency_options") or {}).items()}
    recurring = _recurring(account, params)
    _take_lookup_key(account, params, None)
    price = account.make(
        "price", "price", active=forms.truth(params, "active", default=True), currency=currency,
        billing_scheme="tiered" if tiered else "per_unit", custom_unit_amount=None, lookup_key=params.get("lookup_key"),
        metadata=forms.metadata(params), nickname=params.get("nickname"), product=params["product"],
        recurring=recurring, tax_behavior=main["tax_behavior"], tiers_mode="graduated" if tiered else None,
        transform_quantity=None, type="recurring" if recurring else "one_time", unit_amount=main["unit_amount"],
        unit_amount_decimal=main["unit_amount_decimal"],
    )  # fmt: skip
    price["_more"] = {"currency_options": {currency: main, **options}, "tiers": main.get("tiers")}
    account.emit("price.created", price)
    return price


def _take_lookup_key(account: Account, params: Mapping[str, Any], own: str | None) -> None:
    """A lookup key belongs to one price. It moves to this price only if `transfer_lookup_key` says so."""
    key = params.get("lookup_key")
    holders = [price for price in account.all("price", lookup_key=key) if key and price["id"] != own]
    if holders and not forms.truth(params, "transfer_lookup_key"):
        raise invalid(f"A price (`{holders[0]['id']}`) already uses that lookup key.", "lookup_key")
    for holder in holders:
        account.changed("price.updated", holder, lookup_key=None)


@call("GET", "/v1/prices/{}")
def retrieve_price(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("price", id)


LISTED = "active product currency lookup_keys[] type"


@call("GET", "/v1/prices", f"{LISTING} {LISTED}")
def list_prices(account: Account, params: Mapping[str, Any]) -> Thing:
    keys = params.get("lookup_keys") or []
    if len(keys) > 10:
        raise Refused("You may only specify up to 10 lookup keys.", param="lookup_keys")
    wanted = {name: params[name] for name in ("product", "currency", "type") if name in params}
    prices = account.all("price", **wanted, **_active(params))
    return page([price for price in prices if not keys or price["lookup_key"] in keys], params, "/v1/prices")


@call("POST", "/v1/prices/{}", PRICE)
def update_price(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    price = account.get("price", id)
    _take_lookup_key(account, params, id)
    fields = {name: params[name] or None for name in ("nickname", "lookup_key", "tax_behavior") if name in params}
    if "active" in params:
        fields["active"] = forms.truth(params, "active")
    account.changed("price.updated", price, **fields, metadata=forms.metadata(params, price["metadata"]))
    return price


@call("GET", "/v1/tax_codes/{}")
def retrieve_tax_code(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    if id != "txcd_10103001":
        raise missing("tax code", id)
    name = "Software as a service (SaaS) - business use"
    return {"id": id, "object": "tax_code", "name": name, "description": name}
