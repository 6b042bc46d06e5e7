"""Asks for what is in the inbox, the newest first. https://www.reddit.com/dev/api/#GET_message_inbox

Reddit gives nothing after an item that was deleted, so the mark is a moment and the names of what came in it.
"""

from collections.abc import Sequence
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Credentials, Json, Pulled
from chalicelib.networks.read import date, millis, part, parts, words
from chalicelib.networks.reddit.calls import get

PAGE, PAGES, CALLS = 100, 3, 5
_MOST_NAMES = 40
_DAYS_30 = 30 * 86_400


def pull(credentials: Credentials, mark: Json) -> Pulled:
    """At most three calls for the inbox; with those that are left, the threads of comments are looked for."""
    look = _Look(credentials, mark)
    items = look.read()
    tops = look.tops([words(part(one, "data").get("parent_id")) for one in items if one.get("kind") == "t1"])
    for one in items:
        if top := tops.get(words(part(one, "data").get("parent_id"))):
            one["top"] = top
    kept = {"at": str(look.at), "names": look.names, "until": str(look.until), "deep": look.deep}
    old = [one for one in items if _at(one) <= look.until]
    new = [one for one in items if _at(one) > look.until]
    past: base.Json = {"account": credentials.account, "history": True, "items": old}
    present: base.Json = {"account": credentials.account, "items": new}
    bodies = [body for body in (past, present) if body["items"]]
    return Pulled(bodies=bodies, mark=kept, calls=look.calls, more=bool(look.deep) or look.is_behind)


def _at(item: Any) -> int:
    return millis(part(item, "data").get("created_utc")) // 1000


class _Look:
    """The inbox since the mark's second `at`. It is read from the newest back to there before any of it is given.

    If three pages do not go so far, `deep` is where the next look goes on: at the last of them, so that it finds
    something. What is between is read again after that.
    """

    def __init__(self, credentials: Credentials, mark: Json) -> None:
        self._credentials, self._is_first = credentials, not mark
        self.at, self.until = (int(words(mark.get(name)) or 0) for name in ("at", "until"))
        self.deep = words(mark.get("deep"))
        listed = mark.get("names")
        self.names = [words(one) for one in listed] if isinstance(listed, list) else []
        self._began_deep, self.calls, self.is_behind = bool(self.deep), 0, False

    def read(self) -> list[Any]:
        found: list[Any] = []
        after = began = self.deep
        while self.calls < PAGES:
            began = after
            page, after = self._page(began)
            fresh = [one for one in page if self._is_new(one)]
            found += fresh
            if len(fresh) < len(page) or not after:
                return self._given(found)
        self.deep = began
        self.until = self.until or (_at(found[0]) if self._is_first else 0)
        return []

    def _is_new(self, item: Any) -> bool:
        return _at(item) > self.at or (_at(item) == self.at and words(item["data"].get("name")) not in self.names)

    def _given(self, found: Sequence[Any]) -> list[Any]:
        self.is_behind, self.deep = self._began_deep, ""
        if found:
            newest = max(map(_at, found))
            names = [words(one["data"].get("name")) for one in found if _at(one) == newest]
            self.names = ([*self.names, *names] if newest == self.at else names)[-_MOST_NAMES:]
            self.at = newest
            self.until = self.until or (newest if self._is_first else 0)
        return sorted(found, key=_at)

    def _page(self, after: str) -> tuple[list[Any], str]:
        query = {"limit": str(PAGE), "mark": "false", **({"after": after} if after else {})}
        answer = get(self._credentials, "/message/inbox", query)
        self.calls += 1
        listed = answer.json.get("data")
        if not isinstance(listed, dict) or not isinstance(listed.get("children"), list):
            raise base.Unreachable("Reddit did not answer with a list.", code="answer")
        self.at = self.at or max(date(answer.headers) // 1000 - _DAYS_30, 1)
        rows = [one for one in listed["children"] if isinstance(one, dict) and _at(one)]
        return rows, words(listed.get("after"))

    def tops(self, parents: Sequence[str]) -> dict[str, str]:
        """The first comment of the thread, by the comment that is answered; as far up as there are calls left."""
        above = {one: one for one in parents if one.startswith("t1_")}
        asked = set(above.values())
        while asked and self.calls < CALLS:
            found = self._parents(sorted(asked)[:PAGE])
            higher = {one: up for one, up in found.items() if up.startswith("t1_")}
            above = {one: higher.get(top, top) for one, top in above.items()}
            asked = set(higher.values())
        return above

    def _parents(self, names: Sequence[str]) -> dict[str, str]:
        self.calls += 1
        listed = part(get(self._credentials, "/api/info", {"id": ",".join(names)}).json, "data")
        rows = (part(one, "data") for one in parts(listed, "children"))
        return {words(row.get("name")): words(row.get("parent_id")) for row in rows}
