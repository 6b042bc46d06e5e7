"""Which events an endpoint gets, and what is shown of each. Live delivery and replays both use this."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.access.actors import Actor
from chalicelib.deliveries import attempts
from chalicelib.events.events import Event
from chalicelib.events.filters import Filter
from chalicelib.events.views import Reader
from chalicelib.store.models.webhooks import Endpoint
from chalicelib.webhooks import targets

# The classes of what is in a conversation, by its surface.
_SURFACES: Mapping[str, frozenset[str]] = {
    "messages": frozenset({"dm"}),
    "comments": frozenset({"comment", "mention", "review"}),
}
# The classes of what is in none, by the first part of its type; all else is of the audit.
_CLASSES = {
    "contact": "people",
    **dict.fromkeys(("dispute", "limit", "payment_method", "subscription"), "billing"),
}


def may_want(endpoint: Endpoint, event: Event) -> bool:
    """False if the endpoint does not get the event, whatever its conversation.

    No endpoint gets events that its own receiver caused, because that could go round in circles.
    """
    if event.caused_by == endpoint.id or event.type not in targets.types():
        return False
    is_of_class = not _classes_of(event).isdisjoint(endpoint.wants["classes"])
    return is_of_class and _filter(endpoint).may_want(event)


def _classes_of(event: Event) -> frozenset[str]:
    """The classes that the event may belong to; if it is in a conversation, only the conversation's surface tells
    which.
    """
    if event.conversation is not None:
        return frozenset(_SURFACES)
    return frozenset({_CLASSES.get(event.type.partition(".")[0], "audit")})


def bodies(actor: Actor, endpoint: Endpoint, events: Sequence[Event]) -> Mapping[str, bytes]:
    """What is posted of those events that the endpoint gets, by their ids; rights are checked now."""
    wanted, reader, full = _filter(endpoint), Reader(actor), endpoint.detail == "full"
    of_class = replace(wanted, surfaces=_surfaces(endpoint))
    candidates = [event for event in events if may_want(endpoint, event)]
    rows = reader.show([event for event in candidates if event.conversation is not None], of_class, full=full)
    rows += reader.show([event for event in candidates if event.conversation is None], wanted, full=full)
    return {row["id"]: attempts.payload(row) for row in rows}


def _filter(endpoint: Endpoint) -> Filter:
    asked = {name: values and frozenset(values) for name, values in endpoint.wants.items()}
    return Filter(asked["brands"], asked["events"], asked["channels"], asked["networks"], asked["surfaces"])


def _surfaces(endpoint: Endpoint) -> frozenset[str] | None:
    """The surfaces of which the endpoint gets events, by its classes and its own filter; None for all."""
    wants = endpoint.wants
    if set(_SURFACES) <= set(wants["classes"]):
        return wants["surfaces"] and frozenset(wants["surfaces"])
    held = frozenset[str]().union(*(_SURFACES.get(name, frozenset()) for name in wants["classes"]))
    return held.intersection(wants["surfaces"]) if wants["surfaces"] else held
