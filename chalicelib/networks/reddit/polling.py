"""Polls an account's inbox, the newest first. https://www.reddit.com/dev/api#GET_message_{where}

An answer to one of our comments comes without the comments above that. These are asked for, for all answers together
and level by level, as far as calls are left. The thread is the mention that it began with, or the first comment that is
not ours.
"""

import time
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import millis, part, words
from chalicelib.networks.reddit import inbound, own_answers
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
            raise base.Unreachable("Reddit did not return a list.", code="answer")
        rows = [row for item in answer["data"]["children"] if (row := _row(item, {}))]
        until = next((row.at for row in reversed(rows) if row.at), 0)
        return Page(rows, until, words(answer["data"].get("after")))

    look = _with_threads(credentials, marks.look(mark, now, read))
    own: base.Json = part(mark, "own") if mark else {"comments": now, "sent": now}
    if look.calls < marks.MOST_PAGES and not look.is_history and POLLING.asks_own(now, every):
        said, own, calls = own_answers.since(credentials, own, now, POLLING.own_turn(now, every), look.calls)
        rows = [row for item in said if (row := _row(item, item))]
        look = replace(look, rows=[*look.rows, *rows], calls=calls)
    pulled = look.pulled(credentials.account)
    return replace(pulled, mark={**pulled.mark, "own": own}) if own else pulled


def _row(item: Any, where: base.Json) -> Row | None:
    name, at = words(part(item, "data").get("name")), millis(part(item, "data").get("created_utc"))
    return Row(name, at, {**where, "kind": item.get("kind"), "data": item["data"]}) if name else None


def _with_threads(credentials: base.Credentials, look: marks.Look) -> marks.Look:
    answers = [row.item for row in look.rows if _is_answer(row.item)]
    known, calls = own_answers.comments_above(credentials, answers, look.calls)
    rows = [
        replace(row, item={**row.item, **own_answers.thread_and_surface(credentials, row.item, known)})
        if _is_answer(row.item) else row
        for row in look.rows
    ]  # fmt: skip
    return replace(look, rows=rows, calls=calls)


def _is_answer(item: base.Json) -> bool:
    """True for an answer to a comment, but not for a mention, which begins a thread wherever it is."""
    value = part(item, "data")
    is_below = item.get("kind") == "t1" and words(value.get("parent_id")).startswith(own_answers.COMMENT)
    return is_below and not inbound.is_mention(value)


POLLING = base.Polling(pull=pull, every=EVERY, own_every=900, quota=144_000, for_all=True)
