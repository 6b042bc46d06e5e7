"""How many sockets a member may have open: each takes one of 50 seats.

A seat whose socket ended unnoticed is free again after a while.
"""

from chalicelib import clock, errors
from chalicelib.store import keys, table
from chalicelib.store.models.sockets import Seat

SEATS = 50


def take(agency: str, member: str, socket: str, now: int, life: int) -> int:
    """Takes a seat for `life` ms and gives its number. Raises TooMany if all are taken."""
    partition, second = keys.within(agency, member), now // clock.SECOND
    seats = table.query(Seat, partition, keys.SEATS, consistent=True)
    taken = {seat.sk for seat in seats if seat.expires > second}
    for number in range(SEATS):
        seat = Seat(partition, keys.seat(number), socket=socket, expires=second + life // clock.SECOND)
        is_free = Seat.pk.does_not_exist() | (Seat.expires <= second) | (Seat.socket == socket)
        if seat.sk not in taken and table.put(seat, is_free):
            return number
    raise errors.TooMany(f"A member has at most {SEATS} sockets at once.", code="too_many_sockets")


def leave(agency: str, member: str, socket: str, number: int) -> None:
    """Frees the seat, unless another socket has taken it meanwhile."""
    table.delete(Seat(keys.within(agency, member), keys.seat(number)), Seat.socket == socket)
