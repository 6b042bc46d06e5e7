"""What the routes of this area take and give."""

from chalicelib.api import schema

TICKET = schema.body(
    "SocketTicket",
    ("ticket", "url", "expires_at"),
    ticket=schema.secret("Opens one socket within a minute, at `url` followed by `?ticket=` and the ticket"),
    url={"type": "string"},
    expires_at=schema.TIME,
)
