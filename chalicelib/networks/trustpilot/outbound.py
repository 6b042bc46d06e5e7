"""Replies of a business on Trustpilot. https://developers.trustpilot.com/service-reviews-api

Each call has a token, which Trustpilot gives for an API key and its secret:
https://developers.trustpilot.com/authentication
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http, oauth, passes
from chalicelib.networks.read import moment, part, words

NETWORK, HOST = "trustpilot", "api.trustpilot.com"
STATUSES: Mapping[int, type[base.Outcome]] = {
    401: base.Expired,
    404: base.Gone,
    410: base.Gone,
    429: base.Throttled,
}
_TOKEN = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
_REVIEW = re.compile(r"[0-9a-zA-Z]{1,64}", re.ASCII)
_PAUSE_SECONDS = 60.0


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A reply to a review is a public text without files.", code="attachment")
    if not _REVIEW.fullmatch(say.thread):
        raise base.Rejected("Only reviews of the business itself can be answered.", code="object")
    user = credentials.details.get("user", "")
    body = {"message": say.text, **({"authorBusinessUserId": user} if user else {})}
    made = call(credentials, "POST", f"/v1/private/reviews/{say.thread}/reply", body=body)
    at = moment(part(made, "reply").get("createdAt"))
    return base.Sent(id=f"{say.thread}/reply@{at or say.correlation}")


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("The action is not available for reviews on Trustpilot.", code=act.verb)


def call(
    credentials: base.Credentials, method: str, path: str, *, body: Mapping[str, Any] | None = None, **more: Any
) -> Mapping[str, Any]:
    """The answer's JSON; raises the Outcome for its status."""
    known_by = (http.address(NETWORK, HOST), credentials.token, credentials.secret)
    token = passes.get(known_by, lambda: _pass(credentials))
    answer = http.call(NETWORK, method, HOST, path, token=token, body=body, **more)
    if answer.status == 401:
        passes.drop(known_by)
    if answer.status < 300:
        return answer.json
    raise _outcome(method, answer)


def _pass(credentials: base.Credentials) -> tuple[str, int]:
    """A token of the application, and its lifetime in seconds. Asking for one changes nothing, so a failure may be
    repeated.
    """
    headers, form = oauth.basic(credentials.token, credentials.secret), {"grant_type": "client_credentials"}
    with http.repeatable():
        answer = http.call(NETWORK, "POST", HOST, _TOKEN, form=form, headers=headers)
    given = oauth.tokens(answer.json)
    if answer.status == 200 and given.token:
        return given.token, given.lives
    if answer.status in (400, 403):
        raise base.Expired("Trustpilot does not accept the API key and its secret.", code=str(answer.status))
    raise _outcome("GET", answer)


def _outcome(method: str, answer: http.Response) -> base.Outcome:
    text = words(answer.json.get("message")) or f"Trustpilot answered with status {answer.status}."
    return http.refusal(method, answer, STATUSES, text, pause=_PAUSE_SECONDS)
