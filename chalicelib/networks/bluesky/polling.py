"""Polls an account: public posts, newest first, and the log of direct messages, oldest first.

Bluesky does not report deleted posts. The latest known posts are looked for in the page that is read anyway; for those
that are missing there, one more call tells whether they are deleted.
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base
from chalicelib.networks.base import Credentials, Json, Pulled
from chalicelib.networks.bluesky import own_answers, uris
from chalicelib.networks.bluesky.calls import CHAT, get
from chalicelib.networks.bluesky.inbound import parse
from chalicelib.networks.read import date, part, parts, words

PAGE, PAGES = 50, 3
SEEN_BYTES = 1350  # of the mark, for posts that may be deleted
_REASONS = ("reply", "mention", "quote")
_DAYS_30_MS = 30 * 86_400_000


def pull(credentials: Credentials, mark: Json, every: int) -> Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: Credentials, mark: Json, now: int) -> Pulled:
    """At most three calls for public posts; one each for deletions, direct messages and the account's own answers."""
    public = _Public(credentials, mark)
    items = public.read()
    gone, seen = public.gone()
    log, chat = _chat(credentials, words(mark.get("log")))
    own = words(mark.get("own")) or _text(now)
    asks_own = bool(mark) and POLLING.asks_own(now, POLLING.every) and public.calls <= PAGES
    said = own_answers.since(credentials, own) if asks_own else []
    for item in items:
        seen |= _thread_by_post(credentials.account, item)
    own = max([own, *(words(post["indexedAt"]) for post in said)])
    kept = {
        "at": public.at,
        "until": public.until,
        "deep": public.deep,
        "log": log,
        "own": own,
        "seen": _newest_that_fit(seen),
    }
    is_old = not mark
    old = [row for row in items if words(row.get("indexedAt")) <= public.until] + (chat if is_old else [])
    new = [row for row in items if words(row.get("indexedAt")) > public.until] + ([] if is_old else chat) + said + gone
    more = bool(public.deep) or public.is_behind or bool(chat and not is_old)
    bodies = [*_body(credentials, old, history=True), *_body(credentials, new)]
    return Pulled(bodies=bodies, mark=kept, calls=public.calls + (2 if asks_own else 1), more=more)


POLLING = base.Polling(pull=pull, every=60, own_every=300, quota=100_000, calls=2)


class _Public:
    """Public posts since the mark's moment `at`. They are read from the newest back to that moment before any of them
    is given.

    If three pages do not reach that far, `deep` is the cursor from which the next look continues: that of the last
    page, so that it finds something. The newer posts are read again after that.
    """

    def __init__(self, credentials: Credentials, mark: Json) -> None:
        self._credentials = credentials
        self.at, self.until, self.deep = (words(mark.get(name)) for name in ("at", "until", "deep"))
        self._seen = {uri: words(thread) for uri, thread in part(mark, "seen").items()}
        self._began_deep, self._is_first = bool(self.deep), not mark
        self.newest: Sequence[Any] = ()
        self.calls, self.is_behind = 0, False

    def read(self) -> list[Any]:
        rows: list[Any] = []
        cursor = began = self.deep
        while self.calls < PAGES:
            began = cursor
            page, cursor = self._page(began)
            fresh = [row for row in page if words(row.get("indexedAt")) > self.at]
            rows += fresh
            if len(fresh) < len(page) or not cursor or not page:
                return self._finish(rows)
        self.deep = began
        self.until = self.until or (words(rows[0].get("indexedAt")) if self._is_first else "")
        return []

    def _finish(self, rows: Sequence[Any]) -> list[Any]:
        self.is_behind, self.deep = self._began_deep, ""
        times = [words(row.get("indexedAt")) for row in rows]
        self.until = self.until or (times[0] if self._is_first and times else "")
        self.at = times[0] if times else self.at
        return list(reversed(rows))

    def _page(self, cursor: str) -> tuple[list[Any], str]:
        query = [("limit", str(PAGE)), *(("reasons", reason) for reason in _REASONS)]
        query += [("cursor", cursor)] if cursor else []
        search = f"?{urlencode(query)}"
        answer = get(self._credentials, "app.bsky.notification.listNotifications", search=search)
        self.calls += 1
        if not isinstance(answer.json.get("notifications"), list):
            raise base.Unreachable("The server did not return a list.", code="answer")
        if not self.at:
            self.at = _text(date(answer.headers) - _DAYS_30_MS)
        rows = [row for row in answer.json["notifications"] if isinstance(row, dict) and words(row.get("indexedAt"))]
        if not cursor:
            self.newest = rows
        return rows, words(answer.json.get("cursor"))

    def gone(self) -> tuple[list[Any], dict[str, str]]:
        """The deletions among the posts in the mark's `seen`, and the posts that are left."""
        listed, seen = {words(row.get("uri")) for row in self.newest}, list(self._seen)
        if len(self.newest) >= PAGE:  # what was seen before the first that is listed is on another page
            seen = seen[next((place for place, uri in enumerate(seen) if uri in listed), len(seen)) :]
        missing = [uri for uri in seen if uri not in listed]
        if self._began_deep or self.deep or not missing:
            return [], self._seen
        there = self._existing(missing)
        gone = [uri for uri in missing if uri not in there]
        items = [{"reason": "deleted", "uri": uri, "thread": self._seen[uri] or uri} for uri in gone]
        return items, {uri: thread for uri, thread in self._seen.items() if uri not in missing}

    def _existing(self, uris: Sequence[str]) -> set[str]:
        search = f"?{urlencode([('uris', uri) for uri in uris[:25]])}"
        self.calls += 1
        answer = get(self._credentials, "app.bsky.feed.getPosts", search=search)
        return {words(post.get("uri")) for post in parts(answer.json, "posts")}


def _chat(credentials: Credentials, cursor: str) -> tuple[str, list[Any]]:
    """Direct messages since the cursor, if the token may read them: an app password may only if that was ticked."""
    search = f"?{urlencode({'cursor': cursor})}" if cursor else ""
    try:
        answer = get(credentials, "chat.bsky.convo.getLog", search=search, headers=CHAT).json
    except (base.Rejected, base.Expired):
        return cursor, []
    return words(answer.get("cursor")) or cursor, parts(answer, "logs")


def _thread_by_post(account: str, item: Any) -> Mapping[str, str]:
    """The post's uri and its thread; the thread is empty if it is the post itself."""
    events = [inbound.event for inbound in parse({"account": account, "items": [item]})]
    said = (event for event in events if isinstance(event, base.Message))
    return {post.id: "" if post.thread == post.id else post.thread for post in said if uris.owner(post.id)}


def _newest_that_fit(seen: Mapping[str, str]) -> dict[str, str]:
    """The last of these posts, as many as fit into SEEN_BYTES."""
    left = dict(seen)
    while len(json.dumps(left)) > SEEN_BYTES:
        del left[next(iter(left))]
    return left


def _body(credentials: Credentials, items: Sequence[Any], *, history: bool = False) -> list[Json]:
    more = {"history": True} if history else {}
    return [{"account": credentials.account, **more, "items": list(items)}] if items else []


def _text(ms: int) -> str:
    return datetime.fromtimestamp(max(ms, 0) / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
