"""What goes on beside the requests: the clock's tick, and jobs."""

from chalicelib import clock
from chalicelib.background import tick
from chalicelib.store import due
from tests.support.stack import Json, Member, eventually


def time_passes(ms: int, *targets: str) -> bool:
    """The clock ticks so many ms from now: what is due by then is queued, and done in a moment.

    If targets are named, what is due for them alone. Hours from now, something is due for all that other tests made.
    """
    then = clock.now() + ms
    asked = (item for item in due.now_due(then) if not targets or any(target in item.target for target in targets))
    tick.run(asked, then)
    return True


def replayed(member: Member, range_: Json) -> int:
    """How many entries the replay that the member asked for has applied again."""
    job = f"/jobs/{member.post('/ingest/entries/replay', range_)['id']}"
    eventually(lambda: member.get(job)["status"] == "done")
    return int(member.get(job)["done"])
