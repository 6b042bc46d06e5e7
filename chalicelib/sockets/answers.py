"""Handles the frames of sockets: the answer to the sender, and what is sent to others who have the
conversation open.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, room
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.events import feed, filters, lane
from chalicelib.events.filters import Filter
from chalicelib.inbox import conversations
from chalicelib.replies import leases
from chalicelib.sockets import posts, watches
from chalicelib.sockets.frames import Frame
from chalicelib.sockets.posts import Post
from chalicelib.store import keys, quota, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.sockets import Socket, Watch

Json = Mapping[str, Any]
MOST_LEASES = 30  # that a socket tells of in a minute
MOST_WANTED_BYTES = 4 << 10  # each push reads what all sockets of a room want


def handle(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    """Does what the frame asks, and gives the posts that follow. Raises a Problem that the sender may read."""
    return DOES[frame.do](frame, actor, socket, now)


def problem(socket: Socket, problem: errors.Problem) -> Post:
    """The answer to the sender of a refused frame."""
    field = {"field": problem.field} if problem.field else {}
    return _post(socket, "error", code=problem.code, **field, **problem.more)


def _post(socket: Socket, kind: str, **content: Any) -> Post:
    return Post(socket.id, [posts.frame(kind, **content)])


def _listen(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    """Stores what the socket listens to before it reads the end of the log, so an event in between comes twice rather
    than never.

    Raises NotFound for brands and channels that the actor does not see, Invalid for other unknown names, Gone if the
    socket cannot continue from `after`, and TooLarge if the filter is larger than 4 KB.
    """
    wanted = dict(frame.about)
    after = wanted.pop("after", "")
    if room.size(wanted) > MOST_WANTED_BYTES:
        raise errors.TooLarge
    named = {name: frozenset(wanted[name]) for name in ("types", "networks", "surfaces") if name in wanted}
    filters.check(Filter(**named), {name: name for name in named})
    _check_brands(actor, wanted.get("brands", ()))
    _check_channels(actor, wanted.get("channels", ()))
    if after:
        _check_cursor(actor.agency, after)
    listens = [Socket.wanted.set(wanted), Socket.behind.remove()]
    if not table.update(Socket(socket.pk, socket.sk), listens, Socket.pk.exists()):
        raise errors.NotFound
    return [_post(socket, "listening", **end_of_lane(actor.agency))]


def _check_brands(actor: Actor, brands: Sequence[str]) -> None:
    known = table.many(Brand, [(actor.agency, keys.noun(id)) for id in set(brands)])
    if len(known) < len(set(brands)) or not all(actor.sees(brand) for brand in brands):
        raise errors.NotFound(field="brands")


def _check_channels(actor: Actor, channels: Sequence[str]) -> None:
    known = table.many(Channel, [(actor.agency, keys.noun(id)) for id in set(channels)])
    if len(known) < len(set(channels)) or not all(actor.sees(channel.brand) for channel in known):
        raise errors.NotFound(field="channels")


def _check_cursor(agency: str, text: str) -> None:
    """Raises Gone if events after the cursor may no longer be kept."""
    place = feed.position(agency, text)
    after = place.number - 1 if place.read else place.number
    try:
        next(lane.read(agency, after, 1, at=place.ended_at), None)
    except lane.Gone as cause:
        raise feed.resync(agency) from cause


def end_of_lane(agency: str) -> Json:
    """The present end of the agency's lane."""
    return place_in_lane(agency, feed.position(agency, feed.NOW))


def place_in_lane(agency: str, place: feed.Place) -> Json:
    """A place in the lane as pages see it: a cursor to read on from, and a number that only grows."""
    return {"sequence": place.number, "cursor": feed.cursor(agency, place)}


def _ping(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    return [_post(socket, "pong", **end_of_lane(actor.agency))]


def _watch(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    conversation = conversations.get(actor, frame.about["conversation"]).id
    watches.begin(actor.agency, socket, conversation, now)
    return [_post(socket, "watching", conversation=conversation)]


def _unwatch(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    watches.end(actor.agency, socket, frame.about["conversation"])
    return []


def _presence(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    """Tells the others who have the conversation open and may see it. Nothing of it is stored."""
    conversation = conversations.get(actor, frame.about["conversation"])
    if not watches.renew(actor.agency, socket, conversation.id, now):
        return []
    until = clock.text(now + watches.FORGOTTEN_AFTER)
    notice = posts.frame(frame.do, conversation=conversation.id, member=actor.member, until=until)
    return _to_others(actor, socket, conversation, notice, now)


def _lease(frame: Frame, actor: Actor, socket: Socket, now: int) -> Sequence[Post]:
    """Tells the others who is answering, as stored now: whoever takes or releases the lease says so on their socket."""
    conversation = conversations.get(actor, frame.about["conversation"])
    quota.take(actor.agency, f"lease#{socket.id}", MOST_LEASES, now)
    watches.check(actor.agency, socket, conversation.id, now)
    lease = leases.current(conversation, now)
    notice = posts.frame(frame.do, conversation=conversation.id, lease=leases.view(lease) if lease else None)
    return _to_others(actor, socket, conversation, notice, now)


def _to_others(actor: Actor, socket: Socket, conversation: Conversation, notice: bytes, now: int) -> Sequence[Post]:
    watching = list(watches.others(actor.agency, socket, conversation.id, now))
    present = memberships.present(actor.agency, [watch.subject for watch in watching], now)
    seeing = [watch for watch in watching if _may_see(present.get(watch.subject), watch, conversation)]
    return [Post(watch.socket, [notice]) for watch in seeing]


def _may_see(present: memberships.Present | None, watch: Watch, conversation: Conversation) -> bool:
    return (
        present is not None
        and present.actor.member == watch.member
        and conversations.visible(present.actor, conversation)
    )


DOES: Mapping[str, Callable[[Frame, Actor, Socket, int], Sequence[Post]]] = {
    "listen": _listen, "ping": _ping, "watch": _watch, "unwatch": _unwatch, "typing": _presence, "viewing": _presence,
    "lease": _lease,
}  # fmt: skip
