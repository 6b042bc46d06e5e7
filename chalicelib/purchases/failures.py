"""The problems that callers get when Stripe does not do what they asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib import errors, log
from chalicelib.billing import stripe

_AFTER_SECONDS = 30


@contextmanager
def as_problems() -> Iterator[None]:
    """Turns failures of Stripe into problems: 402 for the card, 409 for a refusal, 503 for what the caller cannot
    change.
    """
    try:
        yield
    except stripe.Declined as declined:
        raise unpaid() from declined
    except stripe.ActionRequired as waits:
        raise unpaid(action=True) from waits
    except stripe.Rejected as refused:
        raise errors.Conflict("Stripe has refused the operation.", code="stripe_refused") from refused
    except stripe.Failure as failure:
        log.line("stripe_unavailable", failure=type(failure).__name__, code=failure.code)
        raise unavailable() from failure


def unavailable() -> errors.Unavailable:
    return errors.Unavailable(
        "Stripe is not available now. Try again later.", code="stripe_unavailable", after=_AFTER_SECONDS
    )


def unpaid(url: str = "", *, action: bool = False) -> errors.PaymentRequired:
    """The problem that a payment failed. `url` is Stripe's page on which it can be made."""
    more: dict[str, Any] = {"url": url} if url else {}
    if action:
        return errors.PaymentRequired(
            "The bank wants you to confirm the payment.", code="payment_action_required", more=more
        )
    return errors.PaymentRequired("The card was declined.", code="card_declined", more=more)
