"""What is stored of how a channel stays connected: one item, of which each attribute has one writer."""

from collections.abc import Sequence

from chalicelib.channels import channels, troubles
from chalicelib.networks.base import Consent
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Upkeep


def of(agency: str, channel: str, *, consistent: bool = True) -> Upkeep:
    """The upkeep of the channel, or an empty one."""
    place = agency, keys.UPKEEP + channel
    return table.get(Upkeep, *place, consistent=consistent) or Upkeep(*place)


def app(kept: Upkeep) -> str:
    """The key of the app through which the channel was connected, see consents.apps; empty for ours, and for a token
    set by hand.
    """
    return kept.app if kept.user or kept.scopes else ""  # not every network tells who gave its consent


def store_scopes(kept: Upkeep, scopes: Sequence[str]) -> Upkeep:
    """Stores that the token has these scopes now, unless somebody consented anew meanwhile."""
    known = list(kept.scopes)
    if table.update(Upkeep(kept.pk, kept.sk), [Upkeep.scopes.set(list(scopes))], Upkeep.scopes == known):
        kept.scopes = list(scopes)
    return kept


def report_lost_scopes(channel: Channel, consent: Consent, kept: Upkeep, granted: Sequence[str], now: int) -> None:
    """Reports scopes that are gone but not needed to use the channel, and ends that trouble when they are back.

    Call it before `granted` is stored, as it compares with what is stored. A scope that was never granted does not
    count as gone. If a needed scope is gone, nothing is reported here, because that is reported as a lost token.
    """
    if not set(consent.needed) <= set(granted):
        return
    losses = troubles.listed_in(channel.troubles, troubles.SCOPE)
    had = {*kept.scopes, *losses}
    gone = [scope for scope in consent.scopes if scope in had and scope not in granted]
    if set(gone) - set(losses):
        channels.report_health(channel.pk, channel.id, "alert", f"{troubles.SCOPE}.lost", now, detail=", ".join(gone))
    elif not gone:
        channels.end_trouble(channel, troubles.SCOPE, now)


def missing(consent: Consent | None, kept: Upkeep) -> Sequence[str]:
    """The scopes that the channel needs to be used at all and does not have; empty if the network does not tell its
    scopes.
    """
    needed = consent.needed if consent and kept.scopes else ()
    return [scope for scope in needed if scope not in kept.scopes]
