"""What was so when something happened, as it is shown: an event keeps it, as it may be otherwise when it is read."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock

Facts = Mapping[str, int | str]


def of_consent(facts: Facts) -> Mapping[str, Any]:
    """Why a channel's token is dead, or when it will be, and who connected the channel."""
    ends_at = facts.get("ends_at")
    return {
        "reason": facts.get("reason"),
        "days_left": facts.get("days_left"),
        "ends_at": clock.text(int(ends_at)) if ends_at else None,
        "connected_by": facts.get("connected_by") or None,
    }


def of_network(key: str, facts: Facts) -> Mapping[str, Any]:
    """How a network is as a whole, and since when."""
    return {"key": key, "status": facts["status"], "since": clock.text(int(facts["since"]))}
