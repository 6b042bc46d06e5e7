"""What is known of how a channel stays connected: one item, of which each part has one writer."""

from chalicelib.store import keys, table
from chalicelib.store.models.channels import Upkeep


def of(agency: str, channel: str, *, consistent: bool = True) -> Upkeep:
    """That of the channel, or an empty one."""
    place = agency, keys.UPKEEP + channel
    return table.get(Upkeep, *place, consistent=consistent) or Upkeep(*place)
