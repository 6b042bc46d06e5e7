"""Customers, their tax ids and their cards."""

from collections.abc import Mapping
from typing import Any

from local.stripe import cards, forms, statuses
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import invalid, missing

ADDRESS = "address.{line1,line2,city,state,postal_code,country}"
FIELDS = (
    f"name email description phone metadata.* {ADDRESS} preferred_locales[] balance tax_exempt "
    "tax.{validate_location,ip_address} invoice_settings.{default_payment_method,footer}"
)
PLAIN = ("name", "email", "description", "phone", "address", "tax_exempt", "preferred_locales")


@call("POST", "/v1/customers", f"{FIELDS} test_clock tax_id_data[].{{type,value}}")
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    clock = params.get("test_clock") or account.settings["clock"]
    if clock:
        account.get("test_helpers.test_clock", clock, "test_clock")
    customer = account.make(
        "customer", "cus", clock=clock, test_clock=clock, name=None, email=None, description=None, phone=None,
        address=None, balance=0, currency=None, default_source=None, delinquent=False, discount=None,
        invoice_prefix=None, next_invoice_sequence=1, preferred_locales=[], shipping=None, tax_exempt="none",
        metadata={}, invoice_settings={"custom_fields": None, "default_payment_method": None, "footer": None,
                                       "rendering_options": None},
    )  # fmt: skip
    customer["invoice_prefix"] = customer["id"][-8:]
    customer["_more"] = {"tax_ids": {"object": "list", "data": [], "has_more": False, "url": ""}}
    _set(account, customer, params)
    for given in params.get("tax_id_data", []):
        add_tax_id(account, customer, given["type"], given["value"])
    account.emit("customer.created", customer)
    return customer


def _set(account: Account, customer: Thing, params: Mapping[str, Any]) -> Thing:
    """Sets the fields and gives their earlier values. Refuses an address without a country if the call asks for a
    check.
    """
    after = {name: params[name] or None for name in PLAIN if name in params}
    tax = params.get("tax") or {}
    address = after.get("address", customer["address"])
    if tax.get("validate_location") == "immediately" and not (address or {}).get("country"):
        raise invalid("The customer's location is not recognized.", "address", "customer_tax_location_invalid")
    if "balance" in params:
        after["balance"] = forms.whole(params, "balance")
    card = (params.get("invoice_settings") or {}).get("default_payment_method")
    if card is not None:
        if card and cards.of(account, card)["customer"] != customer["id"]:
            raise invalid("The customer does not have that payment method.", "invoice_settings[default_payment_method]")
        after["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": card or None}
    if "metadata" in params:
        after["metadata"] = forms.metadata(params, customer["metadata"])
    previous = {name: customer[name] for name, value in after.items() if customer[name] != value}
    customer.update(after)
    return previous


def existing(account: Account, id: Any, param: str = "customer") -> Thing:
    """The customer. Refuses one that was deleted."""
    customer = account.get("customer", id, param)
    if customer.get("deleted"):
        raise missing("customer", str(id), param)
    return customer


@call("GET", "/v1/customers/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    customer = account.get("customer", id)
    return {"id": id, "object": "customer", "deleted": True} if customer.get("deleted") else customer


@call("GET", "/v1/customers", f"{LISTING} email test_clock")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    wanted = {name: params[name] for name in ("email", "test_clock") if name in params}
    living = [customer for customer in account.all("customer", **wanted) if not customer.get("deleted")]
    return page(living, params, "/v1/customers")


@call("POST", "/v1/customers/{}", FIELDS)
def update(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    customer = existing(account, id, "id")
    if previous := _set(account, customer, params):
        account.emit("customer.updated", customer, previous)
    return customer


@call("DELETE", "/v1/customers/{}")
def delete(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    customer = existing(account, id, "id")
    for subscription in account.all("subscription", customer=id):
        if subscription["status"] not in statuses.OVER:
            statuses.end(account, subscription, "cancellation_requested")
    customer["deleted"] = True
    account.emit("customer.deleted", customer)
    return {"id": id, "object": "customer", "deleted": True}


def add_tax_id(account: Account, customer: Thing, type: str, value: str) -> Thing:
    """It is verified at once, unless its value ends in 000."""
    status = "unverified" if value.endswith("000") else "verified"
    made = account.make(
        "tax_id", "txi", clock=customer["_clock"], customer=customer["id"], type=type, value=value, country=value[:2],
        owner={"type": "customer", "customer": customer["id"]},
        verification={"status": status, "verified_address": None, "verified_name": None},
    )  # fmt: skip
    customer["_more"]["tax_ids"]["data"].append(made)
    account.emit("customer.tax_id.created", made)
    account.emit("customer.tax_id.updated", made)
    return made


@call("POST", "/v1/customers/{}/tax_ids", "type value")
def create_tax_id(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    customer = existing(account, id)
    return add_tax_id(account, customer, forms.need(params, "type"), forms.need(params, "value"))
