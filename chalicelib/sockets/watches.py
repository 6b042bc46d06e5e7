"""Who has a conversation open, and that they type or look there. Typing and looking are neither stored nor logged.

Each socket is reported to others at most every three seconds, and a page that got such a report forgets it after six.
"""

from collections.abc import Iterator

from chalicelib import clock, errors
from chalicelib.store import keys, table
from chalicelib.store.models.sockets import Socket, Watch

LIFE = 90 * clock.SECOND
EVERY = 3 * clock.SECOND
FORGOTTEN_AFTER = 6 * clock.SECOND
MOST_TOLD = 100


def begin(agency: str, socket: Socket, conversation: str, now: int) -> None:
    """For the next 90 seconds, the socket has the conversation open."""
    watch = _watch(agency, socket, conversation)
    who = [Watch.socket.set(socket.id), Watch.member.set(socket.member), Watch.subject.set(socket.subject)]
    table.update(watch, [*who, Watch.expires.set((now + LIFE) // clock.SECOND)])


def end(agency: str, socket: Socket, conversation: str) -> None:
    table.delete(_watch(agency, socket, conversation))


def renew(agency: str, socket: Socket, conversation: str, now: int) -> bool:
    """Says whether to tell others now what the socket does there, and keeps the conversation open.

    False within three seconds of the last time. Raises Conflict if the socket does not watch the conversation.
    """
    watch = _watch(agency, socket, conversation)
    actions = [Watch.told_at.set(now), Watch.expires.set((now + LIFE) // clock.SECOND)]
    is_open = Watch.expires > now // clock.SECOND
    was_silent = Watch.told_at.does_not_exist() | (Watch.told_at <= now - EVERY)
    if table.update(watch, actions, is_open & was_silent):
        return True
    check(agency, socket, conversation, now)
    return False


def check(agency: str, socket: Socket, conversation: str, now: int) -> None:
    """Raises Conflict if the socket does not watch the conversation."""
    watch = _watch(agency, socket, conversation)
    before = table.get(Watch, watch.pk, watch.sk)
    if before is None or before.expires <= now // clock.SECOND:
        raise errors.Conflict(
            "The socket does not watch the conversation. Send `watch` first.", code="not_watched", field="conversation"
        )


def others(agency: str, socket: Socket, conversation: str, now: int) -> Iterator[Watch]:
    """The other sockets that have the conversation open, a hundred at most."""
    is_open = Watch.expires > now // clock.SECOND
    watches = table.query(
        Watch, keys.watch(agency, conversation), keys.SOCKETS, where=is_open, limit=MOST_TOLD, consistent=True
    )
    return (watch for watch in watches if watch.socket != socket.id)


def _watch(agency: str, socket: Socket, conversation: str) -> Watch:
    return Watch(keys.watch(agency, conversation), keys.socket(socket.id))
