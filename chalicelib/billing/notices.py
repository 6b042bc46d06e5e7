"""What Stripe posts: whether it is Stripe's, which customer it is about, and what is done with it.

A notice only says that something changed, and for whom. Stripe is then asked for the present state.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, strict_json
from chalicelib.billing.values import mapping, text
from chalicelib.networks import signature

LONGEST_HEADER, LARGEST_BODY = 4 << 10, 1 << 20
TOLERANCE = 300 * clock.SECOND
_DIGITS = re.compile(r"[0-9]{1,12}")
_ID = re.compile(r"[A-Za-z0-9_]{1,255}")
_KIND = re.compile(r"[a-z0-9_.]{1,100}")

_NAMES = {
    "checkout.session": "completed expired async_payment_succeeded async_payment_failed",
    "customer": "updated deleted",
    "customer.tax_id": "updated",
    "customer.subscription": (
        "created updated deleted paused resumed trial_will_end pending_update_applied pending_update_expired"
    ),
    "invoice": "finalized finalization_failed paid payment_failed payment_action_required voided marked_uncollectible",
    "payment_method": "automatically_updated",
    "charge.dispute": "created updated closed funds_withdrawn funds_reinstated",
    "refund": "created updated failed",
    "radar.early_fraud_warning": "created",
    "price": "updated",
    "product": "updated",
    "billing.meter": "error_report_triggered no_meter_found",
    "test_helpers.test_clock": "ready",
}
TYPES = frozenset(f"{noun}.{verb}" for noun, verbs in _NAMES.items() for verb in verbs.split())


@dataclass(frozen=True)
class Notice:
    """What a body says. `customer` is empty if Stripe does not name it; then the subject is looked up.

    `foreign` is true if it is about another Stripe account than ours.
    """

    id: str
    type: str
    subject: str
    subject_type: str
    customer: str
    livemode: bool
    foreign: bool
    created: int
    api_version: str


@dataclass(frozen=True)
class Outcome:
    """What is done with a body: `apply`, `ignored` or `quarantine`; and under which name it is counted, if at all."""

    do: str
    counted: str = ""


def is_signed(header: str, raw: bytes, secrets: Iterable[str], now: int) -> bool:
    """True if `Stripe-Signature` proves that Stripe posted these very bytes within five minutes of now."""
    if len(header) > LONGEST_HEADER or not header.isascii():
        return False
    pairs = [part.partition("=") for part in header.split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    if len(moments) != 1 or not _DIGITS.fullmatch(moments[0]):
        return False
    if abs(now - int(moments[0]) * clock.SECOND) > TOLERANCE:
        return False
    live, signed = tuple(secrets), moments[0].encode() + b"." + raw
    return any(signature.is_signed(signed, value, live) for name, _, value in pairs if name == "v1")


def live_secrets(stored: Mapping[str, Any], now: int) -> tuple[str, ...]:
    """The valid signing secrets: the present ones, and the previous ones until `until` (ms)."""
    previous = stored.get("previous") or {}
    old = previous.get("signing", []) if now < previous.get("until", 0) else []
    return tuple(filter(None, [*stored.get("signing", []), *old]))


def read(raw: bytes) -> Notice | None:
    """The notice in a signed body; None if it is in neither of Stripe's two forms."""
    try:
        body = strict_json.loads(raw)
    except strict_json.Unreadable:
        return None
    if not isinstance(body, dict):
        return None
    if body.get("object") == "event":
        return _checked(body, mapping(mapping(body.get("data")).get("object")), "object")
    if body.get("object") == "v2.core.event":
        return _checked(body, mapping(body.get("related_object")), "type")
    return None


def outcome(notice: Notice | None, *, livemode: bool, api_version: str) -> Outcome:
    """What to do with a body, given our key's mode and our version of the API."""
    if notice is None:
        return Outcome("quarantine", "unreadable")
    if notice.type not in TYPES:
        return Outcome("ignored", "ignored")
    if notice.livemode != livemode:
        return Outcome("ignored", "other_mode")
    if notice.foreign:
        return Outcome("ignored", "other_account")
    return Outcome("apply", "other_version" if notice.api_version not in ("", api_version) else "")


def for_agency(outcome: Outcome, agency: str | None) -> Outcome:
    """The outcome once the customer's agency is known: an unknown customer's notice goes to quarantine."""
    return Outcome("quarantine", "stranger") if outcome.do == "apply" and not agency else outcome


def _checked(body: Mapping[str, Any], subject: Mapping[str, Any], kind: str) -> Notice | None:
    """None unless all parts that may become part of an address consist of plain characters."""
    id, subject_id = (
        text(body.get("snapshot_event")) or text(body.get("id")),
        text(subject.get("id")),
    )
    type, subject_type = text(body.get("type")).removeprefix("v1."), text(subject.get(kind))
    customer = subject_id if subject_type == "customer" else _customer(subject)
    plain = [_ID.fullmatch(id), _KIND.fullmatch(type)]
    plain += [_ID.fullmatch(subject_id), _KIND.fullmatch(subject_type)] if subject else []
    plain += [_ID.fullmatch(customer)] if customer else []
    if not all(plain) or not isinstance(body.get("livemode"), bool):
        return None
    return Notice(
        id=id,
        type=type,
        subject=subject_id,
        subject_type=subject_type,
        customer=customer,
        livemode=body["livemode"],
        foreign=bool(body.get("account") or body.get("context")),
        created=_created(body.get("created")),
        api_version=text(body.get("api_version")),
    )


def _customer(subject: Mapping[str, Any]) -> str:
    given = subject.get("customer")
    return text(given) or text(mapping(given).get("id"))


def _created(given: Any) -> int:
    """From seconds or RFC 3339; 0 for anything else, as nothing depends on it."""
    try:
        return clock.parse(given) if isinstance(given, str) else int(given) * clock.SECOND
    except (TypeError, ValueError, OverflowError):
        return 0
