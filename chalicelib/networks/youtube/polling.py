"""Polls the comments on all videos of a channel. https://developers.google.com/youtube/v3/docs/commentThreads/list

The newest threads come first, so an answer or edit in an older thread is seen only if we read that far. A few times a
day a look reads further, and gives all changes of the last two days once more; that also finds comments that were held
back for a while. Only the time of day decides which look does so.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import millis, moment, part, parts, words
from chalicelib.networks.youtube.inbound import flat
from chalicelib.networks.youtube.outbound import call

EVERY = 900  # seconds, while few channels share the quota; docs of the network say what that costs
SCANNED_MS = 2 * 24 * 3_600_000


def pull(credentials: base.Credentials, mark: base.Json, every: int) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000), every)


def look(credentials: base.Credentials, mark: base.Json, now: int, every: int = EVERY) -> base.Pulled:
    threads: list[base.Json] = []

    def read(place: str) -> Page:
        query = {"allThreadsRelatedToChannelId": credentials.account, "order": "time"}
        answer = _list(credentials, "/commentThreads", "snippet,replies", query, place)
        items = parts(answer, "items")
        threads.extend(items)
        rows = [row for thread in items for row in _rows(flat(thread), thread)]
        return Page(rows, _published_at(items[-1]) if items else 0, words(answer.get("nextPageToken")))

    look = marks.look(mark, now, read, again=SCANNED_MS if marks.is_scan(now, every) else 0)
    floor = max(millis(mark.get("since")) - marks.OVERLAP_MS, now - marks.HISTORY_MS)
    return _with_answers(credentials, look, threads, floor).pulled(credentials.account)


def _with_answers(
    credentials: base.Credentials, look: marks.Look, threads: Iterable[base.Json], floor: int
) -> marks.Look:
    """A thread shows only some of its answers: where something is new, all are asked for, as far as calls are left."""
    calls, rows = look.calls, {row.id: row for row in look.rows}
    for thread in threads:
        shown = {row.id for row in _rows(flat(thread), thread)}
        has_more = int(words(part(thread, "snippet").get("totalReplyCount")) or 0) > len(shown) - 1
        if calls < marks.MOST_PAGES and has_more and shown & rows.keys():
            answer = _list(credentials, "/comments", "snippet", {"parentId": words(thread.get("id"))})
            more = _rows(parts(answer, "items"), thread)
            rows |= {row.id: row for row in more if row.at >= floor}
            calls += 1
    return replace(look, rows=sorted(rows.values(), key=lambda row: row.at), calls=calls)


def _list(
    credentials: base.Credentials, path: str, part: str, query: Mapping[str, str], place: str = ""
) -> Mapping[str, Any]:
    at = {"pageToken": place} if place else {}
    query = {**query, "part": part, "maxResults": "100", "textFormat": "plainText", **at}
    return call(credentials, "GET", path, query=query)


def _rows(comments: Iterable[Any], thread: base.Json) -> list[Row]:
    """The comments of a thread, each with the id of its video, which answers sometimes lack."""
    video = {"videoId": name} if (name := words(part(thread, "snippet").get("videoId"))) else {}
    rows = []
    for comment in comments:
        snippet = part(comment, "snippet")
        if isinstance(comment, dict) and words(comment.get("id")):
            item = {**comment, "snippet": {**video, **snippet}}
            rows.append(Row(words(comment["id"]), moment(snippet.get("updatedAt")), item))
    return rows


def _published_at(thread: base.Json) -> int:
    return moment(part(part(part(thread, "snippet"), "topLevelComment"), "snippet").get("publishedAt"))
