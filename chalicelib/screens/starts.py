"""What a client needs before it shows anything: who the user is, what they can choose from, a cursor for events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from chalicelib import errors
from chalicelib.access import actors, permissions
from chalicelib.access.actors import Actor
from chalicelib.api import pages
from chalicelib.api.http import Call
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.events import counts, feed
from chalicelib.inbox import attributes
from chalicelib.people import members, teams
from chalicelib.search import saved_views
from chalicelib.store import together
from chalicelib.store.items import Item

Json = Mapping[str, Any]
T = TypeVar("T", bound=Item)
MOST = 100  # of each list; `next` goes on in the list itself


def shown(call: Call) -> Json:
    """The first page of each list, in the form of the list itself; all are read at once.

    The cursor for events is read first, so that whatever happens meanwhile comes after it.
    """
    actor, cursor = call.actor, feed.cursor_of_now(call.actor.agency)
    brand_ids = brands.scope(actor, None)
    reads: Mapping[str, Callable[[], Json]] = {
        "brands": partial(_page, call, "brands", partial(brands.visible, actor), brands.view),
        "channels": partial(
            _page, call, "channels", partial(channels.of_brands, actor.agency, brand_ids),
            partial(channels.view, hooks=call.hooks),
        ),
        "colleagues": partial(
            _page, call, "colleagues", partial(members.colleagues, actor, None), members.colleague_view
        ),
        "teams": partial(_page, call, "teams", partial(teams.visible, actor), teams.view),
        "views": partial(_viewed, actor, _views),
        "attributes": lambda: {"items": attributes.listing(actor), "next": None},
        "counters": partial(_viewed, actor, _counters),
    }  # fmt: skip
    lists = dict(zip(reads, together.each(list(reads.values())), strict=True))
    return {"me": actors.view(actor), **lists, "cursor": cursor}


def _viewed(actor: Actor, read: Callable[[Actor], Json]) -> Json:
    """The list, which is empty for an actor who may see no conversations at all."""
    try:
        return read(actor.at(permissions.VIEW))
    except errors.Forbidden:
        return {"items": [], "next": None}


def _views(viewer: Actor) -> Json:
    return saved_views.listing(viewer, MOST, None)


def _counters(viewer: Actor) -> Json:
    return counts.listing(viewer, brands.scope(viewer, None), MOST, None)


def _page(call: Call, name: str, after: Callable[[str], Iterable[T]], view: Callable[[T], Json]) -> Json:
    return pages.answer(replace(call, query={"limit": MOST}), name, after, view)
