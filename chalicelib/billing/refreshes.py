"""Looks at an agency's subscription: asks Stripe for its present state, decides, and writes what follows in one
transaction.

The write has the version that was read before Stripe was asked as its condition, so a slow look never overwrites a
later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, errors, log
from chalicelib.access import actors, audit
from chalicelib.aws import secrets
from chalicelib.billing import deadlines, happenings, snapshots, states, stripe
from chalicelib.billing.deadlines import Letter
from chalicelib.plans import gates, records, spending
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store import due, keys, table
from chalicelib.store.models.plans import BillingEvent, Mailed, StoredSubscription

MOST_EVENTS = 50
DUE_LETTER = "billing_letter"  # the kind of work that sends a letter
LONGEST = 26 * clock.HOUR  # who is a customer is looked at once a day
BEFORE_TURN = 3 * clock.HOUR  # so long before a year ends what was wished for is done; a little of the year is lost
_EVENTS_KEPT = 40 * clock.DAY
_MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class _Look:
    """The stored subscription, the present one, and the letters not sent yet. `at` is when to look again (ms)."""

    stored: StoredSubscription
    before: Subscription
    after: Subscription
    letters: tuple[Letter, ...]
    at: int


def client(retries: int = stripe.RETRIES_IN_WORKERS) -> Any:
    """Stripe's client with our key. Raises KeyRefused if there is none."""
    key = secrets.of_billing().get("key")
    if not key:
        raise stripe.KeyRefused("unconfigured")
    return stripe.client(key, retries)


def refresh(
    agency: str, now: int, *, client: Any = None, events: Sequence[str] = (), disputes: Sequence[str] = ()
) -> StoredSubscription:
    """The agency's subscription as Stripe has it now, which is stored.

    `events` are ids of the Stripe events that led here: if all of them are done already, nothing is written. `disputes`
    are read too. Raises a stripe.Failure, and then nothing is written; Unavailable if others change it all the time.
    """
    new = list(dict.fromkeys(events))[:MOST_EVENTS]
    for _ in range(_MOST_ATTEMPTS):
        look = _look(records.load(agency, now), now, client, disputes)
        try:
            table.transact(*(_noting(agency, event, now) for event in new), *_writes(look, agency, now))
        except table.Refused as refused:
            fresh = [event for event, is_known in zip(new, refused.failed, strict=False) if not is_known]
            if new and not fresh:
                return look.stored
            new = fresh
        else:
            gates.forget(agency)
            for name in look.after.problems:
                log.count("billing_problem", problem=name)
            return records.load(agency, now)
    raise errors.Unavailable("Others are changing the subscription at the same time. Try again.")


def look_again(agency: str, now: int) -> StoredSubscription:
    """The daily look. It also finds disputes that no notice reported, and notices if no look was taken for more than a
    day.
    """
    stored = records.load(agency, now)
    known = records.of(stored)
    if not known.customer:
        return refresh(agency, now)
    if stored.refreshed_at and now - stored.refreshed_at > LONGEST:
        log.count("billing_stale")
    given = client()
    disputes = [id for id in stripe.dispute_ids(given, known.customer) if id not in known.disputes]
    return refresh(agency, now, client=given, disputes=disputes)


def refresh_if_letters_due(agency: str, now: int, client: Any) -> None:
    """Looks again if letters about limits are due."""
    stored = records.load(agency, now)
    if _unsent(agency, deadlines.letters_of_uses(spending.uses(stored, records.of(stored), now), now)):
        refresh(agency, now, client=client)


def _look(stored: StoredSubscription, now: int, given: Any, disputes: Sequence[str]) -> _Look:
    before = records.of(stored)
    snapshot = None
    if before.customer:
        asked = {*disputes, *(id for id, status in before.disputes.items() if status == "open")}
        snapshot = stripe.snapshot(given or client(), before.customer, sorted(asked))
    present = snapshots.present(snapshot, now)
    after = states.decide(before, snapshot, records.holdings(stored.pk), present)
    used = deadlines.letters_of_uses(spending.uses(stored, after, now), now)
    letters = _unsent(stored.pk, (*deadlines.letters(after, present), *used))
    return _Look(stored, before, after, letters, _next_look(stored, after, present, now))


def _unsent(agency: str, letters: Sequence[Letter]) -> tuple[Letter, ...]:
    sent = {mailed.sk for mailed in table.many(Mailed, [_key(agency, letter) for letter in letters])}
    return tuple(letter for letter in letters if _key(agency, letter)[1] not in sent)


def _key(agency: str, letter: Letter) -> tuple[str, str]:
    return keys.within(agency, keys.BILLING), keys.mailed(letter.kind, letter.subject)


def _next_look(stored: StoredSubscription, after: Subscription, present: int, now: int) -> int:
    """The next moment that changes something; a customer of Stripe is looked at at least once a day, or each hour while
    something is going on.

    `present` may be the time of a test clock, while our own due times always use the real one. 0 if there is no such
    moment.
    """
    moment = deadlines.next_look(after, present)
    moments = [moment - present + now] if moment else []
    if after.customer:
        is_buying = bool(stored.checkout) and now < stored.checkout["over_at"]
        turn = stored.wanted["at"] - BEFORE_TURN - present + now if stored.wanted else 0
        is_pressing = after.state == "past_due" or is_buying or after.pending or 0 < turn <= now
        moments += [turn] if turn > now else []
        moments.append(now + (clock.HOUR if is_pressing else clock.DAY))
    return min(moments, default=0)


def _writes(look: _Look, agency: str, now: int) -> list[table.Write]:
    """All that follows from the look; the first write has the version that was read as its condition."""
    stored, after = look.stored, look.after
    actions = [StoredSubscription.refreshed_at.set(now), StoredSubscription.look_at.set(look.at)]
    if after != look.before:
        actions += [
            StoredSubscription.facts.set(records.packed(after)),
            StoredSubscription.version.set(stored.version + 1),
        ]
    row, unchanged = StoredSubscription(agency, keys.SUBSCRIPTION), StoredSubscription.version == stored.version
    page = happenings.of_checkout(stored.checkout, look.before, after, now)
    if page:
        actions.append(StoredSubscription.checkout.remove())
        unchanged &= StoredSubscription.checkout == stored.checkout
    writes = [table.changing(row, actions, unchanged)]
    writes += [due.no_longer(agency, stored.look_at, records.DUE, agency)] if stored.look_at != look.at else []
    writes += [due.at(agency, look.at, records.DUE, agency)] if look.at and stored.look_at != look.at else []
    actor = actors.system(agency)
    writes += [audit.entry(actor, page, agency, now)] if page else []
    for each in (*happenings.between(look.before, after), *happenings.of_letters(look.letters)):
        writes.append(audit.entry(actor, each.action, each.target or agency, now, before=each.before, after=each.after))
    for letter in look.letters:
        writes += _sending(agency, letter, now)
    return writes


def _sending(agency: str, letter: Letter, now: int) -> list[table.Write]:
    mailed = Mailed(*_key(agency, letter))
    return [
        table.putting(mailed, Mailed.pk.does_not_exist()),
        due.at(agency, now, DUE_LETTER, f"{agency}#{letter.kind}#{letter.subject}"),
    ]


def _noting(agency: str, event: str, now: int) -> table.Write:
    """Records that an event of Stripe's is done; fails if it is recorded already."""
    noted = BillingEvent(
        keys.within(agency, keys.BILLING), keys.billing_event(event), expires=(now + _EVENTS_KEPT) // clock.SECOND
    )
    return table.putting(noted, BillingEvent.pk.does_not_exist())
