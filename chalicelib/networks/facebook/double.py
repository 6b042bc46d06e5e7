"""A Page's side: the edges of comments, posts and the Page, as strict as documented, and the feed's bodies.

https://developers.facebook.com/docs/pages-api/comments-mentions
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.networks._meta import double_lists, double_login
from chalicelib.networks._meta.double import usage, used_up
from chalicelib.networks.double import Answer, Fan, Request, Voice, is_address, number
from chalicelib.networks.facebook import double_past

Json = Mapping[str, Any]
PAGE, PERSON = "104100000000001", "7600000000000001"
_FIELDS = {
    *("feed", "mention", "ratings", "messages", "message_echoes", "message_edits", "message_reactions"),
    *("message_deliveries", "message_reads", "messaging_postbacks", "messaging_referrals", "messaging_optins"),
    *("messaging_handovers", "messaging_policy_enforcement", "standby", "messaging_feedback"),
}


def _error(code: int, message: str, subcode: int = 0, *, status: int = 400, **more: Any) -> Answer:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, **more}
    return Answer(status, {"error": {**error, **({"error_subcode": subcode} if subcode else {}), "fbtrace_id": "AbC"}})


CONNECTION = {"account": "10150{n}", "credentials": {"token": "EAAB{n}facebook"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _error(190, "Error validating access token: Session has expired.", 463, status=401),
    "app_removed": _error(190, "The user has not authorized application 1.", 458, status=401),
    "throttled": used_up(_error(80001, "There have been too many calls to this Page account."), "pages", PAGE, 7),
    "app_throttled": _error(4, "Application request limit reached", status=403),
    "window_closed": _error(10, "This message is sent outside of allowed window.", 2018278, status=403),
    "gone": _error(100, "Object does not exist or cannot be loaded due to missing permissions.", 33),
    "person_gone": _error(551, "This person isn't available right now.", 1545041),
    "blocked": _error(200, "This person isn't available right now.", 1545041, status=403),
    "cannot_answer": _error(10903, "This user can't reply to this activity"),
    "answered_already": _error(10900, "Activity already replied to"),
    "rejected": _error(100, "Message must be non-empty"),
    "no_permission": _error(200, "Requires pages_manage_engagement permission", status=403),
    "duplicate": _error(506, "Duplicate status message"),
    "spam": _error(368, "The action attempted has been deemed abusive or is otherwise disallowed", 1446036, status=403),
    "unavailable": _error(2, "An unexpected error has occurred.", status=503, is_transient=True),
    "no_success": Answer(json={"success": False}),
}


class _Refused(Exception):
    """Raised for a refused call; carries the vendor's error body."""


def _require(condition: object, code: int, message: str, subcode: int = 0) -> None:
    if not condition:
        raise _Refused(_error(code, message, subcode))


def answer(request: Request) -> Answer:
    if played := double_login.answer(request):
        return played
    if not re.fullmatch(r"[A-Za-z0-9._|-]{6,}", request.token):
        return _error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
    version, _, path = request.path.removeprefix("/").partition("/")
    try:
        _require(request.host == "graph.facebook.com", 100, "Unknown path components")
        _require(re.fullmatch(r"v2[5-9]\.0", version), 2500, "Unknown path components")
        proof = request.query.get("appsecret_proof", "0" * 64)
        _require(re.fullmatch(r"[0-9a-f]{64}", proof), 100, "Invalid appsecret_proof provided in the API argument")
        for method, pattern, play in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return Answer(json=play(request, *match.groups()), headers=usage("pages", PAGE))
        raise _Refused(_error(100, f"Unsupported {request.method.lower()} request.", 33))
    except double_lists.Wrong as wrong:
        return _error(100, str(wrong))
    except _Refused as refused:
        refusal: Answer = refused.args[0]
        return refusal


def _answer_comment(request: Request, parent: str) -> Json:
    body = request.json
    text, image, source = body.get("message", ""), body.get("attachment_url", ""), body.get("source", {})
    _require(set(body) <= {"message", "attachment_url", "source"}, 100, "Unexpected parameter")
    _require(not source or (not image and source["type"].startswith("image/")), 100, "Invalid image")
    is_said = text or image or source
    _require(isinstance(text, str) and isinstance(image, str) and is_said, 100, "Message must be non-empty")
    _require(len(text) <= 8000, 100, "Message too long")
    _require(not image or is_address(image), 100, "attachment_url should represent a valid URL")
    return {"id": f"{parent.rpartition('_')[2]}_{10**14 + number()}"}


def _private_answer(request: Request, page: str) -> Json:
    recipient: Any = request.json.get("recipient")
    message: Any = request.json.get("message")
    _require(isinstance(recipient, dict) and len(recipient) == 1, 100, "Param recipient must be non-empty")
    (kind, target), *_ = recipient.items()
    _require(kind in ("comment_id", "post_id"), 100, "No matching user found", 2018001)
    _require(re.fullmatch(r"\d+_\d+", str(target)), 10902, "This is not a Replyable activity")
    _require((kind == "post_id") == str(target).startswith(f"{page}_"), 10902, "This is not a Replyable activity")
    text = message.get("text") if isinstance(message, dict) else None
    _require(isinstance(text, str) and 0 < len(text) <= 2000, 100, "Length of param message[text] must be 1 to 2000")
    return {"recipient_id": PERSON, "message_id": f"m_double{number()}"}


def _hide(request: Request, comment: str) -> Json:
    _require(set(request.json) == {"is_hidden"}, 100, "Unexpected parameter")
    _require(isinstance(request.json["is_hidden"], bool), 100, "Param is_hidden must be a boolean")
    return {"success": True}


def _subscribe(request: Request, page: str) -> Json:
    fields = set(request.query.get("subscribed_fields", "").split(","))
    _require(fields <= _FIELDS, 100, f"Param subscribed_fields must be one of {sorted(_FIELDS)}")
    double_login.subscribe("facebook", page, request.query["subscribed_fields"])
    return {"success": True}


def _page(request: Request, page: str) -> Json:
    known = {"id": PAGE if page == "me" else page, "name": "Bella Pasta", "category": "Restaurant"}
    wanted = request.query.get("fields", "id,name").split(",")
    _require(set(wanted) <= set(known), 100, f"Tried accessing nonexisting field ({wanted[-1]})")
    return {name: known[name] for name in ("id", *wanted)}


def _answer_post(request: Request, post: str) -> Json:
    """https://developers.facebook.com/docs/graph-api/reference/page-post"""
    if listed := double_past.post_with_comments(request, post):
        return listed
    page = post.partition("_")[0]
    known = {
        "id": post, "message": "Fresh pasta, every day", "created_time": "2026-01-31T09:00:00+0000",
        "permalink_url": f"https://www.facebook.com/{post}", "status_type": "added_photos",
        "full_picture": f"https://scontent.xx.fbcdn.net/{post}.jpg", "from": {"name": "Bella Pasta", "id": page},
        "story": "Bella Pasta added a photo.", "is_published": True, "promotion_status": "inactive",
        **double_past.about(post),
    }  # fmt: skip
    wanted = [re.sub(r"{[a-z,]*}$", "", name) for name in request.query.get("fields", "id").split(",")]
    _require(set(wanted) <= {*known, "promotable_id"}, 100, f"Tried accessing nonexisting field ({wanted[-1]})")
    return {name: known[name] for name in dict.fromkeys(("id", *wanted)) if name in known}


def _done(request: Request, target: str) -> Json:
    return {"success": True}


_ROUTES: list[tuple[str, str, Callable[..., Json]]] = [
    ("GET", r"(me|\d+)", _page),
    ("GET", r"(\d+_\d+)", _answer_post),
    ("GET", r"(\d+)/published_posts", double_past.published),
    ("GET", r"(\d+)/visitor_posts", double_past.visits),
    ("GET", r"(\d+)/ads_posts", double_past.ads),
    ("POST", r"(\d+)/subscribed_apps", _subscribe),
    ("GET", r"(\d+)/subscribed_apps", lambda request, page: double_login.subscribed("facebook", page)),
    ("DELETE", r"(\d+)/subscribed_apps", _done),
    ("POST", r"(\d+)/messages", _private_answer),
    ("POST", r"(\d+(?:_\d+)?)/comments", _answer_comment),
    ("POST", r"(\d+_\d+)/likes", _done),
    ("POST", r"(\d+_\d+)", _hide),
    ("DELETE", r"(\d+_\d+)", _done),
]


def posted(payload: Json) -> None:
    double_past.note(payload)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def change(field: str = "feed", *, account: str = PAGE, at: int = 0, **value: Any) -> Json:
    """A body with one change, `at` in seconds; a value of None leaves its field out."""
    seconds = at or int(time.time())
    fields = {name: content for name, content in {"created_time": seconds, **value}.items() if content is not None}
    return {
        "object": "page",
        "entry": [{"id": account, "time": seconds, "changes": [{"field": field, "value": fields}]}],
    }


def feed(
    item: str, verb: str = "add", *, person: str = PERSON, name: str = "Ana", account: str = PAGE, **value: Any
) -> Json:
    author = {"id": person, "name": name} if person else None
    return change(account=account, item=item, verb=verb, **{"from": author, **value})


def comment(
    text: str | None = "Lovely!", verb: str = "add", *, post: str = "500", id: str = "", parent: str = "", **value: Any
) -> Json:
    """`id` is the comment's own number; `parent` that of the comment it answers."""
    account = value.get("account", PAGE)
    ids = {"post_id": f"{account}_{post}", "comment_id": f"{post}_{id or 9000 + number()}"}
    above = f"{post}_{parent}" if parent else ids["post_id"]
    return feed("comment", verb, message=text, **{**ids, "parent_id": above, **value})


def comment_on_ad(text: str = "Is it really that cheap?", *, post: str = "600", **value: Any) -> Json:
    """A comment on a dark post: one that was made for an advertisement, and never published."""
    id = f"{value.get('account', PAGE)}_{post}"
    dark_post = {"id": id, "is_published": False, "promotion_status": "ineligible", "status_type": "added_photos"}
    body = comment(text, post=post, **value)
    body["entry"][0]["changes"][0]["value"]["post"] = dark_post
    return body


def post(text: str = "What a dinner", verb: str = "add", *, id: str = "", **value: Any) -> Json:
    account = value.get("account", PAGE)
    shown = {"post_id": f"{account}_{id or 7000 + number()}", "published": 1}
    return feed("status", verb, message=text, **{**shown, **value})


def reaction(kind: str = "love", verb: str = "add", **value: Any) -> Json:
    body = comment(None, verb, **value)
    body["entry"][0]["changes"][0]["value"].update(item="reaction", reaction_type=kind)
    return body


def mention(text: str = "Try @Bella Pasta", *, person: str = PERSON, name: str = "Ana", **value: Any) -> Json:
    fields = {"item": "post", "verb": "add", "post_id": f"{person}_{7000 + number()}", "message": text}
    return change("mention", sender_id=person, sender_name=name, **{**fields, **value})


def review(text: str = "Great food", grade: str = "positive", *, person: str = PERSON, **value: Any) -> Json:
    fields = {"item": "rating", "verb": "add", "review_text": text, "recommendation_type": grade}
    reviewer = {"reviewer_id": person, "reviewer_name": "Ana", "open_graph_story_id": str(6000 + number())}
    return change("ratings", **{**fields, **reviewer, **value})


_PHOTO = "https://scontent.xx.fbcdn.net/v/1.jpg"
EVENTS: Mapping[str, Callable[..., Json]] = {
    "comment": comment,
    "comment_on_ad": comment_on_ad,
    "comment_with_image": partial(comment, photo=_PHOTO),
    "own_comment": partial(comment, person=PAGE, name="Bella Pasta"),
    "anonymous_comment": partial(comment, person=""),
    "edit": partial(comment, "Lovely!!", "edited"),
    "delete": partial(comment, None, "remove"),
    "hide": partial(comment, verb="hide", person=PAGE, name="Bella Pasta"),
    "unhide": partial(comment, verb="unhide", person=PAGE, name="Bella Pasta"),
    "reaction": reaction,
    "unreaction": partial(reaction, verb="remove"),
    "visitor_post": post,
    "own_post": partial(post, person=PAGE, name="Bella Pasta"),
    "own_post_edited": partial(post, verb="edited", person=PAGE, name="Bella Pasta"),
    "page_like": partial(change, item="like", verb="add", created_time=None),
    "mention": mention,
    "review": review,
}


def _own_number(id: str) -> str:
    return id.rpartition("_")[2]


def _placed(fan: Fan, id: str, at: int, **fields: Any) -> dict[str, Any]:
    under = {"parent": _own_number(fan.top)} if id != fan.top else {}
    return {"id": _own_number(id), "at": at // 1000, **under, **fields}


def _by(fan: Fan, id: str, at: int, **fields: Any) -> dict[str, Any]:
    return _placed(fan, id, at, person=fan.id, name=fan.name, **fields)


VOICE = Voice(
    surface="comment",
    name=lambda fan, number: f"500_{number}",
    says=lambda fan, message, text, at: ("comment", _by(fan, message, at, text=text)),
    edits=lambda fan, message, text, at: ("comment", _by(fan, message, at, text=text, verb="edited")),
    deletes=lambda fan, message, at: ("delete", _by(fan, message, at)),
    reacts=lambda fan, message, emoji, at: (
        "reaction",
        _by(fan, message, at, kind="love", verb="add" if emoji else "remove"),
    ),
    shows=lambda fan, message, is_shown, at: ("unhide" if is_shown else "hide", _placed(fan, message, at)),
    echo=lambda fan, message, text, at: (
        "own_comment",
        _placed(fan, message, at, text=text, person=fan.account, comment_id=message),
    ),
)
