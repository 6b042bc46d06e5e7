"""Records and posts of the AT Protocol's double: what is written, and how the network shows it."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks.double import Answer, Request, number

RECORDS: dict[str, dict[str, Any]] = {}  # what people wrote, by its uri: `cid`, `record`, `author`, `indexedAt`
_TID = re.compile(r"[234567a-j][234567a-z]{12}")
_POST = "app.bsky.feed.post"


def forget_records() -> None:
    RECORDS.clear()


def _failure(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "message": message})


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _put(request: Request, who: str) -> Answer:
    body = request.json
    uri = f"at://{body.get('repo')}/{body.get('collection')}/{body.get('rkey') or f'3l{number()}'}"
    known = RECORDS.get(uri)
    if body.get("repo") != who or not isinstance(body.get("record"), dict):
        return _failure(400, "InvalidRequest", "Input must have a repo of yours, and a record")
    if "swapRecord" in body and body["swapRecord"] != (known and known["cid"]):
        return _failure(400, "InvalidSwap", "Record was at another version")
    if wrong := _wrong(body):
        return _failure(400, "InvalidRequest", wrong)
    author = {"did": who, "handle": f"{who[-8:]}.example", "displayName": "The shop"}
    made = {"cid": f"bafy{number()}", "record": body["record"], "author": author, "indexedAt": _now()}
    RECORDS[uri] = {"uri": uri, **made}
    return Answer(json={"uri": uri, "cid": made["cid"], "validationStatus": "valid"})


def _wrong(body: Mapping[str, Any]) -> str:
    """The error for a record that a server would refuse; empty for a correct one."""
    record = body["record"]
    if record.get("$type") != body["collection"] or not record.get("createdAt"):
        return "Invalid record: must have the property createdAt, and the type of its collection"
    if body["collection"] != _POST:
        return ""
    text = str(record.get("text"))
    if len(text) > 300 or not _TID.fullmatch(str(body.get("rkey", "2222222222222"))):
        return "Invalid app.bsky.feed.post record"
    whole = len(text.encode())
    spans = [facet["index"] for facet in record.get("facets", [])]
    fits = all(0 <= span["byteStart"] < span["byteEnd"] <= whole for span in spans)
    return "" if fits and all({"uri", "cid"} <= set(ref) for ref in record.get("reply", {}).values()) else "facets"


def _record(request: Request, who: str) -> Answer:
    uri = f"at://{request.query['repo']}/{request.query['collection']}/{request.query['rkey']}"
    record = RECORDS.get(uri)
    if record is None:
        return _failure(400, "RecordNotFound", "Could not locate record")
    return Answer(json={"uri": uri, "cid": record["cid"], "value": record["record"]})


def _delete(request: Request, who: str) -> Answer:
    RECORDS.pop(f"at://{request.json['repo']}/{request.json['collection']}/{request.json['rkey']}", None)
    return Answer()


def _view(uri: str, who: str) -> dict[str, Any]:
    """A post as the network shows it. A post that was not played is made up, unless its key says that there is none."""
    known = RECORDS.get(uri) or {
        "cid": f"bafy{uri[-6:]}", "record": {"$type": _POST, "text": "Hello", "createdAt": _now()},
        "author": {"did": uri.split("/")[2], "handle": "somebody.example"}, "indexedAt": _now(),
    }  # fmt: skip
    liked = [like for like in RECORDS if like.startswith(f"at://{who}/app.bsky.feed.like/")]
    mine = next((like for like in liked if RECORDS[like]["record"]["subject"]["uri"] == uri), None)
    shown = {name: known[name] for name in ("cid", "record", "author", "indexedAt")}
    return {"uri": uri, **shown, "viewer": {"like": mine} if mine else {}}


def _posts(request: Request, who: str) -> Answer:
    asked = request.every("uris")
    if not 1 <= len(asked) <= 25:
        return _failure(400, "InvalidRequest", "Error: uris must not have more than 25 elements")
    return Answer(json={"posts": [_view(uri, who) for uri in asked if uri in RECORDS or "/3kgone" not in uri]})


def _feed(request: Request, who: str) -> Answer:
    """The posts of somebody, newest first; an answer comes with the author of the post two levels above."""
    limit, kinds = int(request.query.get("limit", "50")), ("posts_with_replies", "posts_no_replies")
    if not 1 <= limit <= 100 or request.query.get("filter", kinds[0]) not in kinds:
        return _failure(400, "InvalidRequest", "Error: Params must have a valid filter and limit")
    posts = [post for post in RECORDS.values() if _is_of(post, request.query["actor"])]
    posts.sort(key=lambda post: str(post["indexedAt"]), reverse=True)
    return Answer(json={"feed": [_entry(post["uri"], who) for post in posts[:limit]]})


def _is_of(record: Mapping[str, Any], actor: str) -> bool:
    return bool(record["author"]["did"] == actor and record["record"]["$type"] == _POST)


def _entry(uri: str, who: str) -> dict[str, Any]:
    parent = RECORDS[uri]["record"].get("reply", {}).get("parent", {}).get("uri")
    above = RECORDS.get(parent, {}).get("record", {}).get("reply", {}).get("parent", {}).get("uri", "")
    reply = {"reply": {"parent": _view(parent, who)}} if parent else {}
    if above:
        reply["reply"]["grandparentAuthor"] = {"did": above.split("/")[2]}
    return {"post": _view(uri, who), **reply}


def _thread(request: Request, who: str) -> Answer:
    return Answer(json={"thread": _branch(request.query["uri"], who)})


def _branch(uri: str, who: str) -> dict[str, Any]:
    below = [
        post["uri"] for post in RECORDS.values() if post["record"].get("reply", {}).get("parent", {}).get("uri") == uri
    ]
    return {"post": _view(uri, who), "replies": [_branch(reply, who) for reply in below]}


def _profile(request: Request, who: str) -> Answer:
    did = request.query["actor"]
    if did.endswith("gone"):
        return _failure(400, "InvalidRequest", "Profile not found")
    mine = [block for block in RECORDS if block.startswith(f"at://{who}/app.bsky.graph.block/")]
    blocking = next((block for block in mine if RECORDS[block]["record"]["subject"] == did), None)
    viewer = {"blocking": blocking} if blocking else {}
    person = {"did": did, "handle": f"{did[-8:]}.example", "displayName": "Ana", "followersCount": 12}
    return Answer(json={**person, "viewer": viewer})


def _handle(request: Request, who: str) -> Answer:
    name = request.query["handle"]
    if name.startswith("nobody"):
        return _failure(400, "InvalidRequest", "Unable to resolve handle")
    return Answer(json={"did": f"did:plc:{name.partition('.')[0]}"})


def _blob(request: Request, who: str) -> Answer:
    size = len(request.raw)
    if not size or size > 50_000_000:
        return _failure(400, "InvalidRequest", "Request entity too large")
    ref = {"$link": f"bafkrei{number()}"}
    return Answer(
        json={"blob": {"$type": "blob", "ref": ref, "mimeType": request.headers["content-type"], "size": size}}
    )


def _chat(request: Request, who: str) -> Answer:
    if "did:web:api.bsky.chat" not in request.headers.get("atproto-proxy", ""):
        return _failure(501, "MethodNotImplemented", "Method Not Implemented")
    body = request.json
    text = body["message"]["text"] if "message" in body else "1"
    if not body.get("convoId") or not 0 < len(text) <= 1000:
        return _failure(400, "InvalidRequest", "Invalid message")
    return Answer(json={"id": f"3m{number()}", "rev": "1", "sender": {"did": who}, "sentAt": _now()})


def _report(request: Request, who: str) -> Answer:
    body, subject = request.json, request.json.get("subject", {})
    reason = str(body.get("reasonType")).removeprefix("com.atproto.moderation.defs#reason")
    if reason not in ("Spam", "Violation", "Misleading", "Sexual", "Rude", "Other"):
        return _failure(400, "InvalidRequest", "Error: Invalid reasonType")
    if subject.get("$type") != "com.atproto.repo.strongRef" or not {"uri", "cid"} <= set(subject):
        return _failure(400, "InvalidRequest", "Error: Invalid subject")
    if len(body.get("reason", "")) > 2000:
        return _failure(400, "InvalidRequest", "Error: reason must not be longer than 2000 graphemes")
    return Answer(json={"id": number(), "reasonType": body["reasonType"], "subject": subject, "reportedBy": who})


ROUTES: Mapping[str, tuple[str, Callable[[Request, str], Answer]]] = {
    "com.atproto.repo.putRecord": ("POST", _put),
    "com.atproto.repo.createRecord": ("POST", _put),
    "com.atproto.repo.deleteRecord": ("POST", _delete),
    "com.atproto.moderation.createReport": ("POST", _report),
    "com.atproto.repo.getRecord": ("GET", _record),
    "com.atproto.repo.uploadBlob": ("POST", _blob),
    "com.atproto.identity.resolveHandle": ("GET", _handle),
    "app.bsky.feed.getAuthorFeed": ("GET", _feed),
    "app.bsky.feed.getPosts": ("GET", _posts),
    "app.bsky.feed.getPostThread": ("GET", _thread),
    "app.bsky.actor.getProfile": ("GET", _profile),
    "chat.bsky.convo.sendMessage": ("POST", _chat),
    "chat.bsky.convo.addReaction": ("POST", _chat),
    "chat.bsky.convo.removeReaction": ("POST", _chat),
}
