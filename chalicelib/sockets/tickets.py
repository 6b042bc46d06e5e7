"""Tickets with which sockets are opened.

A page cannot put a token into the headers of a socket's request, and addresses end up in logs; so the address holds a
ticket, which works once, within a minute.
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
    """A ticket for the actor, as the API shows it. If a page asks for it, it opens sockets only for pages of that
    origin.

    Raises Forbidden for an outside app. A socket lives no longer than the token with which its ticket was asked for.
    """
    if actor.app:
        raise errors.Forbidden(
            "An app cannot open sockets. Read the events, or use a webhook endpoint.", code="not_for_apps"
        )
    secret, ends = ids.secret(), now + LIFE
    ticket = Ticket(
        lookups.ticket(secret), lookups.TICKET, agency=actor.agency, member=actor.member, subject=actor.subject,
        since=caller.since, until=caller.until, session=caller.session, origin=origin, ends=ends,
        expires=ends // clock.SECOND,
    )  # fmt: skip
    table.put(ticket, Ticket.pk.does_not_exist())
    return {"ticket": secret, "url": settings.get().sockets_url, "expires_at": clock.text(ends)}


def find(secret: str, now: int) -> Ticket:
    """A ticket that may still be used. Raises Unauthenticated for an empty secret, Forbidden if there is no such
    ticket.
    """
    if not secret:
        raise errors.Unauthenticated("The ticket is missing. Ask for one first.", code="ticket_missing")
    ticket = table.get(Ticket, lookups.ticket(secret), lookups.TICKET) if len(secret) <= _LONGEST else None
    if ticket is None or ticket.ends <= now:
        raise _refused()
    return ticket


def use(ticket: Ticket) -> None:
    """Deletes the ticket. Raises Forbidden if it was used meanwhile."""
    if not table.delete(Ticket(ticket.pk, ticket.sk), Ticket.agency == ticket.agency):
        raise _refused()


def check_origin(ticket: Ticket, origin: str) -> None:
    """Raises Forbidden for an unexpected origin, or another one than that of the page that asked for the ticket.

    Programs send no origin; they need none, unless a page asked for their ticket.
    """
    expected = (ticket.origin,) if ticket.origin else ("", *settings.get().origins)
    if origin not in expected or (origin and origin not in settings.get().origins):
        raise errors.Forbidden("The ticket is not for pages of this origin.", code="bad_origin")


def _refused() -> errors.Forbidden:
    """The same error for a ticket that never existed, was used, or expired, so that nobody learns which."""
    return errors.Forbidden("The ticket does not exist, was used or has expired.", code="bad_ticket")
