"""Whether and how a conversation can be answered now, until when, and if not, what would change that.

What the API shows and what it enforces come from the same function.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.inbox import conversations
from chalicelib.networks import base, contents
from chalicelib.replies import leases, policy
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation
from chalicelib.templates import offers

PRIVATE_HOURS = 7 * 24
_DOWN = ("expired", "disconnected", "paused")
CUT_OFF = ("contact_unreachable", *(f"channel_{health}" for health in _DOWN))


@dataclass(frozen=True)
class Place:
    """What decides: the surface, when the window last opened (ms), the channel's health, whether the other side can be
    reached, and whether a person (not a key) answers.
    """

    surface: base.Surface
    last_in_at: int
    health: str = "ok"
    reachable: bool = True
    by_person: bool = True


@dataclass(frozen=True)
class Sendability:
    """`ways` are reply, private_reply, tag and template, each with when it ends (ms, 0: never).

    `tags` are the network's tags that let an answer through, each with when it ends (ms). `why` is the reason why a
    free answer is not possible, `reopens` the event after which it is possible again.
    """

    ways: Mapping[str, int]
    tags: Mapping[str, int] = field(default_factory=dict)
    why: str = ""
    reopens: str = ""

    @property
    def can(self) -> bool:
        return bool(self.ways)

    @property
    def cut_off(self) -> bool:
        """True if the channel or the person cannot be reached, whatever the answer is."""
        return self.why in CUT_OFF

    @property
    def until(self) -> int:
        """When the conversation can no longer be answered as it can now (ms, 0: never). If a free answer is possible,
        when that ends; else when the first of the other ways ends. A free answer includes a public one, so the end of
        private answers then does not matter.
        """
        if "reply" in self.ways:
            return self.ways["reply"]
        return min(filter(None, self.ways.values()), default=0)

    def allows(self, *, template: bool, private: bool, tag: str) -> bool:
        """True if such an answer can be sent now. One with a tag also goes while no tag is needed."""
        if template or private:
            return ("template" if template else "private_reply") in self.ways
        return "reply" in self.ways or tag in self.tags


def of(capabilities: base.Capabilities, place: Place, now: int) -> Sendability:
    if place.health in _DOWN:
        return Sendability({}, why=f"channel_{place.health}", reopens="channel.connected")
    if not place.reachable:
        return Sendability({}, why="contact_unreachable", reopens="contact.returns")
    if place.surface not in capabilities.reply:
        return Sendability({}, why="cannot_reply")
    hours = capabilities.window.get(place.surface)
    closes = place.last_in_at + hours * clock.HOUR if hours is not None else 0
    open_now = closes == 0 or closes > now
    tags = {} if open_now or not place.by_person else _tags(capabilities, place, now)
    private = place.last_in_at + PRIVATE_HOURS * clock.HOUR
    ways = [
        ("reply", open_now, closes),
        ("private_reply", place.surface in capabilities.private_reply and private > now, private),
        ("tag", bool(tags), max(tags.values(), default=0)),
        ("template", capabilities.templates and place.surface == "dm", 0),
    ]
    open_ways = {name: until for name, is_open, until in ways if is_open}
    if open_now:
        return Sendability(open_ways)
    return Sendability(open_ways, tags, why="window_closed", reopens="message.received")


def of_conversation(conversation: Conversation, place: Place, now: int) -> Sendability:
    """What the network, the channel and the person of a conversation allow now if a person, not a key, answers."""
    network = conversations.network_of(conversation)
    return of(network.capabilities, replace(place, by_person=True), now)


def _tags(capabilities: base.Capabilities, place: Place, now: int) -> dict[str, int]:
    ends = {name: place.last_in_at + hours * clock.HOUR for name, hours in capabilities.tags.items()}
    return {name: until for name, until in ends.items() if until > now}


def check(actor: Actor, conversation: Conversation, say: base.Say, now: int) -> None:
    """Raises the first of `objections`: Forbidden, Invalid or Conflict."""
    for objection in objections(actor, conversation, say, now):
        raise objection


def objections(actor: Actor, conversation: Conversation, say: base.Say, now: int) -> Iterator[errors.Problem]:
    """Everything that keeps the actor from sending this there now, in the order of the checks."""
    yield from errors.raised(
        lambda: leases.check(actor, conversation, now),
        lambda: policy.check_may_answer(actor, conversation, private=say.private),
    )
    capabilities = conversations.network_of(conversation).capabilities
    yield from contents.objections(capabilities, say)
    yield from hindrances(capabilities, place_of(actor, conversation), say, now)
    if say.template is not None:
        network = conversations.network_of(conversation)
        yield from offers.objections(actor.agency, conversation.channel, network, say.template)


def hindrances(
    capabilities: base.Capabilities, place: Place, say: base.Say, now: int
) -> Iterator[errors.Invalid | errors.Conflict]:
    """Why this way to answer is not open now; empty if it is."""
    allowed = of(capabilities, place, now)
    if allowed.allows(template=say.template is not None, private=say.private, tag=say.context.get("tag", "")):
        return
    if allowed.cut_off:
        yield errors.Conflict("The contact or the channel cannot be reached now.", code=allowed.why)
    else:
        yield errors.Invalid(
            "The network does not accept an answer this way, or not at this time.", code=allowed.why or "window_closed"
        )


def check_content(conversation: Conversation, say: base.Say) -> None:
    """Raises Invalid, naming the field, if the network never takes such an answer on that surface."""
    for objection in contents.objections(conversations.network_of(conversation).capabilities, say):
        raise objection


def view(capabilities: base.Capabilities, place: Place, now: int) -> Mapping[str, Any]:
    """Sendability as the API shows it, with what the network takes there and what it charges."""
    allowed = of(capabilities, place, now)
    takes_media = place.surface in capabilities.media_surfaces
    media = {kind: asdict(limit) for kind, limit in capabilities.media.items()} if takes_media else {}
    choices = capabilities.interactive if place.surface == "dm" else {}
    interactive = {kind: asdict(limit) for kind, limit in choices.items()}
    kinds = ["text", *media, *(["interactive"] if interactive else [])]
    return {
        "can": allowed.can,
        "ways": list(allowed.ways),
        "until": _moment(allowed.until),
        "until_by_way": {way: _moment(until) for way, until in allowed.ways.items()},
        "tags": list(allowed.tags),
        "costs": {way: _cost(capabilities, way, now) for way in allowed.ways},
        "why": allowed.why or None,
        "reopens": allowed.reopens or None,
        "kinds": kinds if {"reply", "tag"} & set(allowed.ways) else [],
        "text": capabilities.text.get(place.surface),
        "caption": capabilities.caption or None,
        "media": media,
        "interactive": interactive,
    }


def _moment(at: int) -> str | None:
    return clock.text(at) if at else None


def _cost(capabilities: base.Capabilities, way: str, now: int) -> Mapping[str, Any]:
    """What the network charges now for that way to answer: the latest of its prices that is in force."""
    cost = base.Cost(cost="free")
    for price in capabilities.costs.get(way, ()):
        cost = price if price.since <= clock.text(now) else cost
    return {"cost": cost.cost, "unit": cost.unit, "note": cost.note or None}


def whole_view(actor: Actor, conversation: Conversation, now: int) -> Mapping[str, Any]:
    """The view, and the templates that can be sent: one query more than for a row of a list."""
    network = conversations.network_of(conversation)
    offered = offers.of_channel(actor.agency, conversation.channel, network) if conversation.surface == "dm" else []
    return {**view(network.capabilities, place_of(actor, conversation), now), "templates": offered}


def place_of(actor: Actor, conversation: Conversation) -> Place:
    """What decides whether the actor can answer the conversation."""
    channel = channels.find(actor.agency, conversation.channel)
    partition = keys.within(actor.agency, conversation.contact)
    person = table.get(Contact, partition, keys.CONTACT) if conversation.contact else None
    return place_from(actor, conversation, channel, person)


def place_from(actor: Actor, conversation: Conversation, channel: Channel | None, person: Contact | None) -> Place:
    """Like `place_of`, of a channel and a person that were read already."""
    return Place(
        base.surface(conversation.surface),
        conversation.last_in_at,
        channel.health if channel and not channel.settling else "disconnected",
        reachable=person is None or bool(person.reachable),
        by_person=actor.kind != "key",
    )
