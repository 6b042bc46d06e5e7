"""A channel's state as the API shows it: what is wrong, what was, what it can do, and until when its consent lasts."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock
from chalicelib.channels import channels, troubles
from chalicelib.networks import base
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.upkeep import upkeeps

Json = Mapping[str, Any]
PAST = 30 * clock.DAY
ABILITIES = (
    "reply", "private_reply", "quote", "hide", "delete", "ban", "restrict", "report", "like", "react", "read",
    "typing", "templates", "publishes",
)  # fmt: skip


def view(channel: Channel, now: int) -> Json:
    network, login = channels.network_of(channel), channels.consent_of(channel)
    kept = upkeeps.of(channel.pk, channel.id)
    return {
        **channels.row(channel),
        "state": channel.settling or "connected",
        "troubles": troubles.view(channel.troubles),
        "incidents": [_incident(incident) for incident in reversed(channel.incidents)],
        "down_seconds": down_time(channel, now) // clock.SECOND,
        "checked_at": _text(kept.probed_at),
        "can": list(abilities(network, login, kept)),
        "consent": consent(login, kept),
        "polling": polling(network, kept),
    }


def down_time(channel: Channel, now: int) -> int:
    """For how long (ms) in the last thirty days messages may not have come in or gone out."""
    stretches = [
        (max(int(incident["began"]), now - PAST), int(incident.get("ended") or now)) for incident in channel.incidents
    ]
    return sum(max(0, end - start) for start, end in stretches)


def abilities(network: base.Network, login: base.Consent | None, kept: Upkeep) -> Iterator[str]:
    """What the channel can do: all that its network can, except what needs scopes that were not granted."""
    gives = login.gives if login else {}
    for name in ABILITIES:
        lacks = [scope for scope in gives.get(name, ()) if kept.scopes and scope not in kept.scopes]
        if getattr(network.capabilities, name) and not lacks:
            yield name


def consent(login: base.Consent | None, kept: Upkeep) -> Json | None:
    if not (kept.user or kept.renew_at or kept.ends_at or kept.scopes):
        return None
    return {
        "scopes": list(kept.scopes),
        "missing": list(upkeeps.missing(login, kept)),
        "renewed_at": _text(kept.renew_at),
        "ends_at": _text(kept.ends_at),
    }


def polling(network: base.Network, kept: Upkeep) -> Json | None:
    if network.polling is None:
        return None
    return {
        "every": kept.every or network.polling.every,
        "failed": kept.failed,
        "not_before": _text(kept.look_after),
    }


def documented(network: base.Network) -> Iterator[base.Quota]:
    """Limits from the network's documentation, for which it does not tell how much an account has used."""
    yield from network.allows
    if network.polling and network.quotas is None:
        whose = "_of_the_app" if network.polling.for_all else ""
        yield base.Quota(name=f"calls_a_day{whose}", most=network.polling.quota)
    if rate := network.capabilities.hide_rate:
        yield base.Quota(name=f"hidden_in_{rate.seconds}_seconds", most=rate.calls)


def _incident(incident: Mapping[str, Any]) -> Json:
    ended = incident.get("ended")
    return {
        "health": incident["health"], "text": incident["text"], "began_at": clock.text(incident["began"]),
        "ended_at": clock.text(ended) if ended else None,
    }  # fmt: skip


def _text(at: int) -> str | None:
    return clock.text(int(at)) if at else None
