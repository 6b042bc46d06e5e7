"""The mails about a subscription. Stripe itself mails receipts, failed cards and what a bank asks for; these are ours.

Each is in its reader's language. It was decided once, in the transaction of the change that it reports. None holds an
amount or an address of Stripe's pages.
"""

from collections.abc import Iterator

from chalicelib import clock, errors, log
from chalicelib.access import memberships
from chalicelib.aws import mail
from chalicelib.people import agencies, members
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store.models.people import Member


def send(agency: str, kind: str, now: int) -> None:
    """Mails a letter to its readers. A mail that cannot be sent is logged and not tried again."""
    stored = records.load(agency, now)
    words = _words(agencies.get(agency).name, records.of(stored))
    for member in _readers(agency, stored.contacts):
        try:
            mail.send(member.email, mail.template(kind, member.language), words)
        except errors.Unavailable as unsent:
            log.line("letter_unsent", code=unsent.code, kind=kind)


def _readers(agency: str, contacts: list[str]) -> Iterator[Member]:
    """The owners, others who may manage billing, and those whom the agency named as contacts."""
    everybody = list(members.every(agency))
    permitted = memberships.permissions_of(agency, [grant["role"] for each in everybody for grant in each.grants])
    for member in everybody:
        roles = [grant["role"] for grant in member.grants if grant["brands"] is None]
        may = any("billing.manage" in permitted.get(role, ()) for role in roles)
        if "owner" in roles or may or member.id in contacts:
            yield member


def _words(name: str, subscription: Subscription) -> dict[str, str]:
    return {
        "agency": name,
        "plan": subscription.plan,
        "since": clock.text(subscription.since)[:10],
        "trial_end": clock.text(subscription.trial_ends_at)[:10],
        "grace_end": clock.text(subscription.grace_until)[:10],
        "suspension": clock.text(subscription.suspends_at)[:10],
        "end": clock.text(subscription.ending)[:10],
    }
