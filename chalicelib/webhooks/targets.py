"""What an endpoint may name: its address, and filters for the events that it wants."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, get_args
from urllib.parse import urlsplit

from chalicelib import errors, networks
from chalicelib.access.actors import Actor
from chalicelib.events import catalogue
from chalicelib.networks import base
from chalicelib.outside import addresses, connections
from chalicelib.outside.addresses import Refused
from chalicelib.outside.connections import Deadline, Unreached, Way
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel

_LOOK_UP_SECONDS = 2.0
# Why an address is refused, by the rule of `outside.addresses`.
_REASONS = {
    "scheme": "The address has to begin with https://.",
    "userinfo": "The address cannot have a user name or password. Use a header.",
    "fragment": "The address cannot have a part after #.",
    "port": f"The port of the address has to be {' or '.join(map(str, addresses.PORTS))}.",
    "length": f"The address has at most {addresses.LONGEST} characters.",
    "inside": "The address has to be on the public internet.",
    "number": "The address has to have a host name, or an IP address in the usual form.",
    "loop": "The address cannot be ours, or on a host name of AWS. Use a host name of your own.",
}
# Counters come with every message, for those who show an inbox; the API tells them whenever asked.
_NOT_TOLD = ("counters",)


def address(url: str, way: Way = connections.OUT) -> str:
    """The address in its only accepted spelling. Raises Invalid, which says which rule the address breaks."""
    try:
        place = addresses.receiver(url)
        with suppress(Unreached, TimeoutError):  # it may not be there yet; it is judged with each delivery
            connections.check(place, Deadline(_LOOK_UP_SECONDS), way)
    except Refused as refused:
        reason = _REASONS.get(refused.rule, "The address has to be written as in https://hooks.example.com/palabre.")
        raise errors.Invalid(reason, code=f"address_{refused.rule}", field="url") from refused
    return place.url


def is_same_host(url: str, other: str) -> bool:
    return urlsplit(url).netloc == urlsplit(other).netloc


def types() -> set[str]:
    """The event types, and their first parts, that an endpoint may ask for."""
    return {name for name in catalogue.NAMES if name.partition(".")[0] not in _NOT_TOLD}


def check(actor: Actor, wants: Mapping[str, Any]) -> None:
    """Raises Invalid for an unknown event type, brand, channel, network or surface."""
    stored = {
        "brands": {brand.id for brand in table.many(Brand, _places(actor, wants["brands"]))},
        "channels": {channel.id for channel in table.many(Channel, _places(actor, wants["channels"]))},
    }
    fixed = {"events": types(), "networks": networks.names(), "surfaces": get_args(base.Surface)}
    for field, known in {**fixed, **stored}.items():
        if set(wants[field] or ()).difference(known):
            raise errors.Invalid(f"One of the {field} does not exist.", code="unknown_reference", field=field)


def _places(actor: Actor, wanted: Collection[str] | None) -> list[tuple[str, str]]:
    return [(actor.agency, keys.noun(id)) for id in wanted or ()]
