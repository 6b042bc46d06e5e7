"""What is known of how a channel stays connected: one item, of which each part has one writer."""

from collections.abc import Sequence

from chalicelib.networks.base import Consent
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Upkeep


def of(agency: str, channel: str, *, consistent: bool = True) -> Upkeep:
    """That of the channel, or an empty one."""
    place = agency, keys.UPKEEP + channel
    return table.get(Upkeep, *place, consistent=consistent) or Upkeep(*place)


def grant(kept: Upkeep, scopes: Sequence[str]) -> Upkeep:
    """It has these scopes by now, unless somebody consented anew meanwhile."""
    known = list(kept.scopes)
    if table.update(Upkeep(kept.pk, kept.sk), [Upkeep.scopes.set(list(scopes))], Upkeep.scopes == known):
        kept.scopes = list(scopes)
    return kept


def missing(consent: Consent | None, kept: Upkeep) -> Sequence[str]:
    """The scopes without which the channel cannot be used at all, and which it has not, if the network tells."""
    needed = consent.needed if consent and kept.scopes else ()
    return [scope for scope in needed if scope not in kept.scopes]
