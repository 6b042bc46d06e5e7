"""The classes of data that an endpoint may get, and the permissions that each needs.

An endpoint acts for itself, with the permissions of its classes for its brands, so it is shown what the API would show
to somebody with these permissions. It depends on whoever made it: once they have less than it needs, it gets nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.access import memberships
from chalicelib.access.actors import Actor, Grant
from chalicelib.store import keys
from chalicelib.store.models.webhooks import Endpoint

PERMISSION = "webhook.manage"
CLASSES: Mapping[str, frozenset[str]] = {
    "messages": frozenset({"inbox.view_all"}),
    "comments": frozenset({"inbox.view_all"}),
    "people": frozenset({"inbox.view_all", "contact.view", "contact.view_pii"}),
    "audit": frozenset({"audit.view"}),
    "billing": frozenset({"billing.manage"}),
}


def grant(classes: Iterable[str], brands: Sequence[str] | None) -> Grant:
    """The grant of an endpoint with these classes, for these brands, or for all with None."""
    held = frozenset[str]().union(*(CLASSES.get(name, frozenset()) for name in classes))
    return Grant("webhook", held, None if brands is None else frozenset(brands))


def of(endpoint: Endpoint) -> Grant:
    return grant(endpoint.wants["classes"], endpoint.wants["brands"])


def may_make(actor: Actor, held: Grant) -> bool:
    """True if the actor may have an endpoint with this grant."""
    return replace(actor, needs=(PERMISSION,)).may_give([held])


def is_answerer_suspended(endpoint: Endpoint) -> bool:
    """True if the person who answers for the endpoint is suspended: it gets everything once they are let in again."""
    return memberships.is_answerer_suspended(keys.agency_of(endpoint.pk), endpoint.maker)


def actor_of(endpoint: Endpoint, now: int) -> Actor | None:
    """The endpoint as an actor at `now` (ms); None if nobody answers for it any more who may have such an endpoint."""
    agency, held = keys.agency_of(endpoint.pk), of(endpoint)
    maker = memberships.answering(agency, endpoint.maker, now)
    if maker is None or not may_make(maker, held):
        return None
    return Actor(agency, endpoint.id, "", kind="key", grants=(held,))
