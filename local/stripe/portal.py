"""The customer portal: its configurations, its sessions, and what its page does."""

from collections.abc import Mapping
from typing import Any

from local.stripe import cards, customers, forms
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import invalid

FEATURES = ("customer_update", "invoice_history", "payment_method_update", "subscription_cancel", "subscription_update")
CONFIGURATION = "name default_return_url business_profile.* features.* metadata.* login_page.enabled"
FLOWS = ("payment_method_update", "subscription_cancel", "subscription_update", "subscription_update_confirm")


@call("POST", "/v1/billing_portal/configurations", CONFIGURATION)
def configure(account: Account, params: Mapping[str, Any]) -> Thing:
    forms.need(params, "features")
    made = account.make(
        "billing_portal.configuration", "bpc", active=True, application=None, business_profile={"headline": None},
        default_return_url=None, features={}, is_default=False, login_page={"enabled": False, "url": None}, metadata={},
        name=None, updated=account.now(),
    )  # fmt: skip
    return _set(account, made, params)


@call("POST", "/v1/billing_portal/configurations/{}", f"active {CONFIGURATION}")
def reconfigure(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return _set(account, account.get("billing_portal.configuration", id), params)


def _set(account: Account, configuration: Thing, params: Mapping[str, Any]) -> Thing:
    given = params.get("features") or {}
    if unknown := set(given) - set(FEATURES):
        name = f"features[{unknown.pop()}]"
        raise invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")
    for name in FEATURES:
        asked = {**given.get(name, {})}
        before = configuration["features"].get(name, {"enabled": False})
        enabled = forms.truth(asked, "enabled", before["enabled"])
        configuration["features"][name] = {**before, **asked, "enabled": enabled}
    for name in ("name", "default_return_url", "business_profile"):
        if name in params:
            configuration[name] = params[name]
    configuration["active"] = forms.truth(params, "active", configuration["active"])
    configuration.update(metadata=forms.metadata(params, configuration["metadata"]), updated=account.now())
    return configuration


@call("GET", "/v1/billing_portal/configurations", f"{LISTING} active is_default")
def configurations(account: Account, params: Mapping[str, Any]) -> Thing:
    wanted = {name: forms.truth(params, name) for name in ("active", "is_default") if name in params}
    return page(account.all("billing_portal.configuration", **wanted), params, "/v1/billing_portal/configurations")


@call("GET", "/v1/billing_portal/configurations/{}")
def configuration_of(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("billing_portal.configuration", id)


@call("POST", "/v1/billing_portal/sessions",
      "customer return_url configuration locale flow_data.{type,after_completion.*}")  # fmt: skip
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    customer = customers.existing(account, forms.need(params, "customer"))
    if configuration := params.get("configuration"):
        account.get("billing_portal.configuration", configuration, "configuration")
    flow = params.get("flow_data")
    if flow:
        forms.choice(flow, "type", FLOWS, "")
    session = account.make(
        "billing_portal.session", "bps", clock=customer["_clock"], customer=customer["id"], configuration=configuration,
        flow=flow, locale=params.get("locale"), on_behalf_of=None, return_url=params.get("return_url"), url="",
        customer_account=None,
    )  # fmt: skip
    session["url"] = f"{account.pages}/stripe/billing.stripe.com/session/{session['id']}"
    return session


def change_card(account: Account, session: Thing, card: str) -> None:
    """Sets the new card for the customer, and for each subscription that has a card of its own, because that one is
    charged first.
    """
    customer = customers.existing(account, session["customer"])
    method = cards.make(account, card, customer)
    settings = {**customer["invoice_settings"], "default_payment_method": method["id"]}
    account.changed("customer.updated", customer, invoice_settings=settings)
    for subscription in account.all("subscription", customer=customer["id"]):
        if subscription["default_payment_method"]:
            account.changed("customer.subscription.updated", subscription, default_payment_method=method["id"])


def set_vat(account: Account, session: Thing, value: str) -> None:
    customers.add_tax_id(account, customers.existing(account, session["customer"]), "eu_vat", value)
