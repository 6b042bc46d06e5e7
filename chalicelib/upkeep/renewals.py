"""Renews tokens ahead of time, and warns in time when somebody has to consent again.

Only one process at a time renews a token: it takes a lease first. The new token and its next renewal are stored in one
transaction, before the token is used. If the process dies between the network's answer and that transaction, the new
token is lost, and some networks give it only once: then the network refuses the old one, and somebody is asked to
consent again.
"""

from chalicelib import clock, errors, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, grants, troubles
from chalicelib.channels.grants import Grant
from chalicelib.consents import apps
from chalicelib.networks import base
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.upkeep import upkeeps

LEASE = 2 * clock.MINUTE  # longer than a renewal may take
_SOONEST, _LATEST = clock.MINUTE, clock.HOUR
_WORRYING = 3  # refusals in a row, until somebody is told
_RENEWAL = troubles.RENEWAL
_TROUBLE, _CONSENT, _ENDING = troubles.TOKEN, troubles.CONSENT, f"{troubles.CONSENT}.ends"


class Leased(Exception):
    """Raised when another process renews the token now, or died while it did: try again when its lease is over."""


def task(agency: str, channel: str, when: int) -> Task:
    return Task("upkeep", {"kind": "renew", "agency": agency, "channel": channel, "when": when}, group=agency)


def renew(actor: Actor, id: str, when: int, now: int) -> str:
    """Renews the token of a channel whose renewal was due at `when` (ms); gives the outcome as a word.

    Raises Leased while another process renews it.
    """
    agency = actor.agency
    channel, kept = channels.find(agency, id), upkeeps.of(agency, id)
    consent = channels.consent_of(channel) if channel else None
    how = consent.renew if consent else None
    if channel is None or how is None or kept.renew_at != when or kept.renew_at > now:
        return "gone"
    if not _take_lease(kept, now):
        raise Leased
    channel = channels.get(agency, id)  # with what others changed until it was leased
    app = apps.find(agency, channel.network, kept.app, channels.product_of(channel)) or base.App(id="")
    try:
        tokens = how(app, channels.credentials(agency, channel))
    except base.Expired as outcome:
        _report_lost(channel, kept, outcome, now)
        return "lost"
    except base.Outcome as outcome:
        return _try_later(channel, kept, outcome, now)
    _store(actor, channel, kept, tokens, now)
    return "renewed"


def _take_lease(kept: Upkeep, now: int) -> bool:
    free = (Upkeep.renew_at == kept.renew_at) & (Upkeep.leased_until.does_not_exist() | (Upkeep.leased_until < now))
    return table.update(Upkeep(kept.pk, kept.sk), [Upkeep.leased_until.set(now + LEASE)], free)


def _store(actor: Actor, channel: Channel, kept: Upkeep, tokens: base.Tokens, now: int) -> None:
    consent = channels.consent_of(channel)
    if consent and tokens.scopes:
        upkeeps.report_lost_scopes(channel, consent, kept, tokens.scopes, now)
    opened = dict(secrets.unseal(channel.pk, channel.id, channel.sealed))
    opened |= {"token": tokens.token}
    opened |= {"refresh": tokens.refresh} if tokens.refresh else {}
    sealed = secrets.seal(channel.pk, channel.id, opened)
    times = grants.times(Grant(tokens=tokens, app=kept.app, renews=True), now)
    ends_at = times.ends_at or kept.ends_at  # a network that does not tell it anew did not change it
    changes = [
        Upkeep.renew_at.set(times.renew_at), Upkeep.ends_at.set(ends_at), Upkeep.tries.set(0),
        Upkeep.leased_until.set(0), *([Upkeep.scopes.set(list(tokens.scopes))] if tokens.scopes else []),
    ]  # fmt: skip
    changed = errors.Conflict("The channel's credentials have just been changed. Try again.", code="changed_meanwhile")
    table.transact(
        table.changing(
            Channel(channel.pk, channel.sk), [Channel.sealed.set(sealed)], Channel.sealed == channel.sealed,
            otherwise=changed,
        ),
        table.changing(Upkeep(kept.pk, kept.sk), changes, Upkeep.renew_at == kept.renew_at),
        *([due.at(channel.pk, times.renew_at, grants.RENEWAL, channel.id)] if times.renew_at else []),
        audit.entry(actor, "channel.renew", channel.id, now, brand=channel.brand),
    )  # fmt: skip
    needed = consent.needed if consent else ()
    if tokens.scopes and not set(needed) <= set(tokens.scopes):
        channels.report_lost_token(channel.pk, channel.id, base.ScopeLost(), now)
    else:
        channels.end_trouble(channel, _TROUBLE, now)
        channels.end_trouble(channel, _RENEWAL, now)


def _try_later(channel: Channel, kept: Upkeep, outcome: base.Outcome, now: int) -> str:
    """Tries again later: the network is down, or asks us to wait. Nobody is told while the old token is still valid.

    If the network refuses for another reason than the token, such as the app's secret, a person can help: after 3
    refusals a trouble is reported.
    """
    tries = kept.tries + 1
    wait = max(min(_SOONEST << min(tries, 10), _LATEST), int(outcome.after * 1000))
    changes = [Upkeep.renew_at.set(now + wait), Upkeep.tries.set(tries), Upkeep.leased_until.set(0)]
    table.transact(
        table.changing(Upkeep(kept.pk, kept.sk), changes, Upkeep.renew_at == kept.renew_at),
        due.at(channel.pk, now + wait, grants.RENEWAL, channel.id),
    )
    if isinstance(outcome, base.Rejected) and tries >= _WORRYING and not troubles.lasts(channel.troubles, _RENEWAL):
        channels.report_health(channel.pk, channel.id, "alert", f"{_RENEWAL}.refused", now, outcome.code)
    log.line("renewal_failed", channel=channel.id, network=channel.network, code=outcome.code, tries=tries)
    return "later"


def _report_lost(channel: Channel, kept: Upkeep, outcome: base.Expired, now: int) -> None:
    """The token can no longer be renewed: reported once, until somebody consents again."""
    changes = [Upkeep.renew_at.set(0), Upkeep.leased_until.set(0)]
    table.update(Upkeep(kept.pk, kept.sk), changes, Upkeep.renew_at == kept.renew_at)
    channels.report_lost_token(channel.pk, channel.id, outcome, now)


def forecast(agency: str, id: str, now: int) -> None:
    """Warns that a consent ends in 14, 7 or 1 days, and reports that it has ended. A repeat reports nothing new."""
    channel, kept = channels.find(agency, id), upkeeps.of(agency, id)
    if channel is None or not kept.ends_at:
        return
    left = kept.ends_at - now
    if left > grants.FORECAST_DAYS[0] * clock.DAY:  # it was renewed
        channels.end_trouble(channel, _CONSENT, now)
        due.ask(agency, grants.next_forecast(kept.ends_at, now), grants.FORECAST, id)
    elif left > 0:
        days = next(days for days in reversed(grants.FORECAST_DAYS) if left <= days * clock.DAY)
        more = {"days_left": days, "ends_at": kept.ends_at}
        channels.report_health(agency, id, "alert", _ENDING, now, detail=f"{days} d", more=more)
        due.ask(agency, grants.next_forecast(kept.ends_at, now), grants.FORECAST, id)
    else:
        channels.report_lost_token(agency, id, base.Expired(), now)  # first: it is not well in between
        channels.end_trouble(channel, _CONSENT, now)
