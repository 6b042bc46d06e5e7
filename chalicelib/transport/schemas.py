"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.transport.ledger import OUTCOMES

TIME = {**schema.TIME, "maxLength": 40}
OUTCOME = schema.one_of(OUTCOMES)
NETWORK = schema.body(
    "Network",
    ("key", "name", "capabilities"),
    key={"type": "string"},
    name={"type": "string"},
    capabilities={"type": "object"},
)
ENTRY = schema.body(
    "LedgerEntry",
    ("id", "network", "channel", "outcome", "count", "received_at", "tried_at"),
    id=schema.id_of("ing"),
    network={"type": "string"},
    channel=schema.id_of("chn"),
    outcome=OUTCOME,
    count={"type": "integer"},
    reason=schema.TEXT_OR_NULL,
    received_at=TIME,
    tried_at=TIME,
)
WANTED = {
    "channel": schema.id_of("chn"),
    "network": {"type": "string", "pattern": "^[a-z]{1,30}$"},
    "outcome": OUTCOME,
}
LEDGER = {"since": TIME, "until": TIME, **WANTED, **schema.PAGE}
REPLAY = schema.body("Replay", ("since", "until"), since=TIME, until=TIME, **WANTED)
