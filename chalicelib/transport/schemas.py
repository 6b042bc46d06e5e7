"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.transport.ledger import OUTCOMES

TIME = {"type": "string", "format": "date-time", "maxLength": 40}
OUTCOME = {"enum": list(OUTCOMES)}
NETWORK = schema.body(
    ("key", "name", "capabilities"), key={"type": "string"}, name={"type": "string"}, capabilities={"type": "object"}
)
ENTRY = schema.body(
    ("id", "network", "channel", "outcome", "count", "received_at", "tried_at"),
    id=schema.id_of("evt"),
    network={"type": "string"},
    channel=schema.id_of("chn"),
    outcome=OUTCOME,
    count={"type": "integer"},
    reason={"type": ["string", "null"]},
    received_at=TIME,
    tried_at=TIME,
)
WANTED = {
    "channel": schema.id_of("chn"),
    "network": {"type": "string", "pattern": "^[a-z]{1,30}$"},
    "outcome": OUTCOME,
}
LEDGER = {"since": TIME, "until": TIME, **WANTED, **schema.PAGE}
REPLAY = schema.body(("since", "until"), since=TIME, until=TIME, **WANTED)
REPLAYED = schema.body(("count",), count={"type": "integer"})
