"""Google's side of a place: reviews in pages, one reply each, and the pushes of Pub/Sub with their token."""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from chalicelib.networks._google import double as google
from chalicelib.networks.double import Answer, Request, Voice, by, number

Json = dict[str, Any]
PLACE = "accounts/1/locations/2"
CONNECTION = {"account": "accounts/1{n}/locations/2{n}", "credentials": {"token": "ya29.gbp{n}"}}
VERIFY = ("push@palabre.iam.gserviceaccount.com",)
METHOD = "PUT"
KEY, ISSUER = "google-1", "https://accounts.google.com"
FAILURES: Mapping[str, Answer] = {
    **google.failures(google.failure(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric")),
    "expired": google.failure(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "gone": google.failure(404, "NOT_FOUND", "Requested entity was not found."),
    "rejected": google.failure(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "forbidden": google.failure(403, "PERMISSION_DENIED", "The caller does not have permission"),
    "elsewhere": Answer(200, {"name": "locations/9", "title": "Another"}),
}
reviews: dict[str, dict[str, Json]] = {}  # by place, then by name


def posted(payload: Mapping[str, Any]) -> None:
    for review in payload.get("items", ()):
        reviews.setdefault(payload["account"], {})[review["name"]] = review


def answer(request: Request) -> Answer:
    if (request.host, request.path) == ("www.googleapis.com", "/oauth2/v3/certs"):
        return Answer(json={"keys": [published(KEY)]})
    if consent := google.consent(request):
        return consent
    if not request.token.startswith("ya29."):
        return FAILURES["expired"]
    for host, method, path, play in _ROUTES:
        match = re.fullmatch(path, request.path)
        if match and (f"{host}.googleapis.com", method) == (request.host, request.method):
            return play(request, *match.groups())
    return google.failure(404, "NOT_FOUND", f"No {request.method} {request.path}")


def _list(request: Request, place: str) -> Answer:
    if request.query.get("orderBy") != "updateTime desc" or int(request.query.get("pageSize", "0")) > 50:
        return FAILURES["rejected"]
    rows = sorted(reviews.get(place, {}).values(), key=lambda review: review["updateTime"], reverse=True)
    at = request.query.get("pageToken", "p0")
    if not at.startswith("p"):
        return FAILURES["rejected"]
    first = int(at[1:])
    following = {"nextPageToken": f"p{first + 50}"} if first + 50 < len(rows) else {}
    shown = {"reviews": rows[first : first + 50]} if rows else {}
    return Answer(json={**shown, **following, "totalReviewCount": len(rows)})


def _reply(request: Request, review: str) -> Answer:
    text: Any = request.json.get("comment")
    if set(request.json) != {"comment"} or not isinstance(text, str) or not 0 < len(text.encode()) <= 4096:
        return FAILURES["rejected"]
    return Answer(json={"comment": text, "updateTime": written(int(time.time() * 1000) + number())})


def _notification_setting(request: Request, account: str) -> Answer:
    topic = re.fullmatch(r"projects/[\w-]+/topics/[\w-]+", str(request.json.get("pubsubTopic")))
    fine = topic and request.query.get("updateMask") == "pubsubTopic,notificationTypes"
    return Answer(json={"name": f"{account}/notificationSetting", **request.json}) if fine else FAILURES["rejected"]


def _locations(request: Request, account: str) -> Answer:
    if request.query.get("readMask") != "name,title":
        return FAILURES["rejected"]
    place = int(request.query.get("pageToken", "1"))
    following = {"nextPageToken": "2"} if (account, place) == ("accounts/1", 1) else {}
    return Answer(json={"locations": [{"name": f"locations/{place}", "title": f"Place {place}"}], **following})


_ROUTES: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
    ("mybusiness", "GET", r"/v4/(accounts/\d+/locations/\d+)/reviews", _list),
    ("mybusiness", "PUT", r"/v4/(accounts/\d+/locations/\d+/reviews/[\w-]+)/reply", _reply),
    ("mybusinessnotifications", "PATCH", r"/v1/(accounts/\d+)/notificationSetting", _notification_setting),
    (
        "mybusinessbusinessinformation",
        "GET",
        r"/v1/(locations/\d+)",
        lambda _, name: Answer(json={"name": name, "title": "Bella Pasta, Lisbon"}),
    ),
    ("mybusinessbusinessinformation", "GET", r"/v1/(accounts/\d+)/locations", _locations),
    (
        "mybusinessaccountmanagement",
        "GET",
        "/v1/accounts",
        lambda _: Answer(json={"accounts": [{"name": "accounts/1"}, {"name": "accounts/3"}]}),
    ),
)


# What is told


@cache
def key(name: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, 2048)


@cache
def published(name: str) -> Json:
    from jwt.algorithms import RSAAlgorithm

    return {**RSAAlgorithm.to_jwk(key(name).public_key(), as_dict=True), "kid": name, "use": "sig", "alg": "RS256"}


@cache
def token(by: str = KEY, **changed: Any) -> str:
    """A token of Google's, with some of its claims changed; None leaves one out."""
    import jwt

    now = int(time.time())
    fields = {"iss": ISSUER, "email": VERIFY[0], "email_verified": True, "iat": now, "exp": now + 3600, **changed}
    claims = {name: value for name, value in fields.items() if value is not None}
    return jwt.encode(claims, key(by), algorithm="RS256", headers={"kid": by})


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """The secret is the token's audience. The token does not sign the body."""
    return {"Authorization": f"Bearer {token(aud=secret)}"}


def written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def review(
    text: str = "Good food", *, account: str = PLACE, id: str = "", name: str = "Ana", stars: str = "FOUR", at: int = 0,
    edited: int = 0, reply: str = "", replied: int = 0, person: str = "", **fields: Any,
) -> Json:  # fmt: skip
    """Times in ms. Google does not tell who the `person` is."""
    when = at or int(time.time() * 1000)
    item = {
        "name": f"{account}/reviews/{id or f'Ab{number()}'}", "starRating": stars, "createTime": written(when),
        "reviewer": {"displayName": name, "isAnonymous": False}, "updateTime": written(edited or when),
        **({"comment": text} if text else {}), **fields,
    }  # fmt: skip
    if reply:
        item["reviewReply"] = {"comment": reply, "updateTime": written(replied or edited or when)}
    return {"account": account, "items": [{"reviewId": item["name"].rpartition("/")[2], **item}]}


def hint(*, account: str = PLACE, **fields: Any) -> Json:
    notice = {"location": account, "type": "NEW_REVIEW", **fields}
    data = base64.b64encode(json.dumps(notice).encode()).decode()
    return {"message": {"attributes": {}, "data": data, "messageId": str(number())}, "subscription": "projects/p/s"}


EVENTS: Mapping[str, Callable[..., Json]] = {
    "review": review,
    "stars_only": partial(review, ""),
    "answered_review": partial(review, reply="Thank you"),
    "hint": hint,
}
VOICE = Voice(
    surface="review",
    name=lambda fan, number: f"{fan.account}/reviews/Ab{number}",
    says=lambda fan, review, text, at: (
        "review",
        by(fan, at, name=fan.name, text=text, id=review.rpartition("/")[2]),
    ),
)
