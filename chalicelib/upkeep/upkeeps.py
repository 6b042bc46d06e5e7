"""What is known of how a channel stays connected: one item, of which each part has one writer."""

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
    """The key of the app that the channel came by, see consents.apps; empty for ours, and for a token by hand."""
    return kept.app if kept.user or kept.scopes else ""  # not every network tells who gave its consent


def grant(kept: Upkeep, scopes: Sequence[str]) -> Upkeep:
    """It has these scopes by now, unless somebody consented anew meanwhile."""
    known = list(kept.scopes)
    if table.update(Upkeep(kept.pk, kept.sk), [Upkeep.scopes.set(list(scopes))], Upkeep.scopes == known):
        kept.scopes = list(scopes)
    return kept


def compare(channel: Channel, consent: Consent, kept: Upkeep, granted: Sequence[str], now: int) -> None:
    """Takes note of scopes that are gone, though the channel can be used without them, and of those that came back.

    Before `granted` is kept: else nobody knows what is gone. A scope that somebody left out was never there. Where one
    is gone without which there is no channel, that is said, and nothing of others.
    """
    if not set(consent.needed) <= set(granted):
        return
    losses = troubles.named(channel.troubles, troubles.SCOPE)
    had = {*kept.scopes, *losses}
    gone = [scope for scope in consent.scopes if scope in had and scope not in granted]
    if set(gone) - set(losses):
        channels.report(channel.pk, channel.id, "alert", f"{troubles.SCOPE}.lost", now, detail=", ".join(gone))
    elif not gone:
        channels.recover(channel, troubles.SCOPE, now)


def missing(consent: Consent | None, kept: Upkeep) -> Sequence[str]:
    """The scopes without which the channel cannot be used at all, and which it has not, if the network tells."""
    needed = consent.needed if consent and kept.scopes else ()
    return [scope for scope in needed if scope not in kept.scopes]
