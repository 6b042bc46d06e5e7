"""Responses to reviews, and the check of the app. https://developer.apple.com/documentation/appstoreconnectapi

Each call has a token that we sign with the account's key and that is valid for minutes:
https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests
"""

import base64
import re
import time
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http, passes
from chalicelib.networks.app_store.inbound import reply_id
from chalicelib.networks.read import UNREADABLE, part, parts, words

HOST = "api.appstoreconnect.apple.com"
STATUSES: Mapping[int, type[base.Outcome]] = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
_AUDIENCE, _LIVES_SECONDS = "appstoreconnect-v1", 900
_APP = re.compile(r"\d{1,20}", re.ASCII)
_REVIEW = re.compile(r"[\w-]{1,100}", re.ASCII)
_PAUSE_SECONDS = 300.0


def check(credentials: base.Credentials) -> base.Connected:
    if not _APP.fullmatch(credentials.account):
        raise base.Rejected("`account` has to be the Apple ID of the app, which is a number.", code="no_account")
    app = part(call(credentials, "GET", f"/v1/apps/{credentials.account}", query={"fields[apps]": "name"}), "data")
    name, details = words(part(app, "attributes").get("name")), dict(credentials.details)
    return base.Connected(account=credentials.account, name=name, details=details)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """The response replaces an earlier one. It takes up to a day until others see it."""
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A response to a review is a public text without files.", code="attachment")
    if not _REVIEW.fullmatch(say.thread):
        raise base.Rejected("The App Store has no such review.", code="object")
    review = {"data": {"type": "customerReviews", "id": say.thread}}
    response = {"attributes": {"responseBody": say.text}, "relationships": {"review": review}}
    body = {"data": {"type": "customerReviewResponses", **response}}
    made = part(call(credentials, "POST", "/v1/customerReviewResponses", body=body), "data")
    try:
        return base.Sent(id=reply_id(made))
    except UNREADABLE as nameless:
        raise base.Unknown("Apple did not return the id of the response.", code="no_id") from nameless


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("The action is not available for reviews in the App Store.", code=act.verb)


def call(credentials: base.Credentials, method: str, path: str, **more: Any) -> Mapping[str, Any]:
    """The answer's JSON; raises the Outcome for its status."""
    signer = credentials.token, credentials.details.get("key", ""), credentials.details.get("issuer", "")
    token = passes.get(signer, lambda: (_token(*signer, int(time.time())), _LIVES_SECONDS))
    answer = http.call("app_store", method, HOST, path, token=token, **more)
    if answer.status < 300:
        return answer.json
    error: Mapping[str, Any] = next(iter(parts(answer.json, "errors")), {})
    text = words(error.get("detail")) or words(error.get("title")) or f"Apple answered with status {answer.status}."
    raise http.refusal(method, answer, STATUSES, text, pause=_PAUSE_SECONDS)


def _token(encoded: str, key_id: str, issuer: str, now: int) -> str:
    import jwt

    if not key_id or not issuer:
        raise base.Expired("`details` has to name the id of the key (`key`) and its issuer (`issuer`).", code="token")
    claims = {"iss": issuer, "iat": now, "exp": now + _LIVES_SECONDS, "aud": _AUDIENCE}
    try:
        return jwt.encode(claims, base64.b64decode(encoded, validate=True), algorithm="ES256", headers={"kid": key_id})
    except (ValueError, TypeError, jwt.PyJWTError) as wrong:
        raise base.Expired("The token is not a key of App Store Connect in base64.", code="token") from wrong
