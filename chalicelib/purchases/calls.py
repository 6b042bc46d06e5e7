"""What the routes of billing ask of Stripe: once for each wish, and with an answer that a caller understands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib import errors, log
from chalicelib.billing import refreshes, stripe
from chalicelib.billing.snapshots import rows
from chalicelib.billing.values import mapping, text
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Contract

AFTER_SECONDS = 30.0


@contextmanager
def answered() -> Iterator[None]:
    """Turns what Stripe did not do into what the caller reads. Raises Unavailable, PaymentRequired or Conflict."""
    try:
        yield
    except stripe.Declined as declined:
        raise errors.PaymentRequired("The card was declined.", code="card_declined") from declined
    except stripe.ActionRequired as waits:
        raise errors.PaymentRequired("The bank wants to be asked.", code="payment_action_required") from waits
    except (stripe.Unavailable, stripe.KeyRefused) as failed:
        log.count("stripe_unavailable", failure=type(failed).__name__)
        raise _unavailable() from failed
    except stripe.Failure as failed:
        log.problem("stripe_refused", failed, code=failed.code)
        raise errors.Conflict("Stripe does not do this now.", code="stripe_refused") from failed


def _unavailable() -> errors.Unavailable:
    return errors.Unavailable("Stripe does not answer now.", code="stripe_unavailable", after=AFTER_SECONDS)


def unpaid(client: Any, invoice: Mapping[str, Any]) -> errors.PaymentRequired:
    """What to tell of an invoice that is open still: whether a bank wants to be asked, and where it can be paid."""
    listed = stripe.call(client.v1.invoice_payments.list, invoice=text(invoice.get("id")), limit=1)
    intents = [text(mapping(row.get("payment")).get("payment_intent")) for row in rows(listed)]
    waits = any(intents) and stripe.call(client.v1.payment_intents.retrieve, intents[0])["status"] == "requires_action"
    more = {"url": text(invoice.get("hosted_invoice_url"))}
    if waits:
        return errors.PaymentRequired("The bank wants to be asked.", code="payment_action_required", more=more)
    return errors.PaymentRequired("The card was declined.", code="card_declined", more=more)


def client() -> Any:
    """Stripe's client for a request, which may not take long."""
    with answered():
        return refreshes.client(stripe.RETRIES_IN_ROUTES)


def live(agency: str, now: int) -> tuple[str, Contract]:
    """The agency's customer, and the contract that goes on. Raises Conflict if there is none."""
    subscription = records.of(records.load(agency, now))
    if not subscription.contract or not subscription.contract.is_live:
        raise errors.Conflict("There is no subscription.", code="no_subscription")
    return subscription.customer, subscription.contract
