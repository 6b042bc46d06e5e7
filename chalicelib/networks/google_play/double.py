"""Google Play's side: tokens for a service account's key, reviews of a week page by page, one reply each."""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from chalicelib.networks._google import double as google
from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = dict[str, Any]
APP, EMAIL = "com.bella.pasta", "reviews@bella.iam.gserviceaccount.com"
SCOPE, AUDIENCE = "https://www.googleapis.com/auth/androidpublisher", "https://oauth2.googleapis.com/token"
FAILURES: Mapping[str, Answer] = {
    **google.failures(google.failure(429, "rateLimitExceeded", "Too many requests")),
    "gone": google.failure(404, "reviewNotFound", "The review was not found."),
    "rejected": google.failure(400, "reviewReplyTooLong", "The reply is too long."),
    "forbidden": google.failure(403, "permissionDenied", "The caller does not have permission"),
    "invalid_grant": Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
    "page_gone": google.failure(400, "invalidToken", "Invalid pagination token"),
    "silent": Answer(200, {}),
}
reviews: dict[str, dict[str, Json]] = {}  # by app, then by id
PAGE = 100


@cache
def service_account() -> str:
    """A key of its own for this process, in base 64. Its id is its public half, so that its tokens can be checked."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    account = {
        "type": "service_account", "client_email": EMAIL, "private_key": private.decode(),
        "private_key_id": base64.urlsafe_b64encode(public).decode(), "token_uri": "https://elsewhere.test/token",
    }  # fmt: skip
    return base64.b64encode(json.dumps(account).encode()).decode()


CONNECTION = {"account": "com.bella.a{n}", "credentials": {"token": service_account()}}


def posted(payload: Mapping[str, Any]) -> None:
    for review in payload.get("items", ()):
        reviews.setdefault(payload["account"], {})[review["reviewId"]] = review


def answer(request: Request) -> Answer:
    if request.host == "oauth2.googleapis.com":
        return _token(request)
    if not request.token.startswith("ya29.service"):
        return FAILURES["expired"]
    match = re.fullmatch(r"/androidpublisher/v3/applications/([\w.]+)/reviews(?:/([\w:.-]+):reply)?", request.path)
    if match and match[2] and request.method == "POST":
        return _reply(request)
    return _list(request, match[1]) if match and request.method == "GET" else FAILURES["gone"]


def _token(request: Request) -> Answer:
    import jwt
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        assertion = str(request.json["assertion"])
        key: Any = load_der_public_key(base64.urlsafe_b64decode(jwt.get_unverified_header(assertion)["kid"]))
        claims = jwt.decode(assertion, key, algorithms=["RS256"], audience=AUDIENCE, issuer=EMAIL)
    except (LookupError, ValueError, jwt.PyJWTError):
        return FAILURES["invalid_grant"]
    fine = claims["scope"] == SCOPE and claims["exp"] - claims["iat"] <= 3600
    fine = fine and request.json["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return (
        Answer(json={"access_token": f"ya29.service{number()}", "expires_in": 3599}) if fine else FAILURES["rejected"]
    )


def _list(request: Request, app: str) -> Answer:
    place, size = request.query.get("token", "p0"), min(PAGE, int(request.query["maxResults"]))
    if not place.startswith("p"):
        return FAILURES["page_gone"]
    rows = sorted(reviews.get(app, {}).values(), key=lambda review: -int(_last_modified(review)))
    first = int(place[1:])
    more = {"tokenPagination": {"nextPageToken": f"p{first + size}"}} if first + size < len(rows) else {}
    shown = {"reviews": rows[first : first + size]} if rows else {}
    return Answer(json={**shown, **more})


def _last_modified(review: Json) -> str:
    seconds: str = review["comments"][0]["userComment"]["lastModified"]["seconds"]
    return seconds


def _reply(request: Request) -> Answer:
    text: Any = request.json.get("replyText")
    if set(request.json) != {"replyText"} or not isinstance(text, str) or not 0 < len(text) <= 350:
        return FAILURES["rejected"]
    return Answer(json={"result": {"replyText": text, "lastEdited": {"seconds": str(int(time.time()) + number())}}})


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {}


def review(
    text: str = "Works well", *, account: str = APP, id: str = "", name: str = "Ana", stars: int = 4, at: int = 0,
    reply: str = "", replied: int = 0, person: str = "", **fields: Any,
) -> Json:  # fmt: skip
    """Times in ms. Google does not tell who the `person` is."""
    when = (at or int(time.time() * 1000)) // 1000
    said = {"text": text, "lastModified": {"seconds": str(when), "nanos": 7}, "starRating": stars, **fields}
    comments: list[Json] = [{"userComment": {"reviewerLanguage": "en", "appVersionName": "1.2", **said}}]
    if reply:
        seconds = str(replied // 1000 or when)
        comments.append({"developerComment": {"text": reply, "lastModified": {"seconds": seconds}}})
    return {
        "account": account,
        "items": [{"reviewId": id or f"gp:AO{number()}", "authorName": name, "comments": comments}],
    }


EVENTS: Mapping[str, Callable[..., Json]] = {
    "review": review,
    "answered_review": partial(review, reply="Thank you"),
}


def _by(fan: Fan, review: str, at: int, **fields: Any) -> Json:
    return by(fan, at, id=review, name=fan.name, **fields)


VOICE = Voice(
    surface="review",
    name=lambda fan, number: f"gp:AO{number}",
    says=lambda fan, review, text, at: ("review", _by(fan, review, at, text=text)),
    edits=lambda fan, review, text, at: ("review", _by(fan, review, at, text=text)),
)
