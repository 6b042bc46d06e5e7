"""What the networks charge for, by the table that each network's folder has of its costs, with their dates. Pure."""

from datetime import date

from chalicelib import networks
from chalicelib.figures.facts import Cell
from chalicelib.networks.base import Cost


def way(cell: Cell) -> str:
    """The way to answer, in the words of the networks' tables."""
    return cell.way or "reply"


def cost(network: str, way: str, day: date) -> Cost | None:
    """What the network asks on that day for a message that goes out that way; None where it is free, or not known."""
    known = networks.get(network)
    listed = known.capabilities.costs.get(way, ()) if known else ()
    valid = [each for each in listed if each.since <= day.isoformat()]
    last = max(valid, key=lambda each: each.since, default=None)
    return last if last and last.cost == "paid" else None
