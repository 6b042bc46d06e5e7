"""App Store Connect's side: tokens of a known key, reviews page by page with their responses, one response each."""

import base64
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = dict[str, Any]
APP, KEY_ID, ISSUER = "1234567890", "2X9R4HXF34", "57246542-96fe-1a63-e053-0824d011072a"
_SECRET = 0x1F2E3D4C5B6A79880123456789ABCDEF  # of a key that is of use nowhere else


def _failure(status: int, code: str, detail: str, **headers: str) -> Answer:
    return Answer(status, {"errors": [{"status": str(status), "code": code, "title": code, "detail": detail}]}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "NOT_AUTHORIZED", "Provide a properly configured and signed bearer token."),
    "throttled": _failure(429, "RATE_LIMIT_EXCEEDED", "We've received too many requests for this API."),
    "throttled_for_seconds": _failure(429, "RATE_LIMIT_EXCEEDED", "Too many.", **{"Retry-After": "90"}),
    "gone": _failure(404, "NOT_FOUND", "There is no resource of type 'customerReviews' with this id."),
    "rejected": _failure(409, "ENTITY_ERROR.ATTRIBUTE.INVALID", "The response is too long."),
    "forbidden": _failure(403, "FORBIDDEN_ERROR", "This API key does not have the needed role."),
    "unavailable": _failure(503, "UNEXPECTED_ERROR", "An unexpected error occurred."),
    "broken": Answer(500, raw=b"<html>oops</html>", content_type="text/html"),
    "nameless": Answer(201, {}),
    "page_gone": _failure(400, "PARAMETER_ERROR.INVALID", "The cursor is not valid."),
}
reviews: dict[str, dict[str, Json]] = {}  # by app, then by id
PAGE = 100


@cache
def key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(_SECRET, ec.SECP256R1())


@cache
def p8() -> str:
    """The key as App Store Connect hands it out, in base 64."""
    from cryptography.hazmat.primitives import serialization as form

    pem = key().private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return base64.b64encode(pem).decode()


CONNECTION = {
    "account": "1{n}", "credentials": {"token": p8()}, "details": {"key": KEY_ID, "issuer": ISSUER},
}  # fmt: skip


def posted(payload: Mapping[str, Any]) -> None:
    for review in payload.get("items", ()):
        reviews.setdefault(payload["account"], {})[review["id"]] = review


def answer(request: Request) -> Answer:
    if not _is_known(request.token):
        return FAILURES["expired"]
    listed = re.fullmatch(r"/v1/apps/(\d+)/customerReviews", request.path)
    app = re.fullmatch(r"/v1/apps/(\d+)", request.path)
    if listed and request.method == "GET":
        return _list(request, listed[1])
    if app and request.method == "GET":
        return Answer(json={"data": {"type": "apps", "id": app[1], "attributes": {"name": "Bella Pasta"}}})
    if (request.method, request.path) == ("POST", "/v1/customerReviewResponses"):
        return _respond(request)
    return FAILURES["gone"]


def _is_known(token: str) -> bool:
    import jwt

    try:
        head = jwt.get_unverified_header(token)
        claims = jwt.decode(token, key().public_key(), ["ES256"], audience="appstoreconnect-v1", issuer=ISSUER)
    except jwt.PyJWTError:
        return False
    return bool(head.get("kid") == KEY_ID and claims["exp"] - claims["iat"] <= 1200)


def _list(request: Request, app: str) -> Answer:
    query = request.query
    place, size = query.get("cursor", "p0"), int(query.get("limit", "50"))
    if query.get("sort") != "-createdDate" or size > 200 or not place.startswith("p"):
        return FAILURES["page_gone"]
    rows = sorted(reviews.get(app, {}).values(), key=lambda review: review["attributes"]["createdDate"], reverse=True)
    first = int(place[1:])
    shown = rows[first : first + size]
    more = first + size < len(rows)
    address = f"https://api.appstoreconnect.apple.com{request.path}?cursor=p{first + size}&limit={size}"
    links = {"self": "-", **({"next": address} if more else {})}
    included = [review["response"] for review in shown if "response" in review]
    return Answer(json={"data": [_shown(review) for review in shown], "included": included, "links": links})


def _shown(review: Json) -> Json:
    related = review.get("response")
    data = {"type": "customerReviewResponses", "id": related["id"]} if related else None
    resource = {"type": "customerReviews", "id": review["id"], "attributes": review["attributes"]}
    return {**resource, "relationships": {"response": {"data": data}}}


def _respond(request: Request) -> Answer:
    data: Any = request.json.get("data", {})
    text: Any = data.get("attributes", {}).get("responseBody")
    related = data.get("relationships", {}).get("review", {}).get("data", {})
    fine = data.get("type") == "customerReviewResponses" and related.get("type") == "customerReviews"
    if not fine or not isinstance(text, str) or not 0 < len(text) <= 5970:
        return FAILURES["rejected"]
    return Answer(201, {"data": _response(text, int(time.time() * 1000) + 1000 * number(), f"r-{related['id']}")})


def _response(text: str, at: int, id: str) -> Json:
    attributes = {"responseBody": text, "lastModifiedDate": written(at), "state": "PENDING_PUBLISH"}
    return {"type": "customerReviewResponses", "id": id, "attributes": attributes}


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {}


def written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def review(
    text: str = "Works well", *, account: str = APP, id: str = "", name: str = "ana77", stars: int = 4, at: int = 0,
    title: str = "", reply: str = "", replied: int = 0, person: str = "", **fields: Any,
) -> Json:  # fmt: skip
    """Times in ms. Apple does not tell who the `person` is."""
    when, id = at or int(time.time() * 1000), id or str(UUID(int=number()))
    attributes = {"rating": stars, "title": title, "body": text, "reviewerNickname": name, "territory": "PRT", **fields}
    item: Json = {"id": id, "attributes": {**attributes, "createdDate": written(when)}}
    if reply:
        item["response"] = _response(reply, replied or when, f"r-{id}")
    return {"account": account, "items": [item]}


EVENTS: Mapping[str, Callable[..., Json]] = {
    "review": review,
    "answered_review": partial(review, reply="Thank you"),
}


def _by(fan: Fan, review: str, at: int, **fields: Any) -> Json:
    return by(fan, at, id=review, name=fan.name, **fields)


VOICE = Voice(
    surface="review",
    name=lambda fan, number: str(UUID(int=int(number))),
    says=lambda fan, review, text, at: ("review", _by(fan, review, at, text=text)),
    edits=lambda fan, review, text, at: ("review", _by(fan, review, at, text=text)),
)
