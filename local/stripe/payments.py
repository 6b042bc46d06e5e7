"""A try to charge a card for an invoice: payment intents, charges, refunds."""

from collections.abc import Mapping
from typing import Any

from local.stripe import forms
from local.stripe.accounts import Account, Thing, listing
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused, invalid

PAID, DECLINED, LOST, ACTION, CARDLESS = "paid", "declined", "lost", "action", "cardless"


def intent_of(account: Account, invoice: Thing) -> Thing:
    """The payment intent of an invoice, made when first asked for."""
    for payment in invoice["_more"]["payments"]["data"]:
        return account.get("payment_intent", payment["payment"]["payment_intent"])
    amount = invoice["amount_due"]
    intent = account.make(
        "payment_intent", "pi", clock=invoice["_clock"], amount=amount, amount_capturable=0, amount_received=0,
        currency=invoice["currency"], customer=invoice["customer"], status="requires_payment_method", metadata={},
        payment_method=None, payment_method_types=["card"], capture_method="automatic", latest_charge=None,
        confirmation_method="automatic", client_secret="", description=None, last_payment_error=None, next_action=None,
        setup_future_usage="off_session", application=None, application_fee_amount=None, canceled_at=None,
        cancellation_reason=None, on_behalf_of=None, payment_record=None, processing=None, review=None, source=None,
        _invoice=invoice["id"],
    )  # fmt: skip
    intent["client_secret"] = f"{intent['id']}_secret_{intent['id'][-8:]}"
    invoice["_more"]["confirmation_secret"] = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    payment = account.make(
        "invoice_payment", "inpay", clock=invoice["_clock"], amount_paid=None, amount_requested=amount,
        currency=invoice["currency"], invoice=invoice["id"], is_default=True, status="open",
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status_transitions={"canceled_at": None, "paid_at": None},
    )  # fmt: skip
    invoice["_more"]["payments"]["data"].append(payment)
    return intent


def attempt(account: Account, invoice: Thing, card: Thing | None, *, passed: bool | None = None) -> str:
    """Charges the card. `passed` is the outcome of the customer's 3DS, None if nobody is there to do it."""
    if invoice["amount_due"] == 0:
        return PAID
    intent = intent_of(account, invoice)
    if card is None:
        return CARDLESS
    intent["payment_method"] = card["id"]
    does = card["_does"]
    if does == "action" and passed is None:
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}})
        account.emit("payment_intent.requires_action", intent)
        return ACTION
    fails = does in ("declined", "lost") or (does == "action" and not passed)
    charge = _charge(account, invoice, intent, card, fails=fails)
    if fails:
        error = {"type": "card_error", "code": "card_declined", "decline_code": charge["failure_code"],
                 "message": charge["failure_message"]}  # fmt: skip
        intent.update(status="requires_payment_method", next_action=None, last_payment_error=error)
        account.emit("charge.failed", charge)
        account.emit("payment_intent.payment_failed", intent)
        return LOST if does == "lost" else DECLINED
    intent.update(status="succeeded", amount_received=intent["amount"], next_action=None, last_payment_error=None)
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    if does in ("dispute", "inquiry"):
        account.due(account.time_of(charge), f"open_{does}", charge)
    return PAID


def _charge(account: Account, invoice: Thing, intent: Thing, card: Thing, *, fails: bool) -> Thing:
    amount = intent["amount"]
    reason = {"lost": "lost_card", "action": "authentication_required"}.get(card["_does"], "generic_decline")
    charge = account.make(
        "charge", "ch", clock=invoice["_clock"], amount=amount, amount_captured=0 if fails else amount,
        amount_refunded=0, captured=not fails, currency=intent["currency"], disputed=False,
        customer=invoice["customer"],
        failure_code=reason if fails else None, failure_message="Your card was declined." if fails else None,
        paid=not fails, payment_intent=intent["id"], payment_method=card["id"], refunded=False, metadata={},
        status="failed" if fails else "succeeded", billing_details=card["billing_details"], description=None,
        payment_method_details={"type": "card", "card": card["card"]}, receipt_url=None, application=None,
        application_fee=None, application_fee_amount=None, balance_transaction=None, on_behalf_of=None, review=None,
        failure_balance_transaction=None, transfer=None, outcome=None, source_transfer=None, source=None, shipping=None,
    )  # fmt: skip
    intent["latest_charge"] = charge["id"]
    return charge


@call("GET", "/v1/charges/{}")
def retrieve_charge(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("charge", id)


@call("GET", "/v1/charges", f"{LISTING} customer payment_intent")
def list_charges(account: Account, params: Mapping[str, Any]) -> Thing:
    return listing(account, "charge", params, "customer payment_intent", "/v1/charges")


@call("GET", "/v1/payment_intents/{}")
def retrieve_intent(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("payment_intent", id)


@call("GET", "/v1/invoice_payments", f"{LISTING} invoice status")
def list_payments(account: Account, params: Mapping[str, Any]) -> Thing:
    return listing(account, "invoice_payment", params, "invoice status", "/v1/invoice_payments")


@call("POST", "/v1/refunds", "charge payment_intent amount reason metadata.*")
def refund(account: Account, params: Mapping[str, Any]) -> Thing:
    """Refunds the rest of a charge, or a part of it."""
    intent = params.get("payment_intent")
    id = account.get("payment_intent", intent, "payment_intent")["latest_charge"] if intent else None
    charge = account.get("charge", id or forms.need(params, "charge"), "charge")
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = forms.whole(params, "amount", left, least=1)
    if not left:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
    made = account.make(
        "refund", "re", clock=charge["_clock"], amount=amount, balance_transaction=None, charge=charge["id"],
        currency=charge["currency"], customer=charge["customer"], payment_intent=charge["payment_intent"],
        status="succeeded", reason=params.get("reason"),
        metadata=forms.metadata(params), destination_details=None, receipt_number=None,
        payment_method=charge["payment_method"], pending_reason=None, source_transfer_reversal=None,
        transfer_reversal=None, failure_balance_transaction=None,
    )  # fmt: skip
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    account.emit("refund.created", made)
    account.emit("charge.refunded", charge)
    return made


@call("GET", "/v1/refunds/{}")
def retrieve_refund(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("refund", id)
