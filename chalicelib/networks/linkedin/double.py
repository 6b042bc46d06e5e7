"""LinkedIn's side, played as documented: versioned calls, Rest.li's spelling, one answer for each comment."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = dict[str, Any]
ORGANIZATION, PERSON, POST = "urn:li:organization:9607", "urn:li:person:aNa_1", "urn:li:activity:7094637247890620418"
SHARE = "urn:li:share:7094637247487995904"
CONFIG = "5150"
CONNECTION = {
    "account": "urn:li:organization:7{n}", "credentials": {"token": "AQ-linkedin-{n}"}, "details": {"app": CONFIG},
}  # fmt: skip
_COMMENT = r"urn:li:comment:\(urn:li:(?:activity|ugcPost|share):\d+,\d+\)"
_TARGET = rf"{_COMMENT}|urn:li:(?:activity|ugcPost|share):\d+"
_KINDS = ("LIKE", "PRAISE", "APPRECIATION", "EMPATHY", "INTEREST", "ENTERTAINMENT")
_scopes: dict[str, str] = {}  # by token
hooks: dict[str, str] = {}  # by organization
missed: dict[str, list[Json]] = {}  # notifications that were not posted, by organization, the oldest first


def _failure(status: int, code: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"status": status, "serviceErrorCode": code, "message": message}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, 65601, "The token used in the request has been revoked by the user"),
    "throttled": _failure(429, 101, "Resource level throttle APPLICATION_AND_MEMBER DAY limit is reached"),
    "throttled_for_seconds": _failure(429, 101, "Too many calls", **{"Retry-After": "120"}),
    "gone": _failure(404, 100, "The post or comment does not exist"),
    "rejected": _failure(400, 100, "message: text is too long"),
    "forbidden": _failure(403, 100, "Not enough permissions to access this resource"),
    "duplicate": _failure(422, 100, "Content is a duplicate"),
    "conflict": _failure(409, 100, "Conflict"),
    "unavailable": _failure(503, 0, "Service unavailable"),
    "broken": Answer(500, raw=b"<html>oops</html>", content_type="text/html"),
    "nameless": Answer(201, {}),
    "nobody": Answer(200, {}),
}


def answer(request: Request) -> Answer:
    if request.host == "www.linkedin.com":
        return double_page.show(request) if request.path == "/oauth/v2/authorization" else _token(request)
    if not re.fullmatch(r"20\d{4}", request.headers.get("linkedin-version", "")):
        return _failure(400, 100, "Linkedin-Version is required")
    if request.headers.get("x-restli-protocol-version") != "2.0.0" or not request.token.startswith("AQ"):
        return FAILURES["expired"]
    for method, path, play in _ROUTES:
        match = re.fullmatch(path, unquote(request.path)) if method == request.method else None
        if match:
            return play(request, *match.groups())
    return _failure(404, 0, f"No {request.method} {request.path} here")


def _answer_comment(request: Request, target: str) -> Answer:
    body, nested = request.json, target.startswith("urn:li:comment:")
    post = re.sub(r"urn:li:comment:\((.*),\d+\)", r"\1", target)
    message: Any = body.get("message")
    wanted = {"actor", "object", "message"} | ({"parentComment"} if nested else set())
    fine = set(body) == wanted and body["object"] == post and body.get("parentComment", target) == target
    if "/" in request.path.removeprefix("/rest/socialActions/").removesuffix("/comments") or ":" in request.path:
        return _failure(400, 100, "URNs in a path must be encoded")
    if not fine or not re.fullmatch(r"urn:li:organization:\d+", str(body["actor"])):
        return _failure(400, 100, "actor, object, message and parentComment must fit the path")
    text = message.get("text") if isinstance(message, dict) else None
    if not isinstance(text, str) or not 0 < len(text) <= 1250:
        return _failure(400, 100, "message: text is too long")
    made = str(7_095_000_000_000_000_000 + number())
    comment = {"id": made, "actor": body["actor"], "commentUrn": f"urn:li:comment:({post},{made})", "object": post}
    return Answer(201, comment, {"x-restli-id": made})


def _delete(request: Request, post: str, comment: str) -> Answer:
    known = re.fullmatch(r"urn:li:organization:\d+", request.query.get("actor", ""))
    return Answer(204, raw=b"") if known else _failure(403, 100, "actor is required")


def _react(request: Request) -> Answer:
    body = request.json
    fine = set(body) == {"root", "reactionType"} and body["reactionType"] in _KINDS and "actor" in request.query
    if not fine or not re.fullmatch(_TARGET, str(body["root"])):
        return _failure(400, 100, "root and reactionType are required")
    return Answer(201, {"root": body["root"], "reactionType": body["reactionType"]})


def _subscribe(request: Request, app: str, organization: str) -> Answer:
    if request.method == "GET":
        return Answer(json={"webhook": hooks[organization]}) if organization in hooks else FAILURES["gone"]
    hooks[organization] = str(request.json.get("webhook", ""))
    fine = request.method == "DELETE" or hooks[organization].startswith("http")
    return Answer(204, raw=b"") if fine and app == CONFIG else FAILURES["forbidden"]


def _organization(request: Request, id: str) -> Answer:
    return Answer(json={"id": int(id), "localizedName": "Bella Pasta", "vanityName": "bella-pasta"})


def _organizations(request: Request) -> Answer:
    ids = re.fullmatch(r"List\((\d+(?:,\d+)*)\)", request.query.get("ids", ""))
    organizations = (
        {id: {"id": int(id), "localizedName": f"Restaurant {id}"} for id in ids[1].split(",")} if ids else {}
    )
    return Answer(json={"results": organizations, "errors": {}})


def _roles(request: Request) -> Answer:
    roles = [{"organization": f"urn:li:organization:{id}", "role": "ADMINISTRATOR"} for id in (9607, 9608, 9607)]
    return Answer(json={"elements": roles if request.token != "AQ-nobody" else []})


def _post(request: Request, id: str) -> Answer:
    post: dict[str, Any] = {"id": id, "commentary": "Our new menu", "publishedAt": 1790000000000}
    if id.endswith("0666"):
        post["adContext"] = {"isDsc": True, "dscName": "Autumn", "dscStatus": "ACTIVE"}
    return Answer(json={**post, "author": ORGANIZATION})


def _person(request: Request, id: str) -> Answer:
    return Answer(json={"id": id, "localizedFirstName": "Ana", "localizedLastName": "Silva", "vanityName": "anasilva"})


def _done(request: Request) -> Answer:
    return Answer(204, raw=b"")


def _list_missed(request: Request) -> Answer:
    """Rest.li's lists are not encoded, and the urns inside them are encoded once."""
    query = request.query
    if query.get("q") != "criteria" or not re.fullmatch(r"List\([A-Z_,]+\)", query.get("actions", "")):
        return FAILURES["rejected"]
    rows, first, size = missed.get(query["organizationalEntity"], []), int(query["start"]), int(query["count"])
    return Answer(json={"elements": rows[::-1][first : first + size], "paging": {"start": first, "count": size}})


_SUBSCRIPTION = (
    r"/rest/eventSubscriptions/\(developerApplication:urn:li:developerApplication:(\d+),user:urn:li:person:[\w-]+,"
    r"entity:(urn:li:organization:\d+),eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS\)"
)
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", rf"/rest/socialActions/({_TARGET})/comments", _answer_comment),
    ("DELETE", r"/rest/socialActions/(urn:li:\w+:\d+)/comments/(\d+)", _delete),
    ("POST", "/rest/reactions", _react),
    ("DELETE", rf"/rest/reactions/\(actor:urn:li:organization:\d+,entity:(?:{_TARGET})\)", _done),
    ("PUT", _SUBSCRIPTION, _subscribe),
    ("DELETE", _SUBSCRIPTION, _subscribe),
    ("GET", _SUBSCRIPTION, _subscribe),
    ("GET", "/rest/organizationalEntityNotifications", _list_missed),
    ("GET", r"/rest/organizations/(\d+)", _organization),
    ("GET", "/rest/organizations", _organizations),
    ("GET", "/rest/organizationAcls", _roles),
    ("GET", "/rest/me", lambda _: Answer(json={"id": "aDm1n", "localizedFirstName": "Max"})),
    ("GET", r"/rest/people/\(id:([\w-]+)\)", _person),
    ("GET", r"/rest/posts/(urn:li:(?:share|ugcPost):\d+)", _post),
)  # fmt: skip


def _token(request: Request) -> Answer:
    """Renewing keeps the refresh token."""
    form = request.json
    if not (form.get("client_id") and form.get("client_secret")):
        return Answer(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
    if request.path == "/oauth/v2/introspectToken":
        known = _scopes.get(form.get("token", ""))
        more = {"status": "active", "scope": known, "auth_type": "3L"} if known else {"status": "revoked"}
        return Answer(json={"active": bool(known), **more})
    if form.get("grant_type") == "refresh_token":
        scope = "r_basicprofile rw_organization_admin" if form.get("refresh_token") == "AQ-refresh" else ""
    else:
        asked = double_page.consented(form, form["client_id"]) or {}
        without = asked.get("without", "").split()
        scope = " ".join(name for name in asked.get("scope", "").split() if name not in without)
    if not scope:
        text = "The provided authorization grant or refresh token is invalid, expired or revoked."
        return Answer(400, {"error": "invalid_grant", "error_description": text})
    lives = {"expires_in": 5_184_000, "refresh_token": "AQ-refresh", "refresh_token_expires_in": 31_536_000}
    token = f"AQ-token-{number()}"
    _scopes[token] = scope.replace(" ", ",")
    return Answer(json={"access_token": token, **lives, "scope": _scopes[token]})


# The webhooks


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-LI-Signature": hmac.new(secret.encode(), b"hmacsha256=" + raw, hashlib.sha256).hexdigest()}


def _notification(action: str, *, account: str = ORGANIZATION, at: int = 0, **fields: Any) -> Json:
    notice = {
        "notificationId": 5_603_000_000 + number(), "organizationalEntity": account, "action": action,
        "sourcePost": POST, "decoratedSourcePost": {"owner": account, "text": "Our new menu", "entity": SHARE},
        "lastModifiedAt": at or int(time.time() * 1000), "subscriber": "urn:li:person:aDm1n", **fields,
    }  # fmt: skip
    return {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notice]}


def comment(
    action: str = "COMMENT", *, id: str = "", person: str = PERSON, text: str = "Do you deliver?", parent: str = "",
    account: str = ORGANIZATION, at: int = 0, **fields: Any,
) -> Json:  # fmt: skip
    id = id or f"urn:li:comment:({POST},{7_094_000_000_000_000_000 + number()})"
    owner = account if action == "ADMIN_COMMENT" else person if ":" in person else f"urn:li:person:{person}"
    comment = {"owner": owner, "text": text, "entity": id, "object": parent or POST}
    fields = {
        "generatedActivity": id.replace("(urn:li:", "("),
        "decoratedGeneratedActivity": {"comment": comment},
    } | fields
    return _notification(action, account=account, at=at, **fields)


def mention(
    action: str = "SHARE_MENTION", *, id: str = "", person: str = PERSON, text: str = "Try it", **fields: Any
) -> Json:
    id = id or f"urn:li:share:{7_094_000_000_000_000_000 + number()}"
    share = {"owner": person, "text": text, "entity": id, "mediaCategory": "NONE"}
    decorated = {"generatedActivity": id, "sourcePost": id, "decoratedGeneratedActivity": {"share": share}}
    return _notification(action, **{**decorated, **fields})


def like(*, post: str = POST, person: str = PERSON, **fields: Any) -> Json:
    generated = {"generatedActivity": f"urn:li:like:({person},{post})", "decoratedGeneratedActivity": {}}
    return _notification("LIKE", **{**generated, **fields})


EVENTS: Mapping[str, Callable[..., Json]] = {
    "comment": comment,
    "own_comment": partial(comment, "ADMIN_COMMENT", text="Every day"),
    "edit": partial(comment, "COMMENT_EDIT", text="Do you deliver on Sundays?"),
    "delete": partial(comment, "COMMENT_DELETE"),
    "mention": mention,
    "photo_mention": partial(mention, "PHOTO_MENTION"),
    "like": like,
    "share": partial(mention, "SHARE"),
}


def _in_thread(fan: Fan, id: str, at: int, **fields: Any) -> Json:
    return by(fan, at, id=id, parent=fan.top if fan.top != id else "", **fields)


VOICE = Voice(
    surface="comment",
    name=lambda fan, number: f"urn:li:comment:({POST},{number})",
    says=lambda fan, comment, text, at: ("comment", _in_thread(fan, comment, at, text=text)),
    edits=lambda fan, comment, text, at: ("edit", _in_thread(fan, comment, at, text=text)),
    deletes=lambda fan, comment, at: ("delete", _in_thread(fan, comment, at)),
    echo=lambda fan, comment, text, at: ("own_comment", _in_thread(fan, comment, at, text=text)),
)
