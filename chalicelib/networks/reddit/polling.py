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
from chalicelib.networks.read import millis, part, parts, words
from chalicelib.networks.reddit.outbound import call

PAGE = 100
_MOST_ASKED = 100
_COMMENT = "t1_"


def pull(credentials: base.Credentials, mark: base.Json) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: base.Credentials, mark: base.Json, now: int) -> base.Pulled:
    def read(place: str) -> Page:
        after = {"after": place} if place else {}
        query = {"limit": str(PAGE), "mark": "false", **after}
        answer = call(credentials, "GET", "/message/inbox", query=query)
        if not isinstance(part(answer, "data").get("children"), list):
            raise base.Unreachable("Reddit did not answer with a list.", code="answer")
        rows = [row for item in answer["data"]["children"] if (row := _row(item))]
        until = next((row.at for row in reversed(rows) if row.at), 0)
        return Page(rows, until, words(answer["data"].get("after")))

    found = marks.look(mark, now, read)
    return _with_threads(credentials, found).pulled(credentials.account)


def _row(item: Any) -> Row | None:
    name, at = words(part(item, "data").get("name")), millis(part(item, "data").get("created_utc"))
    return Row(name, at, {"kind": item.get("kind"), "data": item["data"]}) if name else None


def _with_threads(credentials: base.Credentials, found: marks.Look) -> marks.Look:
    above = {row.id: [(row.id, False), (parent, True)] for row in found.rows if (parent := _parent(row.item))}
    calls = found.calls
    while calls < marks.MOST_PAGES and (open := _open(above)):
        known = _asked(credentials, open)
        calls += 1
        for chain in above.values():
            _climb(credentials.account, chain, known)
    rows = [replace(row, item={**row.item, "thread": _first(above[row.id])}) if row.id in above else row
            for row in found.rows]  # fmt: skip
    return replace(found, rows=rows, calls=calls)


def _parent(item: base.Json) -> str:
    """The comment that an answer answers; empty for what answers a post, or is no answer."""
    parent = words(part(item, "data").get("parent_id"))
    return parent if item.get("kind") == "t1" and parent.startswith(_COMMENT) else ""


def _open(above: Mapping[str, Sequence[tuple[str, bool]]]) -> list[str]:
    """The comments at the top of what is known, of which nobody knows yet what they answer."""
    tops = dict.fromkeys(chain[-1][0] for chain in above.values() if chain[-1][0].startswith(_COMMENT))
    return list(tops)[:_MOST_ASKED]


def _asked(credentials: base.Credentials, names: Sequence[str]) -> Mapping[str, base.Json]:
    """What there is of these, by name; nothing for one that is not there any more."""
    answer = call(credentials, "GET", "/api/info", query={"id": ",".join(names)})
    found = {words(part(one, "data").get("name")): part(one, "data") for one in parts(part(answer, "data"), "children")}
    return {name: found.get(name, {}) for name in names}


def _climb(account: str, chain: list[tuple[str, bool]], known: Mapping[str, base.Json]) -> None:
    """The top is ours or not, and answers another comment, or nothing any more."""
    top, _ = chain[-1]
    if top in known:
        chain[-1] = (top, not known[top] or words(known[top].get("author_fullname")) == account)
        chain.append((words(known[top].get("parent_id")), True))


def _first(chain: Sequence[tuple[str, bool]]) -> str:
    """The topmost comment that is surely not ours; the answer itself if there is none."""
    return [name for name, is_ours in chain if not is_ours][-1]
