"""What our code adds to the reads behind a page of each long list: the view, beside the bare calls that it makes."""

import json
import re
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

import jwt

from benchmarks import figure, stand
from benchmarks.cost import PAGE, ROUNDS, SHORT
from benchmarks.figure import Figure
from benchmarks.inbox import Inbox
from benchmarks.measure import side_by_side

MOST, FEWEST = 1.05, 5
LISTS = {
    "messages": "list_messages",
    "the audit": "list_audit",
    "members": "list_members",
}


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """One for each list, in a process of its own."""
    rows = []
    for name, operation in LISTS.items():
        with stand.apart() as apart:
            rows.append(apart(_row, stack, name, operation))
    return rows


def _row(stack: Mapping[str, Any], name: str, operation: str) -> Figure:
    import botocore.session

    from chalicelib import clock
    from chalicelib.access import memberships
    from chalicelib.api import http, schema
    from chalicelib.store import fence

    import_module("app")  # declares the operations
    inbox = Inbox(stack, "16505550009")
    for _ in range(2 * PAGE):
        inbox.hear(SHORT)
    subject = jwt.decode(stack["tokens"]["owner"], options={"verify_signature": False})["sub"]
    actor = memberships.of(subject, "", "", clock.now())
    http.load()  # all of it: a process loads only what it is asked for
    [route] = [route for route in http.ROUTES if route.view.__name__ == operation]
    query = schema.query(route.query, {"limit": str(PAGE)})
    call = http.Call(actor, {"id": inbox.conversation}, query, {}, clock.now(), "")

    def view() -> str:
        with fence.within(actor.agency):
            return json.dumps(route.view(call))

    bare = botocore.session.get_session().create_client("dynamodb")
    calls = inbox.watched("before-parameter-build", view)
    reads = [partial(getattr(bare, _method(called)), **asked) for called, asked in calls]

    def floor() -> None:
        for read in reads:
            read()

    if len(json.loads(view())["items"]) < FEWEST:
        raise SystemExit(f"There are too few {name} for a page.")
    named = f"CPU per page of {name} (25 at most; the view, as JSON) / its bare reads"
    return figure.ratio(named, *side_by_side(view, floor, ROUNDS), MOST)


def _method(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
