"""Tickets to open sockets with.

A page can put no token into a socket's request, and an address ends up in logs: so what stands there works once, for a
minute.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids, settings
from chalicelib.access.actors import Actor
from chalicelib.access.tokens import Caller
from chalicelib.store import lookups, table
from chalicelib.store.models.sockets import Ticket

LIFE = clock.MINUTE
_LONGEST = 100  # characters


def issue(actor: Actor, caller: Caller, origin: str, now: int) -> Mapping[str, Any]:
    """A ticket for the actor, as the API shows it. Asked for by a page, it opens sockets of pages of that origin only.

    A socket lives no longer than the token with which its ticket was asked for.
    """
    secret, ends = ids.secret(), now + LIFE
    ticket = Ticket(
        lookups.ticket(secret), lookups.TICKET, agency=actor.agency, member=actor.member, subject=actor.subject,
        since=caller.since, until=caller.until, session=caller.session, origin=origin, ends=ends,
        expires=ends // clock.SECOND,
    )  # fmt: skip
    table.put(ticket, Ticket.pk.does_not_exist())
    return {"ticket": secret, "url": settings.get().sockets_url, "expires_at": clock.text(ends)}


def find(secret: str, now: int) -> Ticket:
    """The ticket, which may still be used. Raises Unauthenticated without one, Forbidden if there is none such."""
    if not secret:
        raise errors.Unauthenticated("Ask for a ticket first.", code="ticket_missing")
    ticket = table.get(Ticket, lookups.ticket(secret), lookups.TICKET) if len(secret) <= _LONGEST else None
    if ticket is None or ticket.ends <= now:
        raise _refused()
    return ticket


def use(ticket: Ticket) -> None:
    """Takes the ticket. Raises Forbidden if somebody else was faster."""
    if not table.delete(Ticket(ticket.pk, ticket.sk), Ticket.agency == ticket.agency):
        raise _refused()


def check_origin(ticket: Ticket, origin: str) -> None:
    """Raises Forbidden for a page that we do not expect, or another than the one which asked for the ticket.

    Programs name no origin; they need not, unless a page asked for their ticket.
    """
    expected = (ticket.origin,) if ticket.origin else ("", *settings.get().origins)
    if origin not in expected or (origin and origin not in settings.get().origins):
        raise errors.Forbidden("Not from this page.", code="bad_origin")


def _refused() -> errors.Forbidden:
    """The same for a ticket that never was, was used or is over: nobody learns which."""
    return errors.Forbidden("This ticket opens nothing.", code="bad_ticket")
