"""/v1: saved views, what they list and how much that is."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import listing, saved_view, schemas, view_schemas
from chalicelib.store.models import View
from chalicelib.tenancy import role

Json = Mapping[str, Any]


def _view(call: Call) -> View:
    return saved_view.get(call.actor, call.path["id"])


def _counts(call: Call, views: list[View]) -> list[Json]:
    return listing.counts(call.actor, saved_view.searches(call.actor, views), call.now)


@route("GET", "/views", permission=role.VIEW, query=schema.PAGE, answer=schema.listing(view_schemas.VIEW))
def list_views(call: Call) -> Json:
    """My own views and those shared with me, oldest first."""
    return saved_view.listing(call.actor, call.query["limit"], call.query.get("cursor"))


@route("POST", "/views", permission=role.VIEW, body=view_schemas.NEW_VIEW, answer=view_schemas.VIEW, status=201)
def create_view(call: Call) -> Json:
    """Keep a search of the inbox, for oneself or shared."""
    return saved_view.view(call.actor, saved_view.create(call.actor, call.body, call.now))


@route("GET", "/views/counts", permission=role.VIEW, answer=schema.listing(view_schemas.VIEW_COUNT))
def count_views(call: Call) -> Json:
    """How many conversations each of the views I see lists."""
    views = list(saved_view.every(call.actor))
    told = [{"view": found.id, **count} for found, count in zip(views, _counts(call, views), strict=True)]
    return {"items": told, "next": None}


@route("GET", "/views/{id}", permission=role.VIEW, answer=view_schemas.VIEW)
def show_view(call: Call) -> Json:
    """One view."""
    return saved_view.view(call.actor, _view(call))


@route("PATCH", "/views/{id}", permission=role.VIEW, body=view_schemas.EDIT_VIEW, answer=view_schemas.VIEW)
def change_view(call: Call) -> Json:
    """Another name, search or order, or share it."""
    found = _view(call)
    call.matches(found.version)
    return saved_view.view(call.actor, saved_view.change(call.actor, found, call.body, call.now))


@route("DELETE", "/views/{id}", permission=role.VIEW, answer=schemas.NOTHING)
def remove_view(call: Call) -> Json:
    """Keep a view no longer."""
    found = _view(call)
    call.matches(found.version)
    saved_view.remove(call.actor, found, call.now)
    return {}


@route(
    "GET",
    "/views/{id}/conversations",
    permission=role.VIEW,
    query=schema.PAGE,
    answer=schema.listing(schemas.CONVERSATION),
)
def list_view(call: Call) -> Json:
    """The conversations of a view, in its order; a page may be short, the last one has no next."""
    found = _view(call)
    [asked] = saved_view.searches(call.actor, [found])
    return listing.of(asked, found.order, call.query["limit"], call.query.get("cursor"), call.now)


@route("GET", "/views/{id}/count", permission=role.VIEW, answer=schemas.COUNT)
def count_view(call: Call) -> Json:
    """How many conversations a view lists."""
    return _counts(call, [_view(call)])[0]
