"""What is recorded of each request that changes something, as fields of the log line that every request has.

`calls` reads these log lines and makes a list that the agency can see. The request itself does no more work for this.
"""

import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.access.actors import Actor

MARK = "palabre_call"  # what such lines are found by
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{1,60}")
_MADE = re.compile(r'\{"id": "([a-z]{3}_[0-9a-z]{1,60})"')  # an answer begins with the id of what it shows
_STRANGE = (403, 404)  # of what is not the caller's, nothing is noted
_NAME = "palabre"


def note(request: Any, actor: Actor, path_parts: Mapping[str, str], response: Response, code: str, now: int) -> None:
    """Records who made the request, which things it was about, and how it ended: ids and codes only. `code` is empty
    for a success.
    """
    things: list[str] = []
    if response.status_code not in _STRANGE:
        made = _MADE.match(response.body) if isinstance(response.body, str) else None
        things = [part for part in path_parts.values() if _ID.fullmatch(part)]
        things += [made[1]] if made and made[1] not in things else []
    request.context[_NAME] = {
        "mark": MARK, "agency": actor.agency, "actor": actor.member, "actor_kind": actor.kind, "at": now,
        "code": code, "things": ",".join(things),
    }  # fmt: skip


def of(request: Any) -> Mapping[str, Any]:
    """The fields for the log line; empty if nothing was recorded."""
    noted = request.context.get(_NAME)
    if noted is None:
        return {}
    return {**noted, "request": str(request.context.get("requestId", "")), "took": clock.now() - noted["at"]}
