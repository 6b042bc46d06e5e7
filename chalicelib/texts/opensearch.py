"""The index in OpenSearch, or in a service with the same API: a document for each line, all agencies in one index.

Every document is routed by its agency, and every query is made by `_of_agency`, with the agency as a filter. A write
carries the version of its line, so that a late repeat loses. Searches see a write as soon as it was answered.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib import errors, log
from chalicelib.aws.domains import SignedDomain
from chalicelib.texts.indexes import AFTER_ALL, Found, Query, Time
from chalicelib.texts.lines import CONTACTS, GONE, MESSAGES, SHELVES, Line

TEMPLATE = Path(__file__).with_name("opensearch.json")
MOST_AT_ONCE = 1_000  # documents of a call
_EXPANSIONS = 100  # words that one prefix may stand for
_THERE = "resource_already_exists_exception"
_LINES = "application/x-ndjson"
# 409: the same or a newer version is there already; 404: a document to be deleted does not exist.
_TAKEN = (200, 201, 404, 409)
Json = Mapping[str, Any]


class OpenSearch:
    """See `indexes.Index`."""

    name = "opensearch"

    def __init__(self, domain: SignedDomain, prefix: str) -> None:
        self._domain, self._prefix, self._is_ready = domain, prefix, False

    def put(self, agency: str, shelf: str, lines: Sequence[Line]) -> None:
        writes = (
            {"index": {**_address(agency, line.key), "version": line.version}, "is": {**asdict(line), "agency": agency}}
            for line in lines
        )
        self._bulk(shelf, writes)

    def remove(self, agency: str, shelf: str, keys: Iterable[str]) -> None:
        asked = sorted(keys)
        every = self._lines(agency, shelf, [{"terms": {"key": asked}}]) if asked else ()
        writes = ({"delete": {**_address(agency, line.key), "version": line.version}} for line in every)
        self._bulk(shelf, writes)

    def erase(self, agency: str, contact: str) -> int:
        count = 0
        for shelf in (MESSAGES, CONTACTS):
            self._ask("POST", f"/{self._index(shelf)}/_refresh")
            theirs = list(self._lines(agency, shelf, [{"term": {"author": contact}}]))
            self.put(agency, shelf, [line.blank for line in theirs])
            count += len(theirs)
        return count

    def find(self, agency: str, shelf: str, query: Query, before: str, most: int, time: Time) -> Found:
        filters = [{"range": {"key": {"gte": query.low, "lt": min(before, query.high)}}}, *_filters(query)]
        asked = {
            "query": _of_agency(agency, filters), "sort": [{"key": "desc"}], "size": most + 1, "_source": ["key"],
            "track_total_hits": False, "timeout": "3s",
        }  # fmt: skip
        keys = [hit["key"] for hit in self._hits(agency, shelf, asked)]
        return Found(keys[:most], keys[most - 1] if len(keys) > most else None)

    def replace(self, agency: str, shelf: str, portions: Iterable[Sequence[Line]]) -> None:
        before = {line.key for line in self.every(agency, shelf)}
        for lines in portions:
            self.put(agency, shelf, lines)
            before.difference_update(line.key for line in lines)
        surplus = iter(sorted(before))
        while keys := list(islice(surplus, MOST_AT_ONCE)):
            self.remove(agency, shelf, keys)

    def every(self, agency: str, shelf: str) -> Iterator[Line]:
        return self._lines(agency, shelf, [])

    def _lines(self, agency: str, shelf: str, filters: Sequence[Json]) -> Iterator[Line]:
        """All lines that pass the filters, in portions by key."""
        before = AFTER_ALL
        while True:
            asked = {
                "query": _of_agency(agency, [{"range": {"key": {"gte": "", "lt": before}}}, *filters]),
                "sort": [{"key": "desc"}], "size": MOST_AT_ONCE, "track_total_hits": False,
            }  # fmt: skip
            hits = self._hits(agency, shelf, asked)
            yield from (Line(**{name: value for name, value in hit.items() if name != "agency"}) for hit in hits)
            if len(hits) < MOST_AT_ONCE:
                return
            before = hits[-1]["key"]

    def _hits(self, agency: str, shelf: str, asked: Json) -> list[Json]:
        """The documents that the query finds. Raises Unavailable if the answer is not whole."""
        body = json.dumps(asked).encode()
        answer = self._ask("POST", f"/{self._index(shelf)}/_search?routing={agency}", body)
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise errors.Unavailable
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def _bulk(self, shelf: str, writes: Iterable[Mapping[str, Any]]) -> None:
        remaining = iter(writes)
        while some := list(islice(remaining, MOST_AT_ONCE)):
            body = "".join(f"{json.dumps(part)}\n" for write in some for part in _parts(write))
            path = f"/{self._index(shelf)}/_bulk?refresh=wait_for"
            answer = self._ask("POST", path, body.encode("utf-8", "replace"), _LINES)
            outcomes = [outcome["status"] for item in answer["items"] for outcome in item.values()]
            if any(status not in _TAKEN for status in outcomes):
                log.line("search_not_taken", statuses=",".join(map(str, sorted({*outcomes} - {*_TAKEN}))))
                raise errors.Unavailable

    def _ask(self, verb: str, path: str, body: bytes = b"", mime: str = "application/json") -> Json:
        if not self._is_ready:
            for shelf in SHELVES:
                answer = self._domain.ask("PUT", f"/{self._index(shelf)}", TEMPLATE.read_bytes(), fine=(200, 400))
                # An index that is made in another way than this would find other things.
                if answer.get("error", {}).get("type", _THERE) != _THERE:
                    raise errors.Unavailable
            self._is_ready = True
        return self._domain.ask(verb, path, body, mime)

    def _index(self, shelf: str) -> str:
        return f"{self._prefix}-{shelf}"


def _address(agency: str, key: str) -> dict[str, Any]:
    return {"_id": f"{agency}-{key}", "routing": agency, "version_type": "external_gte"}


def _parts(write: Mapping[str, Any]) -> Iterator[Any]:
    """The action, followed by the document if there is one."""
    yield {name: value for name, value in write.items() if name != "is"}
    if "is" in write:
        yield write["is"]


def _of_agency(agency: str, filters: Iterable[Json]) -> Json:
    """The only query there is: filters, and the agency as one of them."""
    return {"bool": {"filter": [{"term": {"agency": agency}}, *filters]}}


def _filters(query: Query) -> Iterator[Json]:
    yield {"range": {"version": {"lt": GONE}}}
    if query.brands is not None:
        yield {"terms": {"brand": sorted(query.brands)}}
    if query.author:
        yield {"term": {"author": query.author}}
    if query.network:
        yield {"term": {"network": query.network}}
    for word in query.words:
        yield {"match_phrase_prefix": {"text": {"query": word, "max_expansions": _EXPANSIONS}}}
