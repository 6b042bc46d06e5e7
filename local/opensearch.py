"""OpenSearch's double: a real HTTP server that accepts the few calls that we make, and refuses others.

It checks signatures, refuses unknown clauses, keeps to the mapping it was given, requires a routing where the mapping
does, and refuses a write with an older version. Writes are searchable only after a refresh. `asked` has the body of
every search.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.environment import REGION

KEYS = Credentials("AKIA0", "secret")
Json = dict[str, Any]
_ALLOWED = {"query", "sort", "size", "_source", "track_total_hits", "timeout"}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TOKENS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[^\W_]+(?:['’.][^\W_]+)*")


class Refused(Exception):
    def __init__(self, status: int, type: str) -> None:
        super().__init__(type)
        self.status, self.type = status, type


@dataclass
class Document:
    """`shown` is the state of the document that searches see."""

    version: int
    routing: str
    source: Json | None
    shown: Json | None = None


@dataclass
class Index:
    mapping: Mapping[str, Any]
    documents: dict[str, Document] = field(default_factory=dict)

    def refresh(self) -> None:
        for document in self.documents.values():
            document.shown = document.source


class OpenSearch(ThreadingHTTPServer):
    """A node. `fails` are statuses with which it answers the next calls, whatever they are."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.indexes: dict[str, Index] = {}
        self.asked: list[Json] = []
        self.fails: list[int] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, verb: str, path: str, query: Mapping[str, str], raw: bytes) -> Json:
        name, _, call = path.strip("/").partition("/")
        if verb == "PUT" and not call:
            return self._create(name, json.loads(raw))
        if name not in self.indexes:
            raise Refused(404, "index_not_found_exception")
        calls: Mapping[str, Callable[..., Json]] = {
            "_refresh": _answer_refresh,
            "_bulk": _bulk,
            "_search": self._search,
        }
        if verb != "POST" or call not in calls:
            raise Refused(405, "method_not_allowed")
        return calls[call](self.indexes[name], query, raw)

    def _create(self, name: str, body: Json) -> Json:
        if name in self.indexes:
            raise Refused(400, "resource_already_exists_exception")
        if not re.fullmatch("[a-z0-9][a-z0-9_-]*", name) or set(body) != {"settings", "mappings"}:
            raise Refused(400, "invalid_index_name_exception")
        analyzers = body["settings"]["analysis"]["analyzer"]
        used = {field["analyzer"] for field in body["mappings"]["properties"].values() if field["type"] == "text"}
        if not used <= set(analyzers) or any(
            "icu_folding" not in analyzer["filter"] for analyzer in analyzers.values()
        ):
            raise Refused(400, "mapper_parsing_exception")
        self.indexes[name] = Index(body["mappings"])
        return {"acknowledged": True}

    def _search(self, index: Index, query: Mapping[str, str], raw: bytes) -> Json:
        asked = json.loads(raw)
        self.asked.append({**asked, "routing": query.get("routing")})
        if set(asked) - _ALLOWED or set(query) - {"routing"}:
            raise Refused(400, "parsing_exception")
        if asked["size"] > 10_000:
            raise Refused(400, "illegal_argument_exception")
        routing = query.get("routing")
        shown = [
            (id, document.shown)
            for id, document in index.documents.items()
            if document.shown
            and routing in (None, document.routing)
            and _matches(index, asked["query"], document.shown)
        ]
        [(by, order)] = asked["sort"][0].items()
        shown.sort(key=lambda hit: hit[1][by], reverse=order == "desc")
        wanted = asked.get("_source")
        hits = [
            {"_id": id, "_source": {name: source[name] for name in wanted or source}}
            for id, source in shown[: asked["size"]]
        ]
        return {"timed_out": False, "_shards": {"total": 3, "failed": 0}, "hits": {"hits": hits}}


def _answer_refresh(index: Index, query: Mapping[str, str], raw: bytes) -> Json:
    index.refresh()
    return {"_shards": {"failed": 0}}


def _bulk(index: Index, query: Mapping[str, str], raw: bytes) -> Json:
    if set(query) - {"refresh"} or not raw.endswith(b"\n"):
        raise Refused(400, "illegal_argument_exception")
    lines = iter(raw.decode().splitlines())
    items = [item for line in lines for item in [_write(index, json.loads(line), lines)]]
    if query.get("refresh") in ("wait_for", "true"):
        index.refresh()
    return {"errors": any(outcome["status"] >= 400 for item in items for outcome in item.values()), "items": items}


def _write(index: Index, action: Json, lines: Iterator[str]) -> Json:
    [(verb, place)] = action.items()
    source = json.loads(next(lines)) if verb == "index" else None
    if set(place) - {"_id", "routing", "version", "version_type"} or verb not in ("index", "delete"):
        raise Refused(400, "illegal_argument_exception")
    if index.mapping.get("_routing", {}).get("required") and "routing" not in place:
        return {verb: {"status": 400, "error": {"type": "routing_missing_exception"}}}
    if source is not None and set(source) - set(index.mapping["properties"]):
        return {verb: {"status": 400, "error": {"type": "strict_dynamic_mapping_exception"}}}
    known = index.documents.get(place["_id"])
    if known and place["version"] < known.version and place["version_type"] == "external_gte":
        return {verb: {"status": 409, "error": {"type": "version_conflict_engine_exception"}}}
    was_there = known is not None and known.source is not None
    shown = known.shown if known else None
    index.documents[place["_id"]] = Document(place["version"], place["routing"], source, shown)
    return {verb: {"status": 200 if was_there else 201 if source else 404}}


def _matches(index: Index, clause: Json, source: Json) -> bool:
    [(kind, body)] = clause.items()
    if kind == "bool":
        if set(body) != {"filter"}:
            raise Refused(400, "parsing_exception")
        return all(_matches(index, part, source) for part in body["filter"])
    [(name, asked)] = body.items()
    type = index.mapping["properties"].get(name, {}).get("type")
    if kind == "match_phrase_prefix" and type == "text":
        return _has_phrase(tokens(source[name]), tokens(asked["query"]))
    if type not in ("keyword", "long"):
        raise Refused(400, "query_shard_exception")
    value = source[name]
    tests: Mapping[str, Callable[[], bool]] = {
        "term": lambda: value == asked,
        "terms": lambda: value in asked,
        "range": lambda: all(_BOUNDS[bound](value, edge) for bound, edge in asked.items()),
    }
    if kind not in tests:
        raise Refused(400, "parsing_exception")
    return tests[kind]()


_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": lambda value, edge: value < edge, "gte": lambda value, edge: value >= edge,
}  # fmt: skip


def tokens(text: str) -> list[str]:
    """The tokens that `standard`, `icu_folding` and `cjk_bigram` make, as far as the tests need it."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    terms = []
    for token in _TOKENS.findall(unicodedata.normalize("NFC", plain)):
        if _CJK.match(token) and len(token) > 1:
            terms += [token[at : at + 2] for at in range(len(token) - 1)]
        else:
            terms.append(token)
    return terms


def _has_phrase(there: list[str], asked: list[str]) -> bool:
    """True if the words occur in this order; the last one may be the beginning of a word."""
    size = len(asked)
    return any(
        there[at : at + size - 1] == asked[:-1] and there[at + size - 1].startswith(asked[-1])
        for at in range(len(there) - size + 1)
        if size
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: OpenSearch

    def _take(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        try:
            with self.server.lock:
                if self.server.fails:
                    raise Refused(self.server.fails.pop(0), "es_rejected_execution_exception")
                if not _is_signed(self, raw):
                    raise Refused(403, "security_exception")
                self._say(200, self.server.answer(self.command, parts.path, dict(parse_qsl(parts.query)), raw))
        except Refused as refused:
            self._say(refused.status, {"error": {"type": refused.type}, "status": refused.status})

    do_POST = do_PUT = do_GET = do_DELETE = do_HEAD = _take

    def _say(self, status: int, answer: Json) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Prints nothing."""


def _is_signed(handler: _Handler, raw: bytes) -> bool:
    """True if the signature is the one that our own keys give."""
    sent = handler.headers
    request = AWSRequest(handler.command, f"{handler.server.url}{handler.path}", data=raw)
    request.context["timestamp"] = sent.get("X-Amz-Date", "")
    for name in ("Content-Type", "Host", "X-Amz-Date"):
        request.headers[name] = sent.get(name, "")
    signer = SigV4Auth(KEYS, "es", REGION)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return sent.get("Authorization", "").endswith(f"Signature={signer.signature(text, request)}")
