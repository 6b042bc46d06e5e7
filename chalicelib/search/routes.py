"""/v1: saved views, and counts of the inbox."""

from functools import partial

from chalicelib.access import permissions
from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.search import results, saved_views, schemas, searches
from chalicelib.store.models.search import SavedView


def _view(call: Call) -> SavedView:
    return saved_views.get(call.actor, call.path["id"])


def _counts(call: Call, views: list[SavedView]) -> list[Json]:
    return results.counts(call.actor, saved_views.as_searches(call.actor, views), call.now)


@route("GET", "/views", permission=permissions.VIEW, query=schemas.VIEWS, answer=schema.listing(schemas.VIEW))
def list_views(call: Call) -> Json:
    """Lists your own views and those shared with you, oldest first."""
    if "external_id" in call.query:
        return pages.by_external_id(call, "views", saved_views.get, partial(saved_views.view, call.actor))
    return saved_views.listing(call.actor, call.query["limit"], call.query.get("cursor"))


@route(
    "POST", "/views", pays="work", permission=permissions.VIEW, body=schemas.NEW_VIEW, answer=schemas.VIEW, status=201
)
def create_view(call: Call) -> Json:
    """Saves a search of the inbox, for yourself or shared with your colleagues."""
    return saved_views.view(call.actor, saved_views.create(call.actor, call.now, **call.body))


@route("GET", "/views/counts", permission=permissions.VIEW, answer=schema.listing(schemas.VIEW_COUNT))
def count_views(call: Call) -> Json:
    """Counts the conversations of each view that you see."""
    views = list(saved_views.every(call.actor))
    counts = zip(views, _counts(call, views), strict=True)
    return {"items": [{"view": saved_view.id, **count} for saved_view, count in counts], "next": None}


@route("GET", "/views/{id}", permission=permissions.VIEW, answer=schemas.VIEW)
def show_view(call: Call) -> Json:
    """Shows a view."""
    return saved_views.view(call.actor, _view(call))


@route(
    "PATCH",
    "/views/{id}",
    pays="work",
    permission=permissions.VIEW,
    body=schemas.EDIT_VIEW,
    answer=schemas.VIEW,
    versioned=True,
)
def change_view(call: Call) -> Json:
    """Changes the name, the search or the order of a view, or shares it."""
    saved_view = _view(call)
    call.matches(saved_view.version)
    return saved_views.view(call.actor, saved_views.change(call.actor, saved_view, call.body, call.now))


@route("DELETE", "/views/{id}", pays="work", permission=permissions.VIEW, answer=schema.NOTHING, versioned=True)
def remove_view(call: Call) -> Json:
    """Deletes a view."""
    saved_view = _view(call)
    call.matches(saved_view.version)
    saved_views.remove(call.actor, saved_view, call.now)
    return {}


@route("GET", "/views/{id}/count", permission=permissions.VIEW, answer=schemas.COUNT)
def count_view(call: Call) -> Json:
    """Counts the conversations of a view."""
    return _counts(call, [_view(call)])[0]


@route("GET", "/conversations/count", permission=permissions.VIEW, query=schemas.FILTERS, answer=schemas.COUNT)
def count_conversations(call: Call) -> Json:
    """Counts the conversations of the inbox that match the filters."""
    return results.counts(call.actor, [searches.of_query(call.actor, call.query)], call.now)[0]
