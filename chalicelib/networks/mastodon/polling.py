"""Polls a server for news. https://docs.joinmastodon.org/methods/notifications/

The newest notifications come with the present state of their posts. So each look also finds posts that were edited, and
posts that are not listed any more; the latter are asked for, and count as deleted if they do not exist.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base
from chalicelib.networks.base import Credentials, Json, Message, Pulled
from chalicelib.networks.mastodon import chains, own_answers
from chalicelib.networks.mastodon.calls import api
from chalicelib.networks.mastodon.inbound import parse
from chalicelib.networks.read import date, moment, part, parts, words

PAGE = 40
CALLS = 5
SEEN = 20  # posts whose changes are noticed
_TYPES = ("mention", "quote", "moderation_warning")
_DAYS_30_MS = 30 * 86_400_000


class _Look:
    """One look at an account: counts its calls, and keeps the server's time of the last page."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials, self.account = credentials, credentials.account
        self.calls, self.now = 0, 0

    def page(self, **more: str) -> list[Any]:
        """A page of notifications, the oldest first."""
        query = [*(("types[]", type) for type in _TYPES), ("limit", str(PAGE)), *more.items()]
        answer = self._get(f"/api/v1/notifications?{urlencode(query)}")
        self.now = date(answer.headers)
        if not isinstance(answer.value, list):
            raise base.Unreachable("The server did not return a list.", code="answer")
        return [item for item in reversed(answer.value) if isinstance(item, dict) and words(item.get("id"))]

    def posts(self, last: str = "") -> list[Any]:
        """The account's posts after the post `last`, oldest first; without it, only its newest post."""
        listed = self._get(own_answers.path(self.credentials, last)).rows
        return [post for post in reversed(listed) if isinstance(post, dict) and words(post.get("id"))]

    def above(self, id: str) -> list[Any]:
        """The posts above this one, from the top."""
        return parts(self._get(f"/api/v1/statuses/{id}/context").json, "ancestors")

    def is_there(self, id: str) -> bool:
        try:
            self._get(f"/api/v1/statuses/{id}")
        except base.Gone:
            return False
        return True

    def _get(self, path: str) -> Any:
        self.calls += 1
        return api(self.credentials, "GET", path)


def pull(credentials: Credentials, mark: Json, every: int) -> Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: Credentials, mark: Json, now: int) -> Pulled:
    look = _Look(credentials)
    news = _news(look, mark)
    is_named = bool(credentials.details.get("id"))  # channels that were connected long ago have none
    asks_own = bool(mark) and is_named and POLLING.asks_own(now, POLLING.every) and look.calls < CALLS
    return _with_own(look, news) if asks_own else news


def _with_own(look: _Look, news: Pulled) -> Pulled:
    known = words(news.mark.get("own"))
    posts = look.posts(known)
    if not known:
        return replace(news, mark={**news.mark, "own": _newest(posts)}, calls=look.calls)
    items, last = own_answers.answers(look.account, posts, look.above, lambda: look.calls < CALLS)
    is_behind = bool(posts) and (len(posts) >= own_answers.PAGE or last != words(posts[-1].get("id")))
    bodies = [*news.bodies, *([{"account": look.account, "items": items}] if items else [])]
    mark = {**news.mark, "own": last or known}
    return Pulled(bodies=bodies, mark=mark, calls=look.calls, more=news.more or is_behind)


def _newest(posts: Sequence[Any]) -> str:
    return words(posts[-1].get("id")) if posts else "0"


def _news(look: _Look, mark: Json) -> Pulled:
    newest = look.page()
    last, until = words(mark.get("last")), words(mark.get("until"))
    seen = {id: words(what) for id, what in part(mark, "seen").items()}
    changed, known = _changes(look, newest, seen)
    items = _new(look, newest, last) if mark else _past(look, newest)
    if not mark:
        until = words(items[-1]["id"]) if items else ""
    read = 0
    for item in items:
        if _is_answer(item) and look.calls >= CALLS:
            break
        read += 1
        if _is_answer(item):
            item["chain"] = _chain(look, item)
    taken, is_behind = items[:read], read < len(items) or bool(newest and items and _is_newer(newest[-1], items[-1]))
    for item in taken:
        known |= _state_by_post(look.account, item)
    if taken or not mark:
        last = words((taken or newest or [{"id": "0"}])[-1]["id"])
    own = words(mark.get("own")) if mark else _first_own(look)
    kept = {"last": last, "until": until, "own": own, "seen": dict(list(known.items())[-SEEN:])}
    return Pulled(bodies=_bodies(look.account, taken, changed, until), mark=kept, calls=look.calls, more=is_behind)


def _first_own(look: _Look) -> str:
    """The id of the account's newest post at the first look: older posts are no news."""
    return _newest(look.posts()) if look.credentials.details.get("id") and look.calls < CALLS else ""


def _new(look: _Look, newest: Sequence[Any], last: str) -> list[Any]:
    """The notifications after the mark. If the newest page does not reach back that far, a page that begins there."""
    if len(newest) >= PAGE and _sort_key(words(newest[0]["id"])) > _sort_key(last):
        return look.page(min_id=last)
    return [item for item in newest if _sort_key(words(item["id"])) > _sort_key(last)]


def _past(look: _Look, newest: Sequence[Any]) -> list[Any]:
    """Notifications of the last 30 days, from three pages at most."""
    items, page = list(newest), newest
    while len(page) >= PAGE and look.calls < 3 and _is_recent(look, page[0]):
        page = look.page(max_id=words(page[0]["id"]))
        items = [*page, *items]
    return [item for item in items if _is_recent(look, item)]


def _is_recent(look: _Look, item: Any) -> bool:
    return moment(item.get("created_at")) >= look.now - _DAYS_30_MS


def _sort_key(id: str) -> tuple[int, str]:
    """A sort key for ids: they are numbers on most servers, and letters of one length on others."""
    return len(id), id


def _is_newer(item: Any, other: Any) -> bool:
    return _sort_key(words(item["id"])) > _sort_key(words(other["id"]))


def _is_answer(item: Any) -> bool:
    status = part(item, "status")
    return bool(words(status.get("in_reply_to_id"))) and status.get("visibility") != "direct"


def _chain(look: _Look, item: Any) -> Json:
    status = item["status"]
    try:
        return chains.thread_of(look.account, look.above(words(status.get("id"))), status)
    except base.Gone:
        return {}


def _state_by_post(account: str, item: Any) -> Mapping[str, str]:
    """Surface, thread and time of the last edit of a post, by its id."""
    events = [inbound.event for inbound in parse({"account": account, "items": [item]})]
    edited = words(part(item, "status").get("edited_at"))
    return {post.id: f"{post.surface} {post.thread} {edited}" for post in events if isinstance(post, Message)}


def _changes(look: _Look, newest: Sequence[Any], seen: Mapping[str, str]) -> tuple[list[Any], dict[str, str]]:
    """The edits and deletions among the posts that we know, and the posts that are left."""
    listed = {words(part(item, "status").get("id")): item for item in newest}
    oldest = min(map(_sort_key, filter(None, listed)), default=(0, ""))
    changes, left = [], dict(seen)
    for id, noted in seen.items():
        surface, thread, edited = noted.split(" ", 2)
        if id in listed:
            status = part(listed[id], "status")
            if words(status.get("edited_at")) != edited:
                changes.append({"type": "update", "status": status, "chain": _where(surface, thread)})
                left[id] = f"{surface} {thread} {words(status.get('edited_at'))}"
        elif (len(newest) < PAGE or _sort_key(id) > oldest) and look.calls < CALLS - 1:
            del left[id]
            if not look.is_there(id):
                changes.append({"event": "delete", "payload": id, "thread": thread, "surface": surface})
    return changes, left


def _where(surface: str, thread: str) -> Json:
    return {"thread": thread, **({"origin": {"ours": True}} if surface == "comment" else {})}


def _bodies(account: str, taken: Sequence[Any], changed: Sequence[Any], until: str) -> list[Json]:
    old = [item for item in taken if until and _sort_key(words(item["id"])) <= _sort_key(until)]
    new = [item for item in taken if item not in old]
    past = [{"account": account, "history": True, "items": old}] if old else []
    present = [{"account": account, "items": [*new, *changed]}] if new or changed else []
    return [*past, *present]


POLLING = base.Polling(pull=pull, every=60, own_every=300, quota=86_400)
