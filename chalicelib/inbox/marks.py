"""How far the messages of a conversation got, by receipts that hold for all messages up to a time.

Such a receipt may come before its message is stored, or before we know that it was sent. So a receipt first writes its
mark and then reads the messages, while whoever stores a message, or learns that it was sent, reads the marks
afterwards: the later of the two sees the other. Where the next receipt begins to read is written at the very end, so
after a crash the next receipt repeats the work.
"""

from collections.abc import Iterator, Sequence

from chalicelib import clock
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Marks, Message

# `failed` stands between sent and delivered: a message that was delivered did not fail, whatever came late.
RANK = {"queued": 10, "sending": 20, "unknown": 25, "sent": 30, "failed": 35, "delivered": 40, "read": 50}
MOST_AHEAD = 5 * clock.MINUTE  # a network's clock may be ahead of ours by this much
_BEFORE = {"read": ("sent", "delivered"), "delivered": ("sent",)}  # the statuses that a mark replaces; never `failed`
_ON_ITS_WAY = ("queued", "sending", "unknown")
# Without a mark nobody knows where to begin. A conversation has its first receipt early, so this is nearly always all
# of it; of a long imported past it is what a reader still sees. It stays one request of at most 1 MB.
_FIRST_READ = 100
_LONGEST_WAIT = clock.DAY  # a message that is on its way for longer no longer makes each receipt read back to it


def went_at(message: Message) -> int:
    """When the network got the message (ms): when its sending began, since a message may wait long in our queue."""
    return message.claimed_at or message.sent_at


def hold(partition: str, status: str, watermark: int, now: int) -> None:
    """Stores that all messages up to the watermark (ms) are `delivered` or `read`, and gives that status to those that
    were sent.
    """
    if status not in _BEFORE or watermark <= 0:
        return
    marks = _moved(partition, status, min(watermark, now + MOST_AHEAD))
    mark = getattr(marks, status)
    waiting = []
    for message in _between(partition, getattr(marks, f"{status}_from"), mark):
        if message.status in _BEFORE[status] and went_at(message) <= mark:
            _reach(message, status)
        elif message.status in (*_BEFORE[status], *_ON_ITS_WAY):
            waiting.append(message.sent_at)
    _begin_next(marks, status, waiting)


def catch_up(message: Message) -> None:
    """Gives a sent message the status that the marks have for its time."""
    marks = table.get(Marks, message.pk, keys.MARKS)
    reached = [status for status in _BEFORE if went_at(message) <= (getattr(marks, status, None) or 0)]
    if reached:
        _reach(message, reached[0])


def _moved(partition: str, status: str, watermark: int) -> Marks:
    """The marks, after the one of this status was moved to the watermark. A mark never moves back."""
    marks, mark = Marks(partition, keys.MARKS), getattr(Marks, status)
    if table.update(marks, [mark.set(watermark)], mark.does_not_exist() | (mark < watermark)):
        return marks
    return table.get(Marks, partition, keys.MARKS) or marks


def _between(partition: str, start: int | None, end: int) -> Iterator[Message]:
    """Our messages from `start` to `end` (ms); without a start, those among the last 100 before the end."""
    stored = table.query(
        Message, partition, keys.MESSAGES, newest=True, consistent=True, before=keys.messages_at(end + 1),
        after="" if start is None else keys.messages_at(start), limit=_FIRST_READ if start is None else None,
    )  # fmt: skip
    return (message for message in stored if message.direction == "out")


def _reach(message: Message, status: str) -> None:
    actions = [Message.status.set(status), Message.rank.set(RANK[status]), Message.version.add(1)]
    table.update(Message(message.pk, message.sk), actions, Message.status.is_in(*_BEFORE[status]))


def _begin_next(marks: Marks, status: str, waiting: Sequence[int]) -> None:
    """Lets the next receipt read from the first message that it may still have to mark, at most a day before the mark.

    It reads from five minutes before the mark at least: if our clock is behind the network's, a message may still get a
    time before the mark.
    """
    mark, is_mark = getattr(marks, status), getattr(Marks, status)
    start = max(min([mark - MOST_AHEAD, *waiting]), mark - _LONGEST_WAIT, 0)
    if getattr(marks, f"{status}_from") != start:
        table.update(Marks(marks.pk, marks.sk), [getattr(Marks, f"{status}_from").set(start)], is_mark == mark)
