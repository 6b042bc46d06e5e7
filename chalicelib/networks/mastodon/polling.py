"""Asks a server for news. https://docs.joinmastodon.org/methods/notifications/

The newest notifications come with their posts as they are now. So each look also sees what was edited since, and which
posts are not listed any more: those are asked for, and are deleted if they are not there.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base
from chalicelib.networks.base import Credentials, Json, Message, Pulled
from chalicelib.networks.mastodon.calls import api
from chalicelib.networks.mastodon.inbound import is_ours, parse
from chalicelib.networks.read import date, moment, part, parts, words

PAGE = 40
CALLS = 5
SEEN = 20  # posts whose changes are noticed
_TYPES = ("mention", "quote", "moderation_warning")
_DAYS_30_MS = 30 * 86_400_000


class _Look:
    """One look: what it called so far, and when the server answered."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials, self.account = credentials, credentials.account
        self.calls, self.now = 0, 0

    def page(self, **more: str) -> list[Any]:
        """Notifications, the oldest first."""
        query = [*(("types[]", type) for type in _TYPES), ("limit", str(PAGE)), *more.items()]
        answer = self._get(f"/api/v1/notifications?{urlencode(query)}")
        self.now = date(answer.headers)
        if not isinstance(answer.value, list):
            raise base.Unreachable("The server did not answer with a list.", code="answer")
        return [item for item in reversed(answer.value) if isinstance(item, dict) and words(item.get("id"))]

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


def pull(credentials: Credentials, mark: Json) -> Pulled:
    look = _Look(credentials)
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
    taken, is_behind = items[:read], read < len(items) or bool(newest and items and _after(newest[-1], items[-1]))
    for item in taken:
        known |= _noted(look.account, item)
    if taken or not mark:
        last = words((taken or newest or [{"id": "0"}])[-1]["id"])
    kept = {"last": last, "until": until, "seen": dict(list(known.items())[-SEEN:])}
    return Pulled(bodies=_bodies(look.account, taken, changed, until), mark=kept, calls=look.calls, more=is_behind)


def _new(look: _Look, newest: Sequence[Any], last: str) -> list[Any]:
    """What came after the mark; from the mark on, if the newest page does not reach back to it."""
    if len(newest) >= PAGE and _place(words(newest[0]["id"])) > _place(last):
        return look.page(min_id=last)
    return [item for item in newest if _place(words(item["id"])) > _place(last)]


def _past(look: _Look, newest: Sequence[Any]) -> list[Any]:
    """What there is of the last 30 days, as far as three pages go."""
    found, page = list(newest), newest
    while len(page) >= PAGE and look.calls < 3 and _is_recent(look, page[0]):
        page = look.page(max_id=words(page[0]["id"]))
        found = [*page, *found]
    return [item for item in found if _is_recent(look, item)]


def _is_recent(look: _Look, item: Any) -> bool:
    return moment(item.get("created_at")) >= look.now - _DAYS_30_MS


def _place(id: str) -> tuple[int, str]:
    """Ids are numbers on most servers, and letters of one length on others."""
    return len(id), id


def _after(one: Any, other: Any) -> bool:
    return _place(words(one["id"])) > _place(words(other["id"]))


def _is_answer(item: Any) -> bool:
    status = part(item, "status")
    return bool(words(status.get("in_reply_to_id"))) and status.get("visibility") != "direct"


def _chain(look: _Look, item: Any) -> Json:
    """The thread that an answer is in, and the post all of it hangs on."""
    status = item["status"]
    try:
        top, *below = [*look.above(words(status.get("id"))), status]
    except base.Gone:
        return {}
    ours = is_ours(look.account, part(top, "account"))
    speaking = (one for one in below if ours or _names(look.account, one))
    first = top if not ours and _names(look.account, top) else next(speaking, top)
    origin = {"id": words(top.get("id")), "url": words(top.get("url")), "ours": ours}
    return {"thread": words(first.get("id")), **({"origin": origin} if first is not top else {})}


def _names(account: str, status: Json) -> bool:
    return any(is_ours(account, named) for named in parts(status, "mentions"))


def _noted(account: str, item: Any) -> Mapping[str, str]:
    """Where a post is, and when it was edited, by its id."""
    events = [inbound.event for inbound in parse({"account": account, "items": [item]})]
    edited = words(part(item, "status").get("edited_at"))
    return {one.id: f"{one.surface} {one.thread} {edited}" for one in events if isinstance(one, Message)}


def _changes(look: _Look, newest: Sequence[Any], seen: Mapping[str, str]) -> tuple[list[Any], dict[str, str]]:
    """What was edited or deleted of the posts that we saw, and those that are left."""
    listed = {words(part(item, "status").get("id")): item for item in newest}
    oldest = min(map(_place, filter(None, listed)), default=(0, ""))
    changes, left = [], dict(seen)
    for id, noted in seen.items():
        surface, thread, edited = noted.split(" ", 2)
        if id in listed:
            status = part(listed[id], "status")
            if words(status.get("edited_at")) != edited:
                changes.append({"type": "update", "status": status, "chain": _where(surface, thread)})
                left[id] = f"{surface} {thread} {words(status.get('edited_at'))}"
        elif (len(newest) < PAGE or _place(id) > oldest) and look.calls < CALLS - 1:
            del left[id]
            if not look.is_there(id):
                changes.append({"event": "delete", "payload": id, "thread": thread, "surface": surface})
    return changes, left


def _where(surface: str, thread: str) -> Json:
    return {"thread": thread, **({"origin": {"ours": True}} if surface == "comment" else {})}


def _bodies(account: str, taken: Sequence[Any], changed: Sequence[Any], until: str) -> list[Json]:
    old = [item for item in taken if until and _place(words(item["id"])) <= _place(until)]
    new = [item for item in taken if item not in old]
    past = [{"account": account, "history": True, "items": old}] if old else []
    present = [{"account": account, "items": [*new, *changed]}] if new or changed else []
    return [*past, *present]
