"""Which refusals an operation can give: its own, found in the source, and those that follow from its declaration.

`reference/codes.yaml` has the operations' own codes by operation and status. If an answer in a test has another code,
the run fails. Codes that any operation may give are described once, in the introduction: these are `COMMON`. They count
as an operation's own only if nothing else says that it has this status.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from chalicelib import errors
from chalicelib.api.http import Route
from chalicelib.store import external_ids
from local import yaml_files
from local.environment import ROOT
from local.reference import never, reachable, trees

Json = dict[str, Any]
Codes = Mapping[str, Mapping[int, Sequence[str]]]  # by operation and status
PLACE = ROOT / "reference" / "codes.yaml"
COMMON = frozenset(
    """
    malformed bad_cursor bad_idempotency_key
    unauthenticated signed_out key_ended app_gone
    subscription_restricted subscription_read_only limit_reached
    forbidden no_agency other_agency suspended app_not_approved sign_in_with_sso wrong_domain
    not_found method_not_allowed
    external_id_ambiguous idempotency_in_flight unfinished shown_once
    precondition_failed too_large unsupported_media_type
    invalid unknown_reference not_together bad_times too_much agency_missing idempotency_reused
    too_many unavailable internal
    """.split()
)
_BY_STATUS: Mapping[int, type[errors.Problem]] = {kind.status: kind for kind in errors.Problem.__subclasses__()}
_HEAD = "# Written by `make docs`: the codes that each operation may give, but those that any may give.\n"


def read() -> Codes:
    return yaml_files.read(PLACE) if PLACE.exists() else {}


def of(routes: Sequence[Route]) -> Codes:
    """The codes found in the source."""
    impossible = never.codes()
    by_id = {
        route.view.__name__: {
            status: sorted(own)
            for status, every in reachable.codes(route).items()
            if (
                own := {code for code in every if is_own(route, status, code)}
                - impossible.get(route.view.__name__, set())
            )
        }
        for route in routes
    }
    return {id: by for id, by in by_id.items() if by}


def written(codes: Codes) -> str:
    """The text of the file, ordered by name."""
    ordered = {
        id: {status: sorted(codes[id][status]) for status in sorted(codes[id])} for id in sorted(codes) if codes[id]
    }
    return _HEAD + yaml.safe_dump(ordered, sort_keys=False, default_flow_style=None, width=120)


def merged(document: Json, routes: Sequence[Route], codes: Codes) -> Json:
    """The document with each operation's refusals and their codes."""
    page = trees.copied(document)
    by_id = {route.view.__name__: route for route in routes}
    for operation in trees.operations(page):
        id = operation["operationId"]
        _refuse(operation, by_id[id], codes.get(id, {}))
    return page


def _refuse(operation: Json, route: Route, own: Mapping[int, Sequence[str]]) -> None:
    done = {status: answer for status, answer in operation["responses"].items() if status < "400"}
    refused = {str(status): _answer(status, own.get(status, ())) for status in sorted({*own, *declared(route)})}
    operation["responses"] = {**done, **refused}
    if own:
        operation["x-codes"] = {str(status): list(own[status]) for status in sorted(own)}
        operation["description"] += f"\n\nIts own refusals: {_listed(own)}."


def _listed(own: Mapping[int, Sequence[str]]) -> str:
    return "; ".join(f"{status} {', '.join(f'`{code}`' for code in own[status])}" for status in sorted(own))


def _answer(status: int, codes: Sequence[str]) -> Json:
    error = _BY_STATUS[status]
    description = {"description": f"{error.title}: {', '.join(f'`{code}`' for code in codes)}."} if codes else {}
    return {"$ref": f"#/components/responses/{error.__name__}", **description}


def is_own(route: Route, status: int, code: str) -> bool:
    return code not in COMMON or status not in declared(route)


def declared(route: Route) -> Iterator[int]:
    """The statuses that follow from the declaration of a route, whatever it does."""
    yield from (429, 503)
    if not route.public:
        yield from (401, 403)
    if not route.public and not route.newcomers:
        yield 422  # which agency?
    if route.pays not in ("never", "protect"):
        yield 402
    if "{" in route.path:
        yield 404
    if "{id}" in route.path and route.path.split("/")[1] in external_ids.WORDS:
        yield 409  # an id of the client's own may be of several things
    if route.verb == "POST":
        yield from (400, 409, 422)  # for its key
    if route.query or route.body is not None:
        yield from (400, 422)
    if route.body is not None:
        yield from (413, 415)
    if route.versioned:
        yield 412


def unknown(noted: Mapping[str, Mapping[int, set[str]]], codes: Codes) -> Codes:
    """The codes that tests met and that the file does not have."""
    new = {
        id: {status: sorted(seen - set(codes.get(id, {}).get(status, ()))) for status, seen in statuses.items()}
        for id, statuses in noted.items()
    }
    return {id: kept for id, by in new.items() if (kept := {status: new for status, new in by.items() if new})}
