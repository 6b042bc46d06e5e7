"""/v1: the networks and what they can do, the ledger of what they delivered, and its replay."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib import errors, moments, networks
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.transport import intake, ledger, schemas

MONTH = 31 * 24 * 3600 * 1000


@route("GET", "/networks", permission=SIGNED_IN, answer=schema.listing(schemas.NETWORK))
def list_networks(call: Call) -> Json:
    """The networks, and what each can do on which surface."""
    found = [network for network in map(networks.get, networks.names()) if network and network.key != "example"]
    shown = [
        {"key": network.key, "name": network.name, "capabilities": asdict(network.capabilities)} for network in found
    ]
    return {"items": shown, "next": None}


@route("GET", "/ingest/events", permission="audit.view", query=schemas.LEDGER, answer=schema.listing(schemas.ENTRY))
def list_events(call: Call) -> Json:
    """What the networks delivered, oldest first, and what became of it."""
    start, end = _range(call.query, call.now)
    return ledger.listing(call.actor, start, end, call.query)


@route(
    "POST", "/ingest/events/replay", permission="audit.view", body=schemas.REPLAY, answer=schemas.REPLAYED, status=202
)
def replay_events(call: Call) -> Json:
    """Apply what was delivered in a range of time once more; the result is the same."""
    start, end = _range(call.body, call.now)
    wanted = {name: call.body[name] for name in schemas.WANTED if name in call.body}
    return {"count": intake.replay(call.actor, start, end, wanted)}


def _range(given: Mapping[str, Any], now: int) -> tuple[int, int]:
    start = moments.parse(given["since"], "since") if "since" in given else now - MONTH
    end = moments.parse(given["until"], "until") if "until" in given else now + 1
    if start >= end:
        raise errors.Invalid("The range ends before it begins.", field="until")
    return start, end
