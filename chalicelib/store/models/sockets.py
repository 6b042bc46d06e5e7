"""Items of open sockets.

Nobody reports reliably that a socket ended, so all of them have an `expires` (s), and do not count after it.
"""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Ticket(Item):
    """That somebody may open one socket until `ends` (ms).

    `since` and `until` are of the `session` that asked for it (ms, 0 for a key): when it began, and when its token
    ends. `origin` is the page that asked, empty if no page did.
    """

    agency = UnicodeAttribute()
    member = UnicodeAttribute()
    subject = UnicodeAttribute()
    since = Whole(default=0)
    until = Whole(default=0)
    session = UnicodeAttribute(default="")
    origin = UnicodeAttribute(default="")
    ends = Whole()
    expires = Whole()


class Room(Item):
    """That there may be sockets in the room. `sockets` is how many, roughly; `joins` grows with each that came."""

    number = Whole()
    sockets = Whole(default=0)
    joins = Whole(default=0)
    expires = Whole()


class Socket(Item):
    """An open socket. `wanted` is what it listens to, absent while it does not listen.

    At `until` (ms, 0 for never) the session ends, and the socket with it. At `leave_at` (ms) the client is asked to
    open another socket; absent once it was asked. A socket that is `behind` missed something, and is told so before
    anything else.
    """

    id = UnicodeAttribute()
    member = UnicodeAttribute()
    subject = UnicodeAttribute()
    since = Whole(default=0)
    until = Whole(default=0)
    session = UnicodeAttribute(default="")
    seat = Whole()
    wanted = Json(null=True)
    leave_at = Whole(null=True)
    behind = BooleanAttribute(null=True)
    expires = Whole()


class Seat(Item):
    """One of the sockets that a member may have open."""

    socket = UnicodeAttribute()
    expires = Whole()


class Located(Item):
    """The room and agency of a socket."""

    agency = UnicodeAttribute()
    room = Whole()
    expires = Whole()


class Watch(Item):
    """That somebody has a conversation open. `told_at` (ms) is when others were last told what they do there."""

    socket = UnicodeAttribute()
    member = UnicodeAttribute()
    subject = UnicodeAttribute()
    told_at = Whole(default=0)
    expires = Whole()
