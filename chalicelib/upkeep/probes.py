"""Checks a channel once a day, or when asked to: is its token valid, is everything posted to us, is it silent?

What can be repaired is repaired at once. What cannot is reported once, as a trouble of the channel, until it is over.
"""

from collections.abc import Sequence
from contextlib import suppress

from chalicelib import clock, errors, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues, secrets
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, grants, lookouts, troubles
from chalicelib.consents import apps
from chalicelib.figures import hours
from chalicelib.networks import base
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.templates import news
from chalicelib.upkeep import app_hooks, app_secrets, renewals, silences, upkeeps
from chalicelib.upkeep.app_hooks import Heard

TOKEN, HOOK, SILENCE = "token", "hook", "silence"


def begin(actor: Actor, id: str, when: int, now: int, hooks: str) -> None:
    """Does the daily check that was due at `when` (ms); a repeat does nothing. It makes the next one due before it
    checks.
    """
    channel, kept = channels.find(actor.agency, id), upkeeps.of(actor.agency, id)
    if channel is None:
        return
    due.ask(actor.agency, next_at(when, now), grants.PROBE, id)
    if kept.probed_at < when:
        probe(actor, channel, now, hooks, asked=False)
        table.update(Upkeep(kept.pk, kept.sk), [Upkeep.probed_at.set(now)])


def task(agency: str, channel: str, when: int) -> Task:
    return Task("upkeep", {"kind": "probe", "agency": agency, "channel": channel, "when": when}, group=agency)


def mend_task(agency: str, channel: str) -> Task:
    """The task to check the channel at once, in addition to the daily checks."""
    return Task("upkeep", {"kind": grants.MEND, "agency": agency, "channel": channel}, group=agency)


def mend(actor: Actor, id: str, now: int, hooks: str) -> None:
    if channel := channels.find(actor.agency, id):
        probe(actor, channel, now, hooks, asked=False)


def next_at(when: int, now: int) -> int:
    """The next time of the daily check, never in the past. Asked again on the same day, it gives the same time."""
    return when + (1 + (now - when) // clock.DAY) * clock.DAY


def probe(actor: Actor, channel: Channel, now: int, hooks: str, *, asked: bool) -> None:
    """Asks the network about the channel's state, and repairs what it can; more of it if somebody `asked` for a repair.

    Raises no errors of the network, only of the store.
    """
    network = channels.network_of(channel)
    if channel.settling or network.play:
        return
    channel = _with_secret_of_app(channel, now)
    try:
        _check(actor, channel, network, hooks, now, asked=asked)
    except (base.Unreachable, base.Throttled, base.Unknown) as passing:
        log.line("probe_put_off", channel=channel.id, network=channel.network, code=passing.code)
        return
    except base.Expired as outcome:
        channels.report_lost_token(channel.pk, channel.id, outcome, now)
        return
    except base.Outcome as outcome:
        channels.report_health(channel.pk, channel.id, "alert", f"{TOKEN}.refused", now, outcome.code)
        return
    _check_silence(channel, now)


def _with_secret_of_app(channel: Channel, now: int) -> Channel:
    """If the channel is being changed at this moment, the next check updates the secret."""
    with suppress(errors.Conflict, renewals.Leased):
        if app_secrets.follow(channel.pk, channel.id, now) == "followed":
            return channels.find(channel.pk, channel.id) or channel
    return channel


def _check(actor: Actor, channel: Channel, network: base.Network, hooks: str, now: int, *, asked: bool) -> None:
    credentials, hook = channels.credentials(channel.pk, channel), channels.hook_address(hooks, channel)
    known = network.check(credentials)
    if channel.account not in (known.account, *known.also):
        channels.report_health(channel.pk, channel.id, "expired", f"{TOKEN}.other_account", now)
        return
    missing: Sequence[str] = network.unheard(credentials, hook) if network.unheard else ()
    _add_details(channel, known)
    kept, of_app = _asked_as_app(channel, credentials, hooks, now, asked=asked)
    since = _posts_missing_since(channel, kept, was_missing=bool(missing or of_app.was or of_app.was_mended))
    if missing or network.hook_ends or troubles.lasts(channel.troubles, HOOK):
        network.subscribe(credentials, hook, _signing_secret(channel) if network.secret_per_channel else "")
    if repaired := [*missing, *(of_app.was if not of_app.still else ())]:
        audit.note(actor, "channel.repair", channel.id, now, brand=channel.brand, after={"missing": repaired})
    if missing:
        missing = network.unheard(credentials, hook) if network.unheard else ()
    if upkeeps.missing(channels.consent_of(channel), kept):
        raise base.ScopeLost
    # Before it counts as well: whoever dies in between does both again.
    _catch_up(channel, network, upkeeps.app(kept), since)
    channels.end_trouble(channel, TOKEN, now)
    if left := [*missing, *of_app.still]:
        channels.report_health(channel.pk, channel.id, "alert", f"{HOOK}.missing", now, detail=", ".join(left))
    else:
        channels.end_trouble(channel, HOOK, now)


def _add_details(channel: Channel, known: base.Connected) -> None:
    """Adds details that the network gives now and that were not stored when the channel was connected."""
    details = {**known.details, **channel.details}
    if details != channel.details:
        same = Channel.details == channel.details
        if table.update(Channel(channel.pk, channel.sk), [Channel.details.set(details)], same):
            channel.details = details


def _asked_as_app(
    channel: Channel, credentials: base.Credentials, hooks: str, now: int, *, asked: bool
) -> tuple[Upkeep, Heard]:
    """The channel's upkeep, with the present scopes of its token, and what is not posted for its app.

    If the network refuses the app's question, this says nothing about the channel. Raises errors that are only
    temporary.
    """
    kept, consent = upkeeps.of(channel.pk, channel.id), channels.consent_of(channel)
    by_consent = kept.user or kept.scopes  # not every network tells who gave it
    app = apps.find(channel.pk, channel.network, kept.app, channels.product_of(channel)) if by_consent else None
    if app is None or consent is None:
        return kept, Heard()
    try:
        granted = consent.granted(app, credentials) if consent.granted else ()
        if granted:
            upkeeps.report_lost_scopes(channel, consent, kept, granted, now)
        if granted and set(granted) != set(kept.scopes):
            kept = upkeeps.store_scopes(kept, granted)
        hook = app_hooks.of(channel, consent, app, kept.app, hooks, now)
        return kept, app_hooks.look(hook, kept.probed_at or channel.created_at, now, asked=asked)
    except (base.Unreachable, base.Throttled, base.Unknown):
        raise
    except base.Outcome as outcome:
        log.line("app_not_told", channel=channel.id, network=channel.network, code=outcome.code)
        return kept, Heard()


def _posts_missing_since(channel: Channel, kept: Upkeep, *, was_missing: bool) -> int:
    """Since when (ms) posts may be missing; 0 if none are. What is missing now was still posted at the last check."""
    since, last = troubles.since(channel.troubles, *channels.DEAFENING), kept.probed_at or channel.created_at
    return min(since or last, last) if was_missing else since


def _catch_up(channel: Channel, network: base.Network, app: str, since: int) -> None:
    lookouts.keep(channel, network, app)
    if network.templates:
        queues.send(news.task(channel.pk, channel.id))
    if network.polling:
        queues.send(lookouts.look_task(channel.pk, channel.id))
    elif since:
        queues.send(lookouts.past_task(channel, since))


def _signing_secret(channel: Channel) -> str:
    signing = secrets.unseal(channel.pk, channel.id, channel.sealed)["hook"]["signing"]
    return str(signing[0]) if signing else ""


def _check_silence(channel: Channel, now: int) -> None:
    rows = hours.between(channel.pk, channel.brand, now - silences.LOOKED_BACK, now)
    heard = [
        row.hour for row in rows if any(cell.kind == "in" and cell.channel == channel.id for cell in hours.of(row))
    ]
    if silences.is_silent(heard, now):
        channels.report_health(channel.pk, channel.id, "alert", SILENCE, now)
        queues.send(lookouts.past_task(channel, max(heard)))  # somebody may have written, and we were not told
    else:
        channels.end_trouble(channel, SILENCE, now)
