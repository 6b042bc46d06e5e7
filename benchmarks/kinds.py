"""What each kind of inbound event costs in a short thread and in a long one, which should be the same."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median
from typing import Any

from benchmarks.capacity import Units, table_of, units
from benchmarks.cost import SHORT
from benchmarks.figure import Figure
from benchmarks.inbox import Inbox
from chalicelib.networks import base

PERSON = "16505550005"
SHORT_THREAD, LONG_THREAD = 10, 10_000
BLOCKS, BLOCK = 40, 4
MOST_TRIES = 5
# Of an event that names a message without its time the id has to be looked up.
MORE_READ = {"edit without a time": 2.0}
Prepared = Callable[[], None]


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """A figure per kind for units, and one for CPU."""
    with table_of(stack, SHORT_THREAD, people=1) as short, table_of(stack, LONG_THREAD, people=1) as long:
        return [figure for kind in KINDS for figure in _compared(kind, short, long, stack)]


def _compared(kind: str, short: Any, long: Any, stack: Mapping[str, Any]) -> Iterator[Figure]:
    few, many = (apart(_units, stack, kind) for apart in (short, long))
    allowed = (few[0], few[1] + MORE_READ.get(kind, 0))
    name = f"{kind}, units in a thread of {LONG_THREAD:,} messages / of {SHORT_THREAD}"
    yield Figure(
        name, sum(many), "units", sum(few), round(sum(many) / sum(few), 3), f"<= {sum(allowed):g} units",
        many[0] <= allowed[0] and many[1] <= allowed[1],
    )  # fmt: skip
    taken: list[list[float]] = [[], []]
    for turn in range(BLOCKS):
        for which in (0, 1) if turn % 2 else (1, 0):
            taken[which] += (short, long)[which](_milliseconds, stack, kind)
    before, after = map(median, taken)
    times = after / before
    name = f"{kind}, CPU in a thread of {LONG_THREAD:,} messages / of {SHORT_THREAD}"
    yield Figure(name, round(after, 3), "ms", round(before, 3), round(times, 3), "<= 1.2x", times <= 1.2)


def _units(stack: Mapping[str, Any], kind: str) -> Units:
    """The units of one event. Not counted are the first event, and one that falls into another message's moment."""
    inbox = Inbox(stack, PERSON)
    KINDS[kind](inbox)()
    for _ in range(MOST_TRIES):
        calls = inbox.watched("after-call", KINDS[kind](inbox))
        if all("ConsumedCapacity" in answer for _, answer in calls):
            return units(calls)
    raise SystemExit(f"{kind}: each of its transactions was refused.")


def _milliseconds(stack: Mapping[str, Any], kind: str) -> list[float]:
    inbox = Inbox(stack, PERSON)
    prepared = [KINDS[kind](inbox) for _ in range(BLOCK)]
    taken = []
    gc.collect(0)
    for work in prepared:
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return taken


def _message(inbox: Inbox) -> Prepared:
    return partial(inbox.apply, inbox.next_message(SHORT))


def _echo(inbox: Inbox) -> Prepared:
    return partial(_apply, inbox, _said_by_us(inbox))


def _edit(inbox: Inbox) -> Prepared:
    said = _heard(inbox)
    return partial(_apply, inbox, base.Edit(thread=PERSON, id=said.id, at=said.at + 1, text="Edited", created=said.at))


def _edit_without_a_time(inbox: Inbox) -> Prepared:
    said = _heard(inbox)
    return partial(_apply, inbox, base.Edit(thread=PERSON, id=said.id, at=said.at + 1, text="Edited"))


def _deletion(inbox: Inbox) -> Prepared:
    said = _heard(inbox)
    return partial(_apply, inbox, base.Delete(thread=PERSON, ids=(said.id,), at=said.at + 1, created=said.at))


def _reaction(inbox: Inbox) -> Prepared:
    said, person = _heard(inbox), base.Person(id=PERSON)
    return partial(_apply, inbox, base.Reaction(thread=PERSON, id=said.id, at=said.at + 1, by=person, emoji="❤️"))


def _receipt_by_id(inbox: Inbox) -> Prepared:
    said = _said_by_us(inbox)
    _apply(inbox, said)
    return partial(_apply, inbox, base.Receipt(thread=PERSON, status="delivered", at=said.at + 1, id=said.id))


def _receipt_by_time(inbox: Inbox) -> Prepared:
    said = _said_by_us(inbox)
    _apply(inbox, said)
    return partial(_apply, inbox, base.Receipt(thread=PERSON, status="read", at=said.at + 1, watermark=said.at))


def _heard(inbox: Inbox) -> base.Message:
    message = inbox.next_message(SHORT)
    inbox.apply(message)
    return _as_message(message.event)


def _said_by_us(inbox: Inbox) -> base.Message:
    heard = _as_message(inbox.next_message(SHORT).event)
    return base.Message(thread=PERSON, id=heard.id, at=heard.at, direction="out", text=SHORT)


def _as_message(event: base.Event) -> base.Message:
    if not isinstance(event, base.Message):
        raise TypeError(type(event))
    return event


def _apply(inbox: Inbox, event: base.Event) -> None:
    inbox.apply(base.Inbound(account="", event=event, raw={}))


KINDS: Mapping[str, Callable[[Inbox], Prepared]] = {
    "message": _message,
    "echo": _echo,
    "edit": _edit,
    "edit without a time": _edit_without_a_time,
    "deletion": _deletion,
    "reaction": _reaction,
    "receipt by id": _receipt_by_id,
    "receipt by time": _receipt_by_time,
}
