"""/v1: tickets to open sockets with."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import permissions
from chalicelib.api.http import Call, route
from chalicelib.sockets import schemas, tickets


@route("POST", "/socket-tickets", pays="never", permission=permissions.VIEW, answer=schemas.TICKET, status=201)
def create_socket_ticket(call: Call) -> Mapping[str, Any]:
    """Gives a ticket to open a socket, on which you get events at once."""
    return tickets.issue(call.actor, call.caller, call.headers.get("origin", ""), call.now)
