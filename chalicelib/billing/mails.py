"""The mails about a subscription. Stripe itself mails receipts, failed cards and what a bank asks for; these are ours.

Each was decided on, once, in the transaction of what it tells. No amount and no address of Stripe's pages is in one.
"""

from collections.abc import Iterator

from chalicelib import clock, errors, log
from chalicelib.access import memberships
from chalicelib.aws import mail
from chalicelib.aws.mail import Text
from chalicelib.people import agencies, members
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store.models.people import Member

_SEE = "\n\nSee what you can do: {app}/billing\n"
_INBOUND = " What your customers write still comes in, is kept and can be read and exported."
TEXTS = {
    "trial_ending": Text(
        "{agency}: the trial ends on {trial_end}",
        "The trial of {agency} ends on {trial_end}. Choose a plan to go on as before." + _SEE,
    ),
    "trial_ended": Text(
        "{agency}: the trial is over",
        "The trial of {agency} is over. Choose a plan to have all of it back." + _INBOUND + _SEE,
    ),
    "started": Text(
        "{agency}: your subscription has begun",
        "The subscription of {agency} to the plan {plan} has begun. Thank you." + _SEE,
    ),
    "grace": Text(
        "{agency}: a payment is still open",
        "A payment for {agency} did not go through. All works until {grace_end}; after that nothing can be sent until "
        "it is paid." + _SEE,
    ),
    "restricted": Text(
        "{agency}: nothing can be sent",
        "Since {since} nothing can be sent for {agency}, because of its subscription." + _INBOUND + _SEE,
    ),
    "restored": Text("{agency}: all works again", "The subscription of {agency} is in order. All works again." + _SEE),
    "suspend_soon": Text(
        "{agency}: from {suspension} on you can only read",
        "If the subscription of {agency} is not put in order, from {suspension} on you can only read."
        + _INBOUND
        + _SEE,
    ),
    "suspended": Text(
        "{agency}: you can only read",
        "The subscription of {agency} was not put in order, so you can only read." + _INBOUND + _SEE,
    ),
    "ending": Text(
        "{agency}: your subscription ends on {end}",
        "The subscription of {agency} was cancelled and ends on {end}. Until then all works. You can take it back."
        + _SEE,
    ),
    "ended": Text(
        "{agency}: your subscription has ended",
        "The subscription of {agency} has ended. Nothing is deleted." + _INBOUND + _SEE,
    ),
    "paused": Text(
        "{agency}: your subscription is paused",
        "The subscription of {agency} is paused, so nothing can be sent." + _INBOUND + _SEE,
    ),
    "resumed": Text(
        "{agency}: your subscription goes on", "The subscription of {agency} goes on. All works again." + _SEE
    ),
    "change_failed": Text(
        "{agency}: your plan was not changed",
        "A change of the subscription of {agency} was not paid in time, so nothing was changed and nothing is owed for "
        "it. You can ask for it again." + _SEE,
    ),
    "limit_near": Text(
        "{agency}: most of this month's messages are used",
        "{agency} has used four fifths of the messages of its plan {plan} in this period." + _SEE,
    ),
    "limit_reached": Text(
        "{agency}: this month's messages are used up",
        "{agency} has used all messages of its plan {plan} in this period. What happens now is what you chose: see "
        "your settings." + _INBOUND + _SEE,
    ),
    "charges_reached": Text(
        "{agency}: networks have charged as much as you allow",
        "What networks charge {agency} for messages has reached the cap you set for this month. Through networks that "
        "charge nothing is sent until the cap is raised or the next month begins." + _INBOUND + _SEE,
    ),
    "cap_reached": Text(
        "{agency}: the cap you set is reached",
        "What {agency} may spend beyond its plan {plan} in this period is spent. What happens now is what you chose: "
        "see your settings." + _INBOUND + _SEE,
    ),
    "dispute_opened": Text(
        "{agency}: a payment is disputed",
        "Somebody disputes a payment of {agency} with their bank. Until this is settled nothing can be added; all the "
        "rest works." + _SEE,
    ),
    "double_subscription": Text(
        "{agency}: you have two subscriptions",
        "{agency} has two subscriptions at once and would pay for both. Tell us which one is to stay; we end nothing "
        "by ourselves." + _SEE,
    ),
}  # fmt: skip


def send(agency: str, kind: str, now: int) -> None:
    """Mails a letter to those whom it concerns. A mail that cannot be sent is not tried again, and logged."""
    stored = records.load(agency, now)
    words = _words(agencies.get(agency).name, records.of(stored))
    for member in _readers(agency, stored.contacts):
        try:
            mail.send(member.email, TEXTS[kind], words)
        except errors.Unavailable as unsent:
            log.line("letter_unsent", code=unsent.code, kind=kind)


def _readers(agency: str, contacts: list[str]) -> Iterator[Member]:
    """The owners, who else may manage billing, and those whom the agency named."""
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
