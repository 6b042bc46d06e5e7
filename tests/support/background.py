"""What goes on beside the requests: the clock's tick, and jobs."""

from chalicelib import clock
from chalicelib.background import tick
from tests.support.stack import Json, Member, eventually


def time_passes(ms: int) -> bool:
    """The clock ticks so many ms from now: what is due by then is queued, and done in a moment."""
    tick.run(clock.now() + ms)
    return True


def replayed(member: Member, range_: Json) -> int:
    """How many entries the replay that the member asked for has applied again."""
    job = f"/jobs/{member.post('/ingest/entries/replay', range_)['id']}"
    eventually(lambda: member.get(job)["status"] == "done")
    return int(member.get(job)["done"])
