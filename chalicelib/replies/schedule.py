"""When the wait of a reply for approval ends, and which scheduled work is cancelled after a step."""

from chalicelib import clock
from chalicelib.brands.settings import ReplySettings
from chalicelib.store import due, table
from chalicelib.store.models.replies import Reply


def expiry(agency: str, reply: str, rules: ReplySettings, now: int) -> tuple[int, table.Write]:
    """Until when (ms) a reply submitted now waits for approval, and the write that schedules its end."""
    until = now + rules.expire_hours * clock.HOUR
    return until, due.at(agency, until, "expiry", reply)


def cancellations(agency: str, before: Reply, after: Reply, now: int) -> list[table.Write]:
    """For transact: cancel the scheduled work of a reply that a step has made needless."""
    superseded = _due(before) - _due(after)
    return [due.no_longer(agency, when, kind, before.id) for kind, when in superseded if when > now]


def _due(reply: Reply) -> set[tuple[str, int]]:
    times = {"approved": ("reply", reply.send_at), "pending": ("expiry", reply.expires_at)}
    kind, when = times.get(reply.state, ("", None))
    return {(kind, when)} if when else set()
