"""Sends events to the sockets of a room: to each what it listens to, and what its member may see at this moment.

A socket that cannot be reached is marked as behind, and told so next time; its events are not stored. If a push is
repeated after a crash, a socket gets the same events again, and its page recognises them by their ids.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.aws.gateway import Gateway, Outcome
from chalicelib.events import feed, lane
from chalicelib.events.events import Event
from chalicelib.events.filters import Filter
from chalicelib.events.views import Reader
from chalicelib.sockets import answers, posts, rooms, sockets
from chalicelib.sockets.posts import Post
from chalicelib.store import table
from chalicelib.store.models.sockets import Socket

Rows = Sequence[Mapping[str, Any]]
Show = Callable[[Actor, Sequence[Event], Mapping[str, Any]], Rows]
MOST_EVENTS, LARGEST_FRAME = 200, 30 << 10
MOST_SEGMENTS, MOST_EXAMINED = 200, 2_000  # of more segments or events nobody is told one by one


@dataclass(frozen=True)
class News:
    """What happened, up to the place of the cursor. `events` is None if there are too many, or if some are no longer
    kept.
    """

    events: Sequence[Event] | None
    end: answers.Json


@dataclass(frozen=True)
class Errand:
    """A post to a socket. With `leaves` it asks the page to open another socket."""

    socket: Socket
    post: Post
    leaves: bool = False


def push(agency: str, room: int, first: int, last: int, gateway: Gateway, now: int) -> Mapping[str, int]:
    """Sends these segments of the lane to the sockets of the room; a repeat sends them again. Gives how many of the
    addressed sockets were reached, gone and not reached.
    """
    inside = rooms.sockets_in(agency, room, now)
    if not inside:
        return {}
    present = memberships.present(agency, [socket.subject for socket in inside], now)
    errands = plan(inside, present, news(agency, first, last), now)
    outcomes = posts.send(gateway, [errand.post for errand in errands])
    for errand, outcome in zip(errands, outcomes, strict=True):
        _settle(agency, errand, outcome)
    return Counter(outcomes)


def news(agency: str, first: int, last: int) -> News:
    """The events of the segments with these numbers, and the cursor behind them."""
    is_little = last - first < MOST_SEGMENTS
    segments = lane.between(agency, first, last) if is_little else []
    end = answers.place_in_lane(agency, feed.Place(last, last_at=segments[-1].at if segments else 0))
    events = [event for segment in segments for event in segment.events]
    is_whole = is_little and [segment.number for segment in segments] == list(range(first, last + 1))
    return News(events if is_whole and len(events) <= MOST_EXAMINED else None, end)


def show(actor: Actor, events: Sequence[Event], wanted: Mapping[str, Any]) -> Rows:
    """The events that the actor wants and may see now."""
    names = {name: frozenset(named) for name, named in wanted.items() if name != "detail"}
    return Reader(actor).show(events, Filter(**names), full=wanted.get("detail") != "thin")


def plan(
    inside: Sequence[Socket], present: Mapping[str, memberships.Present], news: News, now: int, show: Show = show
) -> list[Errand]:
    """What is to be sent to each socket. Sockets that want the same and may see the same get the
    same frame, made once.
    """
    made: dict[Hashable, bytes | None] = {}
    errands = []
    for socket in inside:
        try:
            actor = sockets.actor_at(socket, present, now)
        except sockets.OUT as problem:
            errands.append(Errand(socket, posts.closing(socket.id, problem)))
            continue
        frames = [frame for frame in (_news_frame(socket, actor, news, made, show),) if frame]
        leaves = socket.leave_at is not None and socket.leave_at <= now
        if leaves:
            frames.append(posts.frame("reconnect"))
        if frames:
            errands.append(Errand(socket, Post(socket.id, frames), leaves))
    return errands


def _news_frame(
    socket: Socket, actor: Actor, news: News, made: dict[Hashable, bytes | None], show: Show
) -> bytes | None:
    """The frame for the socket, None if there is nothing for it."""
    if socket.wanted is None:
        return None
    if socket.behind or news.events is None:
        return posts.frame("behind", **news.end)
    key = _rights(actor), posts.encoded(socket.wanted)
    if key not in made:
        made[key] = _frame(show(actor, news.events, socket.wanted), news)
    return made[key]


def _rights(actor: Actor) -> Hashable:
    """Equal for actors who see the same: for those who see all conversations of their brands, if their grants are
    equal.
    """
    sees_all = all("inbox.view_all" in grant.permissions for grant in actor.grants)
    return frozenset(actor.grants) if sees_all else actor.member


def _frame(rows: Rows, news: News) -> bytes | None:
    if not rows:
        return None
    frame = posts.frame("events", **news.end, events=rows)
    if len(rows) > MOST_EVENTS or len(frame) > LARGEST_FRAME:
        return posts.frame("behind", **news.end)
    return frame


def _settle(agency: str, errand: Errand, outcome: Outcome) -> None:
    """Stores what the next push has to know, unless the socket ended meanwhile."""
    socket = errand.socket
    if errand.post.closes or outcome == "gone":
        sockets.end(agency, socket)
        return
    changes = []
    if outcome == "failed" and not socket.behind:
        changes.append(Socket.behind.set(True))
    if outcome == "sent":
        changes += [Socket.behind.remove()] if socket.behind else []
        changes += [Socket.leave_at.remove()] if errand.leaves else []
    if changes:
        table.update(Socket(socket.pk, socket.sk), changes, Socket.pk.exists())
