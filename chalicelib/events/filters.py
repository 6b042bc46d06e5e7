"""Which events a reader asks for. What somebody may see is another question, see `views`."""

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
    """What is wanted: events of these brands and types that are about conversations of these kinds; None means all.

    A type is whole, as `message.received`, or its first part, as `message`. Events that are in no conversation have no
    channel, network and surface: they are not wanted by who asks for some of these.
    """

    brands: Names = None
    types: Names = None
    channels: Names = None
    networks: Names = None
    surfaces: Names = None

    @property
    def looks_at_conversations(self) -> bool:
        """True if the conversation of an event is needed to decide."""
        return not (self.channels is None and self.networks is None and self.surfaces is None)

    def names(self, type: str) -> bool:
        """True if events of that type are wanted."""
        return self.types is None or not self.types.isdisjoint((type, type.partition(".")[0]))

    def may_want(self, event: Event) -> bool:
        """False if the event is not wanted, whatever its conversation is like."""
        return self.names(event.type) and (self.brands is None or event.brand in self.brands)

    def wants(self, event: Event, conversation: Conversation | None) -> bool:
        """True if the event is wanted; `conversation` is the one that it is in."""
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
    """Raises Invalid for a type, network or surface that there is not: who misspells one would wait for ever.

    `fields` tells how the request calls each field of the filter.
    """
    for names, known in (("types", catalogue.NAMES), ("networks", networks.names()), ("surfaces", _SURFACES)):
        if not (getattr(wanted, names) or frozenset()).issubset(known):
            raise errors.Invalid(f"There is no such {names[:-1]}.", code="unknown_reference", field=fields[names])
