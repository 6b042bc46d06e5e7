"""Which events a reader asks for. Which events they may see is decided in `views`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from chalicelib import errors, networks
from chalicelib.events import catalogue
from chalicelib.events.events import Event
from chalicelib.networks import base
from chalicelib.store.models.inbox import Conversation

Names = frozenset[str] | None  # None: all
_SURFACES = get_args(base.Surface)


@dataclass(frozen=True)
class Filter:
    """Which events are wanted: by brand and type, and by channel, network and surface of the conversation; None means
    all.

    A type is whole, as `message.received`, or its first part, as `message`. Events outside of conversations have no
    channel, network and surface; a filter that names some of these leaves them out.
    """

    brands: Names = None
    types: Names = None
    channels: Names = None
    networks: Names = None
    surfaces: Names = None

    @property
    def looks_at_conversations(self) -> bool:
        """True if the filter can only be decided with the event's conversation."""
        return not (self.channels is None and self.networks is None and self.surfaces is None)

    def names(self, type: str) -> bool:
        return self.types is None or not self.types.isdisjoint((type, type.partition(".")[0]))

    def may_want(self, event: Event) -> bool:
        """False if the event is certainly not wanted, whatever its conversation."""
        return self.names(event.type) and (self.brands is None or event.brand in self.brands)

    def wants(self, event: Event, conversation: Conversation | None) -> bool:
        """`conversation` is the one that the event is in, if any."""
        if not self.may_want(event):
            return False
        if not self.looks_at_conversations:
            return True
        return conversation is not None and all(
            names is None or value in names
            for names, value in (
                (self.channels, conversation.channel),
                (self.networks, conversation.network),
                (self.surfaces, conversation.surface),
            )
        )


EVERYTHING = Filter()


def check(wanted: Filter, fields: Mapping[str, str]) -> None:
    """Raises Invalid for an unknown type, network or surface: with a misspelt name one would wait for ever.

    `fields` maps the filter's names to those of the request's fields.
    """
    for names, kind, known in (
        ("types", "an event type", catalogue.NAMES), ("networks", "a network", networks.names()),
        ("surfaces", "a surface", _SURFACES),
    ):  # fmt: skip
        if not (getattr(wanted, names) or frozenset()).issubset(known):
            detail = f"At least one value is not the name of {kind}."
            raise errors.Invalid(detail, code="unknown_reference", field=fields[names])
