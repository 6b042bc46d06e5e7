"""What is known of how a channel stays connected: one item, of which each part has one writer."""

from chalicelib.store import keys, table
from chalicelib.store.models.channels import Upkeep


def of(agency: str, channel: str) -> Upkeep:
    """That of the channel, or an empty one."""
    return table.get(Upkeep, agency, keys.UPKEEP + channel) or Upkeep(agency, keys.UPKEEP + channel)
