"""What it costs to find out who calls and what they may do: CPU and read units beside the same request without it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from chalice.app import Response

from benchmarks import figure, request, stand
from benchmarks.capacity import units
from benchmarks.cost import PAGE, ROUNDS, SHORT
from benchmarks.figure import Figure
from benchmarks.inbox import Inbox
from benchmarks.measure import side_by_side

PATH = "/v1/conversations"


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """A member of two brands reads a page of the inbox."""
    with stand.apart() as apart:
        return apart(_access, stack)


def _access(stack: Mapping[str, Any]) -> list[Figure]:
    import app

    inbox = Inbox(stack, "16505550006")
    for number in range(2 * PAGE):
        inbox.hear(SHORT, person=f"1650557{number:04d}")
    token = stack["tokens"]["conversation_manager"]
    subject = jwt.decode(token, options={"verify_signature": False})["sub"]
    event = request.of(token, "GET", PATH)
    unasked = _asking_nobody(subject)

    def checked() -> Any:
        return app.app(event, None)

    def without() -> Any:
        return unasked(event, None)

    pages = [json.loads(answer()["body"])["items"] for answer in (checked, without)]
    if pages[0] != pages[1] or len(pages[0]) != PAGE:
        raise SystemExit("With and without questions it is not the same page.")
    with_checks, bare = side_by_side(checked, without, ROUNDS)
    read = [units(inbox.watched("after-call", answer))[1] for answer in (checked, without)]
    return [
        figure.limit("CPU added by the checks of an authorised request", with_checks - bare, 1, "ms"),
        figure.limit("Read units per authorised request, beyond the data itself", read[0] - read[1], 1.5, "RU"),
    ]


def _asking_nobody(subject: str) -> Callable[[Any, Any], Any]:
    """The same app with only that route, which does not look up the caller."""
    from chalicelib import clock
    from chalicelib.access import memberships
    from chalicelib.api import answers, http, requests, schema
    from chalicelib.screens import routes as screens_routes
    from chalicelib.store import fence

    [listing] = [route for route in http.ROUTES if route.view is screens_routes.list_conversations]
    known = memberships.of(subject, "", "", clock.now())
    twin = requests.App("unasked")

    @twin.route(PATH, methods=["GET"], content_types=["*/*"])
    def unasked() -> Response:
        request = requests.current(twin)

        def perform() -> Response:
            query = schema.query(listing.query, dict(request.query_params or {}))
            call = http.Call(known, {}, query, {}, clock.now(), "", request.headers)
            with fence.within(known.agency):
                return answers.success(listing.status, listing.view(call))

        return http.answer_or_problem(request, perform)

    return twin
