"""Asks for what is in the inbox, the newest first. https://www.reddit.com/dev/api#GET_message_{where}

What answers one of our comments is told with that comment only. So what is above it is asked for, for all answers
together and level by level, as far as calls are left; the first comment that is not ours is the thread.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import millis, part, words
from chalicelib.networks.reddit import own_answers
from chalicelib.networks.reddit.outbound import call

PAGE, EVERY = 100, 120


def pull(credentials: base.Credentials, mark: base.Json, every: int) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000), every)


def look(credentials: base.Credentials, mark: base.Json, now: int, every: int = EVERY) -> base.Pulled:
    def read(place: str) -> Page:
        after = {"after": place} if place else {}
        query = {"limit": str(PAGE), "mark": "false", **after}
        answer = call(credentials, "GET", "/message/inbox", query=query)
        if not isinstance(part(answer, "data").get("children"), list):
            raise base.Unreachable("Reddit did not answer with a list.", code="answer")
        rows = [row for item in answer["data"]["children"] if (row := _row(item, {}))]
        until = next((row.at for row in reversed(rows) if row.at), 0)
        return Page(rows, until, words(answer["data"].get("after")))

    found = _with_threads(credentials, marks.look(mark, now, read))
    own: base.Json = part(mark, "own") if mark else {"comments": now, "sent": now}
    if found.calls < marks.MOST_PAGES and not found.is_history and POLLING.asks_own(now, every):
        said, own, calls = own_answers.since(credentials, own, now, POLLING.own_turn(now, every), found.calls)
        rows = [row for item in said if (row := _row(item, item))]
        found = replace(found, rows=[*found.rows, *rows], calls=calls)
    pulled = found.pulled(credentials.account)
    return replace(pulled, mark={**pulled.mark, "own": own}) if own else pulled


def _row(item: Any, where: base.Json) -> Row | None:
    name, at = words(part(item, "data").get("name")), millis(part(item, "data").get("created_utc"))
    return Row(name, at, {**where, "kind": item.get("kind"), "data": item["data"]}) if name else None


def _with_threads(credentials: base.Credentials, found: marks.Look) -> marks.Look:
    above = {row.id: [(row.id, False), (parent, True)] for row in found.rows if (parent := _parent(row.item))}
    calls = found.calls
    while calls < marks.MOST_PAGES and (open := _open(above)):
        known = own_answers.asked(credentials, open)
        calls += 1
        for chain in above.values():
            _climb(credentials.account, chain, known)
    rows = [replace(row, item={**row.item, "thread": _first(above[row.id])}) if row.id in above else row
            for row in found.rows]  # fmt: skip
    return replace(found, rows=rows, calls=calls)


def _parent(item: base.Json) -> str:
    """The comment that an answer answers; empty for what answers a post, or is no answer."""
    parent = words(part(item, "data").get("parent_id"))
    return parent if item.get("kind") == "t1" and parent.startswith(own_answers.COMMENT) else ""


def _open(above: Mapping[str, Sequence[tuple[str, bool]]]) -> list[str]:
    """The comments at the top of what is known, of which nobody knows yet what they answer."""
    tops = dict.fromkeys(chain[-1][0] for chain in above.values() if chain[-1][0].startswith(own_answers.COMMENT))
    return list(tops)[: own_answers.MOST_ASKED]


def _climb(account: str, chain: list[tuple[str, bool]], known: Mapping[str, base.Json]) -> None:
    """The top is ours or not, and answers another comment, or nothing any more."""
    top, _ = chain[-1]
    if top in known:
        chain[-1] = (top, not known[top] or words(known[top].get("author_fullname")) == account)
        chain.append((words(known[top].get("parent_id")), True))


def _first(chain: Sequence[tuple[str, bool]]) -> str:
    """The topmost comment that is surely not ours; the answer itself if there is none."""
    return [name for name, is_ours in chain if not is_ours][-1]


POLLING = base.Polling(pull=pull, every=EVERY, own_every=900, quota=144_000, for_all=True)
