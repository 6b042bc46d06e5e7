"""Stripe's own pages, without scripts: what has to be paid, and a button for each possible outcome.

A button is a POST and answers with 303 to the next page.
"""

from collections.abc import Callable, Mapping
from html import escape

from local.stripe import cards, coupons, dunning, payments, portal, purchases
from local.stripe.accounts import Account, Thing
from local.stripe.refusals import Refused, invalid

# The card a button pays with, and how the 3DS it may need goes: None where the person leaves it undone.
BUTTONS: Mapping[str, tuple[str, bool | None]] = {
    "pay": ("pm_card_visa", True),
    "3ds_pass": ("pm_card_authenticationRequired", True),
    "3ds_fail": ("pm_card_authenticationRequired", False),
    "3ds_leave": ("pm_card_authenticationRequired", None),
    "decline": ("pm_card_chargeCustomerFail", True),
}
# Of a checkout alone: a payment that takes days, and whether it comes.
DELAYED = {"delayed_pass": True, "delayed_fail": False}
KINDS = {
    "checkout.stripe.com": ("pay", "checkout.session"),
    "billing.stripe.com": ("session", "billing_portal.session"),
    "invoice.stripe.com": ("i", "invoice"),
}
Fields = Mapping[str, str]


def shown(account: Account, host: str, id: str) -> str:
    thing = account.get(KINDS[host][1], id)
    buttons: tuple[str, ...] = (*BUTTONS, "leave")
    if host == "billing.stripe.com":
        buttons = ("change_card", "set_vat", "leave")
    elif thing["status"] != "open":
        buttons = ()
    elif host == "checkout.stripe.com":
        buttons = (*buttons, *DELAYED)
    amount = thing.get("amount_total", thing.get("amount_due"))
    head = f"<h1>{escape(host)}</h1><p>{escape(str(thing.get('status', 'open')))} {escape(str(amount))}</p>"
    path = f"/stripe/{host}/{KINDS[host][0]}/{escape(id)}"
    fields = '<input name="card" value="pm_card_visa"><input name="vat" value="">'
    fields += '<input name="promotion_code" value="">' if host == "checkout.stripe.com" else ""
    each = [
        f'<form method="post" action="{path}/{name}">{fields if "_" in name else ""}<button>{name}</button></form>'
        for name in buttons
    ]
    return f"<!doctype html><title>Double of Stripe</title>{head}{''.join(each)}"


def press(account: Account, host: str, id: str, button: str, fields: Fields) -> str:
    """Does what the button does; gives the address to which the person is sent."""
    thing = account.get(KINDS[host][1], id)
    here = f"{account.pages}/stripe/{host}/{KINDS[host][0]}/{id}"
    return PRESSED[host](account, thing, button, fields) or here


def _checkout(account: Account, session: Thing, button: str, fields: Fields) -> str | None:
    if button == "leave":
        return str(session["cancel_url"]) if session["cancel_url"] else None
    back = str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
    if code := fields.get("promotion_code"):
        coupons.typed(account, session, code)
    if button in DELAYED:
        purchases.pay_later(account, session["id"], succeeds=DELAYED[button])
        return back
    card, passed = _behaviour_of(button)
    outcome = purchases.pay(account, session["id"], fields.get("card", card), passed=passed)
    return back if outcome == payments.PAID else None


def _invoice(account: Account, invoice: Thing, button: str, fields: Fields) -> None:
    if button == "leave":
        return
    card, passed = _behaviour_of(button)
    if invoice["status"] != "open":
        raise Refused(f"This invoice is {invoice['status']}.", code="invoice_not_open")
    method = cards.make(account, fields.get("card", card), account.objects[invoice["customer"]])
    dunning.collect(account, invoice, card=method, passed=passed, automatic=False)


def _portal(account: Account, session: Thing, button: str, fields: Fields) -> str | None:
    if button == "change_card":
        portal.change_card(account, session, fields.get("card") or "pm_card_visa")
    elif button == "set_vat":
        portal.set_vat(account, session, fields.get("vat") or "DE123456789")
    elif button != "leave":
        raise invalid("There is no such button.", "button")
    return str(session["return_url"]) if session["return_url"] else None


def _behaviour_of(button: str) -> tuple[str, bool | None]:
    if button not in BUTTONS:
        raise invalid("There is no such button.", "button")
    return BUTTONS[button]


PRESSED: Mapping[str, Callable[[Account, Thing, str, Fields], str | None]] = {
    "checkout.stripe.com": _checkout, "invoice.stripe.com": _invoice, "billing.stripe.com": _portal,
}  # fmt: skip
