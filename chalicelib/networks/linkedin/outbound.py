"""What an organization writes and does on LinkedIn.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/reactions-api
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.networks import base, http
from chalicelib.networks.read import words

HOST = "api.linkedin.com"
HEADERS = {"Linkedin-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}
# https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling
STATUSES: Mapping[int, type[base.Outcome]] = {
    400: base.Rejected,
    401: base.Expired,
    403: base.Rejected,
    404: base.Gone,
    409: base.Rejected,
    422: base.Rejected,
    429: base.Throttled,
}
REACTIONS = {
    "👍": "LIKE",
    "👏": "PRAISE",
    "🫶": "APPRECIATION",
    "❤️": "EMPATHY",
    "💡": "INTEREST",
    "😄": "ENTERTAINMENT",
}
_COMMENT = re.compile(r"urn:li:comment:\((urn:li:(?:activity|ugcPost|share):\d+),(\d+)\)", re.ASCII)
_POST = re.compile(r"urn:li:(?:activity|ugcPost|share):\d+", re.ASCII)
_PAUSE_SECONDS = 900.0


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """A comment in the thread. LinkedIn has two levels, so an answer to a reply stands beside that reply."""
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A comment on LinkedIn is a public text without files.", code="attachment")
    post, comment = _post_and_comment(say.thread)
    body = {"actor": credentials.account, "object": post, "message": {"text": say.text}}
    body |= {"parentComment": say.thread} if comment else {}
    answer = call(credentials, "POST", f"/rest/socialActions/{encoded(say.thread)}/comments", body=body)
    made, number = words(answer.json.get("commentUrn")), words(answer.headers.get("x-restli-id"))
    if not made and not number:
        raise base.Unknown("LinkedIn did not return the id of the comment.", code="no_id")
    return base.Sent(id=made or f"urn:li:comment:({post},{number})")


def act(credentials: base.Credentials, act: base.Act) -> None:
    post, comment = _post_and_comment(act.id)
    actor = {"actor": credentials.account}
    if act.verb == "delete" and comment:
        path = f"/rest/socialActions/{encoded(post)}/comments/{comment}"
        call(credentials, "DELETE", path, query=actor)
    elif act.verb == "unreact":
        key = f"(actor:{encoded(credentials.account)},entity:{encoded(act.id)})"
        call(credentials, "DELETE", f"/rest/reactions/{key}")
    elif act.verb in ("like", "react"):
        kind = REACTIONS.get("👍" if act.verb == "like" else act.emoji)
        if kind is None:
            raise base.Rejected("LinkedIn has no such reaction.", code="react")
        call(credentials, "POST", "/rest/reactions", query=actor, body={"root": act.id, "reactionType": kind})
    else:
        raise base.Rejected("The action is not available on LinkedIn.", code=act.verb)


def _post_and_comment(urn: str) -> tuple[str, str]:
    """The post, and the comment's own number if the urn is a comment's; raises Rejected for anything else."""
    if _POST.fullmatch(urn):
        return urn, ""
    match = _COMMENT.fullmatch(urn)
    if not match:
        raise base.Rejected("LinkedIn has no such comment or post.", code="object")
    return match[1], match[2]


def encoded(urn: str) -> str:
    """A urn as Rest.li wants it in a path:
    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/protocol-version
    """
    return quote(urn, safe="")


def call(
    credentials: base.Credentials,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> http.Response:
    """The answer; raises the Outcome for its status."""
    answer = http.call("linkedin", method, HOST, path, token=credentials.token, query=query, body=body, headers=HEADERS)
    if answer.status < 300:
        return answer
    raise outcome(method, answer)


def outcome(method: str, answer: http.Response) -> base.Outcome:
    """A server that failed may have written first. Daily limits end at midnight, UTC."""
    text = words(answer.json.get("message")) or f"LinkedIn answered with status {answer.status}."
    return http.refusal(method, answer, STATUSES, text, pause=_PAUSE_SECONDS)
