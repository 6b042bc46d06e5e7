"""Looks after a channel once a day, or when asked to: does its token hold, is all of it posted to us, is it silent?

What can be repaired is repaired at once. What cannot is told once, as a trouble of the channel, until it is over.
"""

from zlib import crc32

from chalicelib import clock, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues, secrets
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, grants, lookouts
from chalicelib.figures import hours
from chalicelib.networks import base
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.upkeep import looks, silences, upkeeps

TOKEN, HOOK, SILENCE = "token", "hook", "silence"
_SPREAD = clock.HOUR


def begin(actor: Actor, id: str, when: int, now: int, hooks: str) -> None:
    """The daily look; a repeat of it on the same day does nothing. It has the next one done."""
    channel, kept = channels.find(actor.agency, id), upkeeps.of(actor.agency, id)
    if channel is None or kept.probed_at >= when:
        return
    probe(actor, channel, now, hooks)
    table.update(Upkeep(kept.pk, kept.sk), [Upkeep.probed_at.set(now)])
    due.ask(actor.agency, next_at(channel, now), grants.PROBE, id)


def task(agency: str, channel: str, when: int) -> Task:
    return Task("upkeep", {"kind": "probe", "agency": agency, "channel": channel, "when": when}, group=agency)


def next_at(channel: Channel, now: int) -> int:
    """In a day, with the channels spread over the hour."""
    return now + clock.DAY + crc32(channel.id.encode()) % _SPREAD


def probe(actor: Actor, channel: Channel, now: int, hooks: str) -> None:
    """Asks the network how the channel is, and mends what can be mended. Raises Problems of the store only."""
    network = channels.network_of(channel)
    if channel.settling or network.play:
        return
    try:
        _check(actor, channel, network, channels.hook_address(hooks, channel), now)
    except (base.Unreachable, base.Throttled, base.Unknown) as passing:
        log.line("probe_put_off", channel=channel.id, network=channel.network, code=passing.code)
        return
    except base.Expired as outcome:
        channels.report(channel.pk, channel.id, "expired", f"{TOKEN}.expired", now, outcome.code)
        return
    except base.Outcome as outcome:
        channels.report(channel.pk, channel.id, "alert", f"{TOKEN}.refused", now, outcome.code)
        return
    _hear(channel, now)


def _check(actor: Actor, channel: Channel, network: base.Network, hook: str, now: int) -> None:
    credentials = channels.credentials(channel.pk, channel)
    known = network.check(credentials)
    if channel.account not in (known.account, *known.also):
        channels.report(channel.pk, channel.id, "expired", f"{TOKEN}.other_account", now)
        return
    since = broken_since(channel)
    channels.report(channel.pk, channel.id, "ok", TOKEN, now)
    missing = network.unheard(credentials, hook) if network.unheard else ()
    if missing or network.hook_ends:
        network.subscribe(credentials, hook, _secret(channel) if network.secret_per_channel else "")
    if missing:
        audit.note(actor, "channel.repair", channel.id, now, brand=channel.brand, after={"missing": list(missing)})
        missing = network.unheard(credentials, hook) if network.unheard else ()
    if missing:
        channels.report(channel.pk, channel.id, "alert", f"{HOOK}.missing", now, detail=", ".join(missing))
    else:
        channels.report(channel.pk, channel.id, "ok", HOOK, now)
    lookouts.keep(channel, network)
    if network.polling:
        queues.send(looks.task(channel.pk, channel.id))
    elif since:
        queues.send(lookouts.past(channel, since))


def broken_since(channel: Channel) -> int:
    """Since when (ms) nothing may have come, 0 if something could all the time."""
    troubles = (channel.troubles.get(name, {}) for name in (TOKEN, HOOK))
    return min((int(trouble["at"]) for trouble in troubles if trouble.get("health") not in (None, "ok")), default=0)


def _secret(channel: Channel) -> str:
    signing = secrets.unseal(channel.pk, channel.id, channel.sealed)["hook"]["signing"]
    return str(signing[0]) if signing else ""


def _hear(channel: Channel, now: int) -> None:
    rows = hours.between(channel.pk, channel.brand, now - silences.LOOKED_BACK, now)
    heard = [
        int(row.hour) for row in rows if any(cell.kind == "in" and cell.channel == channel.id for cell in hours.of(row))
    ]
    if silences.is_silent(heard, now):
        channels.report(channel.pk, channel.id, "alert", SILENCE, now)
    else:
        channels.report(channel.pk, channel.id, "ok", SILENCE, now)
